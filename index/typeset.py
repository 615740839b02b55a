"""Sets the running text of a document without pages of its own (a web page, a note) as a page to look at."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from index.documents import Document, Page, Rectangle

_INK, _QUIET, _RULE = (28, 32, 38), (112, 118, 128), (214, 218, 224)
_BODY, _HEADING, _TITLE = 0.026, 0.030, 0.037  # sizes of the letters, as part of the width
_LEADING = 1.5  # from line to line, in sizes
_SHAPE = 1.414  # height to width, as A4
_CONTEXT = 0.3  # part of the page before the quote
_WINDOW = 5_000  # characters before and after the quote's start that are set at all: more than a page


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of text; `start` is its position in the document, `gap` the white above it in pixels."""

    text: str
    start: int
    font: ImageFont.FreeTypeFont
    gap: int = 0

    @property
    def height(self) -> int:
        return self.gap + int(self.font.size * _LEADING)


def typeset_page(
    document: Document, page: Page, quote: tuple[int, int] | None, width: int
) -> tuple[Image.Image, tuple[Rectangle, ...]]:
    """Return a picture of the page's text under the document's title, and the places of the quote in pixels.

    A text that begins with its title itself gets none above it. When the text is longer than a page, the part
    around the quote is shown, with "…" where text was left out.
    """
    margin = width // 12
    room = width - 2 * margin
    title = tuple(_wrapped(document.title, 0, _font("DejaVuSans-Bold.ttf", int(width * _TITLE)), room))
    rule = margin + sum(line.height for line in title) + margin // 3
    first = rule + margin // 2
    lines, cut_before, cut_after = _shown(document, page, quote, width, int(width * _SHAPE) - first - margin)

    titled = not cut_before and document.text.startswith(document.title)
    first = margin if titled else first
    last = first + sum(line.height for line in lines) + margin
    image = Image.new("RGB", (width, max(last, width // 2)), "white")
    draw = ImageDraw.Draw(image)
    if not titled:
        _draw(draw, title, margin, margin)
        draw.line((margin, rule, width - margin, rule), _RULE, 2)
    dots = _font("DejaVuSans.ttf", int(width * _BODY))
    if cut_before:
        draw.text((margin, first - dots.size * 1.4), "…", _QUIET, dots)
    if cut_after:
        draw.text((margin, last - margin), "…", _QUIET, dots)
    tops = _draw(draw, lines, margin, first)
    return image, tuple(_marks(lines, tops, quote or (0, 0), page.number, margin))


def _shown(
    document: Document, page: Page, quote: tuple[int, int] | None, width: int, height: int
) -> tuple[tuple[_Line, ...], bool, bool]:
    """Return the lines that fit in `height`, and whether lines were left out before and after them."""
    target = min(max(quote[0] if quote else page.start, page.start), page.end)
    start, end = max(page.start, target - _WINDOW), min(page.end, target + _WINDOW)
    lines = tuple(_lines(document, start, end, width))
    centre = max((at for at, line in enumerate(lines) if line.start <= target), default=0)
    first = centre
    while first and sum(line.height for line in lines[first - 1 : centre]) < height * _CONTEXT:
        first -= 1
    after = first
    while after < len(lines) and sum(line.height for line in lines[first : after + 1]) <= height:
        after += 1
    while first and sum(line.height for line in lines[first - 1 : after]) <= height:
        first -= 1  # at the end of the text: fill the page with what stands before
    return lines[first:after], first > 0 or start > page.start, after < len(lines) or end < page.end


def _lines(document: Document, start: int, end: int, width: int) -> Iterator[_Line]:
    body, heading, room = int(width * _BODY), int(width * _HEADING), width - 2 * (width // 12)
    headings = {entry.start for entry in document.headings}
    position = start
    for block in document.text[start:end].split("\n"):
        if block.strip():
            bold = position in headings
            font = _font("DejaVuSans-Bold.ttf", heading) if bold else _font("DejaVuSans.ttf", body)
            yield from _wrapped(block, position, font, room, gap=body if bold else body // 2)
        position += len(block) + 1


def _wrapped(
    block: str, start: int, font: ImageFont.FreeTypeFont, room: int, gap: int = 0
) -> Iterator[_Line]:
    """Yield the lines of a block that are at most `room` pixels wide; only the first has the gap above it."""
    begin = 0
    while begin < len(block):
        end = _break(block, begin, font, room)
        yield _Line(block[begin:end].rstrip(), start + begin, font, 0 if begin else gap)
        begin = end


def _break(block: str, begin: int, font: ImageFont.FreeTypeFont, room: int) -> int:
    """Return where the line that begins at `begin` ends: after the last space that fits, or within a word."""
    fits, too_far = begin + 1, min(len(block), begin + room) + 1
    while too_far - fits > 1:
        middle = (fits + too_far) // 2
        if font.getlength(block[begin:middle].rstrip()) <= room:
            fits = middle
        else:
            too_far = middle
    space = block.rfind(" ", begin + 1, fits)
    return fits if fits == len(block) or space < 0 else space + 1


def _draw(draw: ImageDraw.ImageDraw, lines: tuple[_Line, ...], left: int, top: int) -> tuple[int, ...]:
    """Draw lines below each other and return the top of each."""
    tops = []
    for line in lines:
        tops.append(top + line.gap)
        draw.text((left, tops[-1]), line.text, _INK, line.font)
        top += line.height
    return tuple(tops)


def _marks(
    lines: tuple[_Line, ...], tops: tuple[int, ...], quote: tuple[int, int], page: int, left: int
) -> Iterator[Rectangle]:
    for line, top in zip(lines, tops, strict=True):
        begin, end = max(quote[0] - line.start, 0), min(quote[1] - line.start, len(line.text))
        if begin < end:
            before, through = line.font.getlength(line.text[:begin]), line.font.getlength(line.text[:end])
            yield Rectangle(page, left + before, top, left + through, top + line.font.size * 1.25)


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(BytesIO(files("index").joinpath("fonts", name).read_bytes()), size)
