"""What kind of file some bytes are: told by the bytes alone, whatever the file is called."""

import re
from typing import Literal

from index.errors import UnreadableDocument
from index.reading.encodings import decode
from index.reading.mail import is_mail
from index.reading.markdown import is_markdown
from index.reading.office.package import Package
from index.texts import text

Kind = Literal["pdf", "html", "markdown", "plain", "mail", "docx", "pptx", "odt"]

_HEAD = 4096
_LONG_HEADERS = 100_000
"""Characters in which the headers of an e-mail end: a server adds a few thousand."""
_HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|main|article|section|div|table"
    r"|h[1-6]|p|ul|ol|meta|title)\b|^[ \t]*<(?:!doctype\s+html|html|head|body)\b",
    re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
_XML = re.compile(r"\s*<(?:\?xml\b|[A-Za-z][\w.-]*:?[\w.-]*\s+xmlns)")
_OTHERS = (
    (0, b"\x89PNG", "picture"),
    (0, b"\xff\xd8\xff", "picture"),
    (0, b"GIF8", "picture"),
    (0, b"BM", "picture"),
    (0, b"II*\0", "picture"),
    (0, b"MM\0*", "picture"),
    (8, b"WEBP", "picture"),
    (4, b"ftyphei", "picture"),
    (4, b"ftypmif", "picture"),
    (4, b"ftypavif", "picture"),
    (4, b"ftyp", "recording"),
    (0, b"ID3", "recording"),
    (0, b"\xff\xfb", "recording"),
    (0, b"OggS", "recording"),
    (0, b"fLaC", "recording"),
    (8, b"WAVE", "recording"),
    (8, b"AVI ", "recording"),
    (0, b"\x1aE\xdf\xa3", "recording"),
    (0, b"MZ", "program"),
    (0, b"\x7fELF", "program"),
    (0, b"\xcf\xfa\xed\xfe", "program"),
    (0, b"\xca\xfe\xba\xbe", "program"),
    (0, b"Rar!", "archive"),
    (0, b"7z\xbc\xaf'\x1c", "archive"),
    (0, b"\x1f\x8b", "archive"),
    (0, b"BZh", "archive"),
    (0, b"\xfd7zXZ", "archive"),
    (257, b"ustar", "archive"),
    (0, b"{\\rtf", "rtf"),
    (0, b"%!PS", "postscript"),
    (0, b"SQLite format 3\0", "database"),
)
"""A file that has these bytes at this place is refused as what they say."""
_PRINTABLE = (b"{\\rtf", b"%!PS")
"""Those of files without zero bytes."""
_OLE = (
    ("EncryptedPackage", "protected"),
    ("WordDocument", "doc"),
    ("Workbook", "spreadsheet"),
    ("Book", "spreadsheet"),
    ("PowerPoint Document", "ppt"),
    ("__substg1.0_", "msg"),
)
"""Names in old files of Office, and what each gives away."""
_CONTENT_TYPES: tuple[tuple[bytes, Kind | None, str], ...] = (
    (b"wordprocessingml.document.main+xml", "docx", ""),
    (b"wordprocessingml.template.main+xml", "docx", ""),
    (b"ms-word.document.macroEnabled.main+xml", "docx", ""),
    (b"ms-word.template.macroEnabledTemplate.main+xml", "docx", ""),
    (b"presentationml.presentation.main+xml", "pptx", ""),
    (b"presentationml.slideshow.main+xml", "pptx", ""),
    (b"presentationml.template.main+xml", "pptx", ""),
    (b"ms-powerpoint.presentation.macroEnabled.main+xml", "pptx", ""),
    (b"ms-powerpoint.slideshow.macroEnabled.main+xml", "pptx", ""),
    (b"ms-powerpoint.template.macroEnabled.main+xml", "pptx", ""),
    (b"spreadsheetml.", None, "spreadsheet"),
    (b"ms-excel.", None, "spreadsheet"),
)
_MIMETYPES: tuple[tuple[bytes, Kind | None, str], ...] = (
    (b"application/vnd.oasis.opendocument.text", "odt", ""),
    (b"application/vnd.oasis.opendocument.spreadsheet", None, "spreadsheet"),
    (b"application/vnd.oasis.opendocument.presentation", None, "odp"),
    (b"application/epub+zip", None, "epub"),
)


def kind_of(data: bytes) -> Kind:
    """Return what kind of file these bytes are. Raises UnreadableDocument for one that is not read."""
    if not data.strip():
        raise UnreadableDocument(text("read.empty"))
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if b"%PDF-" in data[:_HEAD] and b" obj" in data[:_HEAD]:  # No reader looks so far for the start.
        raise UnreadableDocument(text("read.damaged"))
    if data.startswith((b"PK\3\4", b"PK\5\6")):
        return _kind_of_zip(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        what = next((what for name, what in _OLE if name.encode("utf-16-le") in data), "unknown")
        raise UnreadableDocument(text(f"read.{what}"))
    for place, sign, what in _OTHERS:
        # "BM", "MZ" and "Rar!" may begin a text too, but not one with zero bytes.
        if data.startswith(sign, place) and (sign in _PRINTABLE or b"\0" in data[:_HEAD]):
            raise UnreadableDocument(text(f"read.{what}"))
    return _kind_of_text(decode(data))


def _kind_of_zip(data: bytes) -> Kind:
    package = Package(data)
    if "mimetype" in package:
        known, said = _MIMETYPES, package.read("mimetype")[:200]
    else:
        known, said = _CONTENT_TYPES, package.read("[Content_Types].xml")
    kind, what = next(((kind, what) for sign, kind, what in known if sign in said), (None, "archive"))
    if kind is None:
        raise UnreadableDocument(text(f"read.{what}"))
    return kind


def _kind_of_text(source: str) -> Kind:
    head = source[:_HEAD]
    if is_mail(source[:_LONG_HEADERS]):
        return "mail"
    if _HTML.search(head):
        return "html"
    if _XML.match(head):
        raise UnreadableDocument(text("read.xml"))
    return "markdown" if is_markdown(source) else "plain"
