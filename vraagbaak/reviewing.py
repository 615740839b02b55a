"""`vraagbaak questions`: what people asked and got no good answer to, and making known questions of it."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import BadConfiguration
from vraagbaak.session import Session, begin
from vraagbaak.terminal import Terminal

if TYPE_CHECKING:
    from rag.review.kept import KeptQuestion, Place
    from rag.review.store import QuestionStore

Number = Annotated[int, typer.Argument(metavar="ID", help="The number of the question.")]

questions = typer.Typer(name="questions", help="Make known questions of what people asked in vain.")


@questions.callback(invoke_without_command=True)
def _questions(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_questions(context)


@questions.command("list")
def list_questions(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Also those that were reviewed.")] = False,
) -> None:
    """List the questions that wait for an editor, with the nearest pages (also without `list`)."""
    session = begin(context)
    store = _store(session)
    found = store.questions()
    shown = [question for question in found if every or not question.review]
    reviewed = sum(question.review is not None for question in found)
    up, down = store.verdicts()
    if session.terminal.as_json:
        counts = {"open": len(found) - reviewed, "reviewed": reviewed, "up": up, "down": down}
        session.terminal.emit({"questions": [_as_json(question) for question in shown], **counts})
        return
    for question in shown:
        _show(session.terminal, question)
    session.terminal.line(
        f"{len(found) - reviewed} open, {reviewed} reviewed. In the last {session.settings.keep_days} days "
        f"{_counted(up, 'thumb')} up, {down} down."
    )


@questions.command("show")
def show_question(context: typer.Context, number: Number) -> None:
    """Show one question: how it was answered, what people said of that, and its review."""
    session = begin(context)
    question = _store(session).question(number)
    if session.terminal.as_json:
        session.terminal.emit(_as_json(question))
        return
    terminal, asked = session.terminal, question.asked
    _show(terminal, question)
    terminal.line(f"      first     {question.first}, last {question.last}")
    terminal.line(f"      made by   {asked.embedder}, {asked.generator}, {asked.index}")
    for verdict in question.verdicts:
        if verdict.comment:
            terminal.line(f"      comment   {' '.join(verdict.comment.split())}")


@questions.command("attach")
def attach(
    context: typer.Context,
    number: Number,
    document: Annotated[str | None, typer.Argument(help="Id of the document that answers it.")] = None,
    page: Annotated[int | None, typer.Argument(help="The page, as a PDF viewer counts.")] = None,
    unanswerable: Annotated[
        bool, typer.Option("--unanswerable", help="The documents do not answer it.")
    ] = False,
    fact: Annotated[
        list[str] | None,
        typer.Option(metavar="REGEX", help="What a good answer states; may be repeated."),
    ] = None,
    kind: Annotated[str | None, typer.Option(help="As in question files.", show_default="factoid")] = None,
    style: Annotated[str | None, typer.Option(help="As in question files.", show_default="chat")] = None,
    answer: Annotated[str | None, typer.Option(help="A good answer, in your own words.")] = None,
    wording: Annotated[
        str | None, typer.Option(help="Another wording of the question, without a name for example.")
    ] = None,
) -> None:
    """Say which page answers a question; a second page or fact is added to the first."""
    session = begin(context)
    from vraagbaak.attaching import reviewed, stored_pages

    if unanswerable == (document is not None) or (document is None) != (page is None):
        raise BadConfiguration("Give a document and a page, or --unanswerable.")
    store = _store(session)
    before = store.question(number).review
    pages = stored_pages(session.settings.data, before.pages if before else (), document, page)
    given = {"kind": kind, "style": style, "answer": answer}
    store.review(number, reviewed(before, pages, fact or (), given), wording)
    _tell(session.terminal, store.question(number))


@questions.command("reopen")
def reopen(context: typer.Context, number: Number) -> None:
    """Take a review back, to begin anew."""
    session = begin(context)
    store = _store(session)
    question = store.question(number)
    store.review(number, None)
    _tell(session.terminal, replace(question, review=None))


@questions.command("export")
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="The question file to write.")],
    unreviewed: Annotated[
        bool, typer.Option("--open", help="Those that nobody reviewed, to be filled in by hand.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it exists.")] = False,
) -> None:
    """Write the reviewed questions as a question file for `vraagbaak eval`."""
    session = begin(context)
    from vraagbaak.question_file import write_known, write_open

    if file.exists() and not overwrite:
        raise BadConfiguration(f"{file} exists: choose another name, or add --overwrite.")
    found = _store(session).questions()
    still_open = [question for question in found if not question.review]
    written = write_open(file, still_open) if unreviewed else write_known(file, found)
    if session.terminal.as_json:
        session.terminal.emit(
            {"file": str(file), "written": written, "open": [question.id for question in still_open]}
        )
        return
    session.terminal.line(f"{_counted(written, 'question')} in {file}.")
    if still_open and not unreviewed:
        numbers = ", ".join(str(question.id) for question in still_open)
        session.terminal.say(f"Still open, and not in it: {numbers}. See `vraagbaak questions list`.")


@questions.command("delete")
def delete(
    context: typer.Context,
    numbers: Annotated[list[int], typer.Argument(metavar="ID…", help="Numbers of questions.")],
) -> None:
    """Delete questions, and what people said of them; nothing of them is left."""
    session = begin(context)
    _store(session).delete(numbers)
    if session.terminal.as_json:
        session.terminal.emit({"deleted": numbers})
    else:
        session.terminal.line(f"deleted   {', '.join(map(str, numbers))}")


def _store(session: Session) -> "QuestionStore":
    """Open the store, without what has had its days."""
    from rag.review.store import QuestionStore

    store = QuestionStore(session.settings.data)
    store.forget(date.today() - timedelta(days=session.settings.keep_days))
    return store


def _tell(terminal: Terminal, question: "KeptQuestion") -> None:
    if terminal.as_json:
        terminal.emit(_as_json(question))
    else:
        _show(terminal, question)


def _show(terminal: Terminal, question: "KeptQuestion") -> None:
    asked, review = question.asked, question.review
    met: list[str] = [asked.status]
    if question.unanswered:
        met.append(f"{_counted(question.unanswered, 'time')} without an answer")
    if question.verdicts:
        reasons = sorted({verdict.reason for verdict in question.verdicts if verdict.reason})
        thumbs = _counted(len(question.verdicts), "thumb")
        met.append(f"{thumbs} down" + (f" ({', '.join(reasons)})" if reasons else ""))
    terminal.line(f"{question.id:>4}  {' '.join(asked.question.split())}", style="bold")
    terminal.line(f"      {'reviewed' if review else 'open':<9} {', '.join(met)}")
    if review:
        terminal.line(f"      answer    {_pages(review.pages) or 'not in the documents'} ({review.kind})")
        for fact in review.facts:
            terminal.line(f"      fact      {fact}")
    else:
        terminal.line(f"      nearest   {_pages(asked.nearest) or 'none'}")


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number != 1 else ''}"


def _pages(places: "tuple[Place, ...]") -> str:
    return ", ".join(f"{place.document} p. {place.page}" for place in places)


def _as_json(question: "KeptQuestion") -> dict[str, object]:
    body = asdict(question) | {"first": question.first.isoformat(), "last": question.last.isoformat()}
    asked = body.pop("asked")
    return {"id": body.pop("id"), **asked, **body}
