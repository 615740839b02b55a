"""An answer as Markdown, for chat front ends: the text with its markers, and its sources as links.

What documents say must not become a link, an image or HTML there: an image is fetched as soon as it is shown,
and its address can carry away what was asked.
"""

import re
from collections.abc import Iterator

from api.schemas import page_url
from index.place_names import place_name
from index.texts import text
from rag.answers import Answer

NEAREST = 3
"""Pages that are named when there is no answer."""

_LIVE = re.compile(r"!(?=\[)|\](?=[(:])|<(?=[A-Za-z/!?])|`|\\")
_SPECIAL = re.compile(r"[\\`*_\[\]<>|]")


def answer_in_markdown(answer: Answer, base: str, *, listed: bool) -> str:
    """Return the text and, if `listed`, the sources below it, or the nearest pages where there is no answer.

    `base` is the address of the service, without a slash at its end, for links to page images.
    """
    quiet = _LIVE.sub(r"\\\g<0>", answer.text)
    sources = list(_sources(answer, base)) if listed else []
    return "\n\n".join((quiet, *answer.notices, *(["\n".join(sources)] if sources else [])))


def _sources(answer: Answer, base: str) -> Iterator[str]:
    if answer.citations:
        yield f"**{text('chat.sources')}**\n"
        for citation in answer.citations:
            headings = citation.document.headings_at(citation.start)
            name = place_name(citation.document, citation.page, headings)
            url = page_url(citation.document.id, citation.page, citation.start, citation.end)
            yield f"- [{citation.number}] {_link(name, base + url)}"
    elif answer.status == "not_found" and answer.hits:
        yield f"**{text('page.near')}**\n"
        for hit in answer.hits[:NEAREST]:
            page = min(hit.pages, default=1)
            name = place_name(hit.document, page, hit.passage.headings)
            url = page_url(hit.document.id, page, hit.passage.start, hit.passage.end)
            yield f"- {_link(name, base + url)}"


def _link(name: str, url: str) -> str:
    quiet = _SPECIAL.sub(r"\\\g<0>", name)
    return f"[{quiet}]({url})"
