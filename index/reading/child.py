"""The child process: reads files and draws pages under limits, so that whatever is in a file ends here."""

import json
import logging
import resource
import signal
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from index.errors import UnreadableDocument
from index.reading.packed import pack
from index.reading.pdf.drawing import draw
from index.reading.readers import read
from index.reading.reading import Options

logger = logging.getLogger(__name__)


def main(descriptor: int, memory: int) -> None:
    """Serve the parent at the other end of a socket until it hangs up, with at most `memory` bytes.

    It says "ready" first. A request is a JSON object. The answers to "read" are any number of
    {"page": n, "of": m}, then {"reading": true} and the two messages of `pack`; that to "draw" is
    {"size": [w, h]} and the pixels; or else {"refused": reason}, {"heavy": true} (no memory left) or
    {"failed": true}.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches both: the parent says when this ends
    with Connection(descriptor) as parent:
        parent.send_bytes(b"ready")
        while True:
            try:
                request = json.loads(parent.recv_bytes())
            except EOFError:
                return
            # Should the parent be killed while a library runs in circles, nobody else would end it.
            signal.alarm(request["seconds"])
            _answer(parent, request)
            signal.alarm(0)


def _answer(parent: Connection, request: Mapping[str, Any]) -> None:
    def say(**message: object) -> None:
        parent.send_bytes(json.dumps(message).encode())

    try:
        if request["do"] == "draw":
            size, pixels = draw(Path(request["path"]), request["page"], request["scale"])
            say(size=size)
            parent.send_bytes(pixels)
            return
        options = Options(
            skip=frozenset(request["skip"]),
            at_page=lambda page, pages: say(page=page, of=pages),
            most_pages=request["most_pages"],
            most_text=request["most_text"],
        )
        packed, boxes = pack(read(Path(request["path"]).read_bytes(), options))
        say(reading=True)
        parent.send_bytes(packed)
        parent.send_bytes(boxes)
    except UnreadableDocument as error:
        say(refused=error.reason)
    except MemoryError:
        say(heavy=True)
    except Exception:  # What no reader foresaw: the next file is read all the same.
        logger.exception("Reading %s failed", request["path"])
        say(failed=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
