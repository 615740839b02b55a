"""The sheets of a PDF: what PDFium finds on each page, and what the file says about itself."""

# mypy: disable-error-code="no-untyped-call,attr-defined"
# pypdfium2 has no types, and makes its raw constants while it is imported.

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from index.errors import UnreadableDocument
from index.reading.characters import clean_text
from index.reading.pdf.active import carried
from index.reading.pdf.glyphs import PDFIUM, page_glyphs
from index.reading.pdf.lines import Line, lines_of
from index.reading.pdf.ocr import picture_scale, recognise, tesseract
from index.reading.pdf.quality import READABLE, UNREADABLE, quality
from index.reading.pdf.visible import look
from index.reading.reading import Options
from index.reading.titles import own_title
from index.texts import dutch_number, text

_LONGEST_LABEL = 20
_CREATED = re.compile(r"\s*(?:D:)?(\d{4})(0[1-9]|1[0-2])?")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its lines, size in points, quality, kinds of notices, and whether more than text is drawn."""

    lines: tuple[Line, ...]
    width: float
    height: float
    quality: float = 1.0
    notices: frozenset[str] = frozenset()
    drawn: bool = False


@dataclass(frozen=True, slots=True)
class PdfFile:
    """All sheets of a PDF, and what the file says about itself; `labels` has one for each page, or none."""

    sheets: tuple[Sheet, ...]
    title: str | None
    created: str | None
    labels: tuple[str, ...]
    notices: frozenset[str]


def read_sheets(data: bytes, options: Options) -> PdfFile:
    """Return what is in a PDF. Raises UnreadableDocument."""
    with _opened(data) as document:
        if len(document) > options.most_pages:
            raise UnreadableDocument(text("read.pages", most=dutch_number(options.most_pages)))
        sheets, length = [], 0
        for page in range(1, len(document) + 1):
            options.at_page(page, len(document))
            sheets.append(_sheet(document, page, options))
            length += sum(len(line.text) for line in sheets[-1].lines)
            if length > options.most_text:
                raise UnreadableDocument(text("read.long"))
        created = _CREATED.match(document.get_metadata_value("CreationDate"))
        labels = tuple(
            clean_text(document.get_page_label(index))[:_LONGEST_LABEL] for index in range(len(document))
        )
        return PdfFile(
            tuple(sheets),
            own_title(document.get_metadata_value("Title")),
            "-".join(filter(None, created.groups())) if created else None,
            labels if any(labels) else (),
            _of_file(document) | carried(data),
        )


@contextmanager
def _opened(data: bytes) -> Iterator[pdfium.PdfDocument]:
    if b"%%EOF" not in data[-4096:]:
        raise UnreadableDocument(text("read.damaged"))
    with PDFIUM:
        # PDFium keeps its last error, and sets none for a file without pages: that stays a missing file.
        raw.FPDF_LoadDocument(b"", None)
        try:
            document = pdfium.PdfDocument(data)
        except pdfium.PdfiumError as error:
            reasons = {raw.FPDF_ERR_PASSWORD: "protected", raw.FPDF_ERR_FILE: "no_pages"}
            reason = reasons.get(error.err_code, "damaged")
            raise UnreadableDocument(text(f"read.{reason}")) from error
        try:
            yield document
        finally:
            document.close()


def _of_file(document: pdfium.PdfDocument) -> frozenset[str]:
    """Return the notices that PDFium knows of: a password to change the file, scripts, files."""
    signs = {
        "restricted": raw.FPDF_GetSecurityHandlerRevision(document) >= 0,
        "active": raw.FPDFDoc_GetJavaScriptActionCount(document) > 0,
        "attachment": raw.FPDFDoc_GetAttachmentCount(document) > 0,
    }
    return frozenset(kind for kind, there in signs.items() if there)


def _sheet(document: pdfium.PdfDocument, number: int, options: Options) -> Sheet:
    try:
        if number in options.skip:
            width, height = document.get_page_size(number - 1)
            return Sheet((), width, height, 0.0, frozenset({"skipped"}))
        page = document[number - 1]
    except pdfium.PdfiumError:  # The others are worth having.
        return Sheet((), 0.0, 0.0, 0.0, frozenset({"damaged"}))
    try:
        return _read(page, number)
    except pdfium.PdfiumError:
        width, height = page.get_size()
        return Sheet((), width, height, 0.0, frozenset({"damaged"}))
    finally:
        page.close()


def _read(page: pdfium.PdfPage, number: int) -> Sheet:
    sight = look(page, page_glyphs(page))
    lines = lines_of(sight.glyphs, number)
    grade = quality(" ".join(line.text for line in lines))
    if any(UNREADABLE in line.text for line in lines):
        lines = lines_of((glyph for glyph in sight.glyphs if glyph.text != UNREADABLE), number)
    notices = {"hidden": sight.hidden, "ocr_layer": sight.ocr_layer}
    if grade < READABLE:
        notices["gibberish"] = True
    elif sight.drawn and not any(character.isalnum() for line in lines for character in line.text):
        notices["scan"] = True
        grade = 0.0
    if notices.keys() & {"gibberish", "scan"}:
        lines = ()
        if found := _recognised(page, number):
            lines, grade = found
            notices = {"ocr": True, "hidden": sight.hidden}
    kinds = frozenset(kind for kind, there in notices.items() if there)
    width, height = page.get_size()
    return Sheet(lines, width, height, grade, kinds, sight.drawn)


def _recognised(page: pdfium.PdfPage, number: int) -> tuple[tuple[Line, ...], float] | None:
    """Return what Tesseract reads on a page, and the quality of that; None where it is of no use."""
    if tesseract() is None:
        return None
    scale = picture_scale(*page.get_size())
    picture = page.render(scale=scale, grayscale=True, may_draw_forms=False, draw_annots=False).to_pil()
    found = recognise(picture, number, scale)
    if found is None:
        return None
    grade = min(found.confidence, quality(" ".join(line.text for line in found.lines)))
    return (found.lines, grade) if grade >= READABLE else None
