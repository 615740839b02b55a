"""Blocks: which lines form one paragraph, list item, table row or note, over columns and pages."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.reading.pdf.columns import TIGHT, Column, columns_of, overlap
from index.reading.pdf.grid import Table, continued
from index.reading.pdf.lines import Line
from index.reading.pdf.shapes import (
    BULLET,
    DASH,
    NUMBERED_CAPTION,
    Kind,
    has_ended,
    holds_sentences,
    is_numbered_question,
    is_unfinished,
    kind_of,
    note_marks,
    opens_lower,
    same_type,
)

_ROOM = 0.12
"""Part of the measure. A line that leaves so much more than the next word needs was broken on purpose."""
_TITLE_ROOM = 0.6  # Part of the measure that is left beside the last line of a title.
_TITLE = 60  # Characters: less may be a title.
_BETWEEN = 4  # Blocks between two parts of a table, such as the notes of the page before.
_LOOK_BACK = 80  # Blocks, for a sentence that others interrupt.


@dataclass(slots=True, eq=False)
class Block:
    """Lines that are read as one, or the rows of a table, which are read one by one."""

    kind: Kind
    lines: list[Line]
    table: Table | None = None
    level: int = 0  # Of a heading; 0 for anything else.

    @property
    def text(self) -> str:
        """The lines as they stand, for looking at shapes: words are not joined yet."""
        return " ".join(line.text.strip() for line in self.lines)


def build_blocks(pages: Sequence[Sequence[Line | Table]]) -> list[Block]:
    """Return the blocks of a document from the lines and rows of its pages, in reading order.

    A paragraph goes on over columns and pages, also past notes, tables, captions and frames; these then
    stand before it where they share its first page, and after it otherwise.
    """
    builder = _Builder()
    for page in pages:
        prose = [line for line in page if isinstance(line, Line)]
        builder.columns.update(columns_of(prose))
        builder.marks = note_marks(" ".join(line.text for line in prose))
        for item in page:
            if isinstance(item, Table):
                builder.add_table(item)
            else:
                builder.add(item)
    _set_captions_first(builder.blocks)
    return builder.blocks


def _set_captions_first(blocks: list[Block]) -> None:
    """Move each caption that stands under its table or chart above it: what a row is about is read first."""
    for at in range(1, len(blocks)):
        caption, table = blocks[at], blocks[at - 1]
        above = blocks[at - 2].kind if at > 1 else None
        below = blocks[at + 1].kind if at + 1 < len(blocks) else None
        alone = above != "caption" and below != "table" and caption.lines[0].page == table.lines[0].page
        named = caption.kind == "caption" and NUMBERED_CAPTION.match(caption.text)
        if named and table.kind == "table" and alone:
            blocks[at - 1 : at + 1] = caption, table


def body_size(lines: Sequence[Line]) -> float:
    """Return the type size of most characters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


