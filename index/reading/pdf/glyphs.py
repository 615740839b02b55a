"""The characters of a PDF page as PDFium sees them, each with its place, size and weight."""

# mypy: disable-error-code="no-untyped-call,attr-defined"
# pypdfium2 has no types, and makes its raw functions while it is imported.

import ctypes
import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

from index.reading.characters import clean
from index.reading.pdf.quality import UNREADABLE

PDFIUM = Lock()
"""PDFium is not safe for threads: whoever calls it holds this lock."""

_BOLD = ("bold", "black", "heavy", "demi")
_HYPHEN_AT_LINE_END = 2  # The code PDFium gives it.
_LINE_ENDS = (0, 10, 13)
_NAMELESS = ("Cc", "Cn", "Co")
"""Categories of codes that stand for no letter: controls, private and unassigned ones."""
_SHOWS_NOTHING = (raw.FPDF_TEXTRENDERMODE_INVISIBLE, raw.FPDF_TEXTRENDERMODE_CLIP)
_FINE = 100  # PDFium gives whole device units: a hundred of them to the point.


@dataclass(frozen=True, slots=True)
class Paint:
    """How a character is drawn: its colour (red, green, blue), None where it is not filled with one colour.

    `ghost` is true for text that is drawn so that nothing shows: invisibly, only to clip, or transparent.
    """

    colour: tuple[int, int, int] | None
    ghost: bool


PLAIN = Paint((0, 0, 0), False)


@dataclass(slots=True)
class Glyph:
    """What one drawn character reads as (a ligature as several letters), and where it stands.

    `box` is left, top, right, bottom in points from the top left corner of the page as a viewer shows it.
    `left`, `right` and `baseline` are the same for a page turned so that most text runs to the right.
    """

    text: str
    box: tuple[float, float, float, float]
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    drawn: bool  # False for a space that PDFium sees in a gap.
    raised: bool  # A digit above the line: a note mark, or the 2 of m².
    inside: bool  # Whether it lies on the page; a line may run off the edge.
    paint: Paint = PLAIN


@dataclass(frozen=True, slots=True)
class _Style:
    size: float  # Points.
    bold: bool
    turn: int  # Degrees to the right, a multiple of 90; -1 for any other direction.
    paint: Paint = PLAIN


@dataclass(slots=True)
class _Character:
    text: str
    style: _Style
    drawn: bool
    raised: bool
    places: tuple[float, float, float, float, float, float]
    """Left, top, right, bottom, origin x, origin y in the PDF's own coordinates."""


def page_glyphs(page: pdfium.PdfPage) -> tuple[Glyph, ...]:
    """Return the characters that run in the main direction of the page, in the order drawn.

    Spaces are among them, also those that PDFium sees as a gap, and text that nobody can see. UNREADABLE
    stands for a character that the file does not name. Text in another direction (a watermark, a mark in
    the margin) is left out. Hold PDFIUM while calling.
    """
    characters, main = _upright(page)
    if not characters:
        return ()
    to_view = _to_view(page)
    numbers = np.array([character.places for character in characters])
    corners = np.stack([to_view(numbers[:, 0:2]), to_view(numbers[:, 2:4])])
    boxes = np.concatenate([corners.min(axis=0), corners.max(axis=0)], axis=1).tolist()
    origins = to_view(numbers[:, 4:6]).tolist()
    width, height = page.get_size()
    turn = (main + page.get_rotation()) % 360
    glyphs = []
    for character, box, origin in zip(characters, boxes, origins, strict=True):
        text, style = character.text, character.style
        inside = 0 <= (box[0] + box[2]) / 2 <= width and 0 <= (box[1] + box[3]) / 2 <= height
        if text == " " or style.turn == main:
            place = _turned(box, origin, turn, width, height)
            glyphs.append(
                Glyph(
                    text,
                    tuple(box),
                    *place,
                    style.size,
                    style.bold,
                    character.drawn,
                    character.raised,
                    inside,
                    style.paint,
                )
            )
    return tuple(glyphs)


