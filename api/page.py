"""The chat: the element that pages embed, the page of its own, its texts."""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from api.envelope import CONTENT_POLICY
from index.texts import all_texts, text
from rag.review.feedback import Feedback, Keep

if TYPE_CHECKING:
    from rag.assistant import Assistant

STATIC = Path(__file__).parent / "static"
_TEXT = re.compile(r"\{\{(page\.\w+)\}\}")
_WIDGET = 'import "./static/element.js";\n'
_FRESH = {"Cache-Control": "no-cache"}  # old and new modules do not go together; an ETag saves the bytes


class PageTexts(BaseModel):
    """What the chat says: its texts, questions to begin with, how many documents, what is kept, a contact."""

    texts: dict[str, str]
    examples: list[str]
    documents: int
    keep: Keep
    contact: str


def page_routes(
    assistant: "Assistant",
    examples: Sequence[str],
    feedback: Feedback | None,
    contact: str,
    origins: Sequence[str],
) -> APIRouter:
    """Return the routes of the chat. Its scripts and styles are `page_files`.

    Pages of `origins` may show the chat page in a frame.
    """
    routes = APIRouter()
    template = (STATIC / "index.html").read_text(encoding="utf-8")
    # The texts stand in the page itself, so that it reads well before any script has run.
    html = _TEXT.sub(lambda found: escape(text(found[1])), template)
    policy = CONTENT_POLICY.replace("frame-ancestors 'self'", " ".join(("frame-ancestors 'self'", *origins)))
    policy += "; require-trusted-types-for 'script'; trusted-types 'none'"

    @routes.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    def page() -> HTMLResponse:
        return HTMLResponse(html, headers={**_FRESH, "Content-Security-Policy": policy})

    @routes.api_route("/widget.js", methods=["GET", "HEAD"], include_in_schema=False)
    def widget() -> Response:
        return Response(_WIDGET, headers=_FRESH, media_type="text/javascript")

    @routes.get("/api/v1/texts")
    def texts() -> PageTexts:
        """Return the texts of the chat."""
        page_texts = {key: value for key, value in all_texts().items() if key.startswith("page.")}
        return PageTexts(
            texts=page_texts,
            examples=list(examples),
            documents=len(assistant.index.documents),
            keep=feedback.keep if feedback else "never",
            contact=contact,
        )

    return routes


class _Files(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_FRESH)
        return response


def page_files() -> StaticFiles:
    """Return the app that delivers the chat's scripts and styles."""
    return _Files(directory=STATIC)
