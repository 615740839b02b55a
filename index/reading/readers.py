"""Bytes in, readings out: each kind of file has its reader, chosen by content and not by name."""

from collections.abc import Mapping
from typing import Protocol

from index.reading.html import HtmlReader
from index.reading.mail import MailReader
from index.reading.markdown import MarkdownReader
from index.reading.office.docx import DocxReader
from index.reading.office.odt import OdtReader
from index.reading.office.pptx import PptxReader
from index.reading.pdf.ocr import tesseract
from index.reading.pdf.reader import PdfReader
from index.reading.plain import PlainReader
from index.reading.reading import Options, Reading
from index.reading.recognition import Kind, kind_of
from index.reading.turns import without_turns

READER = "reader-3"
"""Names the reading; changes whenever the same bytes would give another text."""
SUFFIXES = frozenset({
    ".pdf", ".docx", ".docm", ".dotx", ".dotm", ".pptx", ".pptm", ".ppsx", ".potx", ".odt", ".ott",
    ".html", ".htm", ".xhtml", ".md", ".txt", ".eml",
    ".doc", ".dot", ".rtf", ".ppt", ".pps", ".odp", ".xls", ".xlsx", ".xlsm", ".ods", ".msg", ".epub",
})  # fmt: skip
"""Endings of the files that are looked for in a folder; what they are is decided by content. Those of the
last line are refused, with a reason: people would expect what is in them to be found."""


class Reader(Protocol):
    """Reads one kind of file."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return what a file of these bytes says. Raises UnreadableDocument."""
        ...


_READERS: Mapping[Kind, Reader] = {
    "pdf": PdfReader(),
    "docx": DocxReader(),
    "pptx": PptxReader(),
    "odt": OdtReader(),
    "mail": MailReader(),
    "html": HtmlReader(),
    "markdown": MarkdownReader(),
    "plain": PlainReader(),
}


def read(data: bytes, options: Options | None = None) -> Reading:
    """Return what a file of these bytes says. Raises UnreadableDocument, with the reason in Dutch."""
    return without_turns(_READERS[kind_of(data)].read(data, options or Options()))


def reader_name() -> str:
    """Return what a reading depends on besides the bytes: READER, and the Tesseract that is here."""
    recogniser = tesseract()
    return f"{READER}, {recogniser}" if recogniser else READER
