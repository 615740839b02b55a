"""Choosing a generator: several of them on the same passages, each compared with the first in pairs."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich import box
from rich.table import Table

from eval.comparison import Comparison, SavedRun, Side, compare
from eval.measures import METRICS
from eval.report import Run
from index.errors import BadConfiguration


@dataclass(frozen=True, slots=True)
class Choice:
    """The runs of several generators, and how each but the first compares with the first."""

    runs: tuple[Run, ...]
    comparisons: tuple[Comparison, ...]

    @classmethod
    def of(cls, runs: Sequence[Run]) -> "Choice":
        """Compare the runs. Raises BadConfiguration when they did not read the same passages."""
        first, *others = runs
        for run in others:
            if _passages(run) != _passages(first):
                raise BadConfiguration(f"{run.generator} and {first.generator} read other passages.")
        before = SavedRun(
            first.generator,
            first.version,
            first.date,
            first.embedder,
            first.generator,
            {outcome.question.id: Side.of(outcome) for outcome in first.outcomes},
        )
        return cls(tuple(runs), tuple(compare(run, before) for run in others))

    def as_json(self) -> dict[str, object]:
        """Return every run, and for each but the first its differences by metric, ready for json.dumps."""
        return {
            "generators": [run.as_json() for run in self.runs],
            "differences": {
                run.generator: {
                    row.metric.name: {
                        "mean": row.difference.mean,
                        "low": row.difference.low,
                        "high": row.difference.high,
                        "n": row.difference.n,
                        "p": row.p,
                    }
                    for row in comparison.differences
                }
                for run, comparison in zip(self.runs[1:], self.comparisons, strict=True)
            },
        }

    def table(self) -> Table:
        """Return the metrics that are not the same for all, with intervals and paired differences."""
        first, *others = self.runs
        table = Table(title=f"{len(first.outcomes)} questions, 95 % intervals", box=box.SIMPLE_HEAD)
        table.add_column("metric", no_wrap=True)
        for run in self.runs:
            table.add_column(run.generator, justify="right")
        for metric in METRICS:
            found = [run.metrics[metric.name] for run in self.runs]
            if len({(one.mean, one.n) for one in found}) == 1 or not any(one.n for one in found):
                continue
            cells = []
            for run, one in zip(self.runs, found, strict=True):
                shown = metric.shown
                cell = f"{shown(one.mean)} ({shown(one.low)}–{shown(one.high)})" if one.n else "–"
                if run in others:
                    comparison = self.comparisons[others.index(run)]
                    row = next((row for row in comparison.differences if row.metric == metric), None)
                    if row:
                        low, high = shown(row.difference.low, "+"), shown(row.difference.high, "+")
                        cell += f"\n{shown(row.difference.mean, '+')} ({low} – {high}) {row.verdict}".rstrip()
                cells.append(cell)
            table.add_row(metric.name, *cells)
        return table


def _passages(run: Run) -> list[tuple[str, ...]]:
    return [tuple(hit.passage.id for hit in outcome.answer.hits) for outcome in run.outcomes]
