"""The sandbox: reads files and draws their pages in a child process, which may die without harm to this one.

A PDF of one kilobyte can ask for gigabytes, keep a processor busy for minutes, or make PDFium abort the
process that called it. So this process looks into no file itself.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, Self

from PIL import Image

from index.errors import UnreadableDocument
from index.reading.packed import unpack
from index.reading.reading import Reading
from index.texts import text

logger = logging.getLogger(__name__)

_ENDED_BY = {
    -signal.SIGABRT: "heavy",
    -signal.SIGTRAP: "heavy",
    -signal.SIGKILL: "heavy",
    -signal.SIGALRM: "slow",
}
"""Why a child died, by its exit status: PDFium aborts when there is no memory left."""
START_SECONDS = 60.0
"""A child that says nothing for so long will not start at all: importing takes one or two."""
FILES_A_CHILD = 500
"""After so many files a new child takes over: what libraries leak stays bounded."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Refused beyond: `size` (bytes), `pages`, `text` (characters).

    `memory` is the address space of the child in bytes, `page_seconds` the longest for a page, opening the
    file and putting its text together included; `seconds` and `seconds_a_page` bound the whole.
    """

    size: int = 200 * 2**20
    pages: int = 5000
    text: int = 20_000_000
    memory: int = 3 * 2**29
    page_seconds: float = 20.0
    seconds: float = 60.0
    seconds_a_page: float = 5.0  # Recognising the letters of a scanned page takes two, at full speed.


class _Died(Exception):
    """The child ended, or took too long. `why` names the text; `page` is the one at hand, 0 for none."""

    def __init__(self, why: str, page: int, pages: int) -> None:
        super().__init__(why)
        self.why, self.page, self.pages = why, page, pages


class Sandbox:
    """A child process that is started when it is needed, and again when it died. Threads take turns."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._turn = Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._line: Connection | None = None
        self._files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def child(self) -> int | None:
        """The process id of the child, None before the first file."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """End the child."""
        with self._turn:
            self._end()

    def read(self, path: Path) -> Reading:
        """Return what the file at `path` says. Raises UnreadableDocument with the reason, in Dutch.

        A file at which the child dies is tried once more, without the page at which it died: of a long
        report with one page that is too heavy, the other pages are worth having.
        """
        if path.stat().st_size > self.limits.size:
            raise UnreadableDocument(text("read.large", megabytes=self.limits.size // 2**20))
        with self._turn:
            try:
                return self._read(path, ())
            except _Died as first:
                logger.warning("%s: %s at page %d, tried once more", path.name, first.why, first.page)
                try:
                    return self._read(path, (first.page,) if first.page and first.pages > 1 else ())
                except _Died as second:
                    raise UnreadableDocument(text(f"read.{second.why}")) from second

    def draw(self, path: Path, page: int, scale: float) -> Image.Image:
        """Return a page of a PDF as an image, `scale` pixels to the point. Raises UnreadableDocument."""
        with self._turn:
            try:
                answer = self._ask({"do": "draw", "path": str(path), "page": page, "scale": scale})
                return Image.frombytes("RGB", tuple(answer["size"]), self._receive(self._soon(), 0, 0))
            except _Died as error:
                raise UnreadableDocument(text(f"read.{error.why}")) from error

    def _read(self, path: Path, skip: Sequence[int]) -> Reading:
        limits = {"most_pages": self.limits.pages, "most_text": self.limits.text}
        self._ask({"do": "read", "path": str(path), "skip": skip, **limits})
        try:
            return unpack(self._receive(self._soon(), 0, 0), self._receive(self._soon(), 0, 0))
        except ValueError as error:
            self._end()
            raise _Died("crashed", 0, 0) from error

    def _ask(self, request: Mapping[str, object]) -> dict[str, Any]:
        """Return the child's last word on a request."""
        longest = self.limits.seconds + self.limits.seconds_a_page * self.limits.pages
        self._send(json.dumps({**request, "seconds": int(longest) + 5}).encode())
        began, page, pages = monotonic(), 0, 0
        while True:
            until = began + self.limits.seconds + self.limits.seconds_a_page * pages
            if not pages or page < pages:  # When the last page is done, the text is put together.
                until = min(until, self._soon())
            answer: dict[str, Any] = json.loads(self._receive(until, page, pages))
            if "page" in answer:
                page, pages = answer["page"], answer["of"]
            elif "heavy" in answer:
                self._end()
                raise _Died("heavy", page, pages)
            elif "refused" in answer:
                raise UnreadableDocument(answer["refused"])
            elif "failed" in answer:
                raise UnreadableDocument(text("read.crashed"))
            else:
                return answer

    def _soon(self) -> float:
        return monotonic() + self.limits.page_seconds

    def _send(self, message: bytes) -> None:
        if self._child is None or self._child.poll() is not None or self._files >= FILES_A_CHILD:
            self._end()
            self._start()
        assert self._line is not None
        self._files += 1
        try:
            self._line.send_bytes(message)
        except OSError as error:
            self._end()
            raise _Died("crashed", 0, 0) from error

    def _receive(self, until: float, page: int, pages: int) -> bytes:
        assert self._line is not None
        try:
            if self._line.poll(max(0.0, until - monotonic())):
                return self._line.recv_bytes()
            why = "slow"
        except (EOFError, OSError):
            assert self._child is not None
            why = _ENDED_BY.get(self._child.wait(), "crashed")
        self._end()
        raise _Died(why, page, pages)

    def _start(self) -> None:
        self._line, other = Pipe()
        root = str(Path(__file__).parents[1])
        self._child = subprocess.Popen(
            # -P: no module of the folder that somebody happens to be in is taken for ours.
            [sys.executable, "-P", "-m", "index.reading.child", str(other.fileno()), str(self.limits.memory)],
            pass_fds=(other.fileno(),),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": root, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        other.close()
        self._files = 0
        # The child imports its libraries first: that is no page's time.
        self._receive(monotonic() + START_SECONDS, 0, 0)

    def _end(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._child is not None:
            self._child.kill()
            self._child.wait()
        self._line = self._child = None
