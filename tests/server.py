"""A real server around a real small index, for the tests of HTTP and of the page."""

import socket
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from fastapi import FastAPI

from api.serving import server_of
from index.index import Index
from index.store import Store
from rag import generators
from rag.assistant import Assistant
from rag.generators import Extractive, Prompt
from tests.fakes import HashingEmbedder
from tests.reading import update

CORPUS = Path(__file__).parent.parent / "corpus"
DOCUMENTS = [CORPUS / "herstel-2020.pdf", CORPUS / "begroting-2019.html"]


class SlowWriter:
    """Writes as a small model does: nothing for a while, then word by word; and knows when it was stopped."""

    name = "slow"

    def __init__(self, pause: float = 0.05, words: int = 200) -> None:
        self._pause = pause
        self._words = words
        self.writing = 0
        self.stopped = 0

    def generate(self, prompt: Prompt, max_tokens: int) -> Generator[str, None, None]:
        self.writing += 1
        try:
            for at in range(self._words):
                time.sleep(self._pause)
                yield "" if at < 5 else "woord "
        except GeneratorExit:
            self.stopped += 1
            raise
        finally:
            self.writing -= 1


def build_assistant(
    folder: Path, paths: Sequence[Path], generator: generators.Generator | None = None
) -> Assistant:
    """Index files into `folder` and open an assistant on them."""
    store, embedder = Store(folder, create=True), HashingEmbedder()
    try:
        update(store, paths, embedder)
    finally:
        store.close()
    return Assistant(Index.open(folder, embedder), generator or Extractive())


@contextmanager
def running(app: FastAPI, grace: float = 1.0) -> Iterator[str]:
    """Serve the app in a thread and give its address."""
    port = free_port()
    server = server_of(app, "127.0.0.1", port, grace)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until(lambda: server.started)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(15)
        assert not thread.is_alive(), "the server did not stop"


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
        return port


def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for a condition; fail loudly when it does not come true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not true within {seconds} seconds"
        time.sleep(0.02)
