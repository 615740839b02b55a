"""Blocks: which lines form one paragraph, list item, table row or note, over columns and pages."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.layout import Row
from index.lines import Line

Kind = Literal["prose", "item", "row", "note", "caption", "entry"]

_BULLET = re.compile(r"[•◦▪■●○→➔►]")
_WEAK_MARKER = re.compile(r"[–—-]\s|\(?(?:\d{1,2}|[a-z])[.)]\s|\d{1,2}(?:\.\d{1,2})+\.?\s")
_CAPTION = re.compile(r"(?:Figuur|Tabel|Grafiek|Kader|Afbeelding|Bron|Noot)\s*\d*(?:\.\d+)?\s*[.:]")
_ENTRY = re.compile(r" … (?:\d{1,4}|[ivxlc]{1,7})$")  # Of a table of contents.
_NOTE = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\*+\)?|(\d{1,2})[.)]?(?=\s)")
_ENDED = re.compile(r"[.!?:;…][\"'’”»)\]\d⁰¹²³⁴⁵⁶⁷⁸⁹*]*$")
_OPENING = "\"'‘“«([„"
_UNFINISHED = frozenset((
    "de", "het", "een", "en", "of", "van", "in", "op", "aan", "te", "tot",
    "met", "voor", "door", "bij", "om", "naar", "uit", "over", "onder", "als", "dat",
    "die", "deze", "dit", "zijn", "haar", "hun", "ons", "onze", "is", "wordt", "worden",
    "kan", "moet", "dan", "dus", "maar", "want", "ook", "niet", "per", "tussen", "tegen",
))  # fmt: skip
"""Words that do not end a heading or a sentence: what follows belongs to it."""


@dataclass(slots=True, eq=False)
class Block:
    """Lines that are read as one: `cells` holds the index of the first line of each further table cell."""

    kind: Kind
    lines: list[Line]
    cells: tuple[int, ...] = ()
    level: int = 0  # Of a heading; 0 for anything else.

    @property
    def text(self) -> str:
        """The lines as they stand, for looking at shapes: words are not joined yet."""
        return " ".join(line.text for line in self.lines)


@dataclass(slots=True)
class _Column:
    """The lines around a line that are set in the same measure."""

    right: float
    left: float


@dataclass(slots=True)
class _Builder:
    body: float  # The size of most text.
    blocks: list[Block] = field(default_factory=list)
    columns: dict[int, _Column] = field(default_factory=dict)
    marks: dict[int, frozenset[str]] = field(default_factory=dict)

    def add_row(self, row: Row) -> None:
        lines = [line for cell in row.cells for line in cell]
        starts, position = [], 0
        for cell in row.cells[:-1]:
            position += len(cell)
            starts.append(position)
        self.blocks.append(Block("row", lines, tuple(starts)))

    def add(self, line: Line) -> None:
        kind = self._kind(line)
        last = self.blocks[-1] if self.blocks else None
        if last is not None and self._continues(last, line, kind):
            last.lines.append(line)
        elif kind != "prose" or not self._resume(line):
            self.blocks.append(Block(kind, [line]))

    def _kind(self, line: Line) -> Kind:
        if _ENTRY.search(line.text):
            return "entry"
        if _BULLET.match(line.text):
            return "item"
        if _CAPTION.match(line.text):
            return "caption"
        note = _NOTE.match(line.text)
        if note and note.group(1) is None:
            return "note"
        if note and note.group(1) in self.marks.get(line.page, frozenset()):
            return "note"
        return "item" if _WEAK_MARKER.match(line.text) else "prose"

    def _continues(self, block: Block, line: Line, kind: Kind) -> bool:
        before = block.lines[-1]
        if block.kind in ("row", "entry") or kind in ("note", "caption", "entry") or _BULLET.match(line.text):
            return False
        if abs(line.size - before.size) > 0.08 * before.size:
            return False
        lower = _opens_lower(line)
        ended = _has_ended(before) and not (lower and before.text.endswith(";"))
        unfinished = not ended and (lower or _is_unfinished(before))
        step = line.baseline - before.baseline
        same_flow = line.page == before.page and 0 < step < 4 * line.size and self._same_column(before, line)
        if kind == "item" and (ended or not same_flow or self._slack(before, line) > 0):
            return False
        if line.bold != before.bold and not (unfinished and lower):
            return False
        if not same_flow:
            if block.kind in ("note", "caption"):
                return False
            return unfinished or (not ended and self._slack(before, line) <= 0 and not line.bold)
        if step > 1.8 * line.size:
            return unfinished
        if _hangs(block) and abs(line.left - block.lines[0].left) < 0.3 * line.size:
            return False
        if _is_lead(block, line):
            return True
        if ended and line.left > before.left + 0.6 * line.size and block.kind == "prose":
            return False
        if unfinished:
            return True
        slack = self._slack(before, line)
        measure = self.columns[id(before)].right - self.columns[id(before)].left
        return slack <= 0 if ended else slack <= 0.12 * measure

    def _same_column(self, before: Line, line: Line) -> bool:
        return line.left < before.right and before.left < line.right

    def _slack(self, before: Line, line: Line) -> float:
        """Return how much room, in points, the first word of `line` would have left on the line before."""
        word = line.text.split(" ", 1)[0]
        width = (line.right - line.left) / len(line.text)
        return self.columns[id(before)].right - before.right - width * (len(word) + 0.8)

    def _resume(self, line: Line) -> bool:
        """Append `line` to an unfinished paragraph that notes, tables or captions stand behind."""
        index = len(self.blocks) - 1
        while index >= 0 and self.blocks[index].kind in ("note", "row", "caption"):
            index -= 1
        if index < 0 or index == len(self.blocks) - 1:
            return False
        block = self.blocks[index]
        before = block.lines[-1]
        if _has_ended(before) or abs(line.size - before.size) > 0.08 * before.size:
            return False
        full = self._slack(before, line) <= 0 and not line.bold
        if not (_opens_lower(line) or _is_unfinished(before) or full) or line.page - before.page > 1:
            return False
        between = self.blocks[index + 1 :]
        earlier = [other for other in between if other.lines[0].page == before.page]
        later = [other for other in between if other.lines[0].page != before.page]
        if earlier and block.lines[0].page != before.page and line.page != before.page:
            return False
        if block.lines[0].page != before.page:
            later = earlier + later
            earlier = []
        block.lines.append(line)
        self.blocks[index:] = [*earlier, block, *later]
        return True


def build_blocks(pages: Sequence[Sequence[Line | Row]]) -> list[Block]:
    """Return the blocks of a document from the lines and rows of its pages, in reading order.

    A paragraph goes on over columns and pages, also past notes, tables and captions; these then stand
    before it where they share its first page, and after it otherwise.
    """
    lines = [line for page in pages for line in page if isinstance(line, Line)]
    builder = _Builder(body_size(lines))
    for page in pages:
        prose = [line for line in page if isinstance(line, Line)]
        _measure(prose, builder.columns)
        text = " ".join(line.text for line in prose)
        for line in prose[:1]:
            builder.marks[line.page] = frozenset(re.findall(r"[^\W\d][’”)\].,]?(\d{1,2})(?=[\s.,;]|$)", text))
        for item in page:
            if isinstance(item, Row):
                builder.add_row(item)
            else:
                builder.add(item)
    return builder.blocks


def body_size(lines: Sequence[Line]) -> float:
    """Return the type size of most characters."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 1.0


