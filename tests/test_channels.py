"""One question through every channel, in real processes and over real sockets: the same citations."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from openai import OpenAI
from playwright.sync_api import Browser, expect

from tests.browser import Visit
from tests.pdfs import typeset
from tests.server import free_port, until
from tests.tiny_embedder import save_embedder

ROOT = Path(__file__).parent.parent
QUESTION = "Hoeveel kilometer fietspad legt de gemeente aan?"
PATHS = "De gemeente legt dit jaar 12 kilometer fietspad aan. Dat kost 3 miljoen euro."
TREES = "De gemeente plant dit jaar 400 bomen langs het kanaal. Elke boom krijgt een naam."

Key = tuple[str, int, str, int, int]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Index two papers with a tiny embedder and return the environment of every process."""
    folder = tmp_path_factory.mktemp("channels")
    papers = folder / "papers"
    papers.mkdir()
    (papers / "fietspaden.pdf").write_bytes(typeset(f"= Fietspaden\n{PATHS}"))
    (papers / "bomen.md").write_text(f"# Bomen\n\n{TREES}\n", encoding="utf-8")
    own = {name: value for name, value in os.environ.items() if not name.startswith("VRAAGBAAK_")}
    environment = own | {
        "VRAAGBAAK_DATA": str(folder / "data"),
        "VRAAGBAAK_EMBEDDER": str(save_embedder(folder / "tiny", [QUESTION, PATHS, TREES])),
        "VRAAGBAAK_GENERATOR": "extractive",
        "VRAAGBAAK_MCP": "true",
        "PYTHONPATH": str(ROOT),
    }
    subprocess.run(command("index", papers), env=environment, cwd=folder, check=True, capture_output=True)
    return environment | {"PWD": str(folder)}


@pytest.fixture(scope="module")
def address(environment: dict[str, str]) -> Iterator[str]:
    address = f"http://127.0.0.1:{(port := free_port())}"
    words = command("serve", "--port", port)
    with subprocess.Popen(words, env=environment, cwd=environment["PWD"], stderr=subprocess.PIPE) as process:
        try:
            until(lambda: answers(address), 60)
            yield address
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def expected(address: str) -> list[Key]:
    answer = httpx.post(f"{address}/api/v1/ask", json={"question": QUESTION}).raise_for_status().json()
    assert answer["status"] == "answered" and "12 kilometer" in answer["text"]
    return keys(answer["citations"])


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "vraagbaak", *map(str, words)]


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz").is_success
    except httpx.TransportError:
        return False


def keys(citations: Any) -> list[Key]:
    names = ("page", "quote", "start", "end")
    return [(entry["document"]["id"], *(entry[name] for name in names)) for entry in citations]


def events(text: str) -> Iterator[tuple[str, Any]]:
    for block in text.split("\n\n"):
        fields = dict(line.partition(": ")[::2] for line in block.splitlines() if line[0] != ":")
        if fields.get("data", "[DONE]") != "[DONE]":
            yield fields.get("event", ""), json.loads(fields["data"])


def stdio(environment: dict[str, str]) -> Any:
    first, *rest = command("mcp")
    return stdio_client(
        StdioServerParameters(command=first, args=rest, env=environment, cwd=environment["PWD"])
    )


async def called(server: Any, tool: str, **arguments: object) -> Any:
    async with Client(server) as client:
        return await client.call_tool(tool, arguments)


def test_the_stream(address: str, expected: list[Key]) -> None:
    response = httpx.post(
        f"{address}/api/v1/ask", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}
    )
    data = dict(events(response.text))
    assert keys(data["answer"]["citations"]) == expected
    assert keys([data["sources"]["quote"]]) == expected[:1]


def test_the_command_line(environment: dict[str, str], expected: list[Key]) -> None:
    done = subprocess.run(
        command("ask", QUESTION, "--json"), env=environment, cwd=environment["PWD"], capture_output=True
    )
    assert done.returncode == 0
    assert keys(json.loads(done.stdout)["citations"]) == expected


def test_openai_s_client(address: str, expected: list[Key]) -> None:
    with closing(OpenAI(base_url=f"{address}/v1", api_key="-")) as client:
        asked: Any = [{"role": "user", "content": QUESTION}]
        whole: Any = client.chat.completions.create(model="vraagbaak", messages=asked)
        *_, last = client.chat.completions.create(model="vraagbaak", messages=asked, stream=True)
    streamed: Any = last
    assert keys(whole.sources) == keys(streamed.sources) == expected
    assert httpx.get(whole.sources[0]["url"]).content.startswith(b"\x89PNG")


def test_mcp_over_http(address: str, expected: list[Key]) -> None:
    result = asyncio.run(called(f"{address}/mcp", "ask", question=QUESTION))
    assert keys(result.structured_content["citations"]) == expected
    assert json.loads(result.content[0].text) == result.structured_content


def test_mcp_over_stdio(environment: dict[str, str], expected: list[Key]) -> None:
    async def visit() -> None:
        async with Client(stdio(environment)) as client:
            tools = (await client.list_tools()).tools
            assert {tool.name for tool in tools} == {"search", "ask", "fetch"}
            for tool in tools:
                assert tool.annotations and tool.annotations.read_only_hint
                assert tool.description and tool.output_schema
            asked: Any = await client.call_tool("ask", {"question": QUESTION})
            assert keys(asked.structured_content["citations"]) == expected
            document, page, quote, *_ = expected[0]
            fetched: Any = await client.call_tool("fetch", {"document": document, "page": page})
            assert quote in fetched.structured_content["text"]
            found: Any = await client.call_tool("search", {"query": QUESTION, "k": 1})
            assert found.structured_content["hits"][0]["document"]["id"] == document

    asyncio.run(visit())


# Last: Playwright keeps an event loop running in this thread, in which the tests above could start none.
@pytest.mark.slow
def test_the_chat(browser: Browser, address: str, expected: list[Key]) -> None:
    visit = Visit(browser, address)
    visit.ask(QUESTION)
    sources = visit.page.locator(".answer .card")
    expect(sources).to_have_count(len(expected))
    for shown, (_, page, quote, start, end) in zip(sources.all(), expected, strict=True):
        expect(shown.locator("mark")).to_have_text(quote)
        shown.click()
        image = visit.page.locator(".sheet:not(.loading) img")
        expect(image).to_have_attribute("src", re.compile(rf"/pages/{page}\.png\?quote={start}-{end}"))
    visit.finish()
