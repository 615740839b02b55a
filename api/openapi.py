"""The description of the API that programs read: OpenAPI 3.1, with problems and examples."""

import json
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field

Responses = dict[int | str, dict[str, Any]]

ABOUT = """Answers questions in Dutch from an organisation's own documents, each sentence on its page.

A body is JSON. A field that is not described is refused, except under /v1, which takes what the clients of
OpenAI send. Errors are problem details (RFC 9457) with a Dutch text and the id of the request."""


class Reason(BaseModel):
    """What is wrong with one field."""

    field: str
    detail: str


class Problem(BaseModel):
    """What went wrong, for the person who asked (RFC 9457); `request_id` finds it in the log."""

    type: str = Field(pattern="^urn:vraagbaak:problem:[a-z-]+$")
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[Reason] = []


class OpenAIError(BaseModel):
    """What went wrong, in OpenAI's shape."""

    error: dict[str, Any]
    request_id: str


def problems(*statuses: int, kind: str = "application/problem+json", schema: str = "Problem") -> Responses:
    """Return what a route says of its errors."""
    reference = {"$ref": f"#/components/schemas/{schema}"}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {kind: {"schema": reference}}}
        for status in statuses
    }


@cache
def examples() -> dict[str, Any]:
    """Return an example of each body, by the name of its schema."""
    found: dict[str, Any] = json.loads(files("api").joinpath("examples.json").read_text(encoding="utf-8"))
    return found


def described(app: FastAPI) -> None:
    """Make the app describe itself with our problems and examples."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _description(app)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]  # FastAPI's own way to extend it


def _description(app: FastAPI) -> dict[str, Any]:
    description = get_openapi(title=app.title, version=app.version, description=ABOUT, routes=app.routes)
    schemas: dict[str, Any] = description["components"]["schemas"]
    # FastAPI announces errors of its own shape wherever there is a parameter; ours are said by the routes.
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for operation in (entry for methods in description["paths"].values() for entry in methods.values()):
        if "HTTPValidationError" in str(operation["responses"].get("422")):
            del operation["responses"]["422"]
    for model in (Problem, Reason, OpenAIError):
        schemas[model.__name__] = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas[model.__name__].pop("$defs", None)
    for name, example in examples().items():
        if name in schemas:  # some routes exist only where they are switched on
            schemas[name]["examples"] = [example]
    return description
