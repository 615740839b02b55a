"""How far a fetch has come: what is told, and how it is measured while others write the files."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

INTERVAL = 0.25
"""Seconds between two reports."""


class Progress(Protocol):
    """Is told how a fetch goes, from any thread: a progress bar, a log, or nothing at all."""

    def advance(self, done: int, total: int, description: str) -> None:
        """Take note that `done` of `total` bytes are here."""

    def notice(self, message: str) -> None:
        """Show a line: a licence, or a source that is passed over."""


class Silence:
    """The progress that tells nobody."""

    def advance(self, done: int, total: int, description: str) -> None:
        """Do nothing."""

    def notice(self, message: str) -> None:
        """Do nothing."""


@contextmanager
def following(measure: Callable[[], int], total: int, description: str, progress: Progress) -> Iterator[None]:
    """Report `measure()` bytes of `total` at intervals, and once at the end, while the block runs."""
    finished = Event()

    def report() -> None:
        while not finished.wait(INTERVAL):
            progress.advance(min(measure(), total), total, description)

    thread = Thread(target=report, daemon=True)
    thread.start()
    try:
        yield
    finally:
        finished.set()
        thread.join()
    progress.advance(min(measure(), total), total, description)


def size_under(folder: Path) -> int:
    """Return the size in bytes of a file, or of all files under a folder; others may be writing there."""
    size = folder.stat().st_size if folder.is_file() else 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                size += (Path(place) / name).stat().st_size
            except FileNotFoundError:
                continue
    return size
