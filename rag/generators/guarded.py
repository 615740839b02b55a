"""A limit on how long a generator may take, and a rest for one that keeps failing."""

import time
from contextlib import closing

from index.errors import GenerationFailed, PromptTooLong
from rag.generators.generator import Generator, Prompt
from rag.generators.pieces import Pieces


class Guarded:
    """A generator that never keeps anybody waiting for long: a circuit breaker (Nygard, Release It!).

    After `failures` answers in a row that failed or took too long it is left alone for `rest` seconds, in
    which asking fails at once. Then one more failure is enough for the next rest. Who leaves is no failure.
    """

    def __init__(
        self, generator: Generator, *, seconds: float = 60.0, failures: int = 3, rest: float = 30.0
    ) -> None:
        """Take the generator; `seconds` is the time that one text may take."""
        self._generator = generator
        self._seconds = seconds
        self._most = failures
        self._rest = rest
        self._failures = 0
        self._rests_until = 0.0

    @property
    def name(self) -> str:
        """Which model writes."""
        return self._generator.name

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield the generator's pieces. Raises GenerationFailed and PromptTooLong."""
        began = time.monotonic()
        if began < self._rests_until:
            raise GenerationFailed(f"{self.name} failed {self._failures} times and is left alone now.")
        try:
            with closing(self._generator.generate(prompt, max_tokens)) as pieces:
                for piece in pieces:
                    if time.monotonic() - began > self._seconds:
                        raise GenerationFailed(f"{self.name} took longer than {self._seconds:g} seconds.")
                    yield piece
        except PromptTooLong:
            raise
        except GenerationFailed:
            self._failures += 1
            if self._failures >= self._most:
                self._rests_until = time.monotonic() + self._rest
            raise
        self._failures = 0
