"""Asking every known question for real, and what came of each."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.literal import missing_part
from eval.metrics import Page, gold_ranks
from eval.questions import KnownQuestion
from eval.recordings import Recorded
from index.documents import Document, Hit
from index.errors import BadConfiguration, BadQuestion
from rag.answers import Answer
from rag.assistant import Assistant

logger = logging.getLogger(__name__)

DEPTH = 50
"""Hits in which a gold page is looked for."""
LOW = 5
"""Rank below which a page is found, but low."""

TROUBLES: Mapping[str, str] = {
    "gold page not in the index": "index",
    "page not found": "retrieve",
    "page ranked low": "retrieve",
    "answered, but the documents do not say it": "decide",
    "no answer, but the documents say it": "decide",
    "states something wrong": "select, write",
    "page found, but not quoted": "select",
    "page cut from the prompt": "write",
    "facts dropped by verification": "verify",
    "facts missing": "select, write",
    "quote not found on its page": "verify",
}
"""What can go wrong, in the order in which it is looked for, and the step (docs/design.md) that did it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one question.

    `ranks` are those of the gold pages, from 1, in a search for the question. `missing` holds, for
    each citation that is not literal, its number and the words that do not stand on its page. `indexed` says
    whether the index has every gold page.
    """

    question: KnownQuestion
    answer: Answer
    ranks: tuple[int, ...]
    missing: tuple[tuple[int, str], ...] = ()
    indexed: bool = True

    @property
    def rank(self) -> int | None:
        """The rank of the first gold page; None when none was found."""
        return self.ranks[0] if self.ranks else None

    @property
    def abstained(self) -> bool:
        """Whether the answer is that there is none."""
        return self.answer.status in ("not_found", "refused")

    @property
    def stated(self) -> tuple[bool, ...]:
        """For each fact, whether the answer states it; a text that says there is no answer states nothing."""
        return self.question.stated("" if self.abstained else self.answer.text)

    @property
    def contradicted(self) -> bool:
        """Whether the answer states something that is known to be wrong."""
        return not self.abstained and self.question.contradicted(self.answer.text)

    @property
    def complete(self) -> bool:
        """Whether every fact is stated and nothing that is known to be wrong."""
        return not self.abstained and all(self.stated) and not self.contradicted

    @property
    def cited(self) -> tuple[Page, ...]:
        """The pages cited."""
        return tuple((name_of(citation.document), citation.page) for citation in self.answer.citations)

    @property
    def cites_gold(self) -> bool:
        """Whether a gold page is cited."""
        return bool(set(self.cited) & set(self.question.gold))

    @property
    def trouble(self) -> str:
        """What went wrong, one of TROUBLES, by the first step at which it did; empty when nothing did."""
        (absent, unfound, low, invented, silent, wrong, unquoted, cut, dropped, incomplete, missing) = (
            TROUBLES
        )
        if not self.question.answerable:
            return invented if not self.abstained else ""
        if self.complete:
            return missing if self.missing else ""
        if self.rank is None:
            return unfound if self.indexed else absent
        if self.rank > LOW:
            return low
        if self.abstained:
            return silent
        if self.contradicted:
            return wrong
        if not self.cites_gold:
            return cut if self._cut else unquoted
        return dropped if self._dropped else incomplete

    @property
    def _cut(self) -> bool:
        """Whether a model wrote, and the prompt had no room for a gold page."""
        left_out = {(name_of(document), page) for document, page in self.answer.left_out}
        return bool(self.answer.written) and bool(left_out & set(self.question.gold))

    @property
    def _dropped(self) -> bool:
        """Whether a sentence that was dropped states a fact that the answer does not."""
        dropped = self.question.stated(" ".join(self.answer.dropped))
        return any(then and not now for then, now in zip(dropped, self.stated, strict=True))


def by_trouble(outcomes: Sequence[Outcome]) -> dict[str, list[Outcome]]:
    """Return the outcomes of each trouble that occurs, the most frequent first; "" holds what went well."""
    found: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        found.setdefault(outcome.trouble, []).append(outcome)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def name_of(document: Document) -> str:
    """Return how question files name a document: its file without ending."""
    return Path(document.file).stem


def evaluate(
    assistant: Assistant,
    questions: Sequence[KnownQuestion],
    report: Callable[[int, int], None] = lambda done, total: None,
    recordings: Recorded | None = None,
) -> tuple[Outcome, ...]:
    """Ask every question, in order, and look up each quote in the original file.

    `report` is called with the number done and the number to do; `recordings` is the assistant's generator,
    if it replays: how long that takes is no time of writing, so that such an answer has none. Raises
    BadConfiguration for a question that cannot be asked.
    """
    lengths = {name_of(document): len(document.pages) for document in assistant.index.documents}
    outcomes = []
    for done, question in enumerate(questions):
        report(done, len(questions))
        try:
            replayed = recordings.replayed if recordings else 0
            answer = assistant.ask(question.question, question.history)
            if recordings and recordings.replayed > replayed:
                answer = replace(answer, timings=_without_writing(answer.timings))
            hits = assistant.search(answer.standalone_question, DEPTH)
        except BadQuestion as error:
            raise BadConfiguration(f"Question {question.id} cannot be asked: {error}") from error
        missing = [
            (citation.number, part)
            for citation in answer.citations
            if (part := missing_part(citation, assistant.index.file(citation.document.id))) is not None
        ]
        ranks = gold_ranks([_pages(hit) for hit in hits], question.gold)
        outside = [page for page in question.gold if page[1] > lengths.get(page[0], 0)]
        for name, page in outside:
            logger.warning("Question %s: the index has no page %d of %r", question.id, page, name)
        outcomes.append(Outcome(question, answer, ranks, tuple(missing), not outside))
    report(len(questions), len(questions))
    return tuple(outcomes)


def _without_writing(timings: Mapping[str, float]) -> Mapping[str, float]:
    return {name: value for name, value in timings.items() if name not in ("first_token", "total")}


def _pages(hit: Hit) -> tuple[Page, ...]:
    return tuple((name_of(hit.document), page) for page in hit.pages)
