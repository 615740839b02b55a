"""`vraagbaak index` and `vraagbaak documents`: what is in the index, and getting it there."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import VraagbaakError
from vraagbaak.failures import FAILED
from vraagbaak.session import begin
from vraagbaak.summary import show_summary

if TYPE_CHECKING:
    from index.build import Summary
    from index.documents import Document
    from index.editions import Standing
    from index.store import Entry, Store

PHASES = {"read": "Reading", "embed": "Embedding", "write": "Writing"}
LOOK_EVERY = 5.0
"""Seconds between two looks at folders that are watched."""


def bring_up_to_date(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.", metavar="PATH…", exists=True)],
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove documents under PATH whose file is gone.")
    ] = False,
    only: Annotated[bool, typer.Option("--only", help="Remove every document that is not in PATH.")] = False,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Read every file anew.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Go on, and follow what changes in PATH, until Ctrl-C.")
    ] = False,
) -> None:
    """Add documents to the index, or update them."""
    session = begin(context)
    # Imported here, as in every command: `--help` and `config show` need no FAISS and no torch.
    from index.build import update
    from index.files import changes
    from index.sandbox import Sandbox
    from index.store import Store
    from vraagbaak.assembly import make_embedder

    embedder = make_embedder(session.settings)

    def bring(sandbox: Sandbox, *, rebuild: bool = False) -> "Summary":
        with closing(Store(session.settings.data, create=True)) as store, store.alone():
            with session.terminal.meter() as meter:
                summary = update(
                    store,
                    paths,
                    embedder,
                    sandbox,
                    prune=prune,
                    only=only,
                    rebuild=rebuild,
                    report=lambda phase, done, total, at_hand: meter(PHASES[phase], done, total, at_hand),
                )
            show_summary(session.terminal, summary, store)
        return summary

    changed = changes(paths, LOOK_EVERY) if watch else ()  # since now: the first update takes its time
    with Sandbox() as sandbox:
        summary = bring(sandbox, rebuild=rebuild)
        if watch:
            session.terminal.say(f"Watching {', '.join(map(str, paths))} (Ctrl-C stops it).")
            with suppress(KeyboardInterrupt):
                for _ in changed:
                    try:
                        bring(sandbox)
                    except VraagbaakError as error:  # of this state of the folder; the next may be better
                        session.terminal.say(str(error))
    if summary.refused and not (summary.added or summary.changed or summary.unchanged):
        raise typer.Exit(FAILED)


documents = typer.Typer(name="documents", help="List, show or remove the documents of the index.")


@documents.callback(invoke_without_command=True)
def _documents(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_documents(context)


@documents.command("list")
def list_documents(context: typer.Context) -> None:
    """List the documents (also without `list`)."""
    session = begin(context)
    from api.schemas import DocumentBody, DocumentsBody
    from index.editions import standings
    from index.notices import notices_of

    terminal = session.terminal
    with _stored(session.settings.data) as store:
        found = [store.document(entry) for entry in store.entries()]
        refused = store.refusals()
    if terminal.as_json:
        terminal.emit(DocumentsBody(documents=[DocumentBody.of(document) for document in found]))
        return
    stand = standings(found, date.today())
    for document in found:
        terminal.line(_described(document))
        if not stand[document.id].holds:
            terminal.line(f"  {_no_longer(stand[document.id])}")
        for notice in notices_of(document):
            terminal.block(notice, 2)
    for refusal in refused:
        terminal.line(f"refused   {refusal.file}: {refusal.reason}")
    if not found:
        terminal.say(f"There is no document in {session.settings.data}.")


@documents.command("show")
def show_document(context: typer.Context, document_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Show one document: where it came from, its pages and its outline."""
    session = begin(context)
    from api.schemas import DocumentDetails
    from index.editions import standings
    from index.notices import notices_of

    with _stored(session.settings.data) as store:
        entry = _entry(store, document_id)
        document = store.document(entry)
        others = [store.document(other) for other in store.entries()]
    terminal = session.terminal
    if terminal.as_json:
        terminal.emit(DocumentDetails.of(document))
        return
    terminal.line(_described(document))
    for origin in entry.origins:
        terminal.line(f"file      {origin}")
    for source, found in document.dates.items():
        terminal.line(f"date      {found} ({source})")
    for notice in notices_of(document):
        terminal.line(f"notice    {notice}")
    standing = standings(others, date.today())[document.id]
    if len(standing.editions) > 1:
        terminal.line(f"editions  {', '.join(standing.editions)}")
    if not standing.holds:
        terminal.line(f"standing  {_no_longer(standing)}")
    for said in standing.evidence:
        sentence = next(other.text[said.start : said.end] for other in others if other.id == said.document_id)
        terminal.line(f"evidence  {said.document_id}: {f'«{sentence}»' if sentence else 'title or manifest'}")
    if document.source:
        terminal.line(f"source    {document.source}")
    terminal.line(f"text      {len(document.text):,} characters")
    for heading in document.headings:
        page = document.page_at(heading.start).number
        terminal.line(
            f"p. {page:<6} {'  ' * (heading.level - 1)}{document.text[heading.start : heading.end]}"
        )


@documents.command("remove")
def remove_document(
    context: typer.Context, document_id: Annotated[str, typer.Argument(metavar="ID")]
) -> None:
    """Remove a document from the index; its source file stays where it is."""
    session = begin(context)
    from api.schemas import DocumentBody
    from index.build import remove
    from vraagbaak.assembly import make_embedder

    with _stored(session.settings.data) as store:
        document = store.document(_entry(store, document_id))
        embedder = make_embedder(session.settings)
        with store.alone():
            generation = remove(store, document_id, embedder)
    if session.terminal.as_json:
        session.terminal.emit(
            {"removed": DocumentBody.of(document).model_dump(mode="json"), "generation": generation}
        )
    else:
        session.terminal.line(f"removed   {_described(document)}")


@contextmanager
def _stored(folder: Path) -> "Iterator[Store]":
    from index.store import Store

    with closing(Store(folder)) as store:
        yield store


def _entry(store: "Store", document_id: str) -> "Entry":
    from index.errors import UnknownDocument

    for entry in store.entries():
        if entry.id == document_id:
            return entry
    raise UnknownDocument(f"There is no document {document_id!r}: see `vraagbaak documents list`.")


def _no_longer(standing: "Standing") -> str:
    told = ["withdrawn"] if standing.withdrawn else []
    return ", ".join([*told, f"replaced by {standing.replaced_by}"] if standing.replaced_by else told)


def _described(document: "Document") -> str:
    pages = f"{len(document.pages)} page{'s' if len(document.pages) != 1 else ''}"
    return f"{document.id}  «{document.title}», {document.date or 'no date'}, {pages}, {document.file}"
