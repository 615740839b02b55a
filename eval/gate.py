"""The gate: what a run must reach before a change may go in."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.comparison import compare, read_run
from eval.measures import METRICS
from eval.metric import Metric
from eval.report import Run
from index.errors import BadConfiguration

_BY_NAME: Mapping[str, Metric] = {metric.name: metric for metric in METRICS}


def check(run: Run, path: Path) -> tuple[str, ...]:
    """Return, in words, everything by which a run fails the gate in the TOML file at `path`.

    `[at_least]` and `[at_most]` hold bounds for metrics, times in milliseconds; a metric without a value
    fails its bound. `baseline` names a saved run, relative to the file: a metric (times apart, for they are
    the machine's) fails when it is worse than there and chance does not explain it (Difference.verdict).
    Raises BadConfiguration for a gate that cannot be used.
    """
    rules = _rules(path)
    failures = [*_bounds(run, rules, path)]
    baseline = rules.get("baseline")
    if baseline is not None:
        failures += _regressions(run, path.parent / str(baseline))
    return tuple(failures)


def _rules(path: Path) -> Mapping[str, object]:
    try:
        rules = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadConfiguration(f"{path} cannot be read as a gate: {error}.") from error
    if unknown := sorted(set(rules) - {"at_least", "at_most", "baseline"}):
        raise BadConfiguration(f"{path}: a gate has at_least, at_most and baseline, not {unknown[0]!r}.")
    return rules


def _bounds(run: Run, rules: Mapping[str, object], path: Path) -> Iterator[str]:
    for table, words, sign in (("at_least", "below", 1), ("at_most", "above", -1)):
        bounds = rules.get(table, {})
        if not isinstance(bounds, dict):
            raise BadConfiguration(f"{path}: {table} must be a table of metrics and numbers.")
        for name, bound in bounds.items():
            metric = _BY_NAME.get(name)
            if metric is None:
                raise BadConfiguration(
                    f"{path}: there is no metric {name!r}; there is {', '.join(_BY_NAME)}."
                )
            if isinstance(bound, bool) or not isinstance(bound, int | float):
                raise BadConfiguration(f"{path}: {name} must be a number, not {bound!r}.")
            found = run.metrics[name]
            if not found.n:
                yield f"{name} has no value: no question in this run is about it."
            elif sign * found.mean < sign * bound:
                yield (
                    f"{name} is {metric.shown(found.mean)}, {words} {metric.shown(bound)} "
                    f"({metric.meaning}; {found.n} questions)."
                )


def _regressions(run: Run, baseline: Path) -> Iterator[str]:
    comparison = compare(run, read_run(baseline))
    before = comparison.before
    others = (before.embedder, before.generator) != (run.embedder, run.generator)
    made_by = f", a run of {before.embedder} and {before.generator}" if others else ""
    for difference in comparison.differences:
        if difference.verdict == "worse" and difference.metric.group != "time":
            metric, interval = difference.metric, difference.difference
            exact = f", McNemar p = {difference.p:.3f}" if difference.p is not None else ""
            yield (
                f"{metric.name} went from {metric.shown(difference.before)} to "
                f"{metric.shown(difference.now)} since {baseline.name}{made_by} (difference "
                f"{metric.shown(interval.mean, '+')}, 95 % interval {metric.shown(interval.low, '+')} to "
                f"{metric.shown(interval.high, '+')}{exact}; {difference.won} questions won, "
                f"{difference.lost} lost of {interval.n})."
            )
