"""`/docs`: the description of the API as a page that people read. No script, and nothing from elsewhere."""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.responses import HTMLResponse, Response

Schema = Mapping[str, Any]


def reference_routes(app: FastAPI) -> APIRouter:
    """Return the routes of the page and its style."""
    routes = APIRouter(include_in_schema=False)

    @routes.api_route("/docs", methods=["GET", "HEAD"])
    def page() -> HTMLResponse:
        return HTMLResponse(reference(app.openapi()), headers={"Cache-Control": "no-cache"})

    @routes.get("/docs/reference.css")
    def style() -> Response:
        return Response(files("api").joinpath("reference.css").read_bytes(), media_type="text/css")

    return routes


def reference(description: Schema) -> str:
    """Return the page of an OpenAPI description."""
    title = f"{description['info']['title']} {description['info']['version']}"
    operations = [
        (f"{method.upper()} {path}", operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]
    schemas = description["components"]["schemas"]
    listed = "".join(f'<li><a href="#{_anchor(name)}">{escape(name)}</a>' for name, _ in operations)
    return "".join(
        (
            '<!doctype html><html lang="en"><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<title>{escape(title)}</title><link rel="stylesheet" href="/docs/reference.css">',
            '<link rel="icon" href="data:,">',  # browsers ask for one
            f"<main><h1>{escape(title)}</h1>",
            *(f"<p>{_prose(part)}</p>" for part in description["info"]["description"].split("\n\n")),
            '<p>For programs: <a href="/openapi.json">/openapi.json</a>.</p>',
            f"<nav><h2>Routes</h2><ul>{listed}</ul></nav>",
            *(part for name, operation in operations for part in _operation(name, operation, schemas)),
            "<h2>Schemas</h2>",
            *(part for name, schema in schemas.items() for part in _schema(name, schema)),
            "</main>",
        )
    )


def _operation(name: str, operation: Schema, schemas: Mapping[str, Schema]) -> Iterator[str]:
    yield f'<section id="{_anchor(name)}"><h2><code>{escape(name)}</code></h2>'
    yield f"<p>{_prose(operation.get('description', operation['summary']))}</p>"
    if operation.get("parameters"):
        rows = (
            (entry["name"], f"{entry['in']}, {_type(entry['schema'])}") for entry in operation["parameters"]
        )
        yield _table(("parameter", "is"), rows)
    if "requestBody" in operation:
        yield "<h3>Body</h3>"
        yield from _contents(operation["requestBody"]["content"], schemas)
    yield "<h3>Answers</h3><dl>"
    for status, answer in sorted(operation["responses"].items()):
        yield f"<dt>{escape(status)}</dt><dd>{escape(answer['description'])}"
        yield from _contents(answer.get("content", {}), schemas if status < "300" else {})
        yield "</dd>"
    yield "</dl></section>"


def _contents(contents: Mapping[str, Schema], schemas: Mapping[str, Schema]) -> Iterator[str]:
    for kind, content in contents.items():
        schema = content.get("schema", {})
        yield f" <code>{escape(kind)}</code> {_type(schema) if '$ref' in schema else ''}"
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        for example in schemas.get(name, {}).get("examples", []):
            words = json.dumps(example, ensure_ascii=False, indent=2)
            yield f"<pre tabindex=0><code>{escape(words)}</code></pre>"


def _schema(name: str, schema: Schema) -> Iterator[str]:
    required = schema.get("required", ())
    yield f'<section id="{_anchor(name)}"><h3>{escape(name)}</h3>'
    yield f"<p>{_prose(schema.get('description', ''))}</p>"
    rows = (
        (field, _type(entry) + (", required" if field in required else ""))
        for field, entry in schema.get("properties", {}).items()
    )
    yield _table(("field", "is"), rows) + "</section>"


def _type(schema: Schema) -> str:
    """Return in HTML what a value must be, with its limits."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#{_anchor(name)}">{escape(name)}</a>'
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return " or ".join(f"<code>{escape(json.dumps(value))}</code>" for value in schema["enum"])
    kind = escape(str(schema.get("type", "anything")))
    if kind == "array":
        kind = f"list of {_type(schema.get('items', {}))}"
    limits = ("minimum", "maximum", "minLength", "maxLength", "maxItems", "pattern", "default")
    told = (
        f"{limit} <code>{escape(json.dumps(schema[limit]))}</code>" for limit in limits if limit in schema
    )
    return ", ".join((kind, *told))


def _table(heads: tuple[str, str], rows: Iterator[tuple[str, str]]) -> str:
    body = "".join(f"<tr><th scope=row><code>{escape(name)}</code><td>{told}" for name, told in rows)
    head = "".join(f"<th scope=col>{escape(name)}" for name in heads)
    return f"<table><thead><tr>{head}<tbody>{body}</table>"


def _prose(words: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(words))


def _anchor(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in name)
