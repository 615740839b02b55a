"""The prompt cache, as llama.cpp calls it: what a model made of the beginning of every prompt, in a file."""

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rag.generators.generator import Prompt

_DIGEST_BYTES = hashlib.blake2b().digest_size


@dataclass(frozen=True, slots=True)
class PromptCache:
    """A prompt that begins as all others do, and the file that keeps a model's state after reading it.

    The state holds nothing of questions or documents. Models trust the states they are given, so one is given
    back only if it is, byte for byte, what this user stored under the same key.
    """

    beginning: Prompt
    file: Path

    def load(self, key: str) -> bytes | None:
        """Return the state that was stored under `key`; None where the file is missing or anything else."""
        try:
            with self.file.open("rb") as kept:
                own = os.fstat(kept.fileno()).st_uid == os.geteuid()
                digest, state = kept.read(_DIGEST_BYTES), kept.read()
        except OSError:
            return None
        return state if own and digest == _digest(key, state) else None

    def store(self, key: str, read: Callable[[], bytes]) -> None:
        """Keep the state that `read` returns, whole or not at all, in a file for this user alone.

        Raises OSError, where nothing can be written before `read` is asked.
        """
        with TemporaryDirectory(dir=self.file.parent, prefix=".") as folder:
            draft = Path(folder, self.file.name)
            draft.touch(mode=0o600)
            state = read()
            draft.write_bytes(_digest(key, state) + state)
            draft.replace(self.file)


def _digest(key: str, state: bytes) -> bytes:
    return hashlib.blake2b(state, key=hashlib.sha256(key.encode()).digest()).digest()
