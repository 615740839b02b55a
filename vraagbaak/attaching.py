"""An editor's review of a kept question: pages that answer it, and facts that stand on them."""

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from eval.questions import KINDS, STYLES, normalise
from index.errors import BadConfiguration, UnknownDocument
from index.store import Store
from rag.review.kept import Place, Review


def stored_pages(
    folder: Path, before: Sequence[Place], document_id: str | None, number: int | None
) -> Mapping[Place, str]:
    """Return the text of each page `before` and of the one that is added; of none if no page is added.

    A page of a document that was removed since has no text. Raises UnknownDocument and UnknownPage.
    """
    if document_id is None or number is None:
        return {}
    with closing(Store(folder)) as store:
        entries = {entry.id: entry for entry in store.entries()}
        if document_id not in entries:
            raise UnknownDocument(f"There is no document {document_id!r}: see `vraagbaak documents list`.")
        added = Place(document_id, entries[document_id].file, number)
        texts = {}
        for place in (*before, added):
            texts[place] = ""
            if place.document in entries:
                document = store.document(entries[place.document])
                page = document.page(place.page)
                texts[place] = document.text[page.start : page.end]
    return texts


def reviewed(
    before: Review | None, pages: Mapping[Place, str], facts: Sequence[str], given: Mapping[str, str | None]
) -> Review:
    """Return the review `before` with these pages, and with facts and what is `given` of its fields added.

    Without pages the documents do not answer the question. Raises BadConfiguration for a fact that stands on
    none of the pages, and for a kind or style that question files do not have.
    """
    review = before or Review((), (), kind="factoid", style="chat")
    if not pages:
        review = replace(review, facts=(), kind="unanswerable")
    elif not review.pages:
        review = replace(review, kind="factoid")
    text = normalise(" ".join(pages.values()))
    for fact in facts:
        try:
            stated = re.search(fact, text, re.IGNORECASE)
        except re.error as error:
            raise BadConfiguration(f"{fact!r} is no regular expression: {error}.") from error
        if not stated:
            named = ", ".join(f"{place.document} p. {place.page}" for place in pages) or "any page"
            raise BadConfiguration(f"The fact {fact!r} does not stand on {named}.")
    changed = {name: value for name, value in given.items() if value is not None}
    review = replace(
        review, pages=tuple(pages), facts=tuple(dict.fromkeys((*review.facts, *facts))), **changed
    )
    for value, known in ((review.kind, KINDS), (review.style, STYLES)):
        if value not in known:
            raise BadConfiguration(f"{value!r} must be one of {', '.join(sorted(known))}.")
    return review
