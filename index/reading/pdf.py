"""PDF: pypdf reads what a file says about itself, PDFium every character and its place."""

# mypy: disable-error-code="no-untyped-call,attr-defined"
# pypdfium2 has no types, and makes its raw constants while it is imported.

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from logging import NullHandler, getLogger

import pypdfium2 as pdfium
import pypdfium2.raw as raw
from pypdf import PdfReader as PypdfReader
from pypdf.errors import PyPdfError

from index.documents import Page
from index.errors import UnreadableDocument
from index.reading.blocks import build_blocks
from index.reading.characters import clean_text
from index.reading.furniture import strip_furniture
from index.reading.glyphs import PDFIUM, page_glyphs
from index.reading.headings import mark_headings
from index.reading.layout import reading_order
from index.reading.lines import Line, lines_of
from index.reading.reading import Options, Reading
from index.reading.running_text import RunningText, running_text
from index.reading.words import Words
from index.texts import text

getLogger("pypdf").addHandler(NullHandler())  # What it repairs is no news, unless logging is set up.

_LEAKS = (ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, RecursionError)
"""What pypdf is known to let through on files that break the rules, besides its own errors."""


@dataclass(frozen=True, slots=True)
class _Sheets:
    lines: tuple[tuple[Line, ...], ...]
    sizes: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class _Self:
    """What the file says about itself."""

    title: str | None = None
    date: str | None = None
    labels: tuple[str, ...] = ()


class PdfReader:
    """Reads PDF files."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return a PDF as a reading with a box for each character. Raises UnreadableDocument."""
        sheets = _sheets(data, options)
        own = _about_itself(data)
        bare = strip_furniture(sheets.lines)
        blocks = build_blocks([reading_order(page.lines) for page in bare])
        if not blocks:
            raise UnreadableDocument(text("read.scan"))
        mark_headings(blocks)
        words = Words(line.text for page in bare for line in page.lines)
        running = running_text(blocks, words)
        labels = {number: page.label for number, page in enumerate(bare, 1) if page.label is not None}
        if not labels and list(own.labels) != [str(number) for number in range(1, len(own.labels) + 1)]:
            labels = dict(enumerate(own.labels, 1))
        return Reading(
            running.text,
            _pages(running, sheets.sizes, labels),
            running.headings,
            own.title,
            metadata_date=own.date,
            boxes=running.boxes,
        )


def _sheets(data: bytes, options: Options) -> _Sheets:
    """Return the lines and sizes of all pages. Raises UnreadableDocument."""
    if b"%%EOF" not in data[-4096:]:
        raise UnreadableDocument(text("read.damaged"))
    with PDFIUM:
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            protected = error.err_code == raw.FPDF_ERR_PASSWORD
            reason = text("read.protected" if protected else "read.damaged")
            raise UnreadableDocument(reason) from error
        try:
            lines, sizes = [], []
            for number in range(1, len(document) + 1):
                options.at_page(number, len(document))
                page = document[number - 1]
                lines.append(lines_of(page_glyphs(page), number))
                sizes.append(page.get_size())
                page.close()
        except pdfium.PdfiumError as error:
            raise UnreadableDocument(text("read.damaged")) from error
        finally:
            document.close()
    return _Sheets(tuple(lines), tuple(sizes))


def _about_itself(data: bytes) -> _Self:
    """Return what pypdf finds in the file; a file that PDFium reads is not refused for a bad title."""
    try:
        reader = PypdfReader(BytesIO(data))
        metadata = reader.metadata
        title = clean_text(metadata.title) if metadata and metadata.title else None
        created = metadata.creation_date if metadata else None
        date = created.strftime("%Y-%m") if created else None
        return _Self(title or None, date, tuple(reader.page_labels))
    except (PyPdfError, *_LEAKS):
        return _Self()


def _pages(
    running: RunningText, sizes: tuple[tuple[float, float], ...], labels: Mapping[int, str]
) -> tuple[Page, ...]:
    lengths = {number: len(list(group)) for number, group in groupby(running.pages)}
    pages, position = [], 0
    for number, (width, height) in enumerate(sizes, 1):
        end = position + lengths.get(number, 0)
        pages.append(Page(number, labels.get(number), position, end, width, height))
        position = end
    return tuple(pages)
