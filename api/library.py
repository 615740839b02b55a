"""The documents: what there is, the files as they are, and pages as pictures."""

import hashlib
import re
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import WithJsonSchema
from starlette.responses import FileResponse, Response

from api.openapi import problems
from api.schemas import DocumentBody, DocumentDetails, DocumentsBody, PageBody
from index.images import page_image
from index.sandbox import Sandbox

if TYPE_CHECKING:
    from index.documents import Document
    from rag.assistant import Assistant

_QUOTE = re.compile(r"(\d{1,9})-(\d{1,9})")
_Quote = Annotated[
    str | None,
    WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,9}-[0-9]{1,9}$", "examples": ["4974-5190"]}),
    Query(),
]
_LONGEST_QUOTE = 20_000  # characters: more marks would only cost time
_UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": "What you have is still right"}}
_CACHE = {"Cache-Control": "private, no-cache"}  # keep it, but ask each time: an ETag costs no drawing


def library_routes(assistant: "Assistant", sandbox: Sandbox) -> APIRouter:
    """Return the routes that show documents; their pages are drawn in the sandbox."""
    routes = APIRouter(prefix="/api/v1/documents", tags=["documenten"])
    missing = problems(404, 500, 503)

    @routes.get("", responses=problems(500, 503))
    def documents() -> DocumentsBody:
        """List the documents."""
        return DocumentsBody(documents=[DocumentBody.of(document) for document in assistant.index.documents])

    @routes.get("/{document_id}", responses=missing | problems(422))
    def document(document_id: str) -> DocumentDetails:
        """Describe one document."""
        return DocumentDetails.of(assistant.index.document(document_id))

    @routes.get(
        "/{document_id}/file", response_class=FileResponse, responses=missing | _delivered("application/*")
    )
    def file(document_id: str) -> FileResponse:
        """Deliver the original file; only a PDF opens in the browser, so that `#page=12` works."""
        index = assistant.index
        name = index.document(document_id).file
        is_pdf = name.lower().endswith(".pdf")
        # The page's own policy would keep the browser's PDF viewer from showing it.
        policy = {"Content-Security-Policy": "frame-ancestors 'self'"} if is_pdf else {}
        return FileResponse(
            index.file(document_id),
            headers=_CACHE | policy,
            media_type="application/pdf" if is_pdf else "application/octet-stream",
            filename=name,
            content_disposition_type="inline" if is_pdf else "attachment",
        )

    @routes.get(
        "/{document_id}/pages/{number}.png",
        response_class=Response,
        responses=missing | problems(422) | _delivered("image/png") | _UNCHANGED,
    )
    def page(request: Request, document_id: str, number: int, quote: _Quote = None) -> Response:
        """Draw a page, its part of a quote marked; `quote` is START-END, positions in the document's text."""
        index = assistant.index
        document = index.document(document_id, placed=True)
        document.page(number)
        span = _span(quote, document) if quote is not None else None
        made_from = f"{index.generation} {document_id} {number} {span}"
        tag = f'"{hashlib.sha256(made_from.encode()).hexdigest()[:32]}"'
        headers = _CACHE | {"ETag": tag}
        if tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        image = page_image(sandbox, index.file(document_id), document, number, span)
        return Response(image, headers=headers, media_type="image/png")

    # After the image: {number} would match "3.png" too.
    @routes.get("/{document_id}/pages/{number}", responses=missing | problems(422))
    def words(document_id: str, number: int) -> PageBody:
        """Return the text of a page, for who cannot see its image."""
        return PageBody.of(assistant.index.document(document_id), number)

    return routes


def _delivered(kind: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}}}}}


def _span(quote: str, document: "Document") -> tuple[int, int]:
    found = _QUOTE.fullmatch(quote)
    start, end = (int(found[1]), int(found[2])) if found else (0, 0)
    if not start < end <= len(document.text) or end - start > _LONGEST_QUOTE:
        raise RequestValidationError([{"type": "quote", "loc": ("query", "quote"), "input": quote}])
    return start, end
