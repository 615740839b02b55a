"""The editors' pages as HTML: forms and tables, no script; what documents and people say is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from index.documents import Document
from index.editions import Standing
from index.notices import notices_of
from index.store import Refusal
from index.texts import text
from rag.review.kept import KeptQuestion, Place

Row = Sequence[str]


def login_page(trouble: str = "") -> str:
    """Return the page on which an editor gives the token."""
    return _page(
        _alarm(trouble),
        '<form method="post" action="/beheer/aanmelden">',
        '<input name="username" autocomplete="username" value="beheer" hidden><label>',  # password managers
        f'{_said("token")} <input type="password" name="token" autocomplete="current-password" required>',
        f"</label> <button>{_said('enter')}</button></form>",
    )


def documents_page(
    documents: Sequence[Document],
    standings: Mapping[str, Standing],
    refusals: Sequence[Refusal],
    *,
    at_hand: str = "",
    trouble: str = "",
) -> str:
    """Return the page with the documents, and the forms to bring them and to take them away."""
    heads = ("document", "date", "pages", "state", "notices")
    rows = [
        (
            f'<a href="/api/v1/documents/{escape(one.id)}/file">{escape(one.title)}</a><br>'
            f"{escape(one.file)}",
            escape(one.date or ""),
            str(len(one.pages)) if one.paged else "",
            escape(_state(standings[one.id])),
            _list(notices_of(one)),
            f'<form method="post" action="/beheer/documenten/{escape(one.id)}/weg">'
            f'<button aria-label="{_said("away")}: {escape(one.title)}">{_said("away")}</button></form>',
        )
        for one in documents
    ]
    refused = [(escape(one.file), escape(one.reason)) for one in refusals]
    return _page(
        _menu(),
        _alarm(trouble),
        f'<p role="status">{escape(text("editors.waiting", words=at_hand))}</p>' if at_hand else "",
        f"<h2>{_said('upload')}</h2>",
        '<form method="post" action="/beheer/documenten" enctype="multipart/form-data"><label>',
        f'{_said("choose")}<br><input type="file" name="file" multiple required></label> ',
        f"<button>{_said('bring')}</button></form>",
        f"<h2>{_said('documents')} ({len(documents)})</h2>",
        _table((*heads, "away"), rows) if rows else f"<p>{_said('none')}</p>",
        f"<p>{_said('kept_files')}</p>",
        f"<h2>{_said('refused')}</h2>",
        _table(("document", "reason"), refused) if refused else f"<p>{_said('all_read')}</p>",
        '<script type="module" src="/beheer/beheer.js"></script>' if at_hand else "",
    )


def questions_page(questions: Sequence[KeptQuestion]) -> str:
    """Return the page with the questions that wait for an editor."""
    rows = [
        (
            escape(question.asked.question),
            _said(f"status_{question.asked.status}"),
            _list(
                text(f"page.reason_{one.reason}") if not one.comment else one.comment
                for one in question.verdicts
                if one.reason or one.comment
            ),
            "<br>".join(_place(place) for place in question.asked.nearest),
        )
        for question in questions
    ]
    export = f'<p><a href="/beheer/vragen.jsonl" download>{_said("export")}</a></p>'
    return _page(
        _menu(),
        f"<h2>{_said('ask')} ({len(questions)})</h2>",
        _table(("question", "status", "said", "nearest"), rows) + export if rows else "",
        "" if rows else f"<p>{_said('no_questions')}</p>",
    )


def no_report_page() -> str:
    """Return what stands where the report of the last evaluation will be."""
    return _page(_menu(), f"<h2>{_said('evaluation')}</h2>", f"<p>{_said('no_report')}</p>")


def _page(*parts: str) -> str:
    return "".join(
        (
            '<!doctype html><html lang="nl"><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{_said('title')}</title>",
            '<link rel="icon" href="data:,"><link rel="stylesheet" href="/docs/reference.css">',
            '<link rel="stylesheet" href="/beheer/beheer.css">',
            f"<main><h1>{_said('title')}</h1>",
            *parts,
            "</main>",
        )
    )


def _menu() -> str:
    return (
        f'<nav><a href="/beheer">{_said("documents")}</a> · <a href="/beheer/vragen">{_said("ask")}</a>'
        f' · <a href="/beheer/evaluatie">{_said("evaluation")}</a>'
        f'<form method="post" action="/beheer/afmelden"><button>{_said("leave")}</button></form></nav>'
    )


def _table(heads: Sequence[str], rows: Iterable[Row]) -> str:
    head = "".join(f"<th scope=col>{_said(name)}" for name in heads)
    body = "".join(
        "<tr>"
        + "".join(f'<td data-name="{_said(name)}">{cell}</td>' for name, cell in zip(heads, row, strict=True))
        for row in rows
    )
    return f"<table><thead><tr>{head}<tbody>{body}</table>"


def _state(standing: Standing) -> str:
    if standing.replaced_by:
        return text("editors.state_replaced", document=standing.replaced_by)
    return text("editors.state_withdrawn" if standing.withdrawn else "editors.state_holds")


def _place(place: Place) -> str:
    url = f"/api/v1/documents/{escape(place.document)}/pages/{place.page}.png"
    return f'<a href="{url}">{escape(place.file)}, {escape(text("page.page", page=place.page))}</a>'


def _list(words: Iterable[str]) -> str:
    return "<br>".join(map(escape, words))


def _alarm(trouble: str) -> str:
    return f'<p role="alert">{escape(trouble)}</p>' if trouble else ""


def _said(name: str) -> str:
    return escape(text(f"editors.{name}"))
