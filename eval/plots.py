"""Plots of a run, drawn as SVG by hand: no library, no script, readable in light and dark."""

import math
from collections.abc import Callable, Sequence

from eval.risk import risk_coverage
from eval.run import Outcome

WIDTH, HEIGHT = 460, 250
LEFT, RIGHT, TOP, BOTTOM = 48, 22, 14, 40
BINS = 28
SECONDS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200)


def risk_coverage_plot(outcomes: Sequence[Outcome]) -> str:
    """Draw the share that goes wrong among the surest questions, over the share of questions they make up.

    One line for the decision (wrong: the documents hold no answer), over all questions, and one for the
    answers that were given (wrong: any trouble). The area is that under the first.
    """
    asked = [outcome for outcome in outcomes if outcome.question.kind != "injection"]
    answered = [outcome for outcome in asked if not outcome.abstained]
    if not answered:
        return ""
    share = len(answered) / len(asked)
    decision = risk_coverage(*_sure(asked, lambda outcome: outcome.question.answerable))
    answers = [
        (coverage * share, risk)
        for coverage, risk in risk_coverage(*_sure(answered, lambda outcome: not outcome.trouble))
    ]
    top = max(0.1, math.ceil(max(risk for _, risk in (*decision, *answers)) * 10) / 10)
    invented = sum(not outcome.question.answerable for outcome in answered) / len(answered)
    under = [(0.0, 0.0), (0.0, decision[0][1]), *decision, (1.0, 0.0)]
    inside = f'<polygon class="area" points="{_points(under, top)}"/>'
    for tone, line, now in (("first", decision, invented), ("total", answers, answers[-1][1])):
        inside += (
            f'<polyline class="line {tone}" points="{_points(line, top)}"/>'
            f'<circle class="dot {tone}" cx="{_x(share):.1f}" cy="{_y(now / top):.1f}" r="4"/>'
        )
    ticks = [(_x(tick / 5), f"{tick * 20} %") for tick in range(6)]
    levels = [(_y(tick / 2), f"{top * tick / 2:.0%}") for tick in range(3)]
    return _frame(ticks, levels, inside, "questions answered, the surest first", "went wrong")


def _sure(outcomes: Sequence[Outcome], right: Callable[[Outcome], bool]) -> tuple[list[float], list[bool]]:
    return [outcome.answer.confidence for outcome in outcomes], [right(outcome) for outcome in outcomes]


def _points(line: Sequence[tuple[float, float]], top: float) -> str:
    return " ".join(f"{_x(coverage):.1f},{_y(risk / top):.1f}" for coverage, risk in line)


def time_plot(outcomes: Sequence[Outcome]) -> str:
    """Draw how many questions had their first quote, and their whole answer, after how many seconds."""
    series = [
        [
            ms / 1000
            for outcome in outcomes
            if not outcome.abstained and (ms := outcome.answer.timings.get(step))
        ]
        for step in ("first_evidence", "total")
    ]
    everything = [seconds for times in series for seconds in times]
    if not everything:
        return ""
    low, high = math.log10(min(everything) * 0.8), math.log10(max(everything) * 1.25)

    def place(seconds: float) -> float:
        return (math.log10(seconds) - low) / (high - low)

    counts = [[0] * BINS for _ in series]
    for at, times in enumerate(series):
        for seconds in times:
            counts[at][min(BINS - 1, int(place(seconds) * BINS))] += 1
    top = max(max(row) for row in counts)
    bars = []
    wide = (_x(1) - _x(0)) / BINS / 2 - 0.5
    for side, (name, row) in enumerate(zip(("first", "total"), counts, strict=True)):
        for column, count in enumerate(row):
            if count:
                left, upper = _x((column + side / 2) / BINS), _y(count / top)
                bars.append(
                    f'<rect class="{name}" x="{left:.1f}" y="{upper:.1f}" width="{wide:.1f}" '
                    f'height="{_y(0) - upper:.1f}"><title>{count} questions</title></rect>'
                )
    ticks = [(_x(place(tick)), f"{tick:g} s") for tick in SECONDS if low < math.log10(tick) < high]
    levels = [(_y(0), "0"), (_y(1), str(top))]
    return _frame(ticks, levels, "".join(bars), "time since the question (logarithmic)", "questions")


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def _frame(
    ticks: Sequence[tuple[float, str]],
    levels: Sequence[tuple[float, str]],
    inside: str,
    across: str,
    up: str,
) -> str:
    rules = "".join(
        f'<line class="rule" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{label}</text>'
        for y, label in levels
    )
    marks = "".join(
        f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{label}</text>'
        for x, label in ticks
    )
    middle, half_way = (LEFT + WIDTH - RIGHT) / 2, (TOP + HEIGHT - BOTTOM) / 2
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{up}, over {across}">'
        f"{rules}{marks}{inside}"
        f'<text x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{across}</text>'
        f'<text transform="translate(11 {half_way}) rotate(-90)" text-anchor="middle">{up}</text></svg>'
    )
