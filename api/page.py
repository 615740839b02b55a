"""The chat page, its scripts and its texts."""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.staticfiles import StaticFiles
from pydantic import BaseModel
from starlette.responses import HTMLResponse

from index.texts import all_texts, text
from rag.review.feedback import Feedback, Keep

if TYPE_CHECKING:
    from rag.assistant import Assistant

STATIC = Path(__file__).parent / "static"
_TEXT = re.compile(r"\{\{(page\.\w+)\}\}")


class PageTexts(BaseModel):
    """What the chat page says: its texts, questions to begin with, how many documents, what is kept."""

    texts: dict[str, str]
    examples: list[str]
    documents: int
    keep: Keep


def page_routes(assistant: "Assistant", examples: Sequence[str], feedback: Feedback | None) -> APIRouter:
    """Return the routes of the chat page. Its scripts and styles are `page_files`."""
    routes = APIRouter()
    template = (STATIC / "index.html").read_text(encoding="utf-8")
    # The texts stand in the page itself, so that it reads well before any script has run.
    html = _TEXT.sub(lambda found: escape(text(found[1])), template)

    @routes.api_route("/", methods=["GET", "HEAD"], include_in_schema=False)
    def page() -> HTMLResponse:
        return HTMLResponse(html, headers={"Cache-Control": "no-cache"})

    @routes.get("/api/v1/texts")
    def texts() -> PageTexts:
        """Return the texts of the chat page."""
        page_texts = {key: value for key, value in all_texts().items() if key.startswith("page.")}
        return PageTexts(
            texts=page_texts,
            examples=list(examples),
            documents=len(assistant.index.documents),
            keep=feedback.keep if feedback else "never",
        )

    return routes


def page_files() -> StaticFiles:
    """Return the app that delivers the page's scripts and styles."""
    return StaticFiles(directory=STATIC)
