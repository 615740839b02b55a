"""A run as one HTML page: numbers with intervals, plots, and every question with what came of it."""

from collections.abc import Callable, Sequence
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from eval.changes import compared
from eval.comparison import Comparison
from eval.entries import filter_bar, question_entry
from eval.measures import METRICS, metrics_of
from eval.metric import GROUPS, Metric
from eval.metrics import Estimate
from eval.pictures import Pictures
from eval.plots import risk_coverage_plot, time_plot
from eval.run import TROUBLES, Outcome, by_trouble
from eval.sheets import page_rules
from eval.tables import table

if TYPE_CHECKING:
    from eval.report import Run

NONE = Pictures()
HEADLINE = (
    "page_recall@1",
    "page_recall@5",
    "complete",
    "abstention",
    "over_refusal",
    "quotes_literal",
    "first_evidence_ms_p50",
    "total_ms_p50",
)
PARTS = (
    "page_recall@5",
    "mrr",
    "complete",
    "facts_stated",
    "citation_precision",
    "abstention",
    "over_refusal",
)
"""The metrics of the first view, and those of the tables by kind and by style."""


def page(run: "Run", comparison: Comparison | None = None, pictures: Pictures = NONE) -> str:
    """Return the page. It loads nothing from anywhere, and what documents and questions say is escaped."""
    parts = [
        _about(run),
        _headline(run),
        *([compared(comparison)] if comparison else []),
        _steps(run.outcomes),
        "<h2>Every metric</h2>",
        '<p class="soft">Means over questions, with 95 % bootstrap intervals; n is how many questions a '
        "metric is about. ↑ higher is better, ↓ lower is better.</p>",
        *(_group(run, group) for group in GROUPS),
        _plots(run),
        _by("kind", run.outcomes, lambda outcome: outcome.question.kind),
        _by("style", run.outcomes, lambda outcome: outcome.question.style),
        "<h2>Every question</h2>",
        filter_bar(run.outcomes),
        *(question_entry(outcome, pictures) for outcome in run.outcomes),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Vraagbaak, evaluation of {escape(run.date[:10])}</title>"
        f"<style>{_asset('page.css')}{page_rules(pictures)}</style></head>"
        f"<body>{''.join(parts)}<script>{_asset('page.js')}</script></body></html>\n"
    )


def _asset(name: str) -> str:
    return files("eval").joinpath(name).read_text(encoding="utf-8")


def _about(run: "Run") -> str:
    asked = ", ".join(
        f'{escape(file.file)} ({file.questions}, <code title="SHA-256">{file.sha256[:12]}</code>)'
        for file in run.files
    )
    return (
        "<h1>How well Vraagbaak answers</h1>"
        f'<p class="soft">{len(run.outcomes)} questions on {escape(run.date.replace("T", ", "))}. '
        f"Version {escape(run.version)}; {escape(run.embedder)} finds, {escape(run.generator)} writes; index "
        f"{escape(run.index)}; {escape(run.machine)}.</p><p class='soft'>Questions: {asked}</p>"
    )


def _headline(run: "Run") -> str:
    boxes = [
        f"<div><b>{metric.shown(run.metrics[metric.name].mean)}</b>{metric.name}<br>"
        f"<small>{_interval(metric, run.metrics[metric.name])}</small></div>"
        for metric in METRICS
        if metric.name in HEADLINE and run.metrics[metric.name].n
    ]
    return f'<div class="headline">{"".join(boxes)}</div>'


def _interval(metric: Metric, found: Estimate) -> str:
    return f"{metric.shown(found.low)} – {metric.shown(found.high)}"


