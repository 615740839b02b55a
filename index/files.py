"""Which files are documents, and what they are called."""

import os
import re
import time
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from index.errors import BadConfiguration
from index.reading.manifest import About, read_manifest
from index.reading.readers import SUFFIXES

_State = frozenset[tuple[str, int, int]]
"""Place, size and time of change (nanoseconds) of every file."""


def find_files(paths: Sequence[Path]) -> list[tuple[Path, str, About]]:
    """Return the documents at `paths`: place, name relative to the folder given, and what a manifest says.

    Raises BadConfiguration for a path that does not exist, for a folder that cannot be listed, and when there
    is no document at any.
    """
    found: dict[Path, tuple[str, About]] = {}
    for given in paths:
        path = given.expanduser().resolve()
        if not path.exists():
            raise BadConfiguration(f"{given} does not exist.")
        manifest = read_manifest(path if path.is_dir() else path.parent)
        inside = sorted(_files_in(path)) if path.is_dir() else [path]
        for file in inside:
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            hidden = any(part.startswith((".", "~$")) for part in Path(name).parts)
            if file.is_file() and (not path.is_dir() or (file.suffix.lower() in SUFFIXES and not hidden)):
                found[file] = (name, manifest.get(name, About()))
    if not found:
        kinds = ", ".join(sorted(SUFFIXES))
        raise BadConfiguration(f"There is no document in {', '.join(map(str, paths))}: looked for {kinds}.")
    return [(path, name, about) for path, (name, about) in found.items()]


def _files_in(folder: Path) -> Iterator[Path]:
    def failed(error: OSError) -> None:
        # Taken for empty, a share that is away for a moment would have its documents removed.
        raise BadConfiguration(f"{error.filename} cannot be listed ({error.strerror}): nothing was changed.")

    for place, _, names in os.walk(folder, onerror=failed):
        yield from (Path(place, name) for name in names)


def changes(paths: Sequence[Path], every: float) -> Iterator[None]:
    """Return an iterator that goes on each time that something changed in files and folders since this call.

    It waits until nothing changed for `every` seconds: a file that is being copied is not yet what it will
    be. Folders are looked at rather than watched by the kernel: a share on a server tells of no changes.
    """
    return _changes(_state(paths), paths, every)


def _changes(seen: _State, paths: Sequence[Path], every: float) -> Iterator[None]:
    while True:
        time.sleep(every)
        state = _state(paths)
        if state == seen:
            continue
        while (settled := _after(every, paths)) != state:
            state = settled
        seen = state
        yield


def _after(seconds: float, paths: Sequence[Path]) -> _State:
    time.sleep(seconds)
    return _state(paths)


def _state(paths: Sequence[Path]) -> _State:
    found = set()
    for given in paths:
        for path in (given, *given.rglob("*")):
            with suppress(OSError):  # gone between the two calls
                about = path.stat()
                found.add((str(path), about.st_size, about.st_mtime_ns))
    return frozenset(found)


def origin_of(path: Path) -> str:
    """Return a place as text that any program can keep: a name may hold bytes that are no UTF-8."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def lies_under(origin: Path, paths: Sequence[Path]) -> bool:
    """Say whether a file is one of the paths or lies under one of them."""
    return any(origin.is_relative_to(path.expanduser().resolve()) for path in paths)


def free_id(name: str, taken: Collection[str]) -> str:
    """Return an id made of a file's name that no other document has."""
    plain = unicodedata.normalize("NFKD", str(Path(name).with_suffix(""))).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:80] or "document"
    number, free = 1, stem
    while free in taken:
        number += 1
        free = f"{stem}-{number}"
    return free
