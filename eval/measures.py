"""What is measured of an outcome: every metric by name, group and meaning."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.language import is_dutch
from eval.metrics import (
    Estimate,
    citation_precision,
    citation_recall,
    estimate,
    recall_at,
    reciprocal_rank,
)
from eval.run import Outcome

Group = Literal["finding", "answering", "abstaining", "time"]
GROUPS: tuple[Group, ...] = ("finding", "answering", "abstaining", "time")


@dataclass(frozen=True, slots=True)
class Metric:
    """A number for a question, None where it does not apply; over a run its mean, or its percentile."""

    name: str
    group: Group
    meaning: str
    better: Literal["higher", "lower", "neither"]
    of: Callable[[Outcome], float | None]
    unit: Literal["share", "ms", ""] = "share"
    percentile: int | None = None

    @property
    def value(self) -> str:
        """The name of the value of one question: "total_ms" for "total_ms_p95"."""
        return self.name if self.percentile is None else self.name.removesuffix(f"_p{self.percentile}")

    def shown(self, value: float, sign: str = "") -> str:
        """Return a value as people read it: shares with two decimals, times in ms or s."""
        if math.isnan(value):
            return "–"
        if self.unit == "ms":
            return f"{value / 1000:{sign}.1f} s" if abs(value) >= 1000 else f"{value:{sign}.0f} ms"
        return f"{value:{sign}.2f}"


def metrics_of(outcomes: Sequence[Outcome]) -> dict[str, Estimate]:
    """Return every metric over these questions, with its interval."""
    return {
        metric.name: estimate(
            [value for outcome in outcomes if (value := metric.of(outcome)) is not None], metric.percentile
        )
        for metric in METRICS
    }


def values_of(outcome: Outcome) -> Mapping[str, float]:
    """Return the values of one question, those that apply."""
    values = {metric.value: metric.of(outcome) for metric in METRICS}
    return {name: value for name, value in values.items() if value is not None}


def _when(
    applies: Callable[[Outcome], object], value: Callable[[Outcome], float | None]
) -> Callable[[Outcome], float | None]:
    return lambda outcome: value(outcome) if applies(outcome) else None


def _share(values: Iterable[bool]) -> float | None:
    counted = list(values)
    return sum(counted) / len(counted) if counted else None


def _answerable(outcome: Outcome) -> bool:
    return outcome.question.answerable


def _answered(outcome: Outcome) -> bool:
    return not outcome.abstained


def _has_facts(outcome: Outcome) -> bool:
    return outcome.question.answerable and bool(outcome.question.facts)


def _cites(outcome: Outcome) -> bool:
    return outcome.question.answerable and bool(outcome.cited)


def _dutch(outcome: Outcome) -> float | None:
    dutch = is_dutch(" ".join(sentence.text for sentence in outcome.answer.sentences))
    return None if dutch is None else float(dutch)


def _literal(outcome: Outcome) -> float:
    return 1 - len(outcome.missing) / len(outcome.answer.citations)


def _finding(name: str, meaning: str, of: Callable[[int | None], float]) -> Metric:
    return Metric(name, "finding", meaning, "higher", _when(_answerable, lambda outcome: of(outcome.rank)))


def _time(step: str, meaning: str) -> tuple[Metric, ...]:
    return tuple(
        Metric(
            f"{step}_ms_p{percentile}",
            "time",
            meaning + (" (95 of 100 questions are faster)" if percentile == 95 else " (median)"),
            "lower",
            _when(_answered, lambda outcome: outcome.answer.timings.get(step)),
            "ms",
            percentile,
        )
        for percentile in (50, 95)
    )


METRICS: tuple[Metric, ...] = (
    _finding("page_recall@1", "a gold page is the first page found", lambda rank: recall_at(rank, 1)),
    _finding("page_recall@5", "a gold page is among the first 5 found", lambda rank: recall_at(rank, 5)),
    _finding("page_recall@10", "a gold page is among the first 10 found", lambda rank: recall_at(rank, 10)),
    _finding("mrr", "1 / rank of the first gold page", reciprocal_rank),
    Metric(
        "complete",
        "answering",
        "answerable questions whose answer states every fact and nothing known to be wrong",
        "higher",
        _when(_has_facts, lambda outcome: float(outcome.complete)),
    ),
    Metric(
        "facts_stated",
        "answering",
        "share of a question's facts that its answer states",
        "higher",
        _when(_has_facts, lambda outcome: _share(outcome.stated)),
    ),
    Metric(
        "contradicted",
        "answering",
        "questions with known wrong answers whose answer states one",
        "lower",
        _when(lambda outcome: outcome.question.wrong, lambda outcome: float(outcome.contradicted)),
    ),
    Metric(
        "citation_precision",
        "answering",
        "share of the cited pages that are gold",
        "higher",
        _when(_cites, lambda outcome: citation_precision(outcome.cited, outcome.question.gold)),
    ),
    Metric(
        "citation_recall",
        "answering",
        "share of the gold pages that are cited",
        "higher",
        _when(_cites, lambda outcome: citation_recall(outcome.cited, outcome.question.gold)),
    ),
    Metric(
        "sentences_cited",
        "answering",
        "share of an answer's sentences that carry a citation",
        "higher",
        _when(_answered, lambda outcome: _share(bool(s.citations) for s in outcome.answer.sentences)),
    ),
    Metric(
        "quotes_literal",
        "answering",
        "share of an answer's quotes that stand literally on the cited page of the original file",
        "higher",
        _when(lambda outcome: outcome.answer.citations, _literal),
    ),
    Metric("dutch", "answering", "answers that are Dutch", "higher", _when(_answered, _dutch)),
    Metric(
        "sentences",
        "answering",
        "sentences of an answer",
        "neither",
        _when(_answered, lambda outcome: float(len(outcome.answer.sentences))),
        "",
    ),
    Metric(
        "abstention",
        "abstaining",
        "unanswerable questions that are told so",
        "higher",
        _when(lambda outcome: not _answerable(outcome), lambda outcome: float(outcome.abstained)),
    ),
    Metric(
        "over_refusal",
        "abstaining",
        "answerable questions that get no answer",
        "lower",
        _when(_answerable, lambda outcome: float(outcome.abstained)),
    ),
    Metric(
        "abstention_precision",
        "abstaining",
        "questions without an answer that indeed have none",
        "higher",
        _when(lambda outcome: outcome.abstained, lambda outcome: float(not _answerable(outcome))),
    ),
    *_time("retrieve", "until passages are found"),
    *_time("first_evidence", "until the first quote is shown"),
    *_time("first_token", "until the generator writes its first word"),
    *_time("total", "until the answer is checked and complete"),
)
