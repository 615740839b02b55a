"""Files in, documents out: each kind of file has its reader, chosen by content and not by name."""

from pathlib import Path
from typing import Protocol

from index.documents import Document
from index.errors import UnreadableDocument
from index.reading.html import HtmlReader
from index.reading.manifest import About
from index.reading.pdf import PdfReader
from index.reading.plain import PlainReader
from index.texts import text

SUFFIXES = frozenset({".pdf", ".html", ".htm", ".txt"})
"""Endings of the files that are looked for in a folder; what they are is decided by content."""

_HEAD = 4096
_HTML_SIGNS = (b"<!doctype html", b"<html", b"<head", b"<body")


class Reader(Protocol):
    """Reads one kind of file."""

    def read(self, path: Path, id: str, file: str, about: About) -> Document:  # noqa: A002
        """Return the file at `path` as a document. Raises UnreadableDocument."""
        ...


def read_document(path: Path, *, id: str, file: str, about: About | None = None) -> Document:  # noqa: A002
    """Return the file at `path` as a document with this id; `file` is the name that people see.

    Raises UnreadableDocument, with the reason in Dutch.
    """
    try:
        with path.open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError as error:
        raise UnreadableDocument(file, text("read.missing")) from error
    return _reader(head, file).read(path, id, file, about or About())


def _reader(head: bytes, file: str) -> Reader:
    if not head.strip():
        raise UnreadableDocument(file, text("read.empty"))
    if b"%PDF-" in head[:1024]:
        return PdfReader()
    if any(sign in head.lower() for sign in _HTML_SIGNS):
        return HtmlReader()
    if Path(file).suffix.lower() in (".txt", ".md") and b"\0" not in head:
        return PlainReader()
    raise UnreadableDocument(file, text("read.unknown"))
