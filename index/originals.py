"""The originals: every indexed file as it was given, kept under the hash of its bytes."""

import hashlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path

from index.errors import UnreadableDocument
from index.texts import text

_BLOCK = 1 << 20


class Originals:
    """A folder of files named by their SHA-256. What lies there under a hash has that hash, durably."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self) -> None:
        """Make the folder, if there is none."""
        self._folder.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Return where the original with this hash is kept."""
        return self._folder / sha256

    def keep(self, path: Path) -> str:
        """Copy a file to the originals, unless it is there, and return its SHA-256.

        The hash is that of the copy: a file that is being written just now is kept as one state or another,
        and what is read of it is what is kept. Raises UnreadableDocument when it cannot be read, OSError
        when it cannot be kept.
        """
        digest = hashlib.sha256()
        for block in _blocks(path):
            digest.update(block)
        if self.path(digest.hexdigest()).exists():
            return digest.hexdigest()
        partial = self._folder / "arriving"  # one process writes, and copies one file at a time
        digest = hashlib.sha256()
        with partial.open("wb") as copy:
            for block in _blocks(path):
                digest.update(block)
                copy.write(block)
            copy.flush()
            os.fsync(copy.fileno())
        partial.replace(self.path(digest.hexdigest()))
        _name_to_disk(self._folder)
        return digest.hexdigest()

    def keep_only(self, needed: Collection[str]) -> None:
        """Delete every original but these."""
        for path in self._folder.iterdir():
            if path.name not in needed:
                path.unlink()


def _blocks(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block
    except OSError as error:  # gone since it was listed, or not to be read by this user
        raise UnreadableDocument(text("read.missing")) from error


def _name_to_disk(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
