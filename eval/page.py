"""A run as one HTML page: numbers with intervals, plots, and every question with what came of it."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from eval.comparison import Change, Comparison
from eval.entries import filter_bar, question_entry
from eval.measures import METRICS, metrics_of
from eval.metric import GROUPS, Metric
from eval.metrics import Estimate
from eval.plots import risk_coverage_plot, time_plot
from eval.run import Outcome

if TYPE_CHECKING:
    from eval.report import Run

HEADLINE = (
    "page_recall@5",
    "complete",
    "abstention",
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


def page(run: "Run", comparison: Comparison | None = None) -> str:
    """Return the page. It loads nothing from anywhere, and what documents and questions say is escaped."""
    parts = [
        _about(run),
        _headline(run),
        *([_compared(comparison)] if comparison else []),
        "<h2>Every metric</h2>",
        '<p class="soft">Means over questions, with 95 % bootstrap intervals; n is how many questions a '
        "metric is about. ↑ higher is better, ↓ lower is better.</p>",
        *(_group(run, group) for group in GROUPS),
        _plots(run.outcomes),
        _by("kind", run.outcomes, lambda outcome: outcome.question.kind),
        _by("style", run.outcomes, lambda outcome: outcome.question.style),
        "<h2>Every question</h2>",
        filter_bar(run.outcomes),
        *(question_entry(outcome) for outcome in run.outcomes),
    ]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Vraagbaak, evaluation of {escape(run.date[:10])}</title>"
        f"<style>{_asset('page.css')}</style></head>"
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


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are HTML; a column whose head ends in "#" is of numbers."""
    kinds = [' class="n"' if name.endswith("#") else "" for name in head]
    titles = "".join(
        f"<th{kind}>{escape(name.removesuffix('#'))}</th>" for kind, name in zip(kinds, head, strict=True)
    )
    lines = "".join(
        f"<tr>{''.join(f'<td{kind}>{cell}</td>' for kind, cell in zip(kinds, row, strict=True))}</tr>"
        for row in rows
    )
    return f'<div class="wide"><table><tr>{titles}</tr>{lines}</table></div>'


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
    return f"<h3>{group}</h3>{_table(('metric', 'value#', '95 %#', '', 'n#', ''), rows)}" if rows else ""


def _bar(found: Estimate) -> str:
    left, wide, at = found.low * 120, max(2.0, (found.high - found.low) * 120), found.mean * 120
    return (
        '<svg class="interval" viewBox="0 0 130 12" aria-hidden="true">'
        '<rect class="track" x="5" y="5" width="120" height="2"/>'
        f'<rect class="span" x="{5 + left:.1f}" y="3" width="{wide:.1f}" height="6" rx="3"/>'
        f'<circle class="point" cx="{5 + at:.1f}" cy="6" r="4"/></svg>'
    )


def _plots(outcomes: Sequence[Outcome]) -> str:
    risk, time = risk_coverage_plot(outcomes), time_plot(outcomes)
    if not risk:
        return ""
    return (
        '<h2>Confidence and time</h2><div class="plots"><div><h3>Does confidence mean something?</h3>'
        '<p class="soft">When only the surest answers were given: the share of them with any trouble. A '
        f"good confidence starts low and rises late. The dot is now.</p>{risk}</div>"
        "<div><h3>How long does it take?</h3>"
        '<p class="soft"><span class="key" style="background:var(--second)"></span>first quote'
        f'<span class="key" style="background:var(--main)"></span>whole answer</p>{time}</div></div>'
    )


def _by(name: str, outcomes: Sequence[Outcome], of: Callable[[Outcome], str]) -> str:
    metrics = [metric for metric in METRICS if metric.name in PARTS]
    rows = []
    for value in sorted({of(outcome) for outcome in outcomes}):
        part = [outcome for outcome in outcomes if of(outcome) == value]
        found = metrics_of(part)
        right = sum(not outcome.trouble for outcome in part)
        means = [metric.shown(found[metric.name].mean) for metric in metrics]
        rows.append((escape(value), str(len(part)), str(right), *means))
    head = (name, "questions#", "right#", *(f"{metric.name}#" for metric in metrics))
    return f"<h2>By {name}</h2>{_table(head, rows)}"


def _compared(comparison: Comparison) -> str:
    rows = []
    for entry in comparison.differences:
        metric, found = entry.metric, entry.difference
        tone = {"better": "good", "worse": "bad", "": ""}[entry.verdict]
        rows.append(
            (
                f"<code>{metric.name}</code>",
                metric.shown(entry.before),
                metric.shown(entry.now),
                f'<b class="{tone}">{metric.shown(found.mean, "+")}</b>',
                f"{metric.shown(found.low, '+')} – {metric.shown(found.high, '+')}",
                str(found.n),
                f'<span class="{tone}">{entry.verdict}</span>',
            )
        )
    before = comparison.before
    left_out = f", {comparison.left_out} in one run only" if comparison.left_out else ""
    return (
        f'<h2>Against {escape(before.file)}</h2><p class="soft">Version {escape(before.version)} of '
        f"{escape(before.date[:10])}; {escape(before.embedder)}, {escape(before.generator)}. Questions: "
        f"{len(comparison.won)} won, {len(comparison.lost)} lost, {comparison.tied} alike{left_out}. "
        "Differences over the same questions, with 95 % intervals of a paired bootstrap.</p>"
        f"{_table(('metric', 'before#', 'now#', 'difference#', '95 %#', 'n#', ''), rows)}"
        f"{_changes('Won', comparison.won)}{_changes('Lost', comparison.lost)}"
    )


def _changes(title: str, changes: Iterable[Change]) -> str:
    items = "".join(
        f'<li><code>{escape(change.id)}</code> <span lang="nl">{escape(change.question)}</span> '
        f"<span class='soft'>({escape(change.before or change.now)})</span></li>"
        for change in changes
    )
    return f"<h3>{title}</h3><ul>{items}</ul>" if items else ""