def _group(run: "Run", group: str) -> str:
    rows = []
    for metric in METRICS:
        found = run.metrics[metric.name]
        if metric.group == group and found.n:
            arrow = {"higher": " ↑", "lower": " ↓", "neither": ""}[metric.better]
            rows.append(
                (
                    f"<code>{metric.name}</code>{arrow}",
                    f"<b>{metric.shown(found.mean)}</b>",
                    _interval(metric, found),
                    _bar(found) if metric.unit == "share" else "",
                    str(found.n),
                    f'<span class="soft">{escape(metric.meaning)}</span>',
                )
            )
    return f"<h3>{group}</h3>{table(('metric', 'value#', '95 %#', '', 'n#', ''), rows)}" if rows else ""


def _bar(found: Estimate) -> str:
    left, wide, at = found.low * 120, max(2.0, (found.high - found.low) * 120), found.mean * 120
    return (
        '<svg class="interval" viewBox="0 0 130 12" aria-hidden="true">'
        '<rect class="track" x="5" y="5" width="120" height="2"/>'
        f'<rect class="span" x="{5 + left:.1f}" y="3" width="{wide:.1f}" height="6" rx="3"/>'
        f'<circle class="point" cx="{5 + at:.1f}" cy="6" r="4"/></svg>'
    )


def _steps(outcomes: Sequence[Outcome]) -> str:
    """Say at which step how many questions went wrong, and lead to each of them."""
    found = by_trouble(outcomes)
    rows = []
    for trouble, step in TROUBLES.items():
        ids = [outcome.question.id for outcome in found.get(trouble, ())]
        if ids:
            links = " ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in ids)
            which = f"<details class='ids'><summary>which</summary>{links}</details>"
            rows.append((escape(step), escape(trouble), f"<b>{len(ids)}</b>", which))
    right = len(found.get("", ()))
    return (
        f'<h2>What went wrong, by step</h2><p class="soft">{right} of {len(outcomes)} questions went right. '
        "The others, by the first step at which they did not.</p>"
        f"{table(('step', 'trouble', 'questions#', ''), rows)}"
    )


def _plots(run: "Run") -> str:
    risk, time = risk_coverage_plot(run.outcomes), time_plot(run.outcomes)
    drawn = []
    if risk:
        areas = [
            f'<span class="key {tone}"></span>{words}: area {found.mean:.3f} '
            f"({found.low:.3f} – {found.high:.3f}), of which a better order would save "
            f"{run.metrics[f'{name}_excess'].mean:.3f}"
            for tone, words, name in (
                ("first", "answering what has no answer", "decision_risk_area"),
                ("total", "any trouble in an answer", "answer_risk_area"),
            )
            if (found := run.metrics[name]).n
        ]
        drawn.append(
            '<div><h3>Does confidence mean something?</h3><p class="soft">When only the surest questions '
            "were answered: the share of them that went wrong. A good confidence starts low and rises late. "
            f'The dots are now.</p>{risk}<p class="soft">{"<br>".join(areas)}</p></div>'
        )
    if time:
        drawn.append(
            '<div><h3>How long does it take?</h3><p class="soft"><span class="key first"></span>first quote'
            f'<span class="key total"></span>whole answer</p>{time}</div>'
        )
    return f'<h2>Confidence and time</h2><div class="plots">{"".join(drawn)}</div>' if drawn else ""


def _by(name: str, outcomes: Sequence[Outcome], of: Callable[[Outcome], str]) -> str:
    metrics = [metric for metric in METRICS if metric.name in PARTS]
    rows = []
    for value in sorted({of(outcome) for outcome in outcomes}):
        part = [outcome for outcome in outcomes if of(outcome) == value]
        found = metrics_of(part)
        right = sum(not outcome.trouble for outcome in part)
        means = [_cell(metric, found[metric.name], len(part)) for metric in metrics]
        rows.append((escape(value), str(len(part)), str(right), *means))
    head = (name, "questions#", "right#", *(f"{metric.name}#" for metric in metrics))
    return f"<h2>By {name}</h2>{table(head, rows)}"


def _cell(metric: Metric, found: Estimate, count: int) -> str:
    """Return a mean, and over how many questions it is where it is not about all of them."""
    number = f" <small>of {found.n}</small>" if 0 < found.n < count else ""
    return metric.shown(found.mean) + number
