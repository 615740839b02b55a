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
    """Yield what `write` puts, from a thread of its own that waits for its turn; raise what it raises."""
    pieces: SimpleQueue[str | Exception | None] = SimpleQueue()
    stopped = Event()

    def put(piece: str) -> bool:
        if piece:
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
