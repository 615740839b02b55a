"""Killed at any moment, failed by the disk anywhere: nothing confirmed is lost, nothing is half visible."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from index.index import Index
from index.store import Store
from tests.fakes import HashingEmbedder
from tests.pdfs import handmade, paragraph
from tests.reading import update

ROOT = Path(__file__).parent.parent
KILLS = 200
LONGEST_START = 10.0
"""Seconds within which an index must open after a crash."""
QUERIES = ("Hoe snel groeit de haven?", "schepen", "geld voor onderzoek", "kade", "brug", "toren", "brief")
CALLS = "openat,write,pwrite64,fsync,fdatasync,ftruncate,rename,unlink,mkdir,rmdir,unlinkat"

State = list[tuple[str, str, float]]


def folders(place: Path) -> tuple[Path, Path]:
    """Two states of a folder: one file the same, one changed, one renamed, one gone, two new."""
    before, after = place / "before", place / "after"
    locks = "\n\n".join(f"Regel {number} van de lijst gaat over sluizen." for number in range(90))
    contents: dict[Path, dict[str, str | bytes]] = {
        before: {
            "haven.txt": "De haven groeit ieder jaar. Er komen meer schepen uit Azië.\n\nDe kade is lang.",
            "kas.txt": "De kas is bijna leeg. Er is geen geld voor onderzoek.",
            "oud.txt": "De oude toren wordt gesloopt.",
            "brief.pdf": handmade(paragraph("De brief is op vrijdag verstuurd.")),
        },
        after: {
            "haven.txt": "De haven krimpt dit jaar. Er komen meer schepen uit Azië.\n\nDe kade is kort.",
            "schatkist.txt": "De kas is bijna leeg. Er is geen geld voor onderzoek.",
            "brief.pdf": handmade(paragraph("De brief is op vrijdag verstuurd.")),
            "brug.html": "<!doctype html><title>Brug</title><p>De brug gaat vaak open.</p>",
            "lijst.txt": locks,
            "stuk.pdf": "%PDF-1.4 broken",
        },
    }
    for folder, files in contents.items():
        folder.mkdir()
        for name, content in files.items():
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return before, after


def state(data: Path) -> State:
    """Everything that searches find."""
    index = Index.open(data, HashingEmbedder())
    assert index.alarm is None
    return sorted(
        (hit.document.file, hit.text, round(hit.score, 5))
        for query in QUERIES
        for hit in index.search(query, 200, per_page=False)
    )


def check(data: Path, allowed: list[State]) -> State:
    """Return the state of an index after a crash, which must be one of these, and whole."""
    began = time.monotonic()
    found = state(data)
    assert time.monotonic() - began < LONGEST_START
    assert found in allowed
    with closing(Store(data)) as store:
        for entry in store.entries():
            original = store.originals.path(entry.sha256)
            assert hashlib.sha256(original.read_bytes()).hexdigest() == entry.sha256
            assert store.document(entry, placed=True).text
    return found


class Crasher:
    """The process of tests/crasher.py."""

    def __init__(self, data: Path, places: tuple[Path, Path], trouble: Path) -> None:
        command = [sys.executable, "-m", "tests.crasher", str(data), *map(str, places)]
        self._trouble = trouble.open("wb")
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._trouble
        )

    def begin(self, target: int) -> int:
        """Have a fork made, and return its process id; it waits."""
        self._write(f"{target}\n")
        return self._read()

    def go(self) -> None:
        """Wake the fork."""
        self._write("go\n")

    def end(self) -> int:
        """Wait for the fork and return its exit status, negative for the signal that ended it."""
        return self._read()

    def run(self, target: int) -> int:
        self.begin(target)
        self.go()
        return self.end()

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()
        self._trouble.close()

    def _write(self, line: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(line.encode())
        self._process.stdin.flush()

    def _read(self) -> int:
        assert self._process.stdout
        return int(self._process.stdout.readline())


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    return folders(tmp_path)


@pytest.fixture
def states(places: tuple[Path, Path], tmp_path: Path) -> list[State]:
    """What an index made from nothing finds in each of the two states."""
    found = []
    for number, folder in enumerate(places):
        with closing(Store(tmp_path / f"fresh{number}", create=True)) as store:
            update(store, [folder], HashingEmbedder())
        found.append(state(tmp_path / f"fresh{number}"))
    assert found[0] != found[1]
    return found


@pytest.fixture
def crasher(places: tuple[Path, Path], tmp_path: Path) -> Iterator[Crasher]:
    made = Crasher(tmp_path / "data", places, tmp_path / "trouble.log")
    yield made
    made.close()


def leftovers(data: Path) -> list[str]:
    """What lies in the folder besides what the store names."""
    with closing(Store(data)) as store:
        known = {*store.hashes(), *store.generations(), "files", "vraagbaak.sqlite", "update.lock"}
        places = [*data.iterdir(), *(data / "files").iterdir()]
    return [
        path.name for path in places if path.name not in known and not path.name.endswith(("-wal", "-shm"))
    ]


@pytest.mark.slow
def test_two_hundred_kills(crasher: Crasher, states: list[State], tmp_path: Path) -> None:
    data, chance = tmp_path / "data", random.Random(20261122)
    assert crasher.run(0) == 0
    began = time.monotonic()
    assert crasher.run(1) == 0
    longest = 1.2 * (time.monotonic() - began)
    now, killed = 1, 0
    while killed < KILLS:
        target = 1 - now
        child = crasher.begin(target)
        crasher.go()
        time.sleep(chance.uniform(0, longest))
        with suppress(ProcessLookupError):  # done already
            os.kill(child, signal.SIGKILL)
        status = crasher.end()
        killed += status == -signal.SIGKILL
        found = check(data, states)
        assert status != 0 or found == states[target]  # what was confirmed is there
        now = states.index(found)
        if chance.random() < 0.2:  # It goes on where it stopped, and leaves nothing behind.
            assert crasher.run(target) == 0
            assert check(data, [states[target]]) and not leftovers(data)
            now = target


@contextmanager
def traced(child: int, log: Path, *options: str) -> Iterator[None]:
    """Trace a process and its threads with strace while the block runs."""
    command = ["strace", "-f", "-qq", "-o", str(log), *options, "-p", str(child)]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as tracer:
        status = Path(f"/proc/{child}/status")
        while "TracerPid:\t0\n" in status.read_text():
            assert tracer.poll() is None, "strace cannot trace here: it needs the permission to (ptrace)"
            time.sleep(0.001)
        yield


@pytest.mark.slow
def test_every_file_operation_fails_once(crasher: Crasher, states: list[State], tmp_path: Path) -> None:
    """The N-th call of each kind that an update makes fails, for every N: of a full disk or a broken one."""
    data, log, chance = tmp_path / "data", tmp_path / "calls", random.Random(20261123)
    assert crasher.run(0) == 0
    child = crasher.begin(1)
    with traced(child, log, "-e", f"trace={CALLS}"):
        crasher.go()
        assert crasher.end() == 0
    calls = [line.split()[1].partition("(")[0] for line in log.read_text().splitlines() if "(" in line]
    counts = {call: calls.count(call) for call in CALLS.split(",")}
    assert sum(counts.values()) > 100
    now, told = 1, 0
    for call, count in counts.items():
        for number in range(1, count + 1):
            target, error = 1 - now, chance.choice(("ENOSPC", "EIO"))
            child = crasher.begin(target)
            with traced(
                child, log, "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={number}"
            ):
                crasher.go()
                status = crasher.end()
            assert status in (0, 1, 2), f"{call} {number}: {(tmp_path / 'trouble.log').read_text()[-2000:]}"
            told += status == 1
            if status == 2:  # A source could not be read: it is the next time.
                state(data)
                assert crasher.run(target) == 0
                status = 0
            now = states.index(check(data, states if status else [states[target]]))
    assert told > 20
    assert crasher.run(1 - now) == 0 and not leftovers(data)
