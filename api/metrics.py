"""Figures for Prometheus: how often, how long, how full. Never a word of a question or of a document."""

import time
from typing import TYPE_CHECKING

from fastapi import APIRouter
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.line import Line
from rag.answers import Answer

if TYPE_CHECKING:
    from rag.assistant import Assistant

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80)
"""Bounds of the histograms: from a search to an answer that waited in a full line."""

_METHODS = frozenset(("GET", "HEAD", "POST", "OPTIONS"))


class Metrics:
    """The figures of one application, in a registry of their own. Threads may share it."""

    def __init__(self, assistant: "Assistant", line: Line) -> None:
        self._registry = registry = CollectorRegistry()
        self._requests = Counter(
            "vraagbaak_http_requests",
            "Requests by method, route and status.",
            ("method", "route", "status"),
            registry=registry,
        )
        self._request_seconds = Histogram(
            "vraagbaak_http_request_seconds",
            "Until the last byte was sent.",
            ("route",),
            buckets=SECONDS,
            registry=registry,
        )
        self._answers = Counter(
            "vraagbaak_answers", "Answers by status, of all channels.", ("status",), registry=registry
        )
        self._answer_seconds = Histogram(
            "vraagbaak_answer_seconds",
            "From the question to a moment of its answer, the wait in the line included.",
            ("moment",),
            buckets=SECONDS,
            registry=registry,
        )
        self._dropped = Counter(
            "vraagbaak_sentences_dropped",
            "Sentences that the generator wrote and no quote confirmed.",
            registry=registry,
        )
        for name, words, value in (
            ("questions_in_line", "Questions that are answered or wait for it.", lambda: len(line)),
            ("documents", "Documents in the index.", lambda: len(assistant.index.documents)),
            ("index_degraded", "1 when an older index answers.", lambda: bool(assistant.index.alarm)),
        ):
            Gauge(f"vraagbaak_{name}", words, registry=registry).set_function(value)

    def note(self, answer: Answer) -> None:
        """Count an answer."""
        self._answers.labels(answer.status).inc()
        self._dropped.inc(len(answer.dropped))
        for moment, milliseconds in answer.timings.items():
            self._answer_seconds.labels(moment).observe(milliseconds / 1000)

    def count(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request. `route` is the path as it was declared: a real one could name a document."""
        known = method if method in _METHODS else "other"
        self._requests.labels(known, route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def page(self) -> bytes:
        """Return the figures in Prometheus's text format."""
        return generate_latest(self._registry)


def metrics_routes(metrics: Metrics) -> APIRouter:
    """Return the route that Prometheus asks."""
    routes = APIRouter(tags=["dienst"])

    @routes.get(
        "/metrics", response_class=Response, responses={200: {"content": {"text/plain": {"schema": _TEXT}}}}
    )
    def figures() -> Response:
        """Give the figures of this process, in Prometheus's text format."""
        return Response(metrics.page(), media_type=CONTENT_TYPE_LATEST)

    return routes


class Counted:
    """ASGI middleware that counts every response, those of other middleware included."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 499, time.perf_counter()  # 499: nothing was sent, because the client had gone

        async def send_and_look(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_look)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            self._metrics.count(scope["method"], route, status, time.perf_counter() - began)


_TEXT = {"type": "string"}
