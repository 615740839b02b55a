"""The application: every route around one assistant."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing, nullcontext
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from api.chat import chat_routes
from api.chat_reply import ChatStyle
from api.editors import Editors, editor_routes
from api.envelope import Envelope
from api.feedback import feedback_routes
from api.intake import Intake
from api.library import library_routes
from api.line import Line, LineClosed
from api.metrics import Counted, Metrics, metrics_routes
from api.openapi import described, problems
from api.page import page_files, page_routes
from api.problems import answer_with_problems
from api.questions import question_routes
from api.reference import reference_routes
from api.service import Service
from api.tools import mcp_routes, mcp_server
from index.sandbox import Sandbox
from rag.review.feedback import Feedback

if TYPE_CHECKING:
    from rag.assistant import Assistant

BODY_LIMIT = 64 * 1024
"""Bytes of one request: a question with its conversation is far smaller."""
UPLOAD_LIMIT = 256 * 1024 * 1024
"""Bytes of one upload by an editor: a file may be 200 MB."""
CHAT_LIMIT = 1024 * 1024
"""Bytes of one request under `/v1`: chat front ends send the whole conversation, sources and all."""


def create_app(
    assistant: "Assistant",
    *,
    examples: Sequence[str] = (),
    waiting: int = 8,
    version: str = "dev",
    feedback: Feedback | None = None,
    chat: ChatStyle | None = None,
    contact: str = "",
    origins: Sequence[str] = (),
    mcp: Sequence[str] | None = None,
    editors: Editors | None = None,
) -> FastAPI:
    """Return the web application around `assistant`.

    `examples` are the questions that the chat page offers to begin with; `waiting` is how many questions
    may wait while one is being answered, before others are sent away with status 503; `version` is that of
    the software. Without `feedback` nothing that is asked is kept, and nobody can give any. `chat` says how
    answers look under `/v1`. `contact` is shown where there is no answer. Pages of `origins` may use the API
    from a browser, and show the chat. Where `mcp` is given, other assistants find tools at `/mcp`, under
    these addresses and those of this machine. Where `editors` are given, they have their pages at `/beheer`.
    """
    line = Line(waiting)
    metrics = Metrics(assistant, line)
    service = Service(assistant, line, [metrics.note, *([feedback.note] if feedback else [])])
    sandbox = Sandbox()
    intake = Intake(editors.folder, lambda: assistant.index.embedder) if editors else None
    tools = mcp_server(service, version) if mcp is not None else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with sandbox, closing(intake) if intake else nullcontext():
            async with tools.session_manager.run() if tools else nullcontext():
                yield

    # FastAPI's own pages of documentation load their scripts from elsewhere: /docs is ours.
    app = FastAPI(
        title="Vraagbaak",
        version=version,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.line = line
    answer_with_problems(app)
    app.include_router(page_routes(assistant, examples, feedback, contact, origins))
    app.include_router(question_routes(service))
    if feedback:
        app.include_router(feedback_routes(feedback))
    app.include_router(library_routes(assistant, sandbox))
    app.include_router(chat_routes(service, chat or ChatStyle()))
    app.include_router(metrics_routes(metrics))
    app.include_router(reference_routes(app))
    if editors and intake:
        app.include_router(editor_routes(editors, intake))
    if tools:
        app.router.routes.extend(mcp_routes(tools, mcp or ()))
    app.mount("/static", page_files())
    described(app)
    app.add_middleware(Envelope, limit=_limit)
    if origins:  # around the envelope, so that a page elsewhere may read what it refuses
        app.add_middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_methods=("GET", "POST"),
            allow_headers=("Content-Type",),
            expose_headers=("X-Request-ID", "Retry-After"),
        )
    app.add_middleware(Counted, metrics=metrics)  # the outermost

    @app.head("/healthz", include_in_schema=False)
    @app.get("/healthz", tags=["dienst"])
    async def healthz() -> dict[str, str]:
        """Say that the process is alive."""
        return {"status": "ok"}

    @app.head("/readyz", include_in_schema=False)
    @app.get("/readyz", tags=["dienst"], responses=problems(503))
    def readyz() -> dict[str, str]:
        """Say whether questions can be answered now."""
        if line.closed:
            raise LineClosed("The service is stopping.")
        index = assistant.index
        return {"status": "degraded" if index.alarm else "ok", "index": index.generation}

    @app.get("/version", tags=["dienst"])
    def versions() -> dict[str, str]:
        """Name the versions of the software, the models and the index."""
        return {
            "version": app.version,
            "embedder": assistant.embedder_name,
            "generator": assistant.generator_name,
            "index": assistant.index.generation,
        }

    return app


def _limit(path: str) -> int:
    if path == "/beheer/documenten":
        return UPLOAD_LIMIT
    return CHAT_LIMIT if path.startswith("/v1/") else BODY_LIMIT
