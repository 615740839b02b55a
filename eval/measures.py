"""What is measured of an outcome: every metric by name, group and meaning."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from eval.abstaining import ABSTAINING
from eval.language import is_dutch
from eval.metric import Metric, when
from eval.metrics import (
    Estimate,
    Value,
    citation_precision,
    citation_recall,
    estimate,
    ndcg_at,
    percentile,
    recall_at,
    reciprocal_rank,
)
from eval.run import Outcome


def metrics_of(outcomes: Sequence[Outcome]) -> dict[str, Estimate]:
    """Return every metric over these questions, with its interval."""
    return {
        metric.name: estimate(
            [value for outcome in outcomes if (value := metric.of(outcome)) is not None], metric.statistic
        )
        for metric in METRICS
    }


def values_of(outcome: Outcome) -> Mapping[str, Value]:
    """Return the values of one question, those that apply."""
    values = {metric.value: metric.of(outcome) for metric in METRICS}
    return {name: value for name, value in values.items() if value is not None}


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


def _dropped(outcome: Outcome) -> float:
    return len(outcome.answer.dropped) / len(outcome.answer.written)


def _finding(name: str, meaning: str, of: Callable[[int | None], float]) -> Metric:
    return Metric(name, "finding", meaning, "higher", when(_answerable, lambda outcome: of(outcome.rank)))


def _ndcg(k: int) -> Metric:
    def of(outcome: Outcome) -> float:
        return ndcg_at(outcome.ranks, len(outcome.question.gold), k)

    return Metric(
        f"ndcg@{k}",
        "finding",
        f"gold pages among the first {k}, the higher the more",
        "higher",
        when(_answerable, of),
    )


def _time(step: str, meaning: str) -> tuple[Metric, ...]:
    return tuple(
        Metric(
            f"{step}_ms_p{percent}",
            "time",
            meaning + (" (95 of 100 questions are faster)" if percent == 95 else " (median)"),
            "lower",
            when(_answered, lambda outcome: outcome.answer.timings.get(step)),
            "ms",
            percentile(percent),
            f"{step}_ms",
        )
        for percent in (50, 95)
    )


METRICS: tuple[Metric, ...] = (
    _finding("page_recall@1", "a gold page is the first page found", lambda rank: recall_at(rank, 1)),
    _finding("page_recall@5", "a gold page is among the first 5 found", lambda rank: recall_at(rank, 5)),
    _finding("page_recall@10", "a gold page is among the first 10 found", lambda rank: recall_at(rank, 10)),
    _finding("mrr", "1 / rank of the first gold page", reciprocal_rank),
    _ndcg(10),
    Metric(
        "complete",
        "answering",
        "answerable questions whose answer states every fact and nothing known to be wrong",
        "higher",
        when(_has_facts, lambda outcome: float(outcome.complete)),
    ),
    Metric(
        "complete_cited",
        "answering",
        "the same, and a gold page is cited",
        "higher",
        when(_has_facts, lambda outcome: float(outcome.complete and outcome.cites_gold)),
    ),
    Metric(
        "facts_stated",
        "answering",
        "share of a question's facts that its answer states",
        "higher",
        when(_has_facts, lambda outcome: _share(outcome.stated)),
    ),
    Metric(
        "contradicted",
        "answering",
        "questions with known wrong answers whose answer states one",
        "lower",
        when(lambda outcome: outcome.question.wrong, lambda outcome: float(outcome.contradicted)),
    ),
    Metric(
        "citation_precision",
        "answering",
        "share of the cited pages that are gold",
        "higher",
        when(_cites, lambda outcome: citation_precision(outcome.cited, outcome.question.gold)),
    ),
    Metric(
        "citation_recall",
        "answering",
        "share of the gold pages that are cited",
        "higher",
        when(_cites, lambda outcome: citation_recall(outcome.cited, outcome.question.gold)),
    ),
    Metric(
        "sentences_cited",
        "answering",
        "share of an answer's sentences that carry a citation",
        "higher",
        when(_answered, lambda outcome: _share(bool(s.citations) for s in outcome.answer.sentences)),
    ),
    Metric(
        "quotes_literal",
        "answering",
        "share of an answer's quotes that stand literally on the cited page of the original file",
        "higher",
        when(lambda outcome: outcome.answer.citations, _literal),
    ),
    Metric(
        "sentences_dropped",
        "answering",
        "share of the sentences that the generator wrote in which no quote holds: they are not shown",
        "lower",
        when(lambda outcome: outcome.answer.written, _dropped),
    ),
    Metric(
        "replaced_by_quotes",
        "answering",
        "answers of which every written sentence was dropped, so that quotes alone stand",
        "lower",
        when(lambda outcome: outcome.answer.written, lambda outcome: float(_dropped(outcome) == 1)),
    ),
    Metric("dutch", "answering", "answers that are Dutch", "higher", when(_answered, _dutch)),
    Metric(
        "sentences",
        "answering",
        "sentences of an answer",
        "neither",
        when(_answered, lambda outcome: float(len(outcome.answer.sentences))),
        "",
    ),
    Metric(
        "words",
        "answering",
        "words of an answer (median)",
        "neither",
        when(_answered, lambda outcome: float(sum(len(s.text.split()) for s in outcome.answer.sentences))),
        "",
        percentile(50),
    ),
    *ABSTAINING,
    *_time("retrieve", "until passages are found"),
    *_time("first_evidence", "until the first quote is shown"),
    *_time("first_token", "until the generator writes its first word"),
    *_time("total", "until the answer is checked and complete"),
)
