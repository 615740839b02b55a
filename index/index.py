"""The index as it is read: hits out."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np

from index.documents import Document, Hit, Passage
from index.editions import Standing, standings
from index.embedders import Embedder, Vectors
from index.errors import IndexUnavailable, UnknownDocument
from index.generation import Generation, open_generation
from index.lexical import Scores
from index.lexicon import Lexicon
from index.ranking import DEFAULT, SIGNALS, Candidates, read_weights, standardised
from index.store import Entry, Store
from index.vectors import Mask, Rows

CANDIDATES = 300
"""Passages each leg may propose."""
ASKED = 64
"""Queries whose vectors are kept."""
Ranked = tuple[int, float, float]


class Index:
    """One generation, opened for searching with the embedder that made it. Documents may go, none come."""

    def __init__(
        self,
        folder: Path,
        generation: Generation,
        entries: Sequence[Entry],
        documents: Mapping[str, Document],
        embedder: Embedder,
        current: str,
        alarm: str | None,
    ) -> None:
        self._folder = folder
        self._generation = generation
        self._entries = {entry.id: entry for entry in entries}
        self._documents = documents
        self._standings = standings(documents.values(), date.today())
        self._embedder = embedder
        # One question is searched for several times: whole, in parts, by page and by sentence.
        self._embed: Callable[[str], Vectors] = lru_cache(ASKED)(embedder.embed_query)
        self._owners = np.array([passage.document_id for passage in generation.passages])
        own = folder / DEFAULT.name  # written by `vraagbaak tune`
        self.weights = read_weights(own if own.exists() else DEFAULT)
        self._current, self._alarm = current, alarm

    @classmethod
    def open(cls, folder: Path, embedder: Embedder) -> "Index":
        """Open the current generation in `folder`, or the one before it when a file of it was altered.

        The second is told by `alarm`. Raises IndexUnavailable or IndexMismatch.
        """
        # In one snapshot: another process may be committing the next generation right now.
        with closing(Store(folder)) as store, store.snapshot():
            current, names = store.generation, store.generations()
            entries = {name: store.entries(name) for name in names}
            documents = {entry: store.document(entry) for name in names for entry in entries[name]}
        if current is None:
            raise IndexUnavailable(f"{folder} holds no index yet: make one with `vraagbaak index PATH`.")
        trouble: IndexUnavailable | None = None
        for name in sorted({current, *names}, reverse=True):
            held = {entry.id: documents[entry] for entry in entries.get(name, ())}
            try:
                generation = open_generation(
                    folder / name, held, embedder=embedder.name, dimension=embedder.dimension
                )
            except IndexUnavailable as error:
                trouble = trouble or error
                continue
            alarm = f"{trouble} Answering from {name}, the one before." if trouble else None
            return cls(folder, generation, entries.get(name, ()), held, embedder, current, alarm)
        assert trouble is not None
        raise trouble

    @property
    def generation(self) -> str:
        """The name of the generation that is open."""
        return self._generation.name

    @property
    def current(self) -> str:
        """The name of the generation that was to be opened; another is open when a file of it was altered."""
        return self._current

    @property
    def alarm(self) -> str | None:
        """What is wrong with the generation that was to be opened, None if it is the one that is open."""
        return self._alarm

    @property
    def embedder(self) -> Embedder:
        """The embedder that made the vectors."""
        return self._embedder

    @property
    def documents(self) -> tuple[Document, ...]:
        """Every document, by id."""
        return tuple(self._documents.values())

    @property
    def lexicon(self) -> Lexicon:
        """The words of the documents."""
        return self._generation.lexicon

    @property
    def standings(self) -> Mapping[str, Standing]:
        """How each document stood among the others, by id, on the day that this was opened."""
        return self._standings

    def document(self, document_id: str, *, placed: bool = False) -> Document:
        """Return a document, with the places of its characters if `placed`. Raises UnknownDocument."""
        if document_id not in self._documents or document_id not in self._present():
            raise UnknownDocument(f"Er is geen document «{document_id}».")
        if not placed:
            return self._documents[document_id]
        with closing(Store(self._folder)) as store:
            return store.document(self._entries[document_id], placed=True)

    def file(self, document_id: str) -> Path:
        """Return the original file of a document. Raises UnknownDocument."""
        path = self._folder / "files" / self._entries[self.document(document_id).id].sha256
        if not path.is_file():
            raise UnknownDocument(f"Er is geen document «{document_id}».")
        return path

    def _present(self) -> frozenset[str]:
        """Return the ids of the documents that were not removed since this was opened."""
        with closing(Store(self._folder)) as store:
            return store.ids()

    def search(
        self,
        query: str,
        k: int = 10,
        documents: Collection[str] | None = None,
        *,
        years: Collection[str] = (),
        per_page: bool = True,
    ) -> tuple[Hit, ...]:
        """Return the best k passages, best first; of each page only the best one if `per_page`.

        There can be fewer than k: what none of the legs has among its best CANDIDATES is not ranked.
        `documents` limits the search to these ids, before ranking; those of `years` come sooner. Raises
        UnknownDocument for one of `documents`.
        """
        ranked = self._ranked(self.candidates(query, documents, years=years))
        if per_page:
            ranked = self._one_a_page(ranked)
        hits = []
        for (row, score, similarity), rank in zip(ranked, range(1, k + 1), strict=False):
            passage = self._generation.passages[row]
            hits.append(Hit(passage, self._documents[passage.document_id], score, rank, similarity))
        return tuple(hits)

    def candidates(
        self, query: str, documents: Collection[str] | None = None, *, years: Collection[str] = ()
    ) -> Candidates:
        """Return what any leg has among its best CANDIDATES, with every signal of it. Raises as `search`."""
        present = self._present()
        if documents is None:
            documents = self._documents
        else:
            for document_id in documents:
                self.document(document_id)
        generation = self._generation
        allowed: Mask | None = None
        wanted = present.intersection(documents)
        if len(wanted) < len(generation.manifest.documents):
            allowed = np.isin(self._owners, list(wanted))
        embedded = self._embed(query)
        nearest, similarities = generation.vectors.search(embedded, CANDIDATES, allowed)
        if not len(nearest):
            return Candidates(nearest, similarities, np.empty((0, len(SIGNALS)), np.float32))
        by_terms, by_grams, pages_by_grams = generation.lexical(query, allowed)
        # A passage that only a lexical leg proposes is at most as similar as the last that the dense leg did.
        dense = np.full(len(self._owners), similarities[-1], dtype=np.float32)
        dense[nearest] = similarities
        rows = np.unique(np.concatenate([nearest, _best(by_terms), _best(by_grams)]))
        pages, on_page = np.unique(generation.pages[rows], return_inverse=True)
        signals = np.stack(
            [
                *(standardised(scores[rows]) for scores in (dense, by_terms, by_grams)),
                standardised(generation.page_vectors[pages] @ embedded)[on_page],
                standardised(pages_by_grams[pages])[on_page],
                np.isin(self._owners[rows], [d.id for d in self._documents.values() if d.years & set(years)]),
            ],
            axis=1,
            dtype=np.float32,
        )
        return Candidates(rows, dense[rows], signals)

    def _ranked(self, candidates: Candidates) -> Iterator[Ranked]:
        """Yield rows, scores and similarities, best first, ties by passage id."""
        scores = candidates.signals @ self.weights
        ids = [self._generation.passages[row].id for row in candidates.rows]
        for at in sorted(range(len(ids)), key=lambda at: (-scores[at], ids[at])):
            yield int(candidates.rows[at]), float(scores[at]), float(candidates.similarities[at])

    def places(self, rows: Rows) -> list[tuple[str, int]]:
        """Return the document and the number of the page on which each of these passages begins."""
        passages = [self._generation.passages[row] for row in rows]
        return [(p.document_id, self._documents[p.document_id].page_at(p.focus[0]).number) for p in passages]

    def _one_a_page(self, ranked: Iterator[Ranked]) -> Iterator[Ranked]:
        seen: set[tuple[str, int]] = set()
        for row, score, similarity in ranked:
            passage: Passage = self._generation.passages[row]
            page = self._documents[passage.document_id].page_at(passage.focus[0]).number
            if (passage.document_id, page) not in seen:
                seen.add((passage.document_id, page))
                yield row, score, similarity


def _best(scores: Scores) -> Rows:
    found = np.flatnonzero(scores)
    return found[np.argsort(-scores[found], kind="stable")[:CANDIDATES]]
