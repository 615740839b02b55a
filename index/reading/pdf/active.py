"""What a PDF carries besides pages: scripts and programs that a viewer might start, and files.

Nothing of it is ever run or opened here; the administrator is told. Names are looked for in the bytes and in
the packed streams of objects. In an encrypted file these streams cannot be read; there PDFium's own word
stands, which knows of scripts and files in their usual places.
"""

import re
import zlib
from collections.abc import Iterator

_KINDS = {"active": ("JavaScript", "Launch"), "attachment": ("EmbeddedFile", "FileAttachment")}
_MOST = 64 * 2**20
"""Bytes that are unpacked of one file. Objects of a report of 500 pages take one or two million."""
_OBJECTS = re.compile(rb"/ObjStm\b")
_STREAM = re.compile(rb"stream\r?\n")
_FURTHEST = 1000  # Bytes from the name of a stream's type to its start.


def carried(data: bytes) -> frozenset[str]:
    """Return which kinds of notice the names in a PDF call for: "active", "attachment"."""
    return frozenset(
        kind for kind, name in _NAMES.items() if any(name.search(part) for part in (data, *_objects(data)))
    )


def _objects(data: bytes) -> Iterator[bytes]:
    """Yield what is in the file's streams of objects, as far as it can be unpacked."""
    left = _MOST
    for found in _OBJECTS.finditer(data):
        begin = _STREAM.search(data, found.end(), found.end() + _FURTHEST)
        end = data.find(b"endstream", found.end())
        if begin is None or end < begin.end():
            continue
        try:
            plain = zlib.decompressobj().decompress(data[begin.end() : end], max(1, left))
        except zlib.error:
            continue
        left -= len(plain)
        yield plain


def _spelled(name: str) -> bytes:
    """Return a pattern for a PDF name, of which any letter may be written as its code: /J#61vaScript."""
    return "".join(f"(?:{letter}|#(?i:{ord(letter):02x}))" for letter in name).encode()


_NAMES = {
    kind: re.compile(rb"/(?:" + b"|".join(map(_spelled, names)) + rb")(?![A-Za-z])")
    for kind, names in _KINDS.items()
}