def _upright(page: pdfium.PdfPage) -> tuple[list[_Character], int]:
    """Return the characters of a page, and the turn of most of them.

    PDFium sorts and spaces text as it would be shown, rightly only where lines run to the right. So the page
    is read as if turned that way; the places are the PDF's own and stay what they are.
    """
    rotation, main = page.get_rotation(), 0
    for _ in range(2):
        page.set_rotation(-main % 360)
        text_page = page.get_textpage()
        characters = _characters(text_page)
        text_page.close()
        turns = [character.style.turn for character in characters if character.text != " "] or [0]
        seen, main = main, max(sorted(set(turns)), key=turns.count)
        if main in (seen, -1):
            break
    page.set_rotation(rotation)
    return characters, main


def _turned(
    box: list[float], origin: list[float], turn: int, width: float, height: float
) -> tuple[float, float, float]:
    """Return left, right and baseline after turning the page back by `turn` degrees."""
    left, top, right, bottom = box
    if turn == 90:
        return top, bottom, width - origin[0]
    if turn == 180:
        return width - right, width - left, height - origin[1]
    if turn == 270:
        return height - bottom, height - top, origin[0]
    return left, right, origin[1]


def _characters(text_page: pdfium.PdfTextPage) -> list[_Character]:
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    ink = [ctypes.c_double() for _ in range(4)]
    known: dict[int, _Style] = {}
    style = _Style(1.0, False, 0)
    characters = []
    for index in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page, index)
        if code in _LINE_ENDS or 0xD800 <= code < 0xE000:
            continue
        text = "-" if code == _HYPHEN_AT_LINE_END else clean(chr(code))
        if not text:
            if unicodedata.category(chr(code)) not in _NAMELESS and chr(code) != UNREADABLE:
                continue
            text = UNREADABLE
        address = ctypes.cast(raw.FPDFText_GetTextObject(text_page, index), ctypes.c_void_p).value
        if address is not None:  # A space that PDFium itself put in belongs to no object.
            if address not in known:
                known[address] = _style(text_page, index)
            style = known[address]
        raw.FPDFText_GetLooseCharBox(text_page, index, box)
        raw.FPDFText_GetCharOrigin(text_page, index, x, y)
        up = False
        if text.isdigit() and style.turn >= 0:
            raw.FPDFText_GetCharBox(text_page, index, *ink)
            left, right, bottom, top = (side.value for side in ink)
            rise = (bottom - y.value, left - x.value, y.value - top, x.value - right)[style.turn // 90]
            up = rise > 0.2 * style.size
        places = (box.left, box.top, box.right, box.bottom, x.value, y.value)
        characters.append(_Character(text, style, address is not None, up, places))
    return characters


def _style(text_page: pdfium.PdfTextPage, index: int) -> _Style:
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text_page, index, matrix)
    size = raw.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
    name, flags = ctypes.create_string_buffer(256), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page, index, name, 256, flags)
    named = name.value.decode("utf-8", "replace").lower()
    degrees = math.degrees(math.atan2(-matrix.b, matrix.a)) % 360
    turn = round(degrees / 90) * 90
    return _Style(
        size or 1.0,
        any(word in named for word in _BOLD),
        turn % 360 if abs(turn - degrees) < 10 else -1,
        _paint(text_page, index),
    )


def _paint(text_page: pdfium.PdfTextPage, index: int) -> Paint:
    drawn = raw.FPDFText_GetTextObject(text_page, index)
    mode = raw.FPDFTextObj_GetTextRenderMode(drawn)
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    known = raw.FPDFText_GetFillColor(text_page, index, red, green, blue, alpha)
    filled = bool(known) and mode == raw.FPDF_TEXTRENDERMODE_FILL
    return Paint(
        (red.value, green.value, blue.value) if filled else None,
        ghost=mode in _SHOWS_NOTHING or (filled and alpha.value == 0),
    )


def _to_view(page: pdfium.PdfPage) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Return the map of (n, 2) PDF coordinates to points from the top left corner as a viewer shows it."""
    width, height = page.get_size()
    corners = []
    for x, y in ((0, 0), (1000, 0), (0, 1000)):
        device_x, device_y = ctypes.c_int(), ctypes.c_int()
        size = round(width * _FINE), round(height * _FINE)
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, device_x, device_y)
        corners.append(np.array([device_x.value, device_y.value]) / _FINE)
    matrix = np.array([corners[1] - corners[0], corners[2] - corners[0]]) / 1000
    return lambda points: points @ matrix + corners[0]
