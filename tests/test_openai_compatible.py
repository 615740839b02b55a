"""Servers that speak OpenAI's chat completions: what is sent, what is taken, and what goes wrong."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from index.errors import BadConfiguration, GenerationFailed, PromptTooLong
from rag.generators import OpenAICompatible, Prompt
from tests.server import free_port
from tests.writers import written

SYSTEM = "Je bent een hulp. Antwoord kort, in één Nederlandse zin, met alleen wat in de bron staat."
PROMPT = Prompt(
    SYSTEM, (), "Bron: De haven telt 12 kranen.\nSchrijf in een hele zin hoeveel kranen de haven heeft."
)


def waited(pieces: Iterator[str]) -> tuple[str, float]:
    """The next piece, and how long it took to come in seconds."""
    began = time.monotonic()
    return next(pieces), time.monotonic() - began


Refusal = tuple[int, Mapping[str, str], str]
"""Status, headers and body."""


@contextmanager
def answering(
    *lines: str,
    pause: float = 0.0,
    status: int = 200,
    first: Sequence[Refusal] = (),
    models: object = None,
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that answers every request with these lines, and the requests that it got.

    The first requests are answered with the status, headers and body in `first`.
    """
    requests: list[dict[str, Any]] = []
    before = list(first)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(404 if models is None else 200, {}, json.dumps(models))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            requests.append({"path": self.path, "key": self.headers["Authorization"], **body})
            time.sleep(pause)
            self._answer(
                *(before.pop(0) if before else (status, {}, "".join(f"{line}\n\n" for line in lines)))
            )

        def _answer(self, status: int, headers: Mapping[str, str], body: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/", requests
        finally:
            server.shutdown()


def chunk(delta: object) -> str:
    return "data: " + json.dumps({"choices": [{"delta": delta}]})


def test_openai_compatible_asks_as_agreed_and_takes_what_has_text() -> None:
    lines = (
        ": a comment",
        chunk({"role": "assistant", "content": None}),
        chunk({"content": "Twaalf "}),
        "event: nothing",
        'data: {"choices": []}',
        'data: {"usage": {}}',
        chunk({"content": "kranen."}),
        chunk({}),
        "data: [DONE]",
    )
    with answering(*lines) as (address, requests):
        pieces = list(OpenAICompatible(address, "groot", api_key="sleutel").generate(PROMPT, 30))
    assert "".join(pieces) == "Twaalf kranen."
    assert requests == [
        {
            "path": "/v1/chat/completions",
            "key": "Bearer sleutel",
            "model": "groot",
            "messages": PROMPT.messages,
            "max_tokens": 30,
            "temperature": 0,
            "stream": True,
            "chat_template_kwargs": {"enable_thinking": False},
        }
    ]


def test_a_server_that_is_slow_to_its_first_word_can_be_left() -> None:
    with answering(chunk({"content": "Ja."}), pause=3) as (address, _):
        pieces = OpenAICompatible(address, "traag").generate(PROMPT, 30)
        piece, seconds = waited(pieces)
        assert piece == "" and seconds < 1
        began = time.monotonic()
        pieces.close()
        assert time.monotonic() - began < 0.1


@pytest.mark.parametrize(
    ("lines", "status", "message"),
    [
        ((), 500, "500 Internal Server Error"),
        ((), 401, "401 Unauthorized"),
        (("data: {nonsense",), 200, "gave no answer"),
        (("data: [1]",), 200, "gave no answer"),
        ((chunk({"content": "Ja"}), 'data: {"error": {"message": "kapot"}}'), 200, "broke off.*kapot"),
    ],
)
def test_what_a_server_does_wrong_is_told(lines: tuple[str, ...], status: int, message: str) -> None:
    with answering(*lines, status=status) as (address, _), pytest.raises(GenerationFailed, match=message):
        written(OpenAICompatible(address, "stuk"), PROMPT)


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(GenerationFailed, match=r"gave no answer.*refused"):
        written(OpenAICompatible(f"http://127.0.0.1:{free_port()}/v1", "weg"), PROMPT)


def test_a_server_that_takes_too_long_is_told() -> None:
    slow = answering(chunk({"content": "Ja."}), pause=1)
    with slow as (address, _), pytest.raises(GenerationFailed, match="timed out"):
        written(OpenAICompatible(address, "traag", timeout=0.3), PROMPT)


@pytest.mark.parametrize("address", ["http://[nergens", "http:///v1", "localhost:8080", "ftp://x", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadConfiguration, match="is no address"):
        OpenAICompatible(address, "x")


def test_an_address_may_be_a_number_of_ip_6() -> None:
    with pytest.raises(GenerationFailed, match="gave no answer"):
        written(OpenAICompatible(f"http://[::1]:{free_port()}/v1", "x"), PROMPT)


# What is asked again, and what is not


@pytest.mark.parametrize("status", [429, 503])
def test_a_server_without_time_is_asked_again(status: int) -> None:
    with answering(chunk({"content": "Ja."}), first=[(status, {}, "")]) as (address, requests):
        assert written(OpenAICompatible(address, "druk"), PROMPT) == "Ja."
    assert len(requests) == 2


def test_a_server_that_never_has_time_is_asked_three_times() -> None:
    with answering(status=503) as (address, requests), pytest.raises(GenerationFailed, match="503"):
        written(OpenAICompatible(address, "druk"), PROMPT)
    assert len(requests) == 3


def test_who_is_told_to_come_back_much_later_is_told_so_at_once() -> None:
    with answering(first=[(429, {"Retry-After": "60"}, "")]) as (address, requests):
        began = time.monotonic()
        with pytest.raises(GenerationFailed, match="429"):
            written(OpenAICompatible(address, "vol"), PROMPT)
        assert len(requests) == 1 and time.monotonic() - began < 1


def test_nothing_is_asked_again_once_something_was_written() -> None:
    lines = (chunk({"content": "Ja"}), 'data: {"error": "kapot"}')
    with answering(*lines) as (address, requests), pytest.raises(GenerationFailed, match="kapot"):
        written(OpenAICompatible(address, "stuk"), PROMPT)
    assert len(requests) == 1


def test_leaving_between_two_attempts_ends_them() -> None:
    with answering(status=503) as (address, requests):
        pieces = OpenAICompatible(address, "druk").generate(PROMPT, 30)
        next(pieces)
        pieces.close()
        time.sleep(1.2)
        assert len(requests) == 1


def test_a_server_that_does_not_know_a_field_is_asked_without_it_from_then_on() -> None:
    unknown: Refusal = (400, {}, "Unrecognized request argument supplied: chat_template_kwargs")
    with answering(chunk({"content": "Ja."}), first=[unknown]) as (address, requests):
        server = OpenAICompatible(address, "streng")
        assert [written(server, PROMPT), written(server, PROMPT)] == ["Ja.", "Ja."]
    assert ["chat_template_kwargs" in request for request in requests] == [True, False, False]
    assert all(request["temperature"] == 0 for request in requests)


def test_a_prompt_that_is_too_long_is_told_as_such() -> None:
    told: Refusal = (
        400,
        {},
        '{"error": {"message": "The maximum context length is 4096 tokens."}}',
    )
    with answering(first=[told]) as (address, _), pytest.raises(PromptTooLong):
        written(OpenAICompatible(address, "klein"), PROMPT)


def test_what_a_model_thinks_aloud_is_left_out() -> None:
    lines = [chunk({"content": piece}) for piece in ("<thi", "nk>Even kijken", "…</think>\n\n", "Ja", ".")]
    with answering(*lines) as (address, _):
        assert written(OpenAICompatible(address, "denker"), PROMPT) == "Ja."


# How many tokens a model takes, asked at the start


@pytest.mark.parametrize(
    "models",
    [
        {"data": [{"id": "x", "max_model_len": 9000}, {"id": "klein", "max_model_len": 1000}]},
        {"data": [{"id": "/een/bestand.gguf", "meta": {"n_ctx": 1000}}]},
    ],
    ids=["vLLM", "llama.cpp"],
)
def test_a_model_that_takes_fewer_tokens_is_refused(models: object) -> None:
    with answering(models=models) as (address, _):
        with pytest.raises(BadConfiguration, match="takes 1000 tokens at once"):
            OpenAICompatible(address, "klein", context=2048)
        OpenAICompatible(address, "klein", context=900)


@pytest.mark.parametrize(
    "models", [None, {"data": [{"id": "x"}]}, {"data": [{}, {}]}, {"data": None}, [], "nee"]
)
def test_a_server_that_does_not_tell_is_taken_as_it_is(models: object) -> None:
    with answering(models=models) as (address, _):
        OpenAICompatible(address, "x", context=2048)


def test_a_server_that_is_away_at_the_start_may_come_back() -> None:
    OpenAICompatible(f"http://127.0.0.1:{free_port()}/v1", "x", context=2048)
