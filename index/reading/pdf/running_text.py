"""Running text: the blocks of a document as one text, with the way back to page and place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np

from index.documents import Boxes, Heading
from index.reading.characters import SOFT_HYPHEN
from index.reading.pdf.blocks import Block
from index.reading.pdf.grid import Table
from index.reading.pdf.lines import Line
from index.reading.pdf.words import Words
from index.reading.tables import Cell, table_rows


@dataclass(frozen=True, slots=True, eq=False)
class RunningText:
    """The text, the page number and box of each of its characters, and the headings in it."""

    text: str
    pages: tuple[int, ...]
    boxes: Boxes
    headings: tuple[Heading, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """Characters that stand on one page, each with its box; zeros for what the page itself does not hold."""

    text: str
    page: int
    boxes: Boxes


@dataclass(slots=True)
class _Text:
    runs: list[_Run] = field(default_factory=list)
    length: int = 0

    def put(self, *runs: _Run) -> None:
        self.runs.extend(runs)
        self.length += sum(len(run.text) for run in runs)

    def new_block(self) -> None:
        if self.runs:
            self.put(_glue("\n", self.runs[-1].page))


def running_text(blocks: Sequence[Block], words: Words) -> RunningText:
    """Return `blocks` as running text: one newline between blocks, words whole, a table row by row."""
    text = _Text()
    headings: list[Heading] = []
    for block in blocks:
        for runs in _table_rows(block.table, words) if block.table else [_joined(block.lines, words)]:
            text.new_block()
            start = text.length
            text.put(*runs)
            if block.level:
                headings.append(Heading(block.level, start, text.length))
    return RunningText(
        "".join(run.text for run in text.runs),
        tuple(run.page for run in text.runs for _ in run.text),
        np.concatenate([run.boxes for run in text.runs]),
        tuple(headings),
    )


def _joined(lines: Sequence[Line], words: Words) -> Iterator[_Run]:
    """Yield the text of lines that are read as one, with the words that a line end cut made whole."""
    word = ""  # What was read of the last word: it may take three lines.
    for line, following in zip_longest(lines, lines[1:]):
        text, boxes, glue = line.text.strip(), line.boxes[len(line.text) - len(line.text.lstrip()) :], ""
        if following:
            joint = words.joint(word + text, following.text.strip())
            text, glue = text[: len(text) - joint.drop], joint.glue
        keep = [place for place, character in enumerate(text) if character != SOFT_HYPHEN]
        yield _Run("".join(text[place] for place in keep), line.page, boxes[keep])
        yield _glue(glue, line.page)
        word = (word + text + glue).rsplit(" ", 1)[-1]


def _table_rows(table: Table, words: Words) -> Iterator[list[_Run]]:
    """Yield the rows of a table, each value behind the name of its column, which keeps its own place."""
    page = table.lines[0].page
    cells = [[list(_joined(cell.lines, words)) for cell in row] for row in table.rows]
    texts = [
        [Cell("".join(run.text for run in runs), cell.columns) for runs, cell in zip(*row, strict=True)]
        for row in zip(cells, table.rows, strict=True)
    ]
    for row in table_rows(texts, table.headers):
        runs: list[_Run] = []
        for piece in row:
            found = cells[piece.cell[0]][piece.cell[1]] if piece.cell else [_glue(piece.text, page)]
            # A name on the page before is read here, but does not stand here.
            runs += [run if run.page == page else _glue(run.text, page) for run in found]
        yield runs


def _glue(text: str, page: int) -> _Run:
    return _Run(text, page, np.zeros((len(text), 4), np.uint16))
