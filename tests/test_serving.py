"""Several people at once, people who walk away, and a service that is stopped: with a slow writer."""

import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from copy import copy
from pathlib import Path
from threading import Thread

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from index.embedders import Vectors
from index.index import Index
from rag.assistant import Assistant
from rag.generators import Extractive
from tests.fakes import HashingEmbedder
from tests.server import (
    DOCUMENTS,
    SlowWriter,
    build_assistant,
    free_port,
    running,
    until,
)

QUESTION = "Waarom is de coronacrisis zwaar voor de technologische industrie?"
ROOT = Path(__file__).parent.parent
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return build_assistant(tmp_path_factory.mktemp("index"), DOCUMENTS).index


@pytest.fixture
def writer() -> SlowWriter:
    return SlowWriter()


@pytest.fixture
def app(index: Index, writer: SlowWriter) -> FastAPI:
    return create_app(Assistant(index, writer), waiting=2)


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    with running(app) as address:
        yield address


@contextmanager
def asked(address: str) -> Iterator[Iterator[tuple[str, dict[str, object]]]]:
    """Ask for a stream and give its events, name and data; leaving the block is walking away."""
    body = {"question": QUESTION}
    with httpx.stream("POST", f"{address}/api/v1/ask", json=body, headers=STREAM, timeout=30) as response:
        yield events_of(response)


def events_of(response: httpx.Response) -> Iterator[tuple[str, dict[str, object]]]:
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        if line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_who_waits_reads_the_sources_meanwhile_and_moves_up(app: FastAPI, address: str) -> None:
    with asked(address) as first, ExitStack() as stack:
        assert [next(first)[0] for _ in range(2)] == ["status", "sources"]
        second = stack.enter_context(asked(address))
        third = stack.enter_context(asked(address))
        assert [next(second) for _ in range(1)] == [("status", {"phase": "queue", "place": 1})]
        assert next(third) == ("status", {"phase": "queue", "place": 2})
        assert next(second)[0] == next(third)[0] == "sources"
        stack.close()
    until(lambda: len(app.state.line) == 0, 2)


def test_a_full_line_says_when_to_come_back(address: str) -> None:
    with ExitStack() as stack:
        line = [stack.enter_context(asked(address)) for _ in range(3)]
        assert [next(events)[0] for events in line] == ["status"] * 3
        for headers in (STREAM, {}):
            response = httpx.post(f"{address}/api/v1/ask", json={"question": QUESTION}, headers=headers)
            assert response.status_code == 503
            assert int(response.headers["retry-after"]) > 0
            assert response.json()["type"] == "urn:vraagbaak:problem:busy"
        found = httpx.post(f"{address}/api/v1/search", json={"query": QUESTION})
        assert found.status_code == 200  # finding needs no writer


@pytest.mark.parametrize("headers", [STREAM, {}], ids=["stream", "json"])
def test_who_walks_away_frees_the_writer_within_a_second(
    app: FastAPI, address: str, writer: SlowWriter, headers: dict[str, str]
) -> None:
    body = {"question": QUESTION}
    if headers:
        with asked(address) as events:
            assert next(events)[0] == "status"
            until(lambda: writer.writing)
    else:
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{address}/api/v1/ask", json=body, timeout=0.5)
        assert writer.writing
    left = time.monotonic()
    until(lambda: not writer.writing and len(app.state.line) == 0, 5)
    assert time.monotonic() - left < 1
    assert writer.stopped == 1


def test_who_walks_away_at_any_moment_leaves_nothing_behind(
    app: FastAPI, address: str, writer: SlowWriter
) -> None:
    for moment in range(12):
        with asked(address) as events:
            for _ in range(moment % 4):
                next(events)
            time.sleep(moment * 0.03)
    until(lambda: not writer.writing and len(app.state.line) == 0, 3)
    with asked(address) as events:
        assert next(events)[0] == "status"


def test_other_requests_do_not_wait_for_who_writes(address: str, writer: SlowWriter) -> None:
    with asked(address):
        until(lambda: writer.writing)
        for _ in range(30):
            httpx.get(f"{address}/healthz").raise_for_status()
        assert writer.writing


def test_what_nobody_expected_is_logged_and_shows_nothing_of_itself(
    index: Index, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(HashingEmbedder):
        def embed_query(self, text: str) -> Vectors:
            raise RuntimeError("secret /etc/passwd")

    broken = copy(index)
    broken._embed = Broken().embed_query
    with running(create_app(Assistant(broken, Extractive()))) as address:
        search = httpx.post(f"{address}/api/v1/search", json={"query": QUESTION})
        with asked(address) as events:
            streamed = dict(events)
    for problem in (search.json(), streamed["error"]):
        assert problem["status"] == 500 and problem["type"] == "urn:vraagbaak:problem:unexpected"
        assert "secret" not in json.dumps(problem)
        assert f"request {problem['request_id']}: unexpected: secret" in caplog.text
    assert search.headers["content-type"] == "application/problem+json"
    assert "content-security-policy" in search.headers


def test_stopping_lets_a_short_answer_finish(index: Index) -> None:
    app = create_app(Assistant(index, SlowWriter(pause=0.05, words=20)))
    heard: list[str] = []
    with (
        running(app, grace=5) as address,
        httpx.stream(
            "POST", f"{address}/api/v1/ask", json={"question": QUESTION}, headers=STREAM, timeout=30
        ) as response,
    ):
        reader = Thread(target=lambda: heard.extend(name for name, _ in events_of(response)))
        reader.start()
        until(lambda: "sources" in heard)
        app.state.line.close()  # what a signal does first
        reader.join(10)
    assert heard[-2:] == ["answer", "done"]


PROGRAM = """
import sys, pathlib
from api.app import create_app
from api.serving import serve
from tests.server import DOCUMENTS, SlowWriter, build_assistant
assistant = build_assistant(pathlib.Path(sys.argv[1]), DOCUMENTS, SlowWriter(pause=0.1, words=600))
serve(create_app(assistant), port=int(sys.argv[2]), grace=1.0)
"""


def test_sigterm_ends_every_stream_with_a_word_of_goodbye(tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "log.txt"
    with log.open("w") as opened:
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(tmp_path / "index"), str(port)], cwd=ROOT, stderr=opened
        )
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: _answers(address), 60)
        streams: list[list[tuple[str, dict[str, object]]]] = [[] for _ in range(5)]

        def listen(heard: list[tuple[str, dict[str, object]]]) -> None:
            with asked(address) as events:
                heard.extend(events)

        listeners = [Thread(target=listen, args=(heard,)) for heard in streams]
        for listener in listeners:
            listener.start()
        until(lambda: httpx.get(f"{address}/healthz").is_success)
        time.sleep(1)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        for listener in listeners:
            listener.join(10)
        process.wait(10)
        assert time.monotonic() - began < 4
    finally:
        process.kill()
    for heard in streams:
        assert [name for name, _ in heard[-2:]] == ["error", "done"]
        assert heard[-2][1]["type"] == "urn:vraagbaak:problem:stopping"
    assert not re.search("Traceback|Cancel", log.read_text())


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/readyz").is_success
    except httpx.TransportError:
        return False
