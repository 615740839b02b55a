"""The index as it is read: hits out."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import numpy as np

from index.documents import Document, Hit, Passage
from index.embedders import Embedder
from index.errors import IndexUnavailable, UnknownDocument
from index.generation import Generation, open_generation
from index.lexical import Scores, four_grams, stems
from index.store import Store
from index.vectors import Mask, Rows

CANDIDATES = 300
"""Passages each leg may propose."""
STEMS_WEIGHT = 0.1
GRAMS_WEIGHT = 0.2
"""Weights of the lexical legs beside 1 for the dense one, on standardised scores (docs/evaluation.md)."""


Ranked = tuple[int, float, float]


class Index:
    """One generation, opened for searching with the embedder that made it. Never changes."""

    def __init__(
        self,
        generation: Generation,
        documents: Mapping[str, Document],
        files: Mapping[str, Path],
        embedder: Embedder,
    ) -> None:
        self._generation = generation
        self._documents = documents
        self._files = files
        self._embedder = embedder
        self._owners = np.array([passage.document_id for passage in generation.passages])

    @classmethod
    def open(cls, folder: Path, embedder: Embedder) -> "Index":
        """Open the current generation in `folder`. Raises IndexUnavailable or IndexMismatch."""
        store = Store(folder)
        try:
            with store.snapshot():  # another process may be committing the next generation right now
                name, entries = store.generation, store.entries()
        finally:
            store.close()
        if name is None:
            raise IndexUnavailable(f"{folder} holds no index yet: make one with `vraagbaak index PATH`.")
        documents = {entry.document.id: entry.document for entry in entries}
        files = {entry.document.id: folder / "files" / entry.sha256 for entry in entries}
        generation = open_generation(
            folder / name, documents, embedder=embedder.name, dimension=embedder.dimension
        )
        return cls(generation, documents, files, embedder)

    @property
    def generation(self) -> str:
        """The name of the generation that is open."""
        return self._generation.name

    @property
    def embedder(self) -> Embedder:
        """The embedder that made the vectors."""
        return self._embedder

    @property
    def documents(self) -> tuple[Document, ...]:
        """Every document, by id."""
        return tuple(self._documents.values())

    def document(self, document_id: str) -> Document:
        """Return a document. Raises UnknownDocument."""
        try:
            return self._documents[document_id]
        except KeyError:
            raise UnknownDocument(f"Er is geen document «{document_id}».") from None

    def file(self, document_id: str) -> Path:
        """Return the original file of a document. Raises UnknownDocument."""
        return self._files[self.document(document_id).id]

    def search(
        self, query: str, k: int = 10, documents: Collection[str] | None = None, *, per_page: bool = True
    ) -> tuple[Hit, ...]:
        """Return the best k passages, best first; of each page only the best one if `per_page`.

        There can be fewer than k: what none of the legs has among its best CANDIDATES is not ranked.
        `documents` limits the search to these ids, before ranking. Raises UnknownDocument for one of them.
        """
        ranked = self._ranked(query, documents)
        if per_page:
            ranked = self._one_a_page(ranked)
        hits = []
        for (row, score, similarity), rank in zip(ranked, range(1, k + 1), strict=False):
            passage = self._generation.passages[row]
            hits.append(Hit(passage, self._documents[passage.document_id], score, rank, similarity))
        return tuple(hits)

    def _ranked(self, query: str, documents: Collection[str] | None) -> Iterator[Ranked]:
        """Yield rows, fused scores and similarities, best first, ties by passage id."""
        allowed: Mask | None = None
        if documents is not None:
            allowed = np.isin(self._owners, [self.document(document_id).id for document_id in documents])
        rows, similarities = self._generation.vectors.search(
            self._embedder.embed_query(query), CANDIDATES, allowed
        )
        if not len(rows):
            return
        legs = [
            (weight, index.scores(tokens(query), allowed))
            for weight, index, tokens in (
                (STEMS_WEIGHT, self._generation.stems, stems),
                (GRAMS_WEIGHT, self._generation.grams, four_grams),
            )
        ]
        # A passage that only a lexical leg proposes is at most as similar as the last that the dense leg did.
        dense = np.full(len(self._owners), similarities[-1], dtype=np.float32)
        dense[rows] = similarities
        candidates = np.unique(np.concatenate([rows, *(_best(scores) for _, scores in legs)]))
        fused = _standardised(dense[candidates])
        for weight, scores in legs:
            fused = fused + weight * _standardised(scores[candidates])
        ids = [self._generation.passages[row].id for row in candidates]
        for at in sorted(range(len(candidates)), key=lambda at: (-fused[at], ids[at])):
            yield int(candidates[at]), float(fused[at]), float(dense[candidates[at]])

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


def _standardised(scores: Scores) -> Scores:
    spread = scores.std()
    standardised: Scores = (scores - scores.mean()) / (spread if spread > 0 else 1)
    return standardised
