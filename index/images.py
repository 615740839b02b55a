"""Page images: one page of a document as a picture, with a quote marked on it as with a highlighter."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageStat

from index.documents import Document, Rectangle
from index.sandbox import Sandbox
from index.typeset import typeset_page

WIDTH = 1080
"""Pixels. An A4 page is then drawn at 131 dots an inch: readable at twice the width of a side panel."""
LARGEST = 6_000_000
"""Pixels in one image. A poster or an endless page is drawn smaller instead."""
MARKER = (255, 226, 89)
_DARK = 96  # mean brightness (0 to 255) below which a highlighter would not show


def page_image(
    sandbox: Sandbox,
    path: Path,
    document: Document,
    number: int,
    quote: tuple[int, int] | None = None,
    width: int = WIDTH,
) -> bytes:
    """Return page `number` of the document as PNG, `width` pixels wide, with its part of the quote marked.

    `path` is the original file, `quote` a span of `document.text`. A page of a PDF is rendered; a document
    without a page format is set as a page of its running text, around the quote. Raises UnknownPage, and
    UnreadableDocument when the page cannot be drawn.
    """
    page = document.page(number)
    if page.width and page.height:
        scale = min(width / page.width, (LARGEST / (page.width * page.height)) ** 0.5)
        image = sandbox.draw(path, number, scale)
        places = document.rectangles(*quote) if quote else ()
        image = _marked(image, (place for place in places if place.page == number), image.width / page.width)
    else:
        image, marks = typeset_page(document, page, quote, width)
        image = _marked(image, marks, 1.0)
    file = BytesIO()
    image.save(file, "PNG", compress_level=4)
    return file.getvalue()


def _marked(image: Image.Image, places: Iterable[Rectangle], scale: float) -> Image.Image:
    """Lay the marker over the places, which are in points; `scale` is in pixels a point."""
    marked = image.copy()
    for place in places:
        box = (
            max(0, int((place.left - 1.5) * scale)),
            max(0, int((place.top - 1) * scale)),
            min(image.width, int((place.right + 1.5) * scale) + 1),
            min(image.height, int((place.bottom + 1) * scale) + 1),
        )
        if box[0] >= box[2] or box[1] >= box[3]:
            continue
        # Cut from the unmarked page: two lines that touch must not darken each other.
        part = image.crop(box)
        ink = Image.new("RGB", part.size, MARKER)
        if ImageStat.Stat(part.convert("L")).mean[0] < _DARK:
            part = ImageChops.lighter(part, ink.point(lambda value: value // 2))
            marked.paste(part, box[:2])
            ImageDraw.Draw(marked).rectangle(
                (box[0], box[1], box[2] - 1, box[3] - 1), outline=MARKER, width=2
            )
        else:
            marked.paste(ImageChops.multiply(part, ink), box[:2])
    return marked
