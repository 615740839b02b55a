"""`vraagbaak serve`: HTTP and the chat page, on an index that may be renewed meanwhile."""

import errno
import logging
import secrets
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import BadConfiguration, VraagbaakError
from vraagbaak.session import begin
from vraagbaak.settings import Settings

if TYPE_CHECKING:
    from rag.assistant import Assistant

logger = logging.getLogger(__name__)

LOOK_EVERY = 2.0
"""Seconds between two looks whether there is a new generation."""
FORGET_EVERY = 3600.0
"""Seconds between two looks whether a kept question has had its days."""


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to serve on.", show_default="127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port to serve on.", show_default="8000")] = None,
) -> None:
    """Serve the chat page and the API until Ctrl-C."""
    session = begin(context, host=host, port=port)
    settings, terminal = session.settings, session.terminal
    # Before the models are loaded: whether the port is free can be said at once.
    with bound(settings.host, settings.port) as opened:
        terminal.say("Opening the index and loading the models…")
        from api.app import create_app
        from api.chat_reply import ChatStyle
        from api.serving import server_of
        from rag.cache import AnswerCache
        from vraagbaak.assembly import make_assistant, make_editors, make_feedback

        answers = AnswerCache(settings.cached_answers) if settings.cached_answers else None
        mark = secrets.token_bytes(16)
        assistant = make_assistant(settings, answers=answers, mark=mark)
        feedback = make_feedback(settings)
        app = create_app(
            assistant,
            examples=settings.examples,
            version=version("vraagbaak"),
            feedback=feedback,
            chat=ChatStyle(settings.chat_sources, (settings.public_url or "").rstrip("/")),
            contact=settings.contact,
            origins=settings.widget_origins,
            editors=make_editors(settings),
            mcp=[settings.public_url or ""] if settings.mcp else None,
        )
        server = server_of(app, settings.host, settings.port)
        _log_as_we_do()
        opened.listen(128)
        warn(assistant)
        with renewing(assistant, settings.data), forgetting(settings), suppress(KeyboardInterrupt):
            # Beside serving: a generator that is slow to begin keeps nobody from searching.
            threading.Thread(target=assistant.warm_up, name="warming up", daemon=True).start()
            terminal.say(f"Vraagbaak serves on {_address(opened)} (Ctrl-C stops it).")
            server.run(sockets=[opened])


@contextmanager
def bound(host: str, port: int) -> Iterator[socket.socket]:
    """Give a socket on an address. Raises BadConfiguration when it is taken or is none of this machine."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        opened = socket.socket(family, kind, protocol)
    except OSError as error:
        raise BadConfiguration(f"{host} is no address to serve on: {error}.") from error
    with opened:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            opened.bind(address)
        except OSError as error:
            what = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise BadConfiguration(
                f"Port {port} on {host} {what}: stop what serves there, or choose another port "
                "with --port or VRAAGBAAK_PORT."
            ) from error
        yield opened


@contextmanager
def renewing(assistant: "Assistant", folder: Path, every: float = LOOK_EVERY) -> Iterator[None]:
    """Give the assistant each new generation of the index in `folder` while the block runs."""

    def look(ended: threading.Event) -> None:
        trouble = ""
        while not ended.wait(every):
            try:
                if renew(assistant, folder):
                    logger.info("Now answering from %s", assistant.index.generation)
                    warn(assistant)
                trouble = ""
            # Whatever is wrong with the new index, the old one still answers; say so once, and look again.
            except Exception as error:
                if str(error) != trouble:
                    trouble = str(error)
                    expected = isinstance(error, VraagbaakError)
                    logger.warning(
                        "The new index cannot be opened, the old one stays: %s",
                        error,
                        exc_info=None if expected else error,
                    )

    with _beside("renewing", look):
        yield


@contextmanager
def forgetting(settings: Settings, every: float = FORGET_EVERY) -> Iterator[None]:
    """Delete kept questions that have had their days, now and while the block runs.

    Also where none are kept any more: those of before still go.
    """
    from rag.review.store import QuestionStore

    def look(ended: threading.Event) -> None:
        while True:
            try:
                QuestionStore(settings.data).forget(date.today() - timedelta(days=settings.keep_days))
            except (sqlite3.Error, OSError, VraagbaakError) as error:  # people are answered all the same
                logger.error("Questions that have had their days could not be deleted: %s", error)
            if ended.wait(every):
                return

    with _beside("forgetting", look):
        yield


@contextmanager
def _beside(name: str, work: Callable[[threading.Event], None]) -> Iterator[None]:
    """Run `work` in a thread of its own while the block runs; the event tells it that the block ended."""
    ended = threading.Event()
    worker = threading.Thread(target=work, args=[ended], name=name, daemon=True)
    worker.start()
    try:
        yield
    finally:
        ended.set()
        worker.join()


def renew(assistant: "Assistant", folder: Path) -> bool:
    """Give the assistant the current generation in `folder`, and say whether it is another than before.

    Raises IndexUnavailable or IndexMismatch; then the assistant keeps what it has.
    """
    from index.index import Index
    from index.store import Store

    store = Store(folder)
    try:
        current = store.generation
    finally:
        store.close()
    if current is None or current == assistant.index.current:
        return False
    assistant.index = Index.open(folder, assistant.index.embedder)
    return True


def warn(assistant: "Assistant") -> None:
    """Log it when the index is not the one that should be answered from."""
    if assistant.index.alarm:
        logger.error("%s", assistant.index.alarm)


def _log_as_we_do() -> None:
    """Let uvicorn's lines go where ours go: its own handlers write to stdout, at a level of their own."""
    for name in ("uvicorn", "uvicorn.access", "uvicorn.error"):
        log = logging.getLogger(name)
        log.handlers.clear()
        log.propagate = True
        log.setLevel(logging.NOTSET)


def _address(opened: socket.socket) -> str:
    host, port = opened.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"
