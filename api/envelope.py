"""What every response gets: an id to refer to, headers that keep browsers safe, and no bare crash."""

import re
import uuid
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import response_of

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


class Envelope:
    """ASGI middleware around everything, errors of other middleware included.

    It refuses a body that is larger than `limit` allows for its path. (FastAPI's own limit answers in plain
    text.)
    """

    def __init__(self, app: ASGIApp, limit: Callable[[str], int]) -> None:
        """`limit` gives the bytes that a body may have at a path."""
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        request_id = given if _ID.fullmatch(given) else uuid.uuid4().hex[:12]
        scope.setdefault("state", {})["request_id"] = request_id
        started, received, limit = False, 0, self._limit(scope["path"])

        async def send_with_headers(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = request_id
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        async def receive_within_limit() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise HTTPException(413)
            return message

        try:
            length = Headers(scope=scope).get("content-length", "")
            if length.isdecimal() and int(length) > limit:
                raise HTTPException(413)
            await self._app(scope, receive_within_limit, send_with_headers)
        except Exception as error:
            if started:
                raise
            await response_of(error, request_id, scope["path"])(scope, receive, send_with_headers)
