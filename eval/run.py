"""A run: every known question asked for real, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.metrics import (
    Estimate,
    Page,
    citation_precision,
    citation_recall,
    first_rank,
    recall_at,
    reciprocal_rank,
    summarise,
)
from eval.questions import KnownQuestion
from index.documents import Document, Hit
from rag.answers import Answer
from rag.assistant import Assistant

DEPTH = 50
"""Hits in which a gold page is looked for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question. `rank` is that of the first hit on a gold page, from 1, in `search`."""

    question: KnownQuestion
    answer: Answer
    rank: int | None
    stated: tuple[bool, ...]

    @property
    def abstained(self) -> bool:
        """Whether the answer is that there is none."""
        return self.answer.status in ("not_found", "refused")

    @property
    def complete(self) -> bool:
        """Whether every fact is stated and nothing that is known to be wrong."""
        return not self.abstained and all(self.stated) and not self.question.contradicted(self.answer.text)

    @property
    def cited(self) -> tuple[Page, ...]:
        """The pages cited."""
        return tuple((name_of(citation.document), citation.page) for citation in self.answer.citations)

    @property
    def trouble(self) -> str:
        """What went wrong, by the first step at which it did; empty when nothing did."""
        if not self.question.answerable:
            return "" if self.abstained else "answered, but the documents do not say it"
        if self.abstained:
            return "no answer, but the documents say it"
        if self.complete:
            return ""
        if self.rank is None or self.rank > DEPTH:
            return "page not found"
        if self.rank > 5:
            return "page ranked low"
        if self.question.contradicted(self.answer.text):
            return "states something wrong"
        return "facts missing"


def name_of(document: Document) -> str:
    """Return how question files name a document: its file without ending."""
    return Path(document.file).stem


def evaluate(
    assistant: Assistant,
    questions: Sequence[KnownQuestion],
    report: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[Outcome, ...]:
    """Ask every question, in order."""
    outcomes = []
    for done, question in enumerate(questions):
        report(done, len(questions))
        answer = assistant.ask(question.question, question.history)
        hits = assistant.search(answer.standalone_question, DEPTH)
        rank = first_rank([_pages(hit) for hit in hits], question.gold)
        outcomes.append(Outcome(question, answer, rank, question.stated(answer.text)))
    report(len(questions), len(questions))
    return tuple(outcomes)


def _pages(hit: Hit) -> tuple[Page, ...]:
    return tuple((name_of(hit.document), page) for page in hit.pages)


def metrics_of(outcomes: Sequence[Outcome]) -> dict[str, Estimate]:
    """Return every metric with its interval; those of answers are over the answerable questions."""
    known = [outcome for outcome in outcomes if outcome.question.answerable]
    unknown = [outcome for outcome in outcomes if not outcome.question.answerable]
    answered = [outcome for outcome in outcomes if not outcome.abstained]
    good = [outcome for outcome in known if not outcome.abstained]
    sentences = [sentence for outcome in answered for sentence in outcome.answer.sentences]
    quotes = [citation for outcome in answered for citation in outcome.answer.citations]
    return summarise(
        {
            **{f"page_recall@{k}": [recall_at(outcome.rank, k) for outcome in known] for k in (1, 5, 10)},
            "mrr": [reciprocal_rank(outcome.rank) for outcome in known],
            "complete": [float(outcome.complete) for outcome in known],
            "facts_stated": [float(fact) for outcome in known for fact in outcome.stated],
            "contradicted": [float(outcome.question.contradicted(outcome.answer.text)) for outcome in known],
            "citation_precision": [
                citation_precision(outcome.cited, outcome.question.gold) for outcome in good
            ],
            "citation_recall": [citation_recall(outcome.cited, outcome.question.gold) for outcome in good],
            "sentences_cited": [float(bool(sentence.citations)) for sentence in sentences],
            "quotes_literal": [
                float(citation.quote in citation.document.text and bool(citation.quote.strip()))
                for citation in quotes
            ],
            "abstention": [float(outcome.abstained) for outcome in unknown],
            "over_refusal": [float(outcome.abstained) for outcome in known],
            "sentences": [float(len(outcome.answer.sentences)) for outcome in answered],
            **{
                f"{name}_ms_p{percent}": [outcome.answer.timings[name] for outcome in answered]
                for name in ("first_evidence", "total")
                for percent in (50, 95)
            },
        }
    )
