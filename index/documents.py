"""The types that flow through the index: documents, their pages, passages of them, and hits."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from index.errors import UnknownPage

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

Boxes = NDArray[np.uint16]
"""Shape (characters, 4): left, top, right, bottom of each character, in tenths of a point, measured
from the top left corner of its page as a viewer shows it. A row of zeros has no place (a space)."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a document: a span of its running text.

    `number` counts as a PDF viewer does, from 1. `label` is the number printed on the page, if any.
    `start` and `end` are character positions in `Document.text`; a blank page has start == end.
    `width` and `height` are in points; 0 for a document without a page format (HTML, plain text).
    `quality` is from 0, where the text is gibberish, to 1.
    """

    number: int
    label: str | None
    start: int
    end: int
    width: float = 0.0
    height: float = 0.0
    quality: float = 1.0


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: the span of one block of `Document.text`, and its level, 1 for the highest."""

    level: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What an administrator should know about a document: `texts.json` has the words, as `notice.<kind>`.

    `pages` are the numbers of the pages that it is about; empty for the whole document.
    """

    kind: str
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What a document says about its own standing: `Document.text[start:end]`.

    `about` is, in its own words or as a file name, what the document replaces or is "replaced" by; for
    "withdrawn" the ISO date since when, "" if untold. An empty span says that a manifest or a title told it.
    """

    kind: Literal["replaces", "replaced", "withdrawn"]
    about: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True)
class Rectangle:
    """A part of one line on a page, in points from the top left corner of the page."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Document:
    """A document as readable running text, with the way back to its pages.

    `text` holds blocks (headings, paragraphs, list items, table rows, footnotes) separated by one
    newline each. A paragraph that runs over a page border is one block. Pages are numbered 1..n, none
    missing, and their spans follow each other without gaps, so each character has exactly one page.
    `date` is as precise as it is known: "2023", "2020-04" or "2019-09-17"; `dates` has every date that was
    found, by where: "metadata", "title", "manifest", "file".
    """

    id: str
    title: str
    file: str
    text: str
    pages: tuple[Page, ...]
    headings: tuple[Heading, ...] = ()
    date: str | None = None
    source: str | None = None
    dates: Mapping[str, str] = field(default_factory=dict, hash=False)
    notices: tuple[Notice, ...] = ()
    statements: tuple[Statement, ...] = ()
    boxes: Boxes | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        check_pages(self.text, self.pages, self.boxes)

    def page(self, number: int) -> Page:
        """Return page `number`. Raises UnknownPage."""
        if not 1 <= number <= len(self.pages):
            raise UnknownPage(
                f"«{self.title}» heeft geen pagina {number}: kies 1 tot en met {len(self.pages)}."
            )
        return self.pages[number - 1]

    @property
    def years(self) -> frozenset[str]:
        """The years that the document is of: of its date, of every other date found, and in its title."""
        dated = {date[:4] for date in (self.date, *self.dates.values()) if date}
        return frozenset(dated | set(_YEAR.findall(self.title)))

    @property
    def paged(self) -> bool:
        """Whether a page of this document can be named: not where the only one is all that it says."""
        return len(self.pages) > 1 or any(page.width > 0 for page in self.pages)

    def page_at(self, position: int) -> Page:
        """Return the page on which the character at `position` stands."""
        return self.pages[max(0, bisect_right(self.pages, position, key=lambda page: page.start) - 1)]

    def pages_of(self, start: int, end: int) -> tuple[int, ...]:
        """Return the numbers of the pages on which text[start:end] stands, in order."""
        first, last = self.page_at(start).number, self.page_at(max(start, end - 1)).number
        return tuple(page.number for page in self.pages[first - 1 : last] if page.end > page.start)

    def headings_at(self, position: int) -> tuple[str, ...]:
        """Return the headings above `position`, the highest level first."""
        path: list[Heading] = []
        for heading in self.headings:
            if heading.end > position:
                break
            while path and path[-1].level >= heading.level:
                path.pop()
            path.append(heading)
        return tuple(self.text[heading.start : heading.end] for heading in path)

    def rectangles(self, start: int, end: int) -> tuple[Rectangle, ...]:
        """Return where text[start:end] stands, one rectangle for each line, whichever way the lines run.

        Empty if places are unknown.
        """
        if self.boxes is None or start >= end:
            return ()
        found: list[Rectangle] = []
        for number in self.pages_of(start, end):
            page = self.pages[number - 1]
            boxes = self.boxes[max(page.start, start) : min(page.end, end)]
            lines = _lines(boxes[boxes[:, 2] > boxes[:, 0]].astype(np.float64) / 10)
            found.extend(Rectangle(number, *line) for line in lines)
        return tuple(found)


def check_pages(text: str, pages: tuple[Page, ...], boxes: Boxes | None) -> None:
    """Raise ValueError unless the pages number 1..n, part the text without gaps, and boxes fit the text."""
    if [page.number for page in pages] != list(range(1, len(pages) + 1)):
        raise ValueError(f"pages must be numbered 1 to {len(pages)}, none missing")
    position = 0
    for page in pages:
        if page.start != position or page.end < page.start:
            raise ValueError(f"page {page.number} starts at {page.start}, not at {position}")
        position = page.end
    if position != len(text):
        raise ValueError(f"the pages end at {position}, the text at {len(text)}")
    if boxes is not None and boxes.shape != (len(text), 4):
        raise ValueError(f"{boxes.shape} boxes for {len(text)} characters")


def _lines(boxes: NDArray[np.float64]) -> list[list[float]]:
    """Return the lines that boxes, in reading order, stand on; both are left, top, right, bottom.

    The way from each box to the next tells which way the lines run: on a page that lies on its side they run
    up or down.
    """
    steps = np.diff((boxes[:, :2] + boxes[:, 2:]) / 2, axis=0)
    upright = np.abs(steps[:, 1]) > np.abs(steps[:, 0])
    along = int(2 * upright.sum() > len(steps))  # 0 where lines run to the side, 1 where they run up or down.
    backwards = np.sign(steps[upright == along, along]).sum() < 0
    low, high, begin = 1 - along, 3 - along, along + 2 if backwards else along
    lines: list[list[float]] = []
    for box in boxes.tolist():
        line = lines[-1] if lines else [0.0] * 4
        level = line[low] < (box[low] + box[high]) / 2 < line[high]
        level = level or box[low] < (line[low] + line[high]) / 2 < box[high]
        onward = box[begin] <= line[begin] if backwards else box[begin] >= line[begin]
        if lines and level and onward:
            lines[-1] = [*map(min, line[:2], box[:2]), *map(max, line[2:], box[2:])]
        else:
            lines.append(box)
    return lines


@dataclass(frozen=True, slots=True)
class Passage:
    """The unit that is found: one sentence, and the few sentences around it that are read with it.

    `start` and `end` delimit the passage in `Document.text`, `focus` the sentence in its middle.
    A passage never leaves the section it stands in; `headings` is the path above it.
    """

    id: str
    document_id: str
    start: int
    end: int
    focus: tuple[int, int]
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found. A higher score is better; ranks count from 1; ties go by passage id.

    `score` compares the hits of one question. `similarity`, the inner product of the embeddings of question
    and passage, up to 1, also compares hits of different questions.
    """

    passage: Passage
    document: Document
    score: float
    rank: int
    similarity: float

    @property
    def text(self) -> str:
        """The text of the passage, as it stands in the running text."""
        return self.document.text[self.passage.start : self.passage.end]

    @property
    def pages(self) -> tuple[int, ...]:
        """The numbers of the pages on which the passage stands."""
        return self.document.pages_of(self.passage.start, self.passage.end)
