"""Searching and asking."""

import asyncio
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.asking import Asking
from api.events import AnswerStream
from api.line import Line
from api.requests import AskBody, SearchBody
from api.schemas import AnswerBody, HitBody, HitsBody
from rag.answers import Answer
from rag.review.feedback import Feedback

if TYPE_CHECKING:
    from rag.assistant import Assistant

CLIENT_LEFT = 499
"""nginx's status for a client that did not wait; nobody receives it, it is for the log."""


def question_routes(assistant: "Assistant", line: Line, feedback: Feedback | None) -> APIRouter:
    """Return the routes that find and answer, one question at a time through `line`.

    `feedback`, if there is any, is told of every answer.
    """
    routes = APIRouter(prefix="/api/v1", tags=["vragen"])

    @routes.post("/search")
    def search(body: SearchBody) -> HitsBody:
        """Find passages."""
        hits = assistant.search(body.query, body.k, body.documents)
        return HitsBody(query=body.query, hits=[HitBody.of(hit) for hit in hits])

    @routes.post("/ask", response_model=AnswerBody, responses={200: {"content": {"text/event-stream": {}}}})
    async def ask(body: AskBody, request: Request) -> Response | AnswerBody:
        """Answer a question, as JSON or as a stream of events."""
        asking = Asking(
            lambda: assistant.steps(body.question, body.turns, body.documents),
            line,
            feedback.note if feedback else None,
        )
        if "text/event-stream" in request.headers.get("accept", ""):
            return AnswerStream(asking, request.state.request_id)
        try:
            answer = await _while_connected(request, asking)
        finally:
            asking.leave()
        return AnswerBody.of(answer) if answer else Response(status_code=CLIENT_LEFT)

    return routes


async def _while_connected(request: Request, asking: Asking) -> Answer | None:
    """Wait for the answer, or return None as soon as the client has gone."""
    answered = asyncio.create_task(asking.answer())
    gone = asyncio.create_task(_disconnected(request))
    try:
        await asyncio.wait((answered, gone), return_when=asyncio.FIRST_COMPLETED)
        return answered.result() if answered.done() else None
    finally:
        answered.cancel()
        gone.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
