"""Reading in a test: in this process, or in the one child that all tests of a run share."""

import atexit
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from index.build import Summary
from index.build import update as build_update
from index.documents import Document
from index.embedders import Embedder
from index.reading.manifest import About
from index.reading.readers import read
from index.sandbox import Sandbox
from index.store import Store

SANDBOX = Sandbox()
"""Starts its child with the first file: a second, once, instead of in each test."""
atexit.register(SANDBOX.close)


def read_document(path: Path, *, id: str, file: str, about: About | None = None) -> Document:  # noqa: A002
    """Return the file at `path` as the document that people see under the name `file`."""
    return read(path.read_bytes()).named(id, file, about or About())


def update(store: Store, paths: Sequence[Path], embedder: Embedder, **options: Any) -> Summary:
    """Update an index as `index.build.update` does, in the child that tests share."""
    return build_update(store, paths, embedder, SANDBOX, **options)
