import time
from collections.abc import Generator

import pytest

from index.errors import GenerationFailed, PromptTooLong
from rag.generators import Guarded, Prompt
from tests.writers import written

PROMPT = Prompt("", (), "Vraag?")


class Moody:
    """Does what it is told, one thing after the other: writes a word, raises an error, or hangs."""

    name = "moody"

    def __init__(self, *moods: str | Exception) -> None:
        self.moods = list(moods)
        self.closed = 0

    def generate(self, prompt: Prompt, max_tokens: int) -> Generator[str, None, None]:
        mood = self.moods.pop(0)
        try:
            if isinstance(mood, Exception):
                raise mood
            while mood == "hangs":
                time.sleep(0.02)
                yield ""
            yield mood
        finally:
            self.closed += 1


def fails(guarded: Guarded, match: str) -> None:
    with pytest.raises(GenerationFailed, match=match):
        written(guarded, PROMPT)


def test_one_that_hangs_is_given_up_on_and_closed() -> None:
    moody = Moody("hangs", "Ja.")
    guarded = Guarded(moody, seconds=0.1)
    began = time.monotonic()
    fails(guarded, "moody took longer than 0.1 seconds")
    assert time.monotonic() - began < 1 and moody.closed == 1
    assert written(guarded, PROMPT) == "Ja."


def test_one_that_keeps_failing_is_left_alone_and_then_tried_again() -> None:
    broken = GenerationFailed("kapot")
    moody = Moody(broken, broken, broken, broken, "Ja.", broken, "Ja.")
    guarded = Guarded(moody, failures=3, rest=0.2)
    for _ in range(3):
        fails(guarded, "kapot")
    fails(guarded, "failed 3 times and is left alone now")
    assert len(moody.moods) == 4, "it was not asked"
    time.sleep(0.25)
    fails(guarded, "kapot")
    fails(guarded, "failed 4 times")
    time.sleep(0.25)
    assert written(guarded, PROMPT) == "Ja."
    fails(guarded, "kapot")
    assert written(guarded, PROMPT) == "Ja.", "one success, and it has three chances again"


def test_who_leaves_and_what_does_not_fit_are_no_failures() -> None:
    moody = Moody("hangs", PromptTooLong("te lang"), "Ja.")
    guarded = Guarded(moody, failures=1, rest=60)
    pieces = guarded.generate(PROMPT, 5)
    next(pieces)
    pieces.close()
    fails(guarded, "te lang")
    assert written(guarded, PROMPT) == "Ja."
    assert moody.closed == 3
