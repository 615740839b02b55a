"""What a metric is: a number of each question, and what becomes of it over a run."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from eval.metrics import Statistic, Value, mean
from eval.run import Outcome

Group = Literal["finding", "answering", "abstaining", "time"]
GROUPS: tuple[Group, ...] = ("finding", "answering", "abstaining", "time")


@dataclass(frozen=True, slots=True)
class Metric:
    """A value of a question, None where it does not apply; over a run its mean, or another statistic.

    `of_question` names the value of one question where several metrics are made of it: "total_ms" for
    "total_ms_p50" and "total_ms_p95".
    """

    name: str
    group: Group
    meaning: str
    better: Literal["higher", "lower", "neither"]
    of: Callable[[Outcome], Value | None]
    unit: Literal["share", "ms", ""] = "share"
    statistic: Statistic = mean
    of_question: str = ""

    @property
    def value(self) -> str:
        """The name of the value of one question."""
        return self.of_question or self.name

    def shown(self, value: float, sign: str = "") -> str:
        """Return a value as people read it: shares with two decimals, times in ms or s."""
        if math.isnan(value):
            return "–"
        if self.unit == "ms":
            return f"{value / 1000:{sign}.1f} s" if abs(value) >= 1000 else f"{value:{sign}.0f} ms"
        return f"{value:{sign}.2f}"


def when(
    applies: Callable[[Outcome], object], value: Callable[[Outcome], Value | None]
) -> Callable[[Outcome], Value | None]:
    """Return what gives a value only for those outcomes that it applies to."""
    return lambda outcome: value(outcome) if applies(outcome) else None
