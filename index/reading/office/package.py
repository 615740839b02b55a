"""The ZIP file that a DOCX, PPTX or ODT is: its parts as XML, within limits and with nothing from outside."""

import lzma
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from posixpath import dirname, join, normpath
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser
from zipfile import BadZipFile, ZipFile

from index.errors import UnreadableDocument
from index.reading.characters import clean_text
from index.texts import text

_LARGEST = 64_000_000
"""Bytes of one part, and of all parts that are read: the XML of some thousands of pages."""
_RATIO = 300
_UNSUSPECTED = 1_000_000
"""A part of more bytes than this that shrank to less than 1/300 is a bomb; documents shrink to 1/10 or so."""
_DEEPEST = 150
"""Elements in elements. A text box in a table in a text box takes about 40."""
_DAMAGE = (
    BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, ValueError, KeyError, IndexError,
    NotImplementedError, RuntimeError, ParseError,
)  # fmt: skip
"""What zipfile and expat raise on bytes that no program wrote."""
_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/presentationml/2006/main": "p",
    "http://purl.oclc.org/ooxml/presentationml/main": "p",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "urn:oasis:names:tc:opendocument:xmlns:office:1.0": "office",
    "urn:oasis:names:tc:opendocument:xmlns:text:1.0": "text",
    "urn:oasis:names:tc:opendocument:xmlns:table:1.0": "table",
    "urn:oasis:names:tc:opendocument:xmlns:style:1.0": "style",
    "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0": "draw",
    "urn:oasis:names:tc:opendocument:xmlns:meta:1.0": "meta",
    "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0": "manifest",
}
"""As the standards abbreviate them, for both editions of Office Open XML. Names of others are kept whole.
A name is written "w.p", because ElementTree would look up what stands before a colon."""


@dataclass(frozen=True, slots=True)
class Relation:
    """That a part refers to another: in what role (the last word of its type), and to which part."""

    role: str
    target: str


class Package:
    """An opened ZIP file. Its methods raise UnreadableDocument for what is damaged, protected or a bomb."""

    def __init__(self, data: bytes) -> None:
        self._left = _LARGEST
        try:
            self._zip = ZipFile(BytesIO(data))
        except _DAMAGE as error:
            raise UnreadableDocument(text("read.damaged")) from error

    def __contains__(self, name: str) -> bool:
        """Tell whether there is a part of this name."""
        return name in self._zip.NameToInfo

    def read(self, name: str) -> bytes:
        """Return the bytes of a part; none where there is no such part."""
        info = self._zip.NameToInfo.get(name)
        if info is None:
            return b""
        if info.flag_bits & 1:
            raise UnreadableDocument(text("read.protected"))
        bomb = info.file_size > max(_UNSUSPECTED, _RATIO * info.compress_size)
        if bomb or info.file_size > self._left:
            raise UnreadableDocument(text("read.bomb"))
        try:
            with self._zip.open(info) as file:
                data = file.read(self._left + 1)  # What the directory says of the size may not be true.
        except _DAMAGE as error:
            raise UnreadableDocument(text("read.damaged")) from error
        self._left -= len(data)
        if self._left < 0:
            raise UnreadableDocument(text("read.bomb"))
        return data

    def xml(self, name: str) -> Element:
        """Return a part as XML whose names are like "w.p"; an empty element where there is no such part."""
        data = self.read(name)
        if not data:
            return Element("none")
        parser = XMLParser(target=_Builder())
        try:
            parser.feed(data)
            root: Element = parser.close()
        except _DAMAGE as error:
            raise UnreadableDocument(text("read.damaged")) from error
        return root

    def relations(self, name: str) -> Mapping[str, Relation]:
        """Return by id what a part refers to inside the package: nothing outside is ever opened."""
        folder = dirname(name)
        return {
            found.get("Id", ""): Relation(
                found.get("Type", "").rpartition("/")[2],
                normpath(join("/", folder, found.get("Target", ""))).lstrip("/"),
            )
            for found in self.xml(join(folder, "_rels", f"{name[len(folder) :].lstrip('/')}.rels"))
            if found.get("TargetMode") != "External"
        }

    def main_part(self) -> str:
        """Return the name of the part that an Office document begins with; "" where there is none."""
        found = (to.target for to in self.relations("").values() if to.role == "officeDocument")
        return next(found, "")

    def properties(self) -> tuple[str | None, str | None]:
        """Return the title of an Office document and the day on which it was last changed."""
        core = self.xml("docProps/core.xml")
        title = clean_text(core.findtext("dc.title", ""))
        return title or None, core.findtext("dcterms.modified", "")[:10] or None


class _Builder(TreeBuilder):
    """Builds a tree with short names, no deeper than documents are; a document type ends the reading.

    No document of these formats has a document type, and without one there are no entities: neither those
    that grow without end nor those that fetch other files.
    """

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        """Refuse the document type."""
        raise ValueError("no document of these formats has a document type")

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        """Open an element."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise ValueError(f"more than {_DEEPEST} elements in each other")
        return super().start(_short(tag), {_short(name): value for name, value in attrs.items()})

    def end(self, tag: str) -> Element:
        """Close an element."""
        self._depth -= 1
        return super().end(_short(tag))


@lru_cache(4096)
def _short(name: str) -> str:
    namespace, _, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
    prefix = _PREFIXES.get(namespace)
    return f"{prefix}.{local}" if prefix else name
