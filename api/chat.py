"""OpenAI's chat completions: for chat front ends and programs that speak nothing else.

What the model drafts is not streamed: a client of this kind cannot take a word back, and a draft is not
verified. So the stream is silent, with comments that keep it open, until the answer is.
"""

import json
import time
from collections.abc import AsyncIterator
from typing import Literal

from fastapi import APIRouter, Depends, Request
from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from pydantic import BaseModel
from starlette.responses import Response

from api.asking import Asking, Beat
from api.chat_reply import DONE, ChatStyle, Completion, Reply
from api.chat_request import MODEL, CompletionBody, UnknownModel
from api.chat_tasks import task_answer
from api.events import AnswerStream
from api.openapi import problems
from api.problems import openai_error, problem_of
from api.questions import CLIENT_LEFT, answer_of
from api.requests import as_json
from api.service import Service
from rag.answers import Answer


class Model(BaseModel):
    """A model, in OpenAI's shape."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int
    owned_by: str = MODEL


class Models(BaseModel):
    """The models, in OpenAI's shape."""

    object: Literal["list"] = "list"
    data: list[Model]


def chat_routes(service: Service, style: ChatStyle) -> APIRouter:
    """Return the routes under `/v1`."""
    failures = problems(400, 404, 413, 415, 429, 500, 502, 503, kind="application/json", schema="OpenAIError")
    routes = APIRouter(prefix="/v1", tags=["openai"])
    model = Model(created=int(time.time()))

    @routes.get("/models")
    def models() -> Models:
        """List the only model there is."""
        return Models(data=[model])

    @routes.get("/models/{name}", responses={404: failures[404]})
    def one_model(name: str) -> Model:
        """Describe a model."""
        if name != MODEL:
            raise UnknownModel(f"There is no model {name}.")
        return model

    @routes.post(
        "/chat/completions",
        response_model=Completion,
        dependencies=[Depends(as_json)],
        responses=failures | {200: {"content": {"text/event-stream": {}}}},
    )
    async def complete(body: CompletionBody, request: Request) -> Response:
        """Answer the last message of the user, whole or, with `stream`, as OpenAI's stream of chunks."""
        reply = Reply(body, style.base or str(request.base_url).rstrip("/"), style.listed)
        if (words := task_answer(body.question)) is not None:
            return _at_once(reply, words)
        asking = service.begin(body.question, body.turns)
        if body.stream:
            return AnswerStream(asking, _events(reply, asking, request.state.request_id))
        answer = await answer_of(request, asking)
        return reply.whole(reply.text(answer), answer) if answer else Response(status_code=CLIENT_LEFT)

    return routes


def _at_once(reply: Reply, words: str) -> Response:
    if not reply.body.stream:
        return reply.whole(words)
    return EventSourceResponse([reply.opening(), *reply.written(words), DONE])


async def _events(reply: Reply, asking: Asking, request_id: str) -> AsyncIterator[bytes]:
    yield reply.opening()
    try:
        async for step in asking.news():
            if isinstance(step, Answer):
                for event in reply.written(reply.text(step), step):
                    yield event
            elif isinstance(step, Beat):
                yield KEEPALIVE_COMMENT
    except Exception as error:  # noqa: BLE001 - the response has begun: the client hears of it in the stream
        yield format_sse_event(data_str=json.dumps(openai_error(problem_of(error, request_id))))
    yield DONE
