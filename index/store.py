"""The store: what an index is made from, in SQLite, with the original files beside it."""

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from index.database import Database
from index.documents import Document
from index.embedders import Vectors
from index.errors import UnknownDocument
from index.originals import Originals
from index.reading.manifest import About
from index.reading.packed import pack, unpack
from index.reading.reading import Reading

AT_ONCE = 500
"""Keys in one statement."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as it is stored: where it came from, its file and reading, and what a manifest says.

    `origins` are the places of the file, the first one that which named it; others hold the same bytes.
    `file` is the name that people see.
    """

    id: str
    origins: tuple[str, ...]
    file: str
    about: About
    sha256: str
    reader: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that could not be read, and why, in Dutch. It is not tried again until its bytes change."""

    origin: str
    file: str
    sha256: str
    reader: str
    reason: str


class Store(Database):
    """The folder with everything: readings, which generation holds which documents, refusals, embeddings."""

    def __init__(self, folder: Path, *, create: bool = False) -> None:
        """Open the store in `folder`. Raises IndexUnavailable and IndexMismatch, as Database does."""
        super().__init__(folder, create=create)
        self.originals = Originals(folder / "files")
        if create:
            self.originals.create()

    @property
    def generation(self) -> str | None:
        """The name of the current generation, None before the first."""
        row = self._database.execute("SELECT generation FROM current").fetchone()
        return str(row[0]) if row else None

    @generation.setter
    def generation(self, name: str) -> None:
        self._database.execute("INSERT OR REPLACE INTO current VALUES (1, ?)", (name,))

    def generations(self) -> tuple[str, ...]:
        """Return the names of the generations that are kept, the newest first."""
        rows = self._database.execute(
            "SELECT generation FROM documents UNION SELECT generation FROM current ORDER BY generation DESC"
        )
        return tuple(str(name) for (name,) in rows)

    def entries(self, generation: str | None = None) -> tuple[Entry, ...]:
        """Return the documents of a generation, the current one unless another is named, by id."""
        rows = self._database.execute(
            "SELECT id, origins, file, about, sha256, reader FROM documents WHERE generation = ? ORDER BY id",
            (generation or self.generation,),
        )
        return tuple(
            Entry(document_id, tuple(json.loads(origins)), file, About(**json.loads(about)), *read)
            for document_id, origins, file, about, *read in rows
        )

    def put_entries(self, generation: str, entries: Iterable[Entry]) -> None:
        """Say which documents a new generation holds."""
        self._database.executemany(
            "INSERT INTO documents (generation, id, origins, file, about, sha256, reader) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    generation,
                    entry.id,
                    json.dumps(entry.origins),
                    entry.file,
                    json.dumps(asdict(entry.about)),
                    entry.sha256,
                    entry.reader,
                )
                for entry in entries
            ),
        )

    def remove(self, entries: Collection[Entry], unless: Collection[str]) -> None:
        """Remove documents from every generation, and their readings but for the hashes `unless`."""
        gone = {entry.sha256 for entry in entries}.difference(unless)
        self._database.executemany("DELETE FROM documents WHERE id = ?", [(entry.id,) for entry in entries])
        self._database.executemany("DELETE FROM readings WHERE sha256 = ?", [(one,) for one in gone])

    def ids(self) -> frozenset[str]:
        """Return the ids of the documents of all generations."""
        return frozenset(str(one) for (one,) in self._database.execute("SELECT id FROM documents"))

    def hashes(self) -> frozenset[str]:
        """Return the hashes of the files that any generation needs, or that are set aside."""
        rows = self._database.execute("SELECT sha256 FROM documents UNION SELECT sha256 FROM refused")
        return frozenset(str(sha256) for (sha256,) in rows)

    def keep_generations(self, names: Sequence[str]) -> None:
        """Forget the documents of all generations but these, and everything that none of these needs."""
        self._database.execute(f"DELETE FROM documents WHERE generation NOT IN ({_marks(names)})", names)
        self._database.execute(
            "DELETE FROM readings WHERE NOT EXISTS (SELECT 1 FROM documents WHERE "
            "documents.sha256 = readings.sha256 AND documents.reader = readings.reader)"
        )

    def put_refusal(self, refusal: Refusal) -> None:
        """Set a file aside."""
        self._database.execute(
            "INSERT OR REPLACE INTO refused (origin, file, sha256, reader, reason) VALUES (?, ?, ?, ?, ?)",
            (refusal.origin, refusal.file, refusal.sha256, refusal.reader, refusal.reason),
        )

    def refusals(self) -> tuple[Refusal, ...]:
        """Return the files that are set aside, by name."""
        rows = self._database.execute(
            "SELECT origin, file, sha256, reader, reason FROM refused ORDER BY file, origin"
        )
        return tuple(Refusal(*row) for row in rows)

    def drop_refusals(self, origins: Iterable[str]) -> None:
        """Forget that files at these places were refused."""
        self._database.executemany("DELETE FROM refused WHERE origin = ?", [(origin,) for origin in origins])

    def read_already(self, reader: str) -> frozenset[str]:
        """Return the hashes of the files that `reader` has read."""
        rows = self._database.execute("SELECT sha256 FROM readings WHERE reader = ?", (reader,))
        return frozenset(str(sha256) for (sha256,) in rows)

    def put_reading(self, sha256: str, reader: str, reading: Reading) -> None:
        """Keep what a reader made of a file."""
        self._database.execute(
            "INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?)", (sha256, reader, *pack(reading))
        )

    def document(self, entry: Entry, *, placed: bool = False) -> Document:
        """Return a document, with its boxes if `placed`. Raises UnknownDocument when it was removed."""
        boxes = "boxes" if placed else "x''"
        row = self._database.execute(
            f"SELECT packed, {boxes} FROM readings WHERE sha256 = ? AND reader = ?",
            (entry.sha256, entry.reader),
        ).fetchone()
        if row is None:
            raise UnknownDocument(f"The text of {entry.file} is not in {self.folder}.")
        return unpack(*row).named(entry.id, entry.file, entry.about)

    def embedded(self, keys: Sequence[bytes], dimension: int) -> frozenset[bytes]:
        """Return those of the keys under which a vector of that length is stored."""
        return frozenset(self.embeddings(keys, dimension))

    def embeddings(self, keys: Sequence[bytes], dimension: int) -> dict[bytes, Vectors]:
        """Return the stored vectors, float32 (dimension,), of those keys that have one of that length."""
        found: dict[bytes, Vectors] = {}
        for begin in range(0, len(keys), AT_ONCE):
            part = keys[begin : begin + AT_ONCE]
            rows = self._database.execute(
                f"SELECT key, vector FROM embeddings WHERE key IN ({_marks(part)}) AND length(vector) = ?",
                (*part, dimension * np.dtype(np.float16).itemsize),
            )
            for key, blob in rows:
                found[key] = np.frombuffer(blob, dtype=np.float16).astype(np.float32)
        return found

    def put_embeddings(self, keys: Sequence[bytes], vectors: Vectors, used: int) -> None:
        """Store vectors (n, dimension) under their keys, in half precision, for generation number `used`."""
        self._database.executemany(
            "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)",
            [
                (key, vector.astype(np.float16).tobytes(), used)
                for key, vector in zip(keys, vectors, strict=True)
            ],
        )

    def use_embeddings(self, keys: Sequence[bytes], used: int) -> None:
        """Say that generation number `used` needs the vectors of these keys."""
        for begin in range(0, len(keys), AT_ONCE):
            part = keys[begin : begin + AT_ONCE]
            self._database.execute(
                f"UPDATE embeddings SET used = ? WHERE key IN ({_marks(part)}) AND used < ?",
                (used, *part, used),
            )

    def drop_embeddings(self, before: int) -> None:
        """Delete the vectors that no generation from number `before` on needs."""
        self._database.execute("DELETE FROM embeddings WHERE used < ?", (before,))


def _marks(values: Collection[object]) -> str:
    return ",".join("?" * len(values))
