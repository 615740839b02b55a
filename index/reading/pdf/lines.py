"""The lines of a PDF page: characters on one baseline, without wide gaps, each with its place."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from index.documents import Boxes
from index.reading.characters import raised
from index.reading.pdf.glyphs import Glyph

_GAP = 0.75
_GAP_WITHOUT_SPACES = 1.15
_GAP_WITH_SPACE = 2.2
_AFTER_MARKER = 4.0
"""A wider gap, in type sizes, starts another line: the next column or table cell. Justified text has wide
gaps too, but most programs draw a space there. The sign or number of a list item stands further off."""
_MARKER = re.compile(r"[•◦▪■●○→➔►–-]|\(?\d{1,2}[.)]|[a-z][.)]|\d+(?:\.\d+)+\.?")


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A run of text on one baseline: a line of a column, or of a table cell.

    Places are in points from the top left corner of the page, turned so that the text runs to the right.
    `boxes` holds one box for each character of `text` on the page as a viewer shows it.
    """

    text: str
    boxes: Boxes
    page: int
    left: float
    right: float
    baseline: float
    size: float
    bold: bool


_Box = tuple[float, float, float, float]
_NOWHERE: _Box = (0.0, 0.0, 0.0, 0.0)
_LEADERS = re.compile(r"\s*(?:\.\s?){4,}")


def lines_of(glyphs: Iterable[Glyph], page: int) -> tuple[Line, ...]:
    """Return the lines that `glyphs`, in the order drawn, form on page number `page`."""
    return tuple(_line(run, page) for run in _runs(glyphs) if any(glyph.inside for glyph in run))


def joined(first: Line, second: Line) -> Line:
    """Return two lines that stand side by side as one."""
    nowhere = np.zeros((1, 4), np.uint16)
    return replace(
        first,
        text=f"{first.text} {second.text}",
        boxes=np.concatenate([first.boxes, nowhere, second.boxes]),
        right=second.right,
    )


def _runs(glyphs: Iterable[Glyph]) -> Iterator[list[Glyph]]:
    glyphs = list(glyphs)
    narrow = _GAP if any(glyph.text == " " and glyph.drawn for glyph in glyphs) else _GAP_WITHOUT_SPACES
    run: list[Glyph] = []
    spaces: list[Glyph] = []
    main: Glyph | None = None  # The largest glyph of the run: it holds the baseline, not a raised digit.
    for glyph in glyphs:
        if glyph.text == " ":
            spaces.append(glyph)
            continue
        drawn = any(space.drawn for space in spaces)
        widest = _AFTER_MARKER if _is_marker(run) else _GAP_WITH_SPACE if drawn else narrow
        if main is not None and not _follows(run[-1], glyph, main, widest):
            yield run
            run, main = [], None
        elif spaces and run:
            run.append(spaces[0])
        elif run and glyph.left - run[-1].right > _GAP * glyph.size:
            run.append(Glyph(" ", glyph.box, 0, 0, 0, 0, False, False, False, False))
        spaces = []
        run.append(glyph)
        if main is None or glyph.size > main.size:
            main = glyph
    if run:
        yield run


def _is_marker(run: list[Glyph]) -> bool:
    return len(run) <= 6 and _MARKER.fullmatch("".join(glyph.text for glyph in run)) is not None


def _follows(before: Glyph, glyph: Glyph, main: Glyph, widest: float) -> bool:
    if glyph.box == before.box:  # Another letter of the same ligature.
        return True
    size = max(main.size, glyph.size)
    level = abs(glyph.baseline - main.baseline)
    same_level = level < 0.25 * size or (level < 0.6 * size and min(main.size, glyph.size) < 0.85 * size)
    return same_level and -0.5 * size < glyph.left - before.right < widest * size


def _line(run: list[Glyph], page: int) -> Line:
    letters = [glyph for glyph in run if glyph.text != " "]
    size = Counter(round(glyph.size, 1) for glyph in letters).most_common(1)[0][0]
    baseline = next(glyph.baseline for glyph in letters if round(glyph.size, 1) == size)
    text = ""
    boxes: list[_Box] = []
    for box, same in groupby(run, key=lambda glyph: glyph.box):
        glyphs = list(same)
        piece = unicodedata.normalize("NFC", "".join(glyph.text for glyph in glyphs))
        if piece.isdigit() and (glyphs[0].raised or _is_raised(glyphs[0], baseline, size)):
            piece = raised(piece)
        if unicodedata.combining(piece[0]) and text:
            composed = unicodedata.normalize("NFC", text[-1] + piece)
            if len(composed) == 1:
                text = text[:-1] + composed
                continue
        text += piece
        boxes.extend(_split(box, len(piece)) if piece != " " else [_NOWHERE])
    text, boxes = _without_leaders(text, boxes)
    return Line(
        text=text,
        boxes=np.clip(np.rint(np.array(boxes) * 10), 0, 65535).astype(np.uint16),
        page=page,
        left=letters[0].left,
        right=max(glyph.right for glyph in letters),
        baseline=baseline,
        size=size,
        bold=sum(glyph.bold for glyph in letters) * 2 > len(letters),
    )


def _without_leaders(text: str, boxes: list[_Box]) -> tuple[str, list[_Box]]:
    """Make of the row of dots in a table of contents a single ellipsis."""
    found = _LEADERS.search(text)
    if found is None:
        return text, boxes
    start, end = found.span()
    kept = [*boxes[:start], _NOWHERE, boxes[end - 1], _NOWHERE, *boxes[end:]]
    return f"{text[:start]} … {text[end:]}", kept


def _split(box: _Box, parts: int) -> list[_Box]:
    left, top, right, bottom = box
    step = (right - left) / parts
    return [(left + part * step, top, left + (part + 1) * step, bottom) for part in range(parts)]


def _is_raised(glyph: Glyph, baseline: float, size: float) -> bool:
    return glyph.size < 0.85 * size and baseline - glyph.baseline > 0.15 * size
