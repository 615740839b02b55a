"""`vraagbaak search` and `vraagbaak ask`."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.text import Text

from index.place_names import place_name
from index.texts import text
from vraagbaak.failures import NOT_FOUND
from vraagbaak.session import begin
from vraagbaak.terminal import Terminal

if TYPE_CHECKING:
    from index.documents import Hit
    from rag.answers import Answer, Citation, Step

NEAREST = 3
"""Pages that are named when there is no answer."""

Only = Annotated[
    list[str] | None,
    typer.Option("--document", metavar="ID", help="Look in this document only; may be repeated."),
]


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="What to look for.")],
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="How many pages.")] = 10,
    document: Only = None,
) -> None:
    """Find the pages that say most about something."""
    session = begin(context)
    from api.schemas import HitBody, HitsBody
    from rag.generators import Extractive
    from rag.understand import understand
    from vraagbaak.assembly import make_assistant

    understand(query)  # wrong questions are sent back before the models are loaded
    with session.terminal.busy(text("answer.loading")):
        assistant = make_assistant(session.settings, Extractive())
    hits = assistant.search(query, k, document or None)
    if session.terminal.as_json:
        session.terminal.emit(HitsBody(query=query, hits=[HitBody.of(hit) for hit in hits]))
    else:
        _show_hits(session.terminal, hits)
    if not hits:
        raise typer.Exit(NOT_FOUND)


def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question, in Dutch.")],
    document: Only = None,
) -> None:
    """Answer a question, with the page of every sentence."""
    session = begin(context)
    from api.schemas import AnswerBody
    from rag.understand import understand
    from vraagbaak.assembly import make_assistant

    understand(question)
    with session.terminal.busy(text("answer.loading")):
        assistant = make_assistant(session.settings)
    steps = assistant.steps(question, (), document or None)
    answer = _watched(session.terminal, steps) if session.terminal.interactive else _last(steps)
    if session.terminal.as_json:
        session.terminal.emit(AnswerBody.of(answer))
    else:
        _show_answer(session.terminal, answer)
    if answer.status in ("not_found", "refused"):
        raise typer.Exit(NOT_FOUND)


def _last(steps: "Iterable[Step]") -> "Answer":
    *_, answer = steps
    return answer  # type: ignore[return-value]  # the steps end with the answer


def _watched(terminal: Terminal, steps: "Iterator[Step]") -> "Answer":
    """Show the quote and the draft as they come; both make place for the answer."""
    from rag.answers import Answer, Sources

    quote: RenderableType = ""
    draft = ""
    with Live(console=terminal.out, transient=True, refresh_per_second=8) as live:
        for step in steps:
            if isinstance(step, Answer):
                return step
            if isinstance(step, Sources):
                quote = _quote_first(step.quote) if step.quote else ""
            else:
                draft += step.text
            shown = (
                Group(Text(text("page.draft"), style="dim italic"), Text(draft, style="dim")) if draft else ""
            )
            live.update(Group(quote, Text(), shown))
    raise AssertionError("the steps end with the answer")


def _quote_first(citation: "Citation") -> RenderableType:
    return Group(Text(_source(citation), style="bold"), Padding(Text(_quoted(citation)), (0, 0, 0, 4)))


def _show_answer(terminal: Terminal, answer: "Answer") -> None:
    if answer.standalone_question != answer.question:
        terminal.line(text("page.understood", question=answer.standalone_question), style="dim")
    terminal.line(answer.text)
    for notice in answer.notices:
        terminal.line(notice, style="dim")
    for citation in answer.citations:
        terminal.line()
        terminal.line(_source(citation), style="bold")
        terminal.block(_quoted(citation), 4)
    if not answer.citations:
        for hit in answer.hits[:NEAREST]:
            place = place_name(hit.document, hit.pages[0] if hit.pages else 1, hit.passage.headings)
            terminal.line(f"- {place}")


def _show_hits(terminal: Terminal, hits: "Iterable[Hit]") -> None:
    for hit in hits:
        place = place_name(
            hit.document, hit.pages[0] if hit.pages else 1
        )  # the headings get a line of their own
        terminal.line(f"{hit.rank}. {place} ({hit.score:.2f})", style="bold")
        if hit.passage.headings:
            terminal.line(f"   {' › '.join(map(_one_line, hit.passage.headings))}", style="dim")
        terminal.block(_one_line(hit.text), 3)


def _source(citation: "Citation") -> str:
    headings = citation.document.headings_at(citation.start)
    return f"[{citation.number}] {place_name(citation.document, citation.page, headings)}"


def _quoted(citation: "Citation") -> str:
    return f"“{_one_line(citation.quote)}”"


def _one_line(words: str) -> str:
    return " ".join(words.split())
