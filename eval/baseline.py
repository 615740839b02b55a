"""What a run leaves behind for later ones: the values they are compared with, and the bounds of the gate."""

import json
import math
import re
from pathlib import Path

from eval.measures import METRICS, values_of
from eval.report import Run
from index.errors import BadConfiguration

Z = 1.96
"""Standard errors to either side of a mean between which 95 % of all samples fall."""

_BOUND = re.compile(r'^(?P<head>"?(?P<name>[\w@]+)"?\s*=\s*)(?P<value>[\d.]+)', re.MULTILINE)


def baseline_of(run: Run) -> str:
    """Return what `eval.comparison` needs of a run, as JSON with a line for each question.

    That is a tenth of the whole run: no answers, no quotes, and no times, which are the machine's. A line for
    each question lets a reviewer read in a diff which of them a change made better or worse.
    """
    timed = {metric.value for metric in METRICS if metric.group == "time"}
    lines = []
    for outcome in run.outcomes:
        values = {name: value for name, value in values_of(outcome).items() if name not in timed}
        question = {"id": outcome.question.id, "question": outcome.question.question}
        line = question | {"trouble": outcome.trouble, "values": values}
        lines.append(json.dumps(line, ensure_ascii=False))
    head = json.dumps(run.as_json()["run"], ensure_ascii=False)
    return f'{{"run": {head},\n"questions": [\n' + ",\n".join(lines) + "\n]}\n"


def renewed_bounds(run: Run, path: Path) -> str:
    """Return the gate at `path` with its bounds set by this run, its comments and all else as they are.

    A mean may fall as far as chance may take it: to the end of its 95 % score interval. That holds for any
    mean of values between 0 and 1, as none varies more than a share does, and is no point where all went
    well. A bound of 0 or 1 is a promise and stays; so do times, and metrics without a value. Raises
    BadConfiguration when there is no such file.
    """
    shares = {metric.name: metric for metric in METRICS if metric.unit == "share"}

    def renewed(bound: re.Match[str]) -> str:
        metric = shares.get(bound["name"])
        found = run.metrics[metric.name] if metric else None
        if metric is None or found is None or not found.n or float(bound["value"]) in (0, 1):
            return bound[0]
        low, high = score_interval(found.mean, found.n)
        end = math.floor(low * 100) if metric.better == "higher" else math.ceil(high * 100)
        return f"{bound['head']}{end / 100:.2f}"

    try:
        return _BOUND.sub(renewed, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{path} cannot be read as a gate: {error}.") from error


def score_interval(mean: float, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share of n (Wilson 1927).

    (p + z²/2n ± z √(p(1 - p)/n + z²/4n²)) / (1 + z²/n)
    """
    middle = mean + Z**2 / (2 * n)
    half = Z * math.sqrt(mean * (1 - mean) / n + Z**2 / (4 * n**2))
    return (middle - half) / (1 + Z**2 / n), (middle + half) / (1 + Z**2 / n)
