"""What goes wrong, as problem details (RFC 9457) with a Dutch text and the id of the request."""

import logging
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from api.chat_request import UnknownModel
from api.feedback import TooMany
from api.line import LineClosed, LineFull
from index.errors import (
    BadQuestion,
    GenerationFailed,
    IndexUnavailable,
    ModelUnavailable,
    UnknownAnswer,
    UnknownDocument,
    UnknownPage,
    UnreadableDocument,
)
from index.texts import all_texts, text

Problem = dict[str, object]

RETRY_AFTER = 10
"""Seconds: about the time of one answer on two processor cores."""

KINDS: Mapping[type[Exception], tuple[int, str]] = {
    BadQuestion: (422, "bad_question"),
    RequestValidationError: (422, "invalid"),
    UnknownDocument: (404, "unknown_document"),
    UnknownPage: (404, "unknown_page"),
    UnknownModel: (404, "unknown_model"),
    UnknownAnswer: (404, "unknown_answer"),
    TooMany: (429, "too_many"),
    LineFull: (503, "busy"),
    LineClosed: (503, "stopping"),
    IndexUnavailable: (503, "index_unavailable"),
    ModelUnavailable: (503, "model_unavailable"),
    UnreadableDocument: (500, "undrawable"),
    GenerationFailed: (502, "generation_failed"),
}
"""Status and kind of every error that means something to a client. Anything else is a 500."""

_OWN_WORDS = (BadQuestion, UnknownPage)  # their messages are Dutch and for who asks
_STATUSES = {
    400: "unreadable",
    403: "forbidden",
    404: "not_found",
    405: "not_allowed",
    413: "too_large",
    415: "no_json",
}

logger = logging.getLogger(__name__)


def problem_of(error: Exception, request_id: str) -> Problem:
    """Return the problem details of an error; an unexpected one is logged and shows nothing of itself."""
    if isinstance(error, HTTPException):
        status, kind = error.status_code, _STATUSES.get(error.status_code, "http")
    else:
        status, kind = next((KINDS[base] for base in type(error).mro() if base in KINDS), (500, "unexpected"))
    if status >= 500:
        expected = kind not in ("unexpected", "generation_failed")
        logger.error("request %s: %s: %s", request_id, kind, error, exc_info=None if expected else error)
    reasons = (
        [_reason(entry) for entry in error.errors()] if isinstance(error, RequestValidationError) else []
    )
    if reasons:
        detail = " ".join(reason["detail"] for reason in reasons[:3])
    else:
        detail = str(error) if isinstance(error, _OWN_WORDS) else text(f"problem.{kind}")
    problem: Problem = {
        "type": f"urn:vraagbaak:problem:{kind.replace('_', '-')}",
        "title": text(f"problem.{kind}_title"),
        "status": status,
        "detail": detail,
        "request_id": request_id,
    }
    return problem | {"errors": reasons} if reasons else problem


def response_of(error: Exception, request_id: str, path: str = "/") -> JSONResponse:
    """Return the response for an error; under `/v1` in the shape that OpenAI's clients read."""
    problem = problem_of(error, request_id)
    status = int(str(problem["status"]))
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    if status in (429, 503):
        headers["Retry-After"] = str(RETRY_AFTER)
    if path.startswith("/v1/"):
        return JSONResponse(openai_error(problem), 400 if status == 422 else status, headers)
    return JSONResponse(problem, status, headers, media_type="application/problem+json")


def openai_error(problem: Problem) -> dict[str, object]:
    """Return a problem in OpenAI's shape of errors, with the id of the request beside it."""
    status, reasons = int(str(problem["status"])), problem.get("errors")
    kind = {429: "rate_limit_error"}.get(status, "server_error" if status >= 500 else "invalid_request_error")
    error = {
        "message": problem["detail"],
        "type": kind,
        "param": reasons[0]["field"] or None if isinstance(reasons, list) else None,
        "code": str(problem["type"]).rpartition(":")[2].replace("-", "_"),
    }
    return {"error": error, "request_id": problem["request_id"]}


def answer_with_problems(app: FastAPI) -> None:
    """Make the app answer every error with problem details."""

    async def handle(request: Request, error: Exception) -> Response:
        return response_of(error, request.state.request_id, request.url.path)

    kinds: tuple[type[Exception], ...] = (HTTPException, *KINDS)
    for kind in kinds:
        app.add_exception_handler(kind, handle)


def _reason(entry: Mapping[str, object]) -> dict[str, str]:
    """Say in Dutch what pydantic found wrong with one field."""
    key, place = f"invalid.{entry['type']}", entry["loc"]
    inner = place[1:] if isinstance(place, tuple) and entry["type"] != "json_invalid" else ()
    field = ".".join(str(part) for part in inner)
    context = entry.get("ctx")
    limits = dict(context) if isinstance(context, dict) else {}
    if "expected" in limits:
        limits["expected"] = str(limits["expected"]).replace(" or ", " of ")
    known = key if key in all_texts() else "invalid.other"
    return {"field": field, "detail": text(known, field=field or text("invalid.body"), **limits)}
