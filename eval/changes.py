"""Two runs in the report: only what is not the same in both."""

from collections.abc import Sequence
from html import escape

from eval.comparison import Change, Comparison, Difference, Side
from eval.tables import table


def compared(comparison: Comparison) -> str:
    """Return the metrics that moved, and each question that changed with both its answers side by side."""
    before = comparison.before
    moved = [entry for entry in comparison.differences if _moved(entry)]
    same = len(comparison.differences) - len(moved)
    left_out = f", {comparison.left_out} are in one run only" if comparison.left_out else ""
    head = ("metric", "before#", "now#", "difference#", "95 %#", "won#", "tied#", "lost#", "McNemar p#", "")
    return (
        f'<h2>What changed since {escape(before.file)}</h2><p class="soft">Version {escape(before.version)} '
        f"of {escape(before.date[:10])}; {escape(before.embedder)}, {escape(before.generator)}. Questions: "
        f"{len(comparison.won)} won, {len(comparison.lost)} lost, {comparison.tied} as right or wrong as "
        f"before{left_out}. Differences are over the same questions, with 95 % intervals of a paired "
        f"bootstrap; {same} metrics are the same, or are times that differ no more than by chance.</p>"
        f"{table(head, map(_row, moved)) if moved else ''}"
        f"{_changes('Lost', comparison.lost)}{_changes('Won', comparison.won)}"
        f"{_changes('Changed, as right or wrong as before', comparison.other)}"
    )


def _moved(entry: Difference) -> bool:
    """Say whether there is something to tell. Times always differ a little, often by chance."""
    if entry.metric.group == "time":
        return bool(entry.verdict)
    return bool(entry.difference.mean or entry.won or entry.lost)


def _row(entry: Difference) -> Sequence[str]:
    metric, found = entry.metric, entry.difference
    tone = {"better": "good", "worse": "bad", "": ""}[entry.verdict]
    return (
        f"<code>{metric.name}</code>",
        metric.shown(entry.before),
        metric.shown(entry.now),
        f'<b class="{tone}">{metric.shown(found.mean, "+")}</b>',
        f"{metric.shown(found.low, '+')} – {metric.shown(found.high, '+')}",
        str(entry.won),
        str(entry.tied),
        str(entry.lost),
        "" if entry.p is None else f"{entry.p:.3f}",
        f'<span class="{tone}">{entry.verdict}</span>',
    )


def _changes(title: str, changes: Sequence[Change]) -> str:
    if not changes:
        return ""
    return f"<h3>{title} ({len(changes)})</h3>{''.join(map(_change, changes))}"


def _change(change: Change) -> str:
    values = ", ".join(f"{name} {old:.2f} → {new:.2f}" for name, old, new in change.values)
    link = f'<a href="#{escape(change.id)}"><code>{escape(change.id)}</code></a>'
    return (
        f'<details class="change"><summary>{link}<span lang="nl">{escape(change.question)}</span>'
        f'<span class="soft">{escape(values)}</span></summary>'
        f'<div class="sides">{_side("before", change.before)}{_side("now", change.now)}</div></details>'
    )


def _side(title: str, side: Side) -> str:
    verdict = (
        f'<span class="bad">{escape(side.trouble)}</span>'
        if side.trouble
        else '<span class="good">right</span>'
    )
    cited = ", ".join(f"[{at}] {escape(name)} p. {page}" for at, (name, page) in enumerate(side.cited, 1))
    said = f'<p lang="nl">{escape(side.answer)}</p>' if side.answer else '<p class="soft">(not kept)</p>'
    return f'<div><div class="label">{title}</div>{said}<div class="label">{cited}</div>{verdict}</div>'