@dataclass(slots=True)
class _Builder:
    blocks: list[Block] = field(default_factory=list)
    current: Block | None = None  # The one that the last line went to.
    columns: dict[int, Column] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()

    def add_table(self, table: Table) -> None:
        before = self._interrupted(table.lines[0].page)
        table = continued(table, before) if before else table
        self._open(Block("table", list(table.lines), table))

    def _interrupted(self, page: int) -> Table | None:
        """Return the table that one on `page` may go on with: past a line on its own, or a page border."""
        for back, block in enumerate(reversed(self.blocks[-_BETWEEN:])):
            here = block.lines[-1].page == page
            if block.table:
                return block.table if block.lines[-1].page >= page - 1 else None
            if block.kind == "caption" or (here and (back or len(block.lines) > 1)):
                return None
        return None

    def add(self, line: Line) -> None:
        kind = kind_of(line, self.marks)
        if self.current and self._continues(self.current, line, kind) and self._append(self.current, line):
            return
        if kind != "prose" or not self._resume(line):
            self._open(Block(kind, [line]))

    def _open(self, block: Block) -> None:
        self.blocks.append(block)
        self.current = block

    def _append(self, block: Block, line: Line) -> bool:
        """Append `line` to `block`, moving the block if needed, unless pages would get out of order."""
        if block is not self.blocks[-1]:
            index = self.blocks.index(block)
            pages = {part.page for other in self.blocks[index + 1 :] for part in other.lines}
            if min(pages) < line.page:
                if max(pages) > block.lines[0].page:
                    return False
                self.blocks.append(self.blocks.pop(index))
        block.lines.append(line)
        self.current = block
        return True

    def _continues(self, block: Block, line: Line, kind: Kind) -> bool:
        """Tell whether `line`, the next one drawn, belongs to `block`."""
        before = block.lines[-1]
        if block.kind in ("table", "entry") or kind in ("note", "caption", "entry"):
            return False
        if BULLET.match(line.text.lstrip()) or (line.page == before.page and not same_type(before, line)):
            return False
        step = line.baseline - before.baseline
        flows = line.page == before.page and 0 < step < 4 * line.size and overlap(before, line)
        if not flows:
            return kind == "prose" and self._goes_on(block, line)
        ended = has_ended(before, line)
        unfinished = not ended and (opens_lower(line) or is_unfinished(before))
        room = self._room(before, line)
        if is_numbered_question(block.text) or (block.kind == "note" and step > TIGHT * line.size):
            return False
        if kind == "item" and (ended or (room > 0 and not _is_dash_inside(block, line))):
            return False
        if line.bold != before.bold and not (unfinished and opens_lower(line)):
            return False
        column, next_column = self.columns[id(before)], self.columns[id(line)]
        if step > TIGHT * line.size and column is not next_column:
            # A frame in a wider measure may stand between a line and what follows it.
            other = column.lines > 2 and line.right > column.right + 0.25 * (column.right - column.left)
            # The first of double spaced lines may stand close under its title, and so in another column.
            even = next_column.lines > 2 and abs(step - next_column.step) < 0.1 * step
            first = even and not ended and _room(before, line, next_column) <= 0
            return (unfinished or first) and not other
        if unfinished or _is_lead(block, line) or (not ended and holds_sentences(block.text)):
            return not _starts_over(block, line)
        indented = line.left > before.left + 0.6 * line.size
        if _starts_over(block, line) or (ended and indented and block.kind == "prose"):
            return False
        short = self._room(line, line) > _ROOM
        if ended:
            # What follows a full line is the next sentence; a few words that end none are a title.
            title = self._room(line, line) > _TITLE_ROOM and not has_ended(line, line)
            return room <= 0 and not title and not (before.text.endswith("?") and short)
        return room <= _ROOM or (short and len(block.text) < 120 and not has_ended(line, line))

    def _room(self, before: Line, line: Line) -> float:
        """Return the room left on the line before by the first word of `line`, as part of the measure."""
        return _room(before, line, self.columns[id(before)])

    def _goes_on(self, block: Block, line: Line) -> bool:
        """Tell whether `line` takes up the sentence of `block` in another column or on the next page."""
        before = block.lines[-1]
        if block.kind not in ("prose", "item") or has_ended(before, line) or line.page - before.page > 1:
            return False
        if line.page == before.page and not same_type(before, line):
            return False
        if is_unfinished(before):
            return True
        if len(block.text) < _TITLE:
            return False
        # A heading ends without a point too, but not at the end of a full line of a paragraph.
        full = self._room(before, line) <= (_ROOM if opens_lower(line) else 0)
        paragraph = self.columns[id(before)].lines >= 2 and len(before.text.split()) >= 4
        if opens_lower(line):
            return full and paragraph
        # A capital may open a name in the middle of a sentence; under a gap in its own column it rather opens
        # a title, or a label of a chart.
        under = line.page == before.page and line.baseline > before.baseline and overlap(before, line)
        return full and paragraph and self.columns[id(before)].lines >= 3 and not (line.bold or under)

    def _resume(self, line: Line) -> bool:
        """Append `line` to the unfinished sentence that other blocks stand behind, if there is one."""
        aside = True
        for index in range(len(self.blocks) - 1, max(len(self.blocks) - 1 - _LOOK_BACK, -1), -1):
            block = self.blocks[index]
            between = self.blocks[index + 1 :]
            # Past whole paragraphs (a frame, a lead), only a small letter shows that a sentence goes on.
            if between and (aside or opens_lower(line)) and self._goes_on(block, line):
                return self._append(block, line)
            aside = aside and block.kind in ("note", "table", "caption")
        return False


def _room(before: Line, line: Line, column: Column) -> float:
    word = line.text.split()[0]
    width = (line.right - line.left) / len(line.text) * (len(word) + 0.8)
    return (column.right - before.right - width) / max(column.right - column.left, 1.0)


def _starts_over(block: Block, line: Line) -> bool:
    """Tell whether `line` stands out again after lines that hang, as the next entry of a list does."""
    first, size = block.lines[0], line.size
    hangs = len(block.lines) > 1 and all(part.left > first.left + 0.6 * size for part in block.lines[1:])
    return hangs and abs(line.left - first.left) < 0.3 * size


def _is_dash_inside(block: Block, line: Line) -> bool:
    """Tell whether the dash that opens `line` stands between words of a sentence, not before an item."""
    return DASH.match(line.text.lstrip()) is not None and DASH.match(block.text) is None


def _is_lead(block: Block, line: Line) -> bool:
    """Tell whether `block` is a short "Subject:" of which `line` is the rest, as in titles of two lines."""
    lead = block.lines[0].text.strip()
    short = len(block.lines) == 1 and lead.endswith(":") and len(lead.split()) <= 4
    return short and line.text.strip()[-1] not in ".,;:" and len(line.text.split()) <= 8
