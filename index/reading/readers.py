"""Bytes in, readings out: each kind of file has its reader, chosen by content and not by name."""

from typing import Protocol

from index.errors import UnreadableDocument
from index.reading.html import HtmlReader
from index.reading.pdf import PdfReader
from index.reading.plain import PlainReader
from index.reading.reading import Options, Reading
from index.texts import text

READER = "reader-3"
"""Names the reading; changes whenever the same bytes would give another text."""
SUFFIXES = frozenset({".pdf", ".html", ".htm", ".txt", ".md"})
"""Endings of the files that are looked for in a folder; what they are is decided by content."""

_HEAD = 4096
_HTML_SIGNS = (b"<!doctype html", b"<html", b"<head", b"<body")


class Reader(Protocol):
    """Reads one kind of file."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return what a file of these bytes says. Raises UnreadableDocument."""
        ...


def read(data: bytes, options: Options | None = None) -> Reading:
    """Return what a file of these bytes says. Raises UnreadableDocument, with the reason in Dutch."""
    return _reader(data[:_HEAD]).read(data, options or Options())


def _reader(head: bytes) -> Reader:
    if not head.strip():
        raise UnreadableDocument(text("read.empty"))
    if b"%PDF-" in head[:1024]:
        return PdfReader()
    if any(sign in head.lower() for sign in _HTML_SIGNS):
        return HtmlReader()
    if b"\0" not in head:
        return PlainReader()
    raise UnreadableDocument(text("read.unknown"))
