"""Which text of a PDF page a reader can see: found by drawing the page with and without its text.

A word is hidden when the page looks the same without it, whatever the trick is: white on white, covered,
clipped away, on a layer that is off. Drawing takes 5 ms a page, at one pixel to the point.
"""

# mypy: disable-error-code="no-untyped-call,attr-defined"
# pypdfium2 has no types, and makes its raw functions while it is imported.

import ctypes
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from index.reading.pdf.glyphs import Glyph
from index.reading.pdf.quality import UNREADABLE

_SEEN = 12
"""How much a colour must differ, of 255, to be seen. Black text of 5 points changes its pixels by 100 at this
scale, light grey (217) of 6 points by 15."""
_EDGE = 48
"""How much neighbouring pixels of a drawing differ where it has an outline."""
_DRAWN, _PICTURED = 0.01, 0.001
"""Share of pixels on outlines from which a page without text is more than blank, drawn or as a picture that
covers it: a scanned page of typescript has 0.1 to 0.2, a scanned cover 0.002, and so has a drawn logo."""
_TINY = 1.5  # Points.
_LARGEST = 2_000_000  # Pixels: a poster is drawn smaller.
_DEEPEST = 8  # Forms within forms.
_WORTH_TELLING = 3
"""Letters and digits: fewer on a page are an accident of the program that made it."""

_HEIGHTS = np.array([0.25, 0.5, 0.75])
_NO_COLOUR = (-999, -999, -999)  # Far from any.

_Word = tuple[Glyph, ...]
Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of a page.

    `glyphs` are those that can be seen, or that lie as an OCR layer over a picture of text. `hidden` tells
    of others, `ocr_layer` of such a layer, `drawn` of something besides text that is more than a logo.
    """

    glyphs: tuple[Glyph, ...]
    hidden: bool
    ocr_layer: bool
    drawn: bool


def look(page: pdfium.PdfPage, glyphs: tuple[Glyph, ...]) -> Sight:
    """Return which of the page's `glyphs` can be seen. Hold PDFIUM."""
    width, height = page.get_size()
    scale = min(1.0, (_LARGEST / max(1.0, width * height)) ** 0.5)
    whole = _picture(page, scale)
    _show_text(False, page, raw.FPDFPage_GetObject, raw.FPDFPage_CountObjects(page))
    bare = _picture(page, scale)
    _show_text(True, page, raw.FPDFPage_GetObject, raw.FPDFPage_CountObjects(page))
    outlines = _outlines(bare)
    drawn = bool(outlines.mean() > (_PICTURED if _is_pictured(page) else _DRAWN))
    words = tuple(_words(glyphs))
    if not words:
        return Sight((), False, False, drawn)
    boxes = np.array([glyph.box for word in words for glyph in word]) * scale
    starts = np.cumsum([0, *(len(word) for word in words[:-1])])
    changes = np.logical_or.reduceat(_any_within(_differ(whole, bare, _SEEN), boxes), starts)
    blends = np.logical_and.reduceat(_blend(bare, boxes, words), starts)
    shows = list(_show(words, changes & ~blends))
    hidden = [index for index, does in enumerate(shows) if not does]
    if not hidden:
        return Sight(glyphs, False, False, drawn)
    lies_over = np.logical_or.reduceat(_any_within(outlines, boxes), starts)
    layer = [index for index in hidden if lies_over[index] and _may_be_layer(words[index])]
    is_layer = drawn and _letters(words, layer) * 2 > _letters(words, range(len(words)))
    if is_layer:
        hidden = sorted(set(hidden) - set(layer))
    gone = {id(glyph) for index in hidden for glyph in words[index]}
    return Sight(
        tuple(glyph for glyph in glyphs if id(glyph) not in gone),
        _letters(words, hidden) >= _WORTH_TELLING,
        is_layer,
        drawn,
    )


def _show(words: Sequence[_Word], stand_out: NDArray[np.bool_]) -> Iterator[bool]:
    """Yield for each word whether it can be seen."""
    shows = False
    for index, word in enumerate(words):
        first = word[0]
        if first.paint.ghost or first.size < _TINY:
            shows = False
        elif any(glyph.inside for glyph in word):
            shows = bool(stand_out[index])
        else:  # Off the page: the rest of a line that runs off its edge.
            shows = shows and _goes_on(words[index - 1][-1], first)
        yield shows


def _picture(page: pdfium.PdfPage, scale: float) -> Picture:
    """Return the page as drawn: (height, width, 3), red, green and blue."""
    drawing = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False, draw_annots=False)
    return np.array(drawing.to_numpy())


