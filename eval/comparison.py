"""Comparing a run with an earlier one, question by question."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from eval.measures import METRICS, Metric, values_of
from eval.metrics import Estimate, paired_difference
from index.errors import BadConfiguration

if TYPE_CHECKING:
    from eval.report import Run


@dataclass(frozen=True, slots=True)
class Saved:
    """A question of an earlier run."""

    question: str
    trouble: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class SavedRun:
    """An earlier run: what made it, and its questions by id."""

    file: str
    version: str
    date: str
    embedder: str
    generator: str
    questions: Mapping[str, Saved]


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric over the questions for which both runs have a value; `difference` is now minus before."""

    metric: Metric
    before: float
    now: float
    difference: Estimate

    @property
    def verdict(self) -> Literal["better", "worse", ""]:
        """Which way it went, when the interval of the difference does not hold zero."""
        if self.metric.better == "neither" or self.difference.low <= 0 <= self.difference.high:
            return ""
        return "better" if (self.difference.mean > 0) == (self.metric.better == "higher") else "worse"


@dataclass(frozen=True, slots=True)
class Change:
    """A question that went well in one of two runs only; a trouble is empty for the one where it did."""

    id: str
    question: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over the questions they share. `tied` counts those that went well, or wrong, in both."""

    before: SavedRun
    differences: tuple[Difference, ...]
    won: tuple[Change, ...]
    lost: tuple[Change, ...]
    tied: int
    left_out: int


def read_run(path: Path) -> SavedRun:
    """Read what `vraagbaak eval --json` printed. Raises BadConfiguration."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        run = body["run"]
        questions = {
            entry["id"]: Saved(entry["question"], entry["trouble"], dict(entry["values"]))
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
        (outcome, before.questions[outcome.question.id])
        for outcome in run.outcomes
        if outcome.question.id in before.questions
        and before.questions[outcome.question.id].question == outcome.question.question
    ]
    if not pairs:
        raise BadConfiguration(f"{before.file} and this run have no question in common.")
    now = {outcome.question.id: values_of(outcome) for outcome, _ in pairs}
    differences = []
    for metric in METRICS:
        both = [
            (saved.values[metric.value], now[outcome.question.id][metric.value])
            for outcome, saved in pairs
            if metric.value in saved.values and metric.value in now[outcome.question.id]
        ]
        if both:
            differences.append(_difference(metric, [old for old, _ in both], [new for _, new in both]))
    changes = [
        Change(outcome.question.id, outcome.question.question, saved.trouble, outcome.trouble)
        for outcome, saved in pairs
        if bool(saved.trouble) != bool(outcome.trouble)
    ]
    return Comparison(
        before,
        tuple(differences),
        won=tuple(change for change in changes if not change.now),
        lost=tuple(change for change in changes if change.now),
        tied=len(pairs) - len(changes),
        left_out=len(run.outcomes) + len(before.questions) - 2 * len(pairs),
    )


def _difference(metric: Metric, before: list[float], now: list[float]) -> Difference:
    if metric.percentile is None:
        points = float(np.mean(before)), float(np.mean(now))
    else:
        old, new = (float(np.percentile(values, metric.percentile)) for values in (before, now))
        points = old, new
    return Difference(metric, *points, paired_difference(before, now, metric.percentile))
