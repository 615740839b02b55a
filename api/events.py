"""An answer as a stream of server-sent events, in the order that CONTRACT promises."""

import json
from collections.abc import AsyncIterator
from itertools import count

from fastapi.sse import KEEPALIVE_COMMENT, EventSourceResponse, format_sse_event
from starlette.types import Receive, Scope, Send

from api.asking import Asking, Beat, Waiting
from api.problems import problem_of
from api.schemas import AnswerBody, SourcesBody
from rag.answers import Answer, Sources, Step, Token


class AnswerStream(EventSourceResponse):
    """The `events` of one question. When the client goes away, the work for it ends."""

    def __init__(self, asking: Asking, events: AsyncIterator[bytes]) -> None:
        super().__init__(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self._asking = asking

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._asking.leave()


async def answer_events(asking: Asking, request_id: str) -> AsyncIterator[bytes]:
    """Yield what happens to a question as events; KEEPALIVE_COMMENT while nothing does."""
    ids = count(1)

    def event(name: str, data: object) -> bytes:
        return format_sse_event(
            event=name, data_str=json.dumps(data, ensure_ascii=False), id=f"{request_id}-{next(ids)}"
        )

    if not asking.waited:
        yield event("status", {"phase": "search"})
    try:
        async for step in asking.news():
            yield KEEPALIVE_COMMENT if isinstance(step, Beat) else event(*_content(step))
    except Exception as error:  # noqa: BLE001 - the response has begun: the client hears of it in the stream
        yield event("error", problem_of(error, request_id))
    yield event("done", {})


def _content(step: Step | Waiting) -> tuple[str, object]:
    match step:
        case Waiting(ahead=0):
            return "status", {"phase": "write"}
        case Waiting(ahead=ahead):
            return "status", {"phase": "queue", "place": ahead}
        case Sources():
            return "sources", SourcesBody.of(step).model_dump(mode="json")
        case Token(text=text):
            return "token", {"text": text}
        case Answer():
            return "answer", AnswerBody.of(step).model_dump(mode="json")
