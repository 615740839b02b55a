"""What stands in an original file, page by page, read in the plainest way there is: not by our readers.

`eval/literal.py` looks quotes up here. All text of a page is returned, also what our readers leave out
(menus, hidden words): it is checked that a quote stands on its page, not that it should have been read.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from html import unescape
from io import BytesIO
from posixpath import join
from zipfile import ZipFile

from markdown_it import MarkdownIt
from pypdf import PdfReader
from selectolax.lexbor import LexborHTMLParser

from index.reading.encodings import decode
from index.reading.recognition import kind_of
from index.texts import text

_NOT_TEXT = re.compile(
    r"<w:(delText|instrText)\b.*?</w:\1>|<text:tracked-changes\b.*?</text:tracked-changes>"
    r"|<office:annotation\b.*?</office:annotation>",
    re.DOTALL,
)
_NOTE = re.compile(r"<text:note\b.*?</text:note>", re.DOTALL)
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_VALUE = re.compile(r"\b(Id|Type|Target)=\"([^\"]*)\"")


def page_texts_of(data: bytes) -> tuple[str, ...]:
    """Return the text of each page of a file. Raises UnreadableDocument, or what pypdf and zipfile raise."""
    match kind_of(data):
        case "pdf":
            return tuple(page.extract_text() for page in PdfReader(BytesIO(data)).pages)
        case "pptx":
            return tuple(_slides(ZipFile(BytesIO(data))))
        case "docx" | "odt":
            package = ZipFile(BytesIO(data))
            names = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml", "content.xml")
            return ("\n".join(_words(package, name) for name in names if name in package.namelist()),)
        case "mail":
            return ("\n".join(_mail(data)),)
        case "markdown":
            return (_shown(MarkdownIt("commonmark").enable("table").render(decode(data))),)
        case "html":
            return (_shown(decode(data)),)
        case "plain":
            return (decode(data),)


def _shown(html: str) -> str:
    body = LexborHTMLParser(html).body
    return body.text(separator=" ") if body else ""


def _words(package: ZipFile, name: str) -> str:
    """Return the text of an XML part without its tags, notes behind the rest."""
    xml = _NOT_TEXT.sub("", package.read(name).decode("utf-8", "replace"))
    return unescape(re.sub(r"<[^>]*>", "", "\n".join((_NOTE.sub("", xml), *_NOTE.findall(xml)))))


def _slides(package: ZipFile) -> Iterator[str]:
    shown = package.read("ppt/presentation.xml").decode()
    targets = _targets(package, "presentation.xml", "ppt")
    for slide in re.findall(r"<p:sldId\b[^>]*r:id=\"([^\"]*)\"", shown):
        name = targets[slide][1].rpartition("/")[2]
        beside = _targets(package, name, "ppt/slides").values()
        notes = (target.rpartition("/")[2] for kind, target in beside if kind == "notesSlide")
        parts = (f"ppt/slides/{name}", *(f"ppt/notesSlides/{note}" for note in notes))
        yield "\n".join(_words(package, part) for part in parts)


def _targets(package: ZipFile, name: str, folder: str) -> dict[str, tuple[str, str]]:
    """Return by id in what role a part refers to which other."""
    place = join(folder, "_rels", f"{name}.rels")
    if place not in package.namelist():
        return {}
    found = (dict(_VALUE.findall(entry)) for entry in _RELATION.findall(package.read(place).decode()))
    return {entry["Id"]: (entry["Type"].rpartition("/")[2], entry["Target"]) for entry in found}


def _mail(data: bytes) -> Iterator[str]:
    message = message_from_bytes(data, policy=policy.default)
    yield str(message["subject"])
    yield text("mail.parties", sender=message["from"], receivers=message["to"])
    for part in message.walk():
        if part.get_content_maintype() == "text":
            payload = part.get_payload(decode=True)
            written = decode(payload if isinstance(payload, bytes) else b"")
            yield _shown(written) if part.get_content_subtype() == "html" else written
