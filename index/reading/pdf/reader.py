"""PDF: the lines of its pages put together as running text."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from index.documents import Notice, Page
from index.errors import UnreadableDocument
from index.reading.pdf.blocks import build_blocks
from index.reading.pdf.furniture import BarePage, strip_furniture
from index.reading.pdf.headings import mark_headings
from index.reading.pdf.layout import reading_order
from index.reading.pdf.running_text import RunningText, running_text
from index.reading.pdf.sheets import PdfFile, Sheet, read_sheets
from index.reading.pdf.words import Words
from index.reading.reading import Options, Reading
from index.texts import text

_OF_PAGES = ("damaged", "skipped", "scan", "gibberish", "ocr", "ocr_layer", "hidden")
_OF_FILE = ("restricted", "active", "attachment")


class PdfReader:
    """Reads PDF files."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return a PDF as a reading with a box for each character. Raises UnreadableDocument."""
        file = read_sheets(data, options)
        bare = strip_furniture([sheet.lines for sheet in file.sheets])
        notices = _notices(file, bare)
        blocks = build_blocks([reading_order(page.lines) for page in bare])
        if not blocks:
            raise UnreadableDocument(_reason({notice.kind: len(notice.pages) for notice in notices}))
        mark_headings(blocks)
        words = Words(line.text for page in bare for line in page.lines)
        running = running_text(blocks, words)
        labels = {number: page.label for number, page in enumerate(bare, 1) if page.label is not None}
        if not labels and list(file.labels) != [str(number) for number in range(1, len(file.labels) + 1)]:
            labels = {number: label for number, label in enumerate(file.labels, 1) if label}
        return Reading(
            running.text,
            _pages(running, file.sheets, labels),
            running.headings,
            file.title,
            metadata_date=file.created,
            notices=notices,
            boxes=running.boxes,
        )


def _notices(file: PdfFile, bare: Sequence[BarePage]) -> tuple[Notice, ...]:
    kinds = [set(sheet.notices) for sheet in file.sheets]
    for sheet, page, found in zip(file.sheets, bare, kinds, strict=True):
        if sheet.drawn and sheet.lines and not page.lines:
            found.add("scan")  # A stamp on each page of a scan is no text.
    pages = {
        kind: tuple(number for number, found in enumerate(kinds, 1) if kind in found) for kind in _OF_PAGES
    }
    return (
        *(Notice(kind, numbers) for kind, numbers in pages.items() if numbers),
        *(Notice(kind) for kind in _OF_FILE if kind in file.notices),
    )


def _reason(pages: Mapping[str, int]) -> str:
    """Return why there is no text, by how many pages each kind of notice is about."""
    causes = {"gibberish": "gibberish", "scan": "scan", "damaged": "damaged", "skipped": "heavy"}
    cause = max(causes, key=lambda kind: pages.get(kind, 0))
    return text(f"read.{causes[cause]}" if pages.get(cause) else "read.no_text")


def _pages(running: RunningText, sheets: Sequence[Sheet], labels: Mapping[int, str]) -> tuple[Page, ...]:
    lengths = {number: len(list(group)) for number, group in groupby(running.pages)}
    pages, position = [], 0
    for number, sheet in enumerate(sheets, 1):
        end = position + lengths.get(number, 0)
        size = (sheet.width, sheet.height)
        pages.append(Page(number, labels.get(number), position, end, *size, round(sheet.quality, 2)))
        position = end
    return tuple(pages)
