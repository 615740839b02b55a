"""Ingestion: files to readings and vectors, kept in the store as they come. Reading and embedding overlap."""

import hashlib
from collections import deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from index.documents import Document
from index.embedders import Embedder
from index.errors import UnreadableDocument
from index.originals import Originals
from index.passages import passages_of
from index.reading.manifest import About
from index.reading.reading import Reading
from index.sandbox import Sandbox
from index.store import Store

EMBED_AT_ONCE = 64
"""Sentences between two saves."""
GATHER = 1024
"""New sentences that are sorted by length before they are embedded, so that a batch holds little padding."""
AHEAD = 8
"""Files that may be read before the sentences of the first of them are embedded: memory stays bounded."""

Report = Callable[[str, int, int, str], None]
"""Called with the phase ("read", "embed", "write"), how many are done, how many to do, what is at hand."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to ingest: where it is, its name for people, its size in bytes, what a manifest says of it."""

    path: Path
    name: str
    size: int
    about: About


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that arrived: the hash of its bytes, and its reading if it was not read before, or why not."""

    file: File
    sha256: str
    reading: Reading | None = None
    refused: str | None = None


def arrivals(
    files: Sequence[File],
    originals: Originals,
    sandbox: Sandbox,
    read_already: Collection[str],
    refused_already: Mapping[str, str],
) -> Iterator[Arrival]:
    """Yield the files, in their order, while the next ones are read."""

    def arrive(file: File) -> Arrival:
        sha256 = ""
        try:
            sha256 = originals.keep(file.path)
            if sha256 in refused_already:
                return Arrival(file, sha256, refused=refused_already[sha256])
            if sha256 in read_already:
                return Arrival(file, sha256)
            return Arrival(file, sha256, sandbox.read(originals.path(sha256)))
        except UnreadableDocument as error:
            return Arrival(file, sha256, refused=error.reason)

    waiting: deque[Future[Arrival]] = deque()
    pool = ThreadPoolExecutor(1, "reading")
    try:
        for file in files:
            waiting.append(pool.submit(arrive, file))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _no_news() -> None:
    pass


class Embedding:
    """Embeds the new sentences of documents, in batches of equal length, and keeps the vectors."""

    def __init__(self, store: Store, embedder: Embedder, generation: int) -> None:
        self.embedder = embedder
        self._store = store
        self._generation = generation
        self._waiting: dict[bytes, str] = {}
        self.known = 0
        self.done = 0

    def add(self, document: Document, told: Callable[[], None] = _no_news) -> None:
        """Have the sentences of a document embedded, now or later; `told` is called after each save."""
        sentences = sentences_of(document)
        keys = keys_of(self.embedder, sentences)
        fresh = set(keys).difference(self._store.embedded(keys, self.embedder.dimension), self._waiting)
        self._waiting |= {key: text for key, text in zip(keys, sentences, strict=True) if key in fresh}
        self.known += len(fresh)
        if len(self._waiting) >= GATHER:
            self.finish(told)

    def finish(self, told: Callable[[], None] = _no_news) -> None:
        """Embed all that wait."""
        order = sorted(self._waiting, key=lambda key: len(self._waiting[key]))
        for begin in range(0, len(order), EMBED_AT_ONCE):
            part = order[begin : begin + EMBED_AT_ONCE]
            vectors = self.embedder.embed_passages([self._waiting[key] for key in part])
            with self._store.transaction():
                self._store.put_embeddings(part, vectors, self._generation)
            self.done += len(part)
            told()
        self._waiting.clear()


def sentences_of(document: Document) -> list[str]:
    """Return the sentence of each passage of a document."""
    return [document.text[slice(*passage.focus)] for passage in passages_of(document)]


def keys_of(embedder: Embedder, sentences: Sequence[str]) -> list[bytes]:
    """Return what the vector of each sentence is kept under: the hash of model and text."""
    return [hashlib.sha256(f"{embedder.name}\0{sentence}".encode()).digest() for sentence in sentences]
