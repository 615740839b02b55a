"""`vraagbaak doctor`: whether everything is as it should be, and what to do where it is not."""

import os
import platform
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import typer

from index.errors import VraagbaakError
from vraagbaak.failures import FAILED
from vraagbaak.models.store import ModelStore
from vraagbaak.session import begin
from vraagbaak.settings import Settings, unknown_variables

ROOM = 1_000_000_000
"""Bytes that should be free: an update holds two generations and the copies of the documents."""


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, whether it is well, what was found, and what to do if it is not."""

    name: str
    ok: bool
    found: str
    advice: str = ""


def doctor(context: typer.Context) -> None:
    """Check that everything is in place and that a question is answered, without any network."""
    session = begin(context)
    terminal = session.terminal
    checks: list[Check] = []
    for check in _checks(session.settings):
        checks.append(check)
        if not terminal.as_json:
            advice = f" — {check.advice}" if check.advice and not check.ok else ""
            terminal.line(f"{'ok   ' if check.ok else 'WRONG'}  {check.name}: {check.found}{advice}")
    well = all(check.ok for check in checks)
    if terminal.as_json:
        terminal.emit({"ok": well, "checks": [asdict(check) for check in checks]})
    if not well:
        raise typer.Exit(FAILED)


def _checks(settings: Settings) -> Iterator[Check]:
    python = platform.python_version()
    yield Check("Python", sys.version_info >= (3, 11), python, "install Python 3.11 or later")
    unknown = unknown_variables()
    yield Check(
        "settings", not unknown, ", ".join(unknown) or "no unknown variables", "there is no such setting"
    )
    for name in settings.local_models:
        yield _tried(f"model {name}", lambda name=name: str(ModelStore(settings.models).verify(name)))  # type: ignore[misc]
    folder = settings.data if settings.data.exists() else settings.data.absolute().parent
    free = shutil.disk_usage(folder).free
    yield Check("disk", free >= ROOM, f"{free / 1e9:.1f} GB free in {folder}", "make room")
    index = _tried("index", lambda: _index_opens(settings))
    yield index
    if not index.ok:
        return
    with _network_seen() as seen:
        yield _tried("a question", lambda: _answers(settings))
    offline = os.environ.get("HF_HUB_OFFLINE") == "1"
    elsewhere = settings.writes_elsewhere
    found = f"{settings.generator} writes the answers" if elsewhere else "none used"
    if seen and not elsewhere:
        found = f"tried: {', '.join(sorted(seen))}"
    yield Check(
        "network", offline and (elsewhere or not seen), found, "report this: nothing should be fetched"
    )


def _tried(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except (VraagbaakError, OSError, sqlite3.Error) as error:
        return Check(name, False, str(error))


def _index_opens(settings: Settings) -> str:
    from index.index import Index
    from vraagbaak.assembly import make_embedder

    index = Index.open(settings.data, make_embedder(settings))
    return f"{len(index.documents)} documents in {settings.data}, {index.generation}"


def _answers(settings: Settings) -> str:
    from vraagbaak.assembly import make_assistant

    began = time.perf_counter()
    assistant = make_assistant(settings)
    loaded = time.perf_counter()
    question = settings.examples[0] if settings.examples else assistant.index.documents[0].title
    answer = assistant.ask(question)
    ended = time.perf_counter()
    return f"{answer.status} in {ended - loaded:.1f} s, after {loaded - began:.1f} s of loading"


@contextmanager
def _network_seen() -> Iterator[set[str]]:
    """Collect the addresses that this process connects to in the block, by name or number.

    By Python's own audit events (PEP 578), which no library can go round in Python.
    """
    seen: set[str] = set()
    watching = True

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "socket.getaddrinfo":
            seen.add(str(arguments[0]))
        elif watching and event == "socket.connect" and isinstance(arguments[1], tuple):
            seen.add(str(arguments[1][0]))

    sys.addaudithook(hook)  # cannot be taken away again, only told to stop
    try:
        yield seen
    finally:
        watching = False
