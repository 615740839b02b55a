"""Pieces: what is written while it is being written, from a thread that never keeps anybody waiting."""

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

Pieces = Generator[str, None, None]
"""Pieces of text as they are written, and "" every SIGN seconds while there is nothing to give, so that who
reads along can leave at any time. Closing it stops the writing, and does not wait until it has stopped."""
SIGN = 0.2


Put = Callable[[str], bool]
"""Takes a piece that was written, and returns whether to go on writing."""


def pieces_of(write: Callable[[Put], None], turn: AbstractContextManager[Any], *, daemon: bool) -> Pieces:
    """Yield what `write` puts, from a thread of its own that waits for its turn; raise what it raises.

    What a model thinks aloud first is no part of it.
    """
    pieces: SimpleQueue[str | Exception | None] = SimpleQueue()
    stopped = Event()
    said = Said()

    def put(piece: str) -> bool:
        if piece := said(piece):
            pieces.put(piece)
        return not stopped.is_set()

    def work() -> None:
        try:
            with turn:
                if not stopped.is_set():
                    write(put)
        except Exception as error:  # noqa: BLE001 - handed to who reads along
            pieces.put(error)
        finally:
            pieces.put(None)

    Thread(target=work, name="generator", daemon=daemon).start()
    try:
        while True:
            try:
                piece = pieces.get(timeout=SIGN)
            except Empty:
                yield ""
                continue
            if piece is None:
                return
            if isinstance(piece, Exception):
                raise piece
            yield piece
    finally:
        stopped.set()


class Said:
    """Leaves out of pieces what a model thinks aloud before it answers: <think> … </think> at the beginning.

    Models that can think are asked not to; not every server passes that on.
    """

    def __init__(self) -> None:
        self._held = ""
        self._answers = False

    def __call__(self, piece: str) -> str:
        """Take the next piece, and return what of it is answer."""
        if self._answers:
            return piece
        self._held = (self._held + piece).lstrip()
        if "<think>".startswith(self._held[:7]):
            _, end, rest = self._held.partition("</think>")
            if not end:
                return ""
            self._held = rest.lstrip()
            if not self._held:
                return ""
        self._answers = True
        return self._held
