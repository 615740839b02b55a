"""What the API says of itself is what it does: the OpenAPI description, its examples, `/docs`, `/metrics`."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema_rs import Draft202012Validator

from api.app import create_app
from rag.assistant import Assistant
from rag.review.feedback import Feedback
from rag.review.store import QuestionStore
from tests.server import DOCUMENTS, build_assistant, running

LIMITS = Path(__file__).parent / "schemathesis.toml"
QUESTION = "Wat vroeg FME aan opdrachtgevers van de overheid?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("index")


@pytest.fixture(scope="module")
def assistant(folder: Path) -> Assistant:
    return build_assistant(folder, DOCUMENTS)


@pytest.fixture(scope="module")
def client(assistant: Assistant, folder: Path) -> Iterator[httpx.Client]:
    app = create_app(assistant, feedback=Feedback(QuestionStore(folder)))
    with running(app) as address, httpx.Client(base_url=address, timeout=20) as client:
        yield client


@pytest.fixture(scope="module")
def description(client: httpx.Client) -> Any:
    return client.get("/openapi.json").json()


def test_the_service_does_what_its_description_says(client: httpx.Client, tmp_path: Path) -> None:
    command = "import schemathesis.cli; schemathesis.cli.schemathesis()"
    words = ["--no-color", "--config-file", str(LIMITS), "run", f"{client.base_url}/openapi.json"]
    done = subprocess.run(
        [sys.executable, "-c", command, *words, "--checks", "all"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=150,
    )
    told = "\n".join(line[:400] for line in done.stdout.splitlines())
    assert done.returncode == 0, told
    tested = re.search(r"Tested: (\d+)", done.stdout)
    assert tested and int(tested[1]) >= 12, told


def test_every_body_has_an_example_that_fits_it(description: Any) -> None:
    bodies = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(description["paths"])))
    assert bodies >= {"AskBody", "AnswerBody", "SearchBody", "HitsBody", "Problem"}
    for name in bodies - {"PageTexts"}:  # the texts of the chat page: for that page
        schema = description["components"]["schemas"][name]
        assert schema.get("examples"), name
        Draft202012Validator(
            {"$ref": f"#/components/schemas/{name}", "components": description["components"]}
        ).validate(schema["examples"][0])


def test_the_example_of_an_answer_quotes_what_its_document_says(
    description: Any, assistant: Assistant
) -> None:
    answer = description["components"]["schemas"]["AnswerBody"]["examples"][0]
    for citation in answer["citations"]:
        document = assistant.index.document(citation["document"]["id"])
        assert document.text[citation["start"] : citation["end"]] == citation["quote"]
        assert document.page_at(citation["start"]).number == citation["page"]


def test_every_problem_that_can_come_back_is_announced(description: Any) -> None:
    for path, methods in description["paths"].items():
        for operation in methods.values():
            assert "application/json" not in operation["responses"].get("422", {}).get("content", {}), path
            if path.startswith("/api/") and "requestBody" in operation:
                assert {"400", "413", "415", "422", "500"} <= set(operation["responses"]), path


def test_the_reference_names_every_route_and_loads_nothing_from_elsewhere(
    client: httpx.Client, description: Any
) -> None:
    page = client.get("/docs").text
    for path, methods in description["paths"].items():
        for method in methods:
            assert f"<code>{method.upper()} {path}</code>" in page
    for name in description["components"]["schemas"]:
        assert f'<section id="{name}">' in page
    assert set(re.findall(r"(?:src|href)=\"([^\"#]+)\"", page)) == {
        "/docs/reference.css",
        "/openapi.json",
        "data:,",
    }
    assert "<script" not in page and "style=" not in page
    assert client.get("/docs/reference.css").headers["content-type"].startswith("text/css")


def test_metrics_count_requests_and_answers_and_hold_no_words(client: httpx.Client) -> None:
    before = figures(client)
    answer = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    client.post("/api/v1/ask", json={"question": ""})
    client.get("/api/v1/documents/geheim-plan")
    client.request("BREW", "/geheim-plan")
    after = figures(client)

    def grown(name: str) -> float:
        return after.get(name, 0) - before.get(name, 0)

    ask = 'method="POST",route="/api/v1/ask"'
    assert grown(f'vraagbaak_http_requests_total{{{ask},status="200"}}') == 1
    assert grown(f'vraagbaak_http_requests_total{{{ask},status="422"}}') == 1
    assert grown(f'vraagbaak_answers_total{{status="{answer["status"]}"}}') == 1
    assert grown('vraagbaak_answer_seconds_count{moment="total"}') == 1
    assert grown('vraagbaak_http_requests_total{method="other",route="other",status="404"}') == 1
    assert after["vraagbaak_documents"] == len(DOCUMENTS)
    assert (after["vraagbaak_questions_in_line"], after["vraagbaak_index_degraded"]) == (0, 0)
    page = client.get("/metrics")
    assert page.headers["content-type"].startswith("text/plain")
    assert "geheim" not in page.text and "overheid" not in page.text


def figures(client: httpx.Client) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    return {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in lines) if name[0] != "#"
    }
