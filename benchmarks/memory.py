"""How much memory ingestion takes over a folder of many files, and whether it is given back.

    python -m benchmarks.memory [--files N] [--plot docs/memory.svg]

Makes a folder of N small files (PDF, HTML and text, all different) and indexes it in a process of its own,
with the hashing embedder of the tests: the memory of a model is the same for one file or a million, and would
hide the rest. Looks at the resident memory of that process and of its child five times a second. A table goes
to stderr, one JSON object to stdout, and the curve, as SVG, where --plot says.
"""

import argparse
import json
import os
import random
import sys
import time
from contextlib import closing
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

from wordfreq import top_n_list

from index.build import update
from index.index import Index
from index.sandbox import Sandbox
from index.store import Store
from tests.fakes import HashingEmbedder
from tests.pdfs import handmade, paragraph

EVERY = 0.2
"""Seconds between two looks."""
WORDS = [word for word in top_n_list("nl", 4000) if word.isalpha() and len(word) > 2]
WIDTH, HEIGHT, LEFT, BOTTOM = 640, 260, 52, 34

Look = tuple[float, str, int, float, float]
"""Seconds, phase, files read so far, memory of the process and of its child in MB."""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--files", type=int, default=10_000, help="how many files (10,000)")
    parser.add_argument("--plot", type=Path, help="where to draw the curve")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        write_files(Path(folder) / "papers", given.files)
        context = get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=index_files, args=(there, Path(folder)))
        process.start()
        there.close()
        looks = watch(here, process.pid or 0)
        process.join()
    if given.plot:
        given.plot.write_text(curve(looks, given.files), encoding="utf-8")
    figures = summed_up(looks)
    for name, value in figures.items():
        sys.stderr.write(f"{name:<44}{value:>10,.0f}\n")
    print(json.dumps({"files": given.files, "cores": os.cpu_count(), **figures}, indent=1))


def write_files(folder: Path, count: int) -> None:
    """Write `count` files of some twelve sentences each; the same ones each time."""
    chance = random.Random(1)
    folder.mkdir()
    for number in range(count):
        sentences = [f"{' '.join(chance.choices(WORDS, k=9)).capitalize()} {number}." for _ in range(12)]
        path = folder / f"stuk-{number:05d}"
        if number % 3 == 0:
            pages = (paragraph(*sentences[:6], size=6), paragraph(*sentences[6:], size=6))
            path.with_suffix(".pdf").write_bytes(handmade(*pages))
        elif number % 3 == 1:
            body = "".join(f"<p>{sentence}</p>" for sentence in sentences)
            path.with_suffix(".html").write_text(f"<!doctype html><title>{number}</title>{body}")
        else:
            path.with_suffix(".txt").write_text("\n\n".join(sentences))


def index_files(told: Connection, folder: Path) -> None:
    """Index the folder, open the index, let go of it, and tell the other process what is being done."""
    with closing(Store(folder / "data", create=True)) as store, Sandbox() as sandbox:

        def report(phase: str, done: int, total: int, at_hand: str) -> None:
            told.send((phase, done if phase == "read" else -1, sandbox.child))

        update(store, [folder / "papers"], HashingEmbedder(), sandbox, report=report)
        told.send(("nothing", -1, None))
        time.sleep(3)
    told.send(("opened", -1, None))
    index = Index.open(folder / "data", HashingEmbedder())
    time.sleep(2)
    del index
    told.close()


def watch(told: Connection, process: int) -> list[Look]:
    """Look at the memory until the process hangs up."""
    looks: list[Look] = []
    began, phase, files, child = time.monotonic(), "start", 0, None
    while True:
        try:
            while told.poll(EVERY):
                phase, done, child = told.recv()
                files = max(files, done)
                if looks and time.monotonic() - began - looks[-1][0] > EVERY:
                    break
        except EOFError:
            return looks
        looks.append((time.monotonic() - began, phase, files, resident(process), resident(child)))


def resident(process: int | None) -> float:
    """Return the resident memory of a process in MB, 0 when there is none."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def summed_up(looks: list[Look]) -> dict[str, float]:
    """Return the figures that the docs give, in MB."""

    def most(phases: tuple[str, ...], column: int, part: slice = slice(None)) -> float:
        chosen = [look for look in looks if look[1] in phases][part]
        return max((float(look[column]) for look in chosen), default=0.0)

    reading = [look for look in looks if look[1] in ("read", "embed")]
    tenth = len(reading) // 10
    return {
        "seconds": looks[-1][0],
        "seconds until all was read": reading[-1][0],
        "process, first tenth of reading": max(look[3] for look in reading[: tenth + 1]),
        "process, last tenth of reading": max(look[3] for look in reading[-tenth - 1 :]),
        "child, first tenth of reading": max(look[4] for look in reading[: tenth + 1]),
        "child, last tenth of reading": max(look[4] for look in reading[-tenth - 1 :]),
        "process, writing the generation": most(("write",), 3),
        "process, done": min((look[3] for look in looks if look[1] == "nothing"), default=0.0),
        "process, index open": most(("opened",), 3),
    }


def curve(looks: list[Look], files: int) -> str:
    """Draw memory over time, readable in light and dark."""
    longest, top = looks[-1][0], 100 * (1 + max(max(look[3:]) for look in looks) // 100)

    def at(seconds: float, memory: float) -> str:
        x = LEFT + (WIDTH - LEFT - 12) * seconds / longest
        return f"{x:.1f},{(HEIGHT - BOTTOM) * (1 - memory / top) + 10 * memory / top:.1f}"

    lines = [
        f'<polyline class="{name}" points="{" ".join(at(look[0], float(look[column])) for look in looks)}"/>'
        for name, column in (("parent", 3), ("child", 4))
    ]
    writing = next((look[0] for look in looks if look[1] == "write"), longest)
    x = at(writing, 0).partition(",")[0]
    marks = "".join(
        f'<text x="{LEFT - 6}" y="{at(0, level).partition(",")[2]}" text-anchor="end">{level:.0f}</text>'
        for level in (0, top / 2, top)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
        f"<title>Resident memory while {files:,} files are indexed, in MB over seconds</title>"
        "<style>text{font:12px sans-serif;fill:#667}polyline{fill:none;stroke-width:2}"
        ".parent{stroke:#2a6fb0}.child{stroke:#c2701e}.rule{stroke:#8889;stroke-dasharray:3 3}</style>"
        f'<line class="rule" x1="{x}" x2="{x}" y1="10" y2="{HEIGHT - BOTTOM}"/>'
        f'<text x="{x}" y="22" text-anchor="end">writing the generation </text>'
        f'{marks}<text x="4" y="{HEIGHT - 8}">MB; {longest:.0f} seconds; blue the process, '
        f"orange its reading child</text>{''.join(lines)}</svg>\n"
    )


if __name__ == "__main__":
    main()
