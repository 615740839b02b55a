"""Retrieve: the passages nearest to the question; of editions that say the same, the one that holds."""

from collections.abc import Collection
from dataclasses import replace

from index.documents import Document, Hit
from index.index import Index
from index.lexical import stems
from rag.orders import quotable
from rag.rerank import Reranker, reranked
from rag.understand import Question

DEPTH = 50
"""Passages that are weighed; more than anybody reads, so that folded ones leave none wanting."""


def retrieve(
    index: Index,
    question: Question,
    k: int,
    documents: Collection[str] | None = None,
    *,
    part: str | None = None,
    per_page: bool = True,
    reranker: Reranker | None = None,
) -> tuple[Hit, ...]:
    """Return the best k hits for a question, or for a part of it, ranked from 1.

    What two documents say in the same words is found once, in the document of the year asked about, or else
    the newest. Raises UnknownDocument for an id in `documents`.
    """
    asked = part or question.parts[0]
    hits = index.search(asked, max(k, DEPTH), documents, years=question.years, per_page=per_page)
    folded = tuple(_folded(hits, question))
    if reranker:
        folded = reranked(reranker, asked, folded)
    return tuple(replace(hit, rank=rank) for rank, hit in enumerate(folded[:k], 1))


def _folded(hits: Collection[Hit], question: Question) -> list[Hit]:
    """Return the hits without repetitions of one by another document, best first."""
    kept: dict[tuple[str, ...], Hit] = {}
    for found in hits:
        if not (hit := quotable(found, question.standalone)):
            continue
        focus = hit.document.text[slice(*hit.passage.focus)]
        said = tuple(stems(focus)) or (focus,)
        before = kept.get(said)
        if before is None:
            kept[said] = hit
        elif before.document.id == hit.document.id:
            kept[(*said, hit.passage.id)] = hit
        elif edition(hit.document, question) > edition(before.document, question):
            kept[said] = replace(hit, score=before.score)
    return list(kept.values())


def edition(document: Document, question: Question) -> tuple[bool, str]:
    """Return what orders editions: first those of a year that is asked about, then by age."""
    return bool(document.years & set(question.years)), document.date or ""


def year_of(document: Document) -> str | None:
    """Return the year of a document's date."""
    return document.date[:4] if document.date else None
