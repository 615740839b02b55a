"""The tools of MCP, over HTTP: what goes wrong, who may come, and that nothing is served when it is off."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from mcp.client import Client

from api.app import create_app
from rag.assistant import Assistant
from tests.server import DOCUMENTS, SlowWriter, build_assistant, running, until

QUESTION = "Waarom is de coronacrisis zwaar voor de technologische industrie?"
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "t", "version": "1"},
    },
}
ACCEPT = {"Accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return build_assistant(tmp_path_factory.mktemp("index"), DOCUMENTS)


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with running(create_app(assistant, mcp=["https://vraagbaak.example.org"])) as address:
        yield address


def called(address: str, tool: str, **arguments: object) -> Any:
    async def call() -> Any:
        async with Client(f"{address}/mcp") as client:
            return await client.call_tool(tool, arguments)

    return asyncio.run(call())


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("fetch", {"document": "geen"}, "Dit document is er niet"),
        ("fetch", {"document": "herstel-2020", "page": 99}, "geen pagina 99"),
        ("ask", {"question": "!"}, "Typ eerst een vraag"),
        ("ask", {"question": "a", "documents": ["geen"]}, "Dit document is er niet"),
        ("search", {"query": "a", "k": 51}, "less than or equal to 50"),
        ("ask", {}, "required"),
        ("delete", {"document": "herstel-2020"}, "Unknown tool"),
    ],
)
def test_what_goes_wrong_is_told_to_the_assistant(
    address: str, tool: str, arguments: dict[str, Any], words: str
) -> None:
    result = called(address, tool, **arguments)
    assert result.is_error
    assert words in result.content[0].text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "vraagbaak.example.org", "Origin": "https://vraagbaak.example.org"}, 200),
        ({"Host": "evil.test"}, 421),
        ({"Origin": "https://evil.test"}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_a_page_of_another_site_gets_no_tools(address: str, headers: dict[str, str], status: int) -> None:
    response = httpx.post(f"{address}/mcp", json=HELLO, headers=ACCEPT | headers)
    assert response.status_code == status
    assert response.headers["x-request-id"]


def test_without_the_setting_there_are_no_tools(assistant: Assistant) -> None:
    with running(create_app(assistant)) as address:
        response = httpx.post(f"{address}/mcp", json=HELLO, headers=ACCEPT)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_a_question_waits_in_the_same_line_and_is_counted(assistant: Assistant) -> None:
    app = create_app(Assistant(assistant.index, SlowWriter(pause=0.01, words=20)), mcp=[])
    with running(app) as address:
        result = called(address, "ask", question=QUESTION)
        assert result.structured_content["status"] in ("answered", "partial")
        assert "vraagbaak_answers_total" in httpx.get(f"{address}/metrics").text
        app.state.line.close()
        assert "dienst stopt" in called(address, "ask", question=QUESTION).content[0].text


def test_who_leaves_frees_the_writer(assistant: Assistant) -> None:
    writer = SlowWriter()
    app = create_app(Assistant(assistant.index, writer), mcp=[])
    with running(app) as address:
        body = {
            "jsonrpc": "2.0",
            "id": 2,
            "method": "tools/call",
            "params": {"name": "ask", "arguments": {"question": QUESTION}},
        }
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{address}/mcp", json=body, headers=ACCEPT, timeout=1)
        assert writer.writing
        until(lambda: not writer.writing and len(app.state.line) == 0, 15)
        assert writer.stopped == 1
