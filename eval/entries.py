"""One question of a run on its HTML page: what was asked, answered and cited, and what went wrong."""

from collections.abc import Sequence
from html import escape

from eval.pictures import Pictures
from eval.questions import KnownQuestion
from eval.run import TROUBLES, Outcome, by_trouble, name_of
from eval.sheets import sheets
from rag.answers import Citation


def filter_bar(outcomes: Sequence[Outcome]) -> str:
    """Return the buttons that choose a trouble, and a field for words; hidden where no script runs."""
    counts = {trouble: len(found) for trouble, found in by_trouble(outcomes).items()}
    wrong = sum(count for trouble, count in counts.items() if trouble)
    choices = [("*", "all", len(outcomes)), ("!", "any trouble", wrong), ("", "right", counts.get("", 0))]
    choices += [(trouble, trouble, count) for trouble, count in counts.items() if trouble]
    buttons = "".join(
        f'<button type="button" value="{escape(value)}" aria-pressed="false">{escape(label)} {count}</button>'
        for value, label, count in choices
    )
    field = '<input type="search" placeholder="words" aria-label="words">'
    return f'<div class="filter" hidden>{buttons}{field}</div>'


def question_entry(outcome: Outcome, pictures: Pictures) -> str:
    """Return one question, folded."""
    question, answer = outcome.question, outcome.answer
    verdict = (
        f'<span class="bad">{escape(outcome.trouble)}<br><small>{TROUBLES[outcome.trouble]}</small></span>'
        if outcome.trouble
        else '<span class="good">right</span>'
    )
    history = "".join(
        f'<p class="soft" lang="nl">{escape(turn.role)}: {escape(turn.content)}</p>'
        for turn in question.history
    )
    times = ", ".join(f"{name} {value / 1000:.2f} s" for name, value in answer.timings.items())
    rank = "none" if outcome.rank is None else outcome.rank
    inside = [
        f"<div>{history}<p lang='nl'>{escape(answer.text)}</p></div>",
        *(_quote(citation, dict(outcome.missing).get(citation.number)) for citation in answer.citations),
        sheets(outcome, pictures),
        _facts(question, outcome.stated),
        _not_shown(outcome),
        _reference(question),
        f'<div class="label">{escape(question.kind)}, {escape(question.style)} · {answer.status} · '
        f"confidence {answer.confidence:.2f} · gold {_gold(question)} · rank {rank} · {times}</div>",
    ]
    return (
        f'<details class="question" id="{escape(question.id)}" data-trouble="{escape(outcome.trouble)}">'
        f"<summary><code>{escape(question.id)}</code>"
        f'<span lang="nl">{escape(question.question)}</span>{verdict}</summary>'
        f'<div class="inside">{"".join(inside)}</div></details>'
    )


def _not_shown(outcome: Outcome) -> str:
    """Return what was written and dropped, and what the prompt had no room for."""
    items = [
        f'<li>written, but no quote holds it: <span lang="nl">{escape(one)}</span></li>'
        for one in outcome.answer.dropped
    ]
    items += [
        f"<li>no room in the prompt: {escape(name_of(document))}, p. {page}</li>"
        for document, page in outcome.answer.left_out
        if outcome.answer.written
    ]
    return f'<div><span class="label">not shown</span><ul>{"".join(items)}</ul></div>' if items else ""


def _reference(question: KnownQuestion) -> str:
    if not question.reference:
        return ""
    return f'<div><span class="label">a good answer</span><p lang="nl">{escape(question.reference)}</p></div>'


def _gold(question: KnownQuestion) -> str:
    return ", ".join(f"{escape(name)} p. {page}" for name, page in question.gold) or "none"


def _quote(citation: Citation, missing: str | None) -> str:
    warning = (
        f'<br><span class="bad">not literally on that page: {escape(missing)}</span>'
        if missing is not None
        else ""
    )
    place = f"[{citation.number}] {name_of(citation.document)}, p. {citation.page}"
    return (
        f'<div><span class="label">{escape(place)}</span>'
        f'<blockquote lang="nl">{escape(citation.quote)}{warning}</blockquote></div>'
    )


def _facts(question: KnownQuestion, stated: Sequence[bool]) -> str:
    items = "".join(
        f'<li class="{"good" if said else "bad"}">{"stated" if said else "missing"}: '
        + " or ".join(f"<code>{escape(pattern.pattern)}</code>" for pattern in fact)
        + "</li>"
        for fact, said in zip(question.facts, stated, strict=True)
    )
    return f'<div><span class="label">facts</span><ul>{items}</ul></div>' if items else ""
