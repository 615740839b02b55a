"""Reading a file in a test: in this process, under any name."""

from pathlib import Path

from index.documents import Document
from index.reading.manifest import About
from index.reading.readers import read


def read_document(path: Path, *, id: str, file: str, about: About | None = None) -> Document:  # noqa: A002
    """Return the file at `path` as the document that people see under the name `file`."""
    return read(path.read_bytes()).named(id, file, about or About())
