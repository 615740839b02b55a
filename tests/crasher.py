"""A process that updates an index again and again, each time in a fork that a test may kill or trip up.

    python -m tests.crasher DATA FOLDER…

For each number of a folder on stdin it forks. The fork says its process id, waits for a line, so that a test
may trace it first, updates the index to mirror that folder, and exits with 0, or 1 when the update told of an
error of its own, 2 when a file could not be read that can be read. The parent then says its exit status,
negative for the signal that killed it.
"""

import os
import sys
from contextlib import closing
from pathlib import Path

import faiss

from index.build import update
from index.compounds import dutch_words
from index.errors import VraagbaakError
from index.reading.readers import read, reader_name
from index.reading.reading import Reading
from index.sandbox import Sandbox
from index.store import Store
from tests.fakes import HashingEmbedder


class Here(Sandbox):
    """Reads in this process: what is tested here is what becomes of readings, 200 times."""

    def read(self, path: Path) -> Reading:
        return read(path.read_bytes())


def main(data: Path, folders: list[Path]) -> None:
    faiss.omp_set_num_threads(1)  # no threads before a fork
    dutch_words()  # read once here, not in each of hundreds of forks
    reader_name()  # which Tesseract is here: its start is none of the operations of an update
    for line in sys.stdin:
        if line == "go\n":  # meant for a fork that was killed before it read it
            continue
        child = os.fork()
        if not child:
            os._exit(attempt(data, folders[int(line)]))
        _, status = os.waitpid(child, 0)
        say(os.waitstatus_to_exitcode(status))


def attempt(data: Path, folder: Path) -> int:
    say(os.getpid())
    sys.stdin.readline()
    try:
        with closing(Store(data, create=True)) as store, store.alone(), Here() as sandbox:
            summary = update(store, [folder], HashingEmbedder(), sandbox, only=True)
    except VraagbaakError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 2 if set(summary.refused) - {"stuk.pdf"} else 0


def say(number: int) -> None:
    os.write(1, f"{number}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
