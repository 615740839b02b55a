"""Recordings: what a generator wrote is kept in a file, and read from it when the same is asked again."""

import hashlib
import json
from pathlib import Path

from index.errors import BadConfiguration
from rag.generators import Generator, Prompt
from rag.generators.pieces import Pieces


class Recorded:
    """A generator that is asked only what stands in no recording yet, so that a run costs only what changed.

    The file is JSON Lines, a line for each text: the generator, a hash of all that it was asked and, to be
    read, the part that differs between questions, and what was written. Only whole texts are kept: a
    generator that fails or is stopped leaves no line.
    """

    def __init__(self, generator: Generator, file: Path) -> None:
        """Read the file, if there is one. Raises BadConfiguration when it holds something else."""
        self._generator = generator
        self._file = file
        self._written = _read(file)
        self.replayed = 0

    @property
    def name(self) -> str:
        """Which model writes, or wrote."""
        return self._generator.name

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield the recorded text at once, or the generator's pieces. Raises GenerationFailed."""
        key = self._key(prompt, max_tokens)
        if key in self._written:
            self.replayed += 1
            yield self._written[key]
            return
        pieces = []
        for piece in self._generator.generate(prompt, max_tokens):
            pieces.append(piece)
            yield piece
        self._written[key] = "".join(pieces)
        line = {
            "generator": self.name,
            "sha256": key,
            "prompt": prompt.user,
            "written": self._written[key],
        }
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def _key(self, prompt: Prompt, max_tokens: int) -> str:
        asked = json.dumps([self.name, max_tokens, prompt.messages], ensure_ascii=False)
        return hashlib.sha256(asked.encode()).hexdigest()


def _read(file: Path) -> dict[str, str]:
    try:
        lines = file.read_text(encoding="utf-8").split("\n") if file.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{file} cannot be read as recordings: {error}.") from error
    written: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if line:
            try:
                entry = json.loads(line)
                written[str(entry["sha256"])] = str(entry["written"])
            except (ValueError, KeyError, TypeError) as error:
                raise BadConfiguration(f"{file}, line {number}: this is no recording ({error!r}).") from error
    return written
