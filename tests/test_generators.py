"""What every generator does alike, whichever model or server is behind it. What is theirs alone has tests
of its own: test_llama, test_transformers, test_openai_compatible, test_guarded, test_pieces."""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from threading import Thread

import pytest

from index.errors import BadConfiguration, PromptTooLong
from rag.generators import Extractive, Generator, Guarded, LlamaCpp, OpenAICompatible, Prompt, Transformers
from tests.writers import llama, llama_server, model_file, model_folder, tiny_folder, written

SYSTEM = "Je bent een hulp. Antwoord kort, in één Nederlandse zin, met alleen wat in de bron staat."
PROMPT = Prompt(
    SYSTEM,
    (("Bron: Een kade is 200 meter.\nHoe lang is een kade?", "Een kade is 200 meter lang."),),
    "Bron: De haven telt 12 kranen.\nSchrijf in een hele zin hoeveel kranen de haven heeft.",
)
COUNT = Prompt(SYSTEM, (), "Tel van een tot honderd, in woorden.")
ENDLESS = Prompt(SYSTEM, (), "woord " * 5000)


@dataclass(frozen=True)
class Case:
    """A generator, whether it writes at all, and whether its model knows Dutch."""

    generator: Generator
    writes: bool = True
    knows_dutch: bool = True


def _case(kind: str) -> Case:
    match kind:
        case "extractive":
            return Case(Extractive(), writes=False, knows_dutch=False)
        case "transformers, random weights":
            return Case(Transformers(tiny_folder()), knows_dutch=False)
        case "transformers":
            return Case(Transformers(model_folder()))
        case "openai-compatible":
            return Case(OpenAICompatible(llama_server(), "qwen", api_key="sleutel", context=2048))
        case _:
            return Case(llama())


KINDS = [
    "extractive",
    "transformers, random weights",
    *(
        pytest.param(kind, marks=pytest.mark.slow)
        for kind in ("transformers", "openai-compatible", "llama.cpp")
    ),
]


@pytest.fixture(scope="module", params=KINDS)
def case(request: pytest.FixtureRequest) -> Case:
    return _case(request.param)


def signs(pieces: Iterator[str], most: float = 1.0) -> Iterator[str]:
    """The pieces, each of which comes within `most` seconds: a sign of life at the least."""
    while True:
        began = time.monotonic()
        piece = next(pieces, None)
        assert time.monotonic() - began < most
        if piece is None:
            return
        yield piece


def test_it_has_a_name_and_writes_the_same_each_time_piece_by_piece(case: Case) -> None:
    assert case.generator.name
    pieces = [piece for piece in signs(case.generator.generate(PROMPT, 30)) if piece]
    assert (len(pieces) > 1) == case.writes
    assert written(case.generator, PROMPT, 30) == "".join(pieces)
    assert "kade" not in "".join(pieces) and "|" not in "".join(pieces), "the prompt or a token of a template"


def test_it_writes_dutch_from_the_source(case: Case) -> None:
    text = written(case.generator, PROMPT, 30).lower()
    assert ("12" in text or "twaalf" in text) == case.knows_dutch
    assert bool({"de", "het", "haven", "heeft", "telt"} & set(text.split())) == case.knows_dutch


def test_it_writes_no_more_than_it_may(case: Case) -> None:
    assert len([piece for piece in case.generator.generate(COUNT, 3) if piece]) <= 3


def test_closing_it_while_it_writes_frees_it_at_once(case: Case) -> None:
    written(case.generator, PROMPT, 1)
    pieces = case.generator.generate(COUNT, 1500)
    next((piece for piece in pieces if piece), None)
    began = time.monotonic()
    pieces.close()
    assert time.monotonic() - began < 0.1
    written(case.generator, COUNT, 1)
    assert time.monotonic() - began < 10


def test_a_prompt_that_does_not_fit_is_told_and_the_next_one_is_read(case: Case) -> None:
    before = written(case.generator, PROMPT, 5)
    if case.writes:
        with pytest.raises(PromptTooLong):
            written(case.generator, ENDLESS, 5)
    assert written(case.generator, PROMPT, 5) == before


def test_several_threads_get_each_their_own_text(case: Case) -> None:
    expected, found = written(case.generator, PROMPT, 8), []
    threads = [Thread(target=lambda: found.append(written(case.generator, PROMPT, 8))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 3


def test_a_guard_changes_nothing_of_it(case: Case) -> None:
    guarded = Guarded(case.generator)
    assert guarded.name == case.generator.name
    assert written(guarded, PROMPT, 8) == written(case.generator, PROMPT, 8)
    with closing(guarded.generate(COUNT, 200)) as pieces:
        next((piece for piece in pieces if piece), None)
    assert written(guarded, PROMPT, 8) == written(case.generator, PROMPT, 8)


def test_instructions_and_examples_come_before_the_question() -> None:
    prompt = Prompt("a", (("b", "c"),), "d")
    assert [tuple(turn.values()) for turn in prompt.messages] == [
        ("system", "a"),
        ("user", "b"),
        ("assistant", "c"),
        ("user", "d"),
    ]
    assert [tuple(turn.values()) for turn in prompt.messages_without_system] == [
        ("user", "a\n\nb"),
        ("assistant", "c"),
        ("user", "d"),
    ]


@pytest.mark.slow
def test_a_model_that_takes_fewer_tokens_than_the_settings_ask_for_is_refused_at_the_start() -> None:
    for make in (
        lambda: LlamaCpp(model_file(), context=40_000),
        lambda: Transformers(model_folder(), context=40_000),
        lambda: OpenAICompatible(llama_server(), "qwen", api_key="sleutel", context=40_000),
    ):
        with pytest.raises(BadConfiguration, match=r"takes \d+ tokens .* 40000: lower VRAAGBAAK"):
            make()
