"""Comparing a run with an earlier one, question by question."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from eval.measures import METRICS, values_of
from eval.metric import Metric
from eval.metrics import Estimate, Page, Value, mcnemar, paired_difference
from eval.run import Outcome
from index.errors import BadConfiguration

if TYPE_CHECKING:
    from eval.report import Run


ALPHA = 0.05
"""How often chance alone may pass for a difference."""


@dataclass(frozen=True, slots=True)
class Side:
    """What became of a question in one run; a baseline keeps no answer, and no pages that it cites."""

    question: str
    trouble: str
    values: Mapping[str, Value]
    answer: str = ""
    cited: tuple[Page, ...] = ()

    @classmethod
    def of(cls, outcome: Outcome) -> "Side":
        """Take from an outcome what is compared."""
        answer = outcome.answer.text
        return cls(outcome.question.question, outcome.trouble, values_of(outcome), answer, outcome.cited)


@dataclass(frozen=True, slots=True)
class SavedRun:
    """An earlier run: what made it, and its questions by id."""

    file: str
    version: str
    date: str
    embedder: str
    generator: str
    questions: Mapping[str, Side]


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric over the questions for which both runs have a value; `difference` is now minus before.

    `won`, `tied` and `lost` count questions by whether their own value is better now, the same, or worse.
    `p` is that of McNemar's exact test where every value is 0 or 1, and None elsewhere.
    """

    metric: Metric
    before: float
    now: float
    difference: Estimate
    won: int
    tied: int
    lost: int
    p: float | None

    @property
    def verdict(self) -> Literal["better", "worse", ""]:
        """Which way it went, when chance does not explain it (5 %).

        Where every value is 0 or 1 McNemar's test decides, for it is exact: a bootstrap of four questions
        lost and none won would already call that a difference. Elsewhere it is the bootstrap's interval.
        """
        chance = self.difference.low <= 0 <= self.difference.high if self.p is None else self.p > ALPHA
        if self.metric.better == "neither" or chance or not self.difference.mean:
            return ""
        return "better" if (self.difference.mean > 0) == (self.metric.better == "higher") else "worse"


@dataclass(frozen=True, slots=True)
class Change:
    """A question that is not the same in two runs. `values`: (name, before, now) of those that differ."""

    id: str
    question: str
    before: Side
    now: Side
    values: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the questions they share, of which `tied` went well, or wrong, in both."""

    before: SavedRun
    differences: tuple[Difference, ...]
    changes: tuple[Change, ...]
    tied: int
    left_out: int

    @property
    def won(self) -> tuple[Change, ...]:
        """What went wrong before, and goes well now."""
        return tuple(change for change in self.changes if change.before.trouble and not change.now.trouble)

    @property
    def lost(self) -> tuple[Change, ...]:
        """What went well before, and goes wrong now."""
        return tuple(change for change in self.changes if change.now.trouble and not change.before.trouble)

    @property
    def other(self) -> tuple[Change, ...]:
        """What changed, but went well, or wrong, in both."""
        return tuple(
            change for change in self.changes if bool(change.before.trouble) == bool(change.now.trouble)
        )


def read_run(path: Path) -> SavedRun:
    """Read what `vraagbaak eval --json` printed. Raises BadConfiguration."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        run = body["run"]
        questions = {
            entry["id"]: Side(
                entry["question"],
                entry["trouble"],
                _values(entry["values"]),
                entry.get("answer", ""),
                tuple((citation["doc"], citation["page"]) for citation in entry.get("citations", ())),
            )
            for entry in body["questions"]
        }
        models = run["models"]
        return SavedRun(
            path.name, run["version"], run["date"], models["embedder"], models["generator"], questions
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadConfiguration(
            f"{path} is no run: give a file with the output of `vraagbaak eval --json` ({error!r})."
        ) from error


def compare(run: "Run", before: SavedRun) -> Comparison:
    """Return how `run` differs from an earlier run, over the questions that both asked in the same words.

    Raises BadConfiguration when there is none.
    """
    pairs = [
        (outcome.question.id, before.questions[outcome.question.id], Side.of(outcome))
        for outcome in run.outcomes
        if outcome.question.id in before.questions
        and before.questions[outcome.question.id].question == outcome.question.question
    ]
    if not pairs:
        raise BadConfiguration(f"{before.file} and this run have no question in common.")
    differences = []
    for metric in METRICS:
        name = metric.value
        both = [
            (old.values[name], new.values[name])
            for _, old, new in pairs
            if name in old.values and name in new.values
        ]
        if both:
            differences.append(_difference(metric, [old for old, _ in both], [new for _, new in both]))
    return Comparison(
        before,
        tuple(differences),
        tuple(change for pair in pairs if (change := _change(*pair))),
        tied=sum(bool(old.trouble) == bool(new.trouble) for _, old, new in pairs),
        left_out=len(run.outcomes) + len(before.questions) - 2 * len(pairs),
    )


def _change(name: str, old: Side, new: Side) -> Change | None:
    """Return how a question differs, times apart; None when it does not."""
    values = []
    for metric in METRICS:
        then, now = (side.values.get(metric.value) for side in (old, new))
        if metric.group == "time" or not isinstance(then, float | int) or not isinstance(now, float | int):
            continue
        if not np.isclose(then, now):
            values.append((metric.name, float(then), float(now)))
    other_words = bool(old.answer) and old.answer != new.answer
    if not values and not other_words and old.trouble == new.trouble:
        return None
    return Change(name, new.question, old, new, tuple(values))


def _difference(metric: Metric, before: Sequence[Value], now: Sequence[Value]) -> Difference:
    # Machines may differ in the last digit of a logarithm, which is no difference between runs.
    old, new = (np.round(np.asarray(values, dtype=float), 9) for values in (before, now))
    # Of two values that belong together, such as confidence and error, neither is better by itself.
    gains = (new - old) * (-1 if metric.better == "lower" else 1) if old.ndim == 1 else np.zeros(len(old))
    won, lost = int((gains > 0).sum()), int((gains < 0).sum())
    binary = old.ndim == 1 and np.isin([old, new], (0, 1)).all()
    return Difference(
        metric,
        float(metric.statistic(old)),
        float(metric.statistic(new)),
        paired_difference(old, new, metric.statistic),
        won,
        len(old) - won - lost,
        lost,
        mcnemar(won, lost) if binary else None,
    )


def _values(entry: Mapping[str, float | list[float]]) -> Mapping[str, Value]:
    return {name: (value[0], value[1]) if isinstance(value, list) else value for name, value in entry.items()}