def _is_pictured(page: pdfium.PdfPage) -> bool:
    """Tell whether pictures cover at least half of the page, as those of a scan do."""
    width, height = page.get_size()
    covered = 0.0
    for index in range(raw.FPDFPage_CountObjects(page)):
        drawn = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(drawn) == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = (ctypes.c_float() for _ in range(4))
            raw.FPDFPageObj_GetBounds(drawn, left, bottom, right, top)
            covered += (right.value - left.value) * (top.value - bottom.value)
    return bool(covered * 2 >= width * height)


def _show_text(show: bool, holder: Any, get: Callable[[Any, int], Any], count: int, depth: int = 0) -> None:
    for index in range(count):
        drawn = get(holder, index)
        kind = raw.FPDFPageObj_GetType(drawn)
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            raw.FPDFPageObj_SetIsActive(drawn, show)
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            inside = raw.FPDFFormObj_CountObjects(drawn)
            _show_text(show, drawn, raw.FPDFFormObj_GetObject, inside, depth + 1)


def _words(glyphs: Iterable[Glyph]) -> Iterator[_Word]:
    """Yield the glyphs that stand together without a space and are drawn alike."""
    word: list[Glyph] = []
    for glyph in glyphs:
        if word and (glyph.text == " " or glyph.paint != word[-1].paint or not _goes_on(word[-1], glyph)):
            yield tuple(word)
            word = []
        if glyph.text != " ":
            word.append(glyph)
    if word:
        yield tuple(word)


def _goes_on(before: Glyph, glyph: Glyph) -> bool:
    size = max(before.size, glyph.size)
    return abs(glyph.baseline - before.baseline) < 0.6 * size and -size < glyph.left - before.right < size


def _differ(first: Picture, other: Picture, least: int) -> NDArray[np.bool_]:
    """Return the pixels (height, width) of which a colour differs by more than `least`."""
    far = np.maximum(first, other) - np.minimum(first, other) > least
    found = far[..., 0].copy()
    for colour in range(1, far.shape[2]):  # A tenth of the time of any(axis=2).
        found |= far[..., colour]
    return found


def _outlines(picture: Picture) -> NDArray[np.bool_]:
    """Return the pixels that differ from the one before or above them; green stands for brightness."""
    green = picture[:, :, 1:2]
    found = np.zeros(picture.shape[:2], np.bool_)
    found[:, 1:] = _differ(green[:, 1:], green[:, :-1], _EDGE)
    found[1:] |= _differ(green[1:], green[:-1], _EDGE)
    return found


def _any_within(pixels: NDArray[np.bool_], boxes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell for each box, in pixels, whether any of `pixels` in it is set."""
    height, width = pixels.shape
    sums = np.zeros((height + 1, width + 1), np.int32)
    np.cumsum(np.cumsum(pixels, axis=0, dtype=np.int32), axis=1, out=sums[1:, 1:])
    left, top = np.clip(np.floor(boxes[:, :2]), 0, (width, height)).astype(int).T
    right, bottom = np.clip(np.ceil(boxes[:, 2:]), 0, (width, height)).astype(int).T
    inside = sums[bottom, right] - sums[top, right] - sums[bottom, left] + sums[top, left]
    found: NDArray[np.bool_] = inside > 0
    return found


def _blend(bare: Picture, boxes: NDArray[np.float64], words: Iterable[_Word]) -> NDArray[np.bool_]:
    """Tell for each character whether it has the colour of what lies under it.

    Text under or over other text changes pixels although it cannot be seen itself. Three heights are looked
    at: a line that is drawn through a word hides only one.
    """
    height, width, _ = bare.shape
    x = np.clip((boxes[:, :1] + boxes[:, 2:3]) / 2, 0, width - 1).astype(int)
    y = np.clip(boxes[:, 1:2] + (boxes[:, 3:] - boxes[:, 1:2]) * _HEIGHTS, 0, height - 1).astype(int)
    paint = np.array([glyph.paint.colour or _NO_COLOUR for word in words for glyph in word], np.int16)
    alike: NDArray[np.bool_] = (np.abs(bare[y, x] - paint[:, None]).max(axis=2) <= _SEEN).all(axis=1)
    return alike


def _may_be_layer(word: _Word) -> bool:
    """Tell whether a hidden word may be what OCR found: drawn invisibly, or dark under the picture."""
    paint = word[0].paint
    dark = paint.colour is not None and max(paint.colour) < 128
    return word[0].size >= _TINY and (paint.ghost or dark)


def _letters(words: Sequence[_Word], indexes: Iterable[int]) -> int:
    return sum(
        glyph.text.isalnum() or glyph.text == UNREADABLE for index in indexes for glyph in words[index]
    )
