"""The store: what an index is made from. Documents and embeddings in SQLite, the original files beside it."""

import fcntl
import hashlib
import json
import os
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from index.documents import Document, Heading, Page
from index.embedders import Vectors
from index.errors import IndexBusy, IndexUnavailable, UnknownDocument

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, origin TEXT UNIQUE NOT NULL, sha256 TEXT NOT NULL, made_by TEXT NOT NULL,
    title TEXT NOT NULL, file TEXT NOT NULL, date TEXT, source TEXT,
    text TEXT NOT NULL, pages TEXT NOT NULL, headings TEXT NOT NULL, boxes BLOB
) STRICT;
CREATE TABLE IF NOT EXISTS embeddings (key TEXT PRIMARY KEY, vector BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS current (one INTEGER PRIMARY KEY CHECK (one = 1), generation TEXT NOT NULL) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as it is stored: where it came from, the hash of its file, and what read it."""

    document: Document
    origin: str
    sha256: str
    made_by: str


class Store:
    """The folder with everything. One process writes at a time (`alone`); any number read the last commit."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the store in `folder`. Raises IndexUnavailable when there is none and `create` is false."""
        self.folder = folder
        database = folder / "vraagbaak.sqlite"
        if create:
            (folder / "files").mkdir(parents=True, exist_ok=True)
        elif not database.is_file():
            raise IndexUnavailable(f"{folder} holds no index: make one with `vraagbaak index PATH`.")
        # Transactions belong to the connection: sqlite3 refuses it to any thread but the one that opened it.
        self._database = sqlite3.connect(database, isolation_level=None)
        try:
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=FULL")
            if create:
                self._database.executescript(SCHEMA)
            self._database.execute("SELECT 1 FROM documents, embeddings, current LIMIT 1")
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise self._unreadable(error) from error

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything in the block happen, or nothing of it."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep other processes from updating while the block runs. Raises IndexBusy when one is doing so.

        An update takes minutes, far longer than a transaction may: without this, two of them would each
        leave out what the other added. The lock ends with the process, whatever becomes of it.
        """
        with (self.folder / "update.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise IndexBusy(
                    f"Another process is updating the index in {self.folder}: wait until it is done."
                ) from error
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Make everything that is read in the block belong to the same commit. Raises IndexUnavailable."""
        self._database.execute("BEGIN")
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise self._unreadable(error) from error
        finally:
            self._database.execute("ROLLBACK")

    def _unreadable(self, error: sqlite3.DatabaseError) -> IndexUnavailable:
        return IndexUnavailable(
            f"{self.folder / 'vraagbaak.sqlite'} cannot be read ({error}): restore it from a backup."
        )

    @property
    def generation(self) -> str | None:
        """The name of the generation that belongs to the documents, None before the first."""
        row = self._database.execute("SELECT generation FROM current").fetchone()
        return str(row[0]) if row else None

    @generation.setter
    def generation(self, name: str) -> None:
        self._database.execute("INSERT OR REPLACE INTO current VALUES (1, ?)", (name,))

    def entries(self) -> tuple[Entry, ...]:
        """Return every stored document, by id."""
        rows = self._database.execute(
            "SELECT id, title, file, text, pages, headings, date, source, boxes, origin, sha256, made_by "
            "FROM documents ORDER BY id"
        )
        return tuple(Entry(_document(row[:9]), *row[9:]) for row in rows)

    def put(self, entry: Entry) -> None:
        """Add a document, or replace the one with its id."""
        document = entry.document
        boxes = None if document.boxes is None else zlib.compress(document.boxes.tobytes(), 1)
        self._database.execute(
            "INSERT OR REPLACE INTO documents (id, title, file, text, pages, headings, date, source, boxes, "
            "origin, sha256, made_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                document.title,
                document.file,
                document.text,
                json.dumps([list(asdict(page).values()) for page in document.pages]),
                json.dumps([list(asdict(heading).values()) for heading in document.headings]),
                document.date,
                document.source,
                boxes,
                entry.origin,
                entry.sha256,
                entry.made_by,
            ),
        )

    def remove(self, document_id: str) -> None:
        """Remove a document. Raises UnknownDocument."""
        if not self._database.execute("DELETE FROM documents WHERE id = ?", (document_id,)).rowcount:
            raise UnknownDocument(f"Er is geen document «{document_id}».")

    def keep_file(self, path: Path) -> str:
        """Copy an original file into the store, durably, and return its SHA-256."""
        data = path.read_bytes()
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.file(sha256)
        if not target.exists():
            partial = target.with_suffix(".partial")
            with partial.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(target)
            folder = os.open(target.parent, os.O_RDONLY)
            try:
                os.fsync(folder)  # the name, too
            finally:
                os.close(folder)
        return sha256

    def file(self, sha256: str) -> Path:
        """Return where the original with this hash is kept."""
        return self.folder / "files" / sha256

    def drop_files(self) -> None:
        """Delete the originals that no document needs any more."""
        needed = {row[0] for row in self._database.execute("SELECT sha256 FROM documents")}
        for path in (self.folder / "files").iterdir():
            if path.name not in needed:
                path.unlink()

    def embeddings(self, keys: Sequence[str], dimension: int) -> dict[str, Vectors]:
        """Return the stored vectors, float32 (dimension,), of those keys that have one of that length."""
        found: dict[str, Vectors] = {}
        for begin in range(0, len(keys), 500):
            part = keys[begin : begin + 500]
            marks = ",".join("?" * len(part))
            rows = self._database.execute(
                f"SELECT key, vector FROM embeddings WHERE key IN ({marks}) AND length(vector) = ?",
                (*part, dimension * np.dtype(np.float16).itemsize),
            )
            for key, blob in rows:
                found[key] = np.frombuffer(blob, dtype=np.float16).astype(np.float32)
        return found

    def put_embeddings(self, keys: Sequence[str], vectors: Vectors) -> None:
        """Store vectors (n, dimension) under their keys, in half precision."""
        with self.transaction():
            self._database.executemany(
                "INSERT OR REPLACE INTO embeddings VALUES (?, ?)",
                [
                    (key, vector.astype(np.float16).tobytes())
                    for key, vector in zip(keys, vectors, strict=True)
                ],
            )


def _document(row: tuple[str, str, str, str, str, str, str | None, str | None, bytes | None]) -> Document:
    document_id, title, file, text, pages, headings, date, source, packed = row
    boxes = None
    if packed is not None:
        boxes = np.frombuffer(zlib.decompress(packed), dtype=np.uint16).reshape(-1, 4)
    return Document(
        document_id,
        title,
        file,
        text,
        tuple(Page(*values) for values in json.loads(pages)),
        tuple(Heading(*values) for values in json.loads(headings)),
        date,
        source,
        boxes=boxes,
    )
