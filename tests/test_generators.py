"""Generators without a large model: quotes alone, servers, and a tiny model; llama.cpp has its own tests."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from index.errors import BadConfiguration, GenerationFailed
from rag.generators import Extractive, Generator, OpenAICompatible, Prompt, Transformers
from tests.server import free_port

SYSTEM = "Je bent een hulp. Antwoord kort, in één Nederlandse zin, met alleen wat in de bron staat."
PROMPT = Prompt(
    SYSTEM, (), "Bron: De haven telt 12 kranen.\nSchrijf in een hele zin hoeveel kranen de haven heeft."
)


def written(generator: Generator, prompt: Prompt = PROMPT, tokens: int = 30) -> str:
    return "".join(generator.generate(prompt, tokens))


def waited(pieces: Iterator[str]) -> tuple[str, float]:
    """The next piece, and how long it took to come in seconds."""
    began = time.monotonic()
    return next(pieces), time.monotonic() - began


def test_extractive_writes_nothing() -> None:
    assert written(Extractive()) == ""
    Extractive().generate(PROMPT, 10).close()


def test_instructions_and_examples_come_before_the_question() -> None:
    assert [tuple(turn.values()) for turn in Prompt("a", (("b", "c"),), "d").messages] == [
        ("system", "a"),
        ("user", "b"),
        ("assistant", "c"),
        ("user", "d"),
    ]


# Servers that speak OpenAI's chat completions


@contextmanager
def answering(
    *lines: str, pause: float = 0.0, status: int = 200
) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server that answers every request with these lines, and the requests that it got."""
    requests: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            requests.append({"path": self.path, "key": self.headers["Authorization"], **body})
            time.sleep(pause)
            self.send_response(status)
            self.end_headers()
            for line in lines:
                self.wfile.write(f"{line}\n\n".encode())

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
        written(OpenAICompatible(address, "stuk"))


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(GenerationFailed, match=r"gave no answer.*refused"):
        written(OpenAICompatible(f"http://127.0.0.1:{free_port()}/v1", "weg"))


def test_a_server_that_takes_too_long_is_told() -> None:
    slow = answering(chunk({"content": "Ja."}), pause=1)
    with slow as (address, _), pytest.raises(GenerationFailed, match="timed out"):
        written(OpenAICompatible(address, "traag", timeout=0.3))


@pytest.mark.parametrize("address", ["http://[nergens", "http:///v1", "localhost:8080", "ftp://x", ""])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadConfiguration, match="is no address"):
        OpenAICompatible(address, "x")


def test_an_address_may_be_a_number_of_ip_6() -> None:
    with pytest.raises(GenerationFailed, match="gave no answer"):
        written(OpenAICompatible(f"http://[::1]:{free_port()}/v1", "x"))


# transformers


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Llama of one layer with random weights, and a tokenizer of a few words."""
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("tiny")
    words = ["<unk>", "<s>", "</s>", *(f"woord{number}" for number in range(61))]
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>")
    fast.chat_template = "{% for message in messages %}{{ message.content }} {% endfor %}"
    fast.save_pretrained(folder)
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=64, hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=4096, bos_token_id=1, eos_token_id=None, pad_token_id=0,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    model.generation_config.suppress_tokens = [0, 1, 2]  # no words: nothing would be seen of them
    model.save_pretrained(folder, safe_serialization=True)
    return folder


def test_transformers_writes_the_same_each_time_piece_by_piece(tiny: Path) -> None:
    generator = Transformers(tiny)
    assert generator.name == tiny.name
    pieces = [piece for piece in generator.generate(PROMPT, 12) if piece]
    assert 1 < len(pieces) <= 12 and "kranen" not in "".join(pieces)
    assert written(generator, tokens=12) == "".join(pieces)


def test_closing_transformers_costs_nobody_a_second(tiny: Path) -> None:
    generator = Transformers(tiny)
    pieces = generator.generate(PROMPT, 3000)
    assert next(piece for piece in pieces if piece)
    began = time.monotonic()
    pieces.close()
    assert written(generator, tokens=2)
    assert time.monotonic() - began < 2


def test_what_is_no_transformers_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="is not a transformers model"):
        Transformers(tmp_path)