def _measure(lines: Sequence[Line], columns: dict[int, _Column]) -> None:
    """Note for each line the left and right edge of the lines that follow each other as it does."""
    group: list[Line] = []
    for line in [*lines, None]:
        if group and (line is None or not _follows_closely(group[-1], line)):
            column = _Column(max(part.right for part in group), min(part.left for part in group))
            columns.update({id(part): column for part in group})
            group = []
        if line is not None:
            group.append(line)


def _follows_closely(before: Line, line: Line) -> bool:
    step = line.baseline - before.baseline
    overlap = line.left < before.right and before.left < line.right
    return 0 < step < 1.8 * line.size and overlap and abs(line.size - before.size) < 0.08 * before.size


def _hangs(block: Block) -> bool:
    """Tell whether the second line of `block` stands further in than its first."""
    return len(block.lines) > 1 and block.lines[1].left > block.lines[0].left + 0.6 * block.lines[0].size


def _is_lead(block: Block, line: Line) -> bool:
    """Tell whether `block` is a short "Subject:" of which `line` is the rest, as in titles of two lines."""
    lead = block.lines[0].text
    short = len(block.lines) == 1 and lead.endswith(":") and len(lead.split()) <= 4
    return short and line.text[-1] not in ".,;:" and len(line.text.split()) <= 8


def _has_ended(line: Line) -> bool:
    return _ENDED.search(line.text) is not None


def _opens_lower(line: Line) -> bool:
    text = line.text.lstrip(_OPENING)
    return bool(text) and (text[0].islower() or text[0] in "&+%€")


def _is_unfinished(line: Line) -> bool:
    last = line.text.rsplit(" ", 1)[-1]
    return last in _UNFINISHED or last[-1] in ",-–&/(" or last == "€"
