"""Rerank: a cross-encoder reads the question with each passage, for where one can be had and has time."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Protocol

from index.documents import Hit
from rag.cross_encoder import load_cross_encoder

RERANKED = 20
"""Hits that are read. The page is seldom beyond them (recall@10 is 0.99), and each costs its time."""


class Reranker(Protocol):
    """Says how well passages answer a question; the higher, the better."""

    @property
    def name(self) -> str:
        """What judges."""

    def scores(self, question: str, passages: Sequence[str]) -> Sequence[float]:
        """Return a score for each passage."""


class CrossEncoderReranker:
    """A sentence-transformers cross-encoder from a local folder.

    Nogueira & Cho, Passage re-ranking with BERT, 2019.
    """

    def __init__(self, folder: Path) -> None:
        """Load the model. Raises BadConfiguration when the folder holds no such model."""
        self._model = load_cross_encoder(folder)
        self._turn = Lock()
        self.name = folder.name

    def scores(self, question: str, passages: Sequence[str]) -> Sequence[float]:
        """See Reranker.scores."""
        with self._turn:
            judged = self._model.predict([(question, text) for text in passages], show_progress_bar=False)
        return [float(score) for score in judged]


def reranked(reranker: Reranker, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits, the first RERANKED in the order of the reranker.

    They share out the scores that they had, so that a score means the same with a reranker and without.
    """
    head, tail = hits[:RERANKED], hits[RERANKED:]
    judged = reranker.scores(question, [_read(hit) for hit in head]) if head else ()
    order = sorted(range(len(head)), key=lambda at: (-judged[at], at))
    had = sorted((hit.score for hit in head), reverse=True)
    moved = (
        replace(head[at], score=score, rank=rank)
        for rank, (at, score) in enumerate(zip(order, had, strict=True), 1)
    )
    return (*moved, *tail)


def _read(hit: Hit) -> str:
    """Return a passage as it is read: title and date, the headings above it, its text."""
    title = f"{hit.document.title} ({hit.document.date})" if hit.document.date else hit.document.title
    return "\n".join([title, *hit.passage.headings, hit.text])
