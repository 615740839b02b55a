"""Retrieve: the passages nearest to the question, those of the years it names first."""

from collections.abc import Collection
from dataclasses import replace

from index.documents import Document, Hit
from index.index import Index
from rag.understand import Question

NAMED_YEAR = 0.5
"""Added to the score (standard deviations) of passages from a document of a year that is asked about."""
DEPTH = 50
"""Passages that are weighed; more than anybody reads, so that the year of a question can lift one."""


def retrieve(
    index: Index,
    question: Question,
    k: int,
    documents: Collection[str] | None = None,
    *,
    part: int = 0,
    per_page: bool = True,
) -> tuple[Hit, ...]:
    """Return the best k hits for a part of the question, ranked from 1; part 0 is the whole question.

    Raises UnknownDocument for an id in `documents`.
    """
    hits = index.search(question.parts[part], max(k, DEPTH), documents, per_page=per_page)
    scored = [
        replace(hit, score=hit.score + NAMED_YEAR * (year_of(hit.document) in question.years)) for hit in hits
    ]
    scored.sort(key=lambda hit: (-hit.score, hit.rank))
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(scored[:k], 1))


def year_of(document: Document) -> str | None:
    """Return the year of a document's date."""
    return document.date[:4] if document.date else None
