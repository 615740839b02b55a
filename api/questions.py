"""Searching and asking."""

import asyncio

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.asking import Asking
from api.events import AnswerStream, answer_events
from api.openapi import problems
from api.requests import AskBody, SearchBody, as_json
from api.schemas import AnswerBody, HitBody, HitsBody
from api.service import Service
from rag.answers import Answer

CLIENT_LEFT = 499
"""nginx's status for a client that did not wait; nobody receives it, it is for the log."""


def question_routes(service: Service) -> APIRouter:
    """Return the routes that find and answer."""
    routes = APIRouter(
        prefix="/api/v1",
        tags=["vragen"],
        dependencies=[Depends(as_json)],
        responses=problems(400, 404, 413, 415, 422, 500, 503),
    )

    @routes.post("/search")
    def search(body: SearchBody) -> HitsBody:
        """Find passages."""
        hits = service.assistant.search(body.query, body.k, body.documents)
        return HitsBody(query=body.query, hits=[HitBody.of(hit) for hit in hits])

    @routes.post(
        "/ask",
        response_model=AnswerBody,
        responses=problems(502) | {200: {"content": {"text/event-stream": {}}}},
    )
    async def ask(body: AskBody, request: Request) -> Response | AnswerBody:
        """Answer a question, as JSON or, with `Accept: text/event-stream`, as a stream of events."""
        asking = service.begin(body.question, body.turns, body.documents)
        if "text/event-stream" in request.headers.get("accept", ""):
            return AnswerStream(asking, answer_events(asking, request.state.request_id))
        answer = await answer_of(request, asking)
        return AnswerBody.of(answer) if answer else Response(status_code=CLIENT_LEFT)

    return routes


async def answer_of(request: Request, asking: Asking) -> Answer | None:
    """Wait for the answer, or return None and end the work as soon as the client has gone."""
    try:
        return await _while_connected(request, asking)
    finally:
        asking.leave()


async def _while_connected(request: Request, asking: Asking) -> Answer | None:
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
