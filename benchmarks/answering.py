"""How fast documents are indexed and questions answered, and how much memory that takes.

    python benchmarks/answering.py [--questions N] [--generator NAME] > bench.json

Indexes corpus/ from nothing in a temporary folder and asks the project's own questions with the models that
the settings name. A table goes to stderr, one JSON object to stdout. Run it on a machine that does nothing
else: other work shows in every number.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from eval.questions import KnownQuestion, read_questions
from index.build import update
from index.sandbox import Sandbox
from index.store import Store
from rag.assistant import Assistant
from vraagbaak.assembly import make_assistant, make_embedder
from vraagbaak.settings import Settings, read_settings

ROOT = Path(__file__).parent.parent
WARM_UP = "Waar gaan deze documenten over?"
SEARCHES = 3
"""Searches for each question, so that the slowest of a hundred means something."""

Figures = dict[str, float]


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--questions", type=int, default=20, help="how many questions to ask (20)")
    parser.add_argument("--generator", help="instead of what the settings say; `extractive` for quotes alone")
    given = parser.parse_args()
    known = read_questions(sorted((ROOT / "eval" / "questions").glob("*.jsonl")))
    answerable = [question for question in known if question.answerable and not question.history]
    # Spread over the documents, and the same ones each time.
    questions = answerable[:: max(1, len(answerable) // given.questions)][: given.questions]
    with TemporaryDirectory() as folder:
        settings = read_settings(data=Path(folder), generator=given.generator)
        # In a process of its own, so that the memory of indexing is not counted again in that of serving.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            indexing = alone.submit(measure_indexing, settings).result()
        began = time.perf_counter()
        assistant = make_assistant(settings)
        loading = time.perf_counter() - began
        figures = {
            "indexing": indexing,
            "starting": {"seconds": loading, "memory_mb": memory()},
            "searching": measure_searching(assistant, questions),
            "answering": measure_answering(assistant, questions),
        }
        about = machine() | {"embedder": assistant.embedder_name, "generator": assistant.generator_name}
    show(about, figures)
    rounded = {part: {name: round(value, 2) for name, value in row.items()} for part, row in figures.items()}
    print(json.dumps({"machine": about, "figures": rounded}, ensure_ascii=False, indent=1))


def measure_indexing(settings: Settings) -> Figures:
    """Index the sample documents from nothing; the model is loaded before the clock runs."""
    embedder = make_embedder(settings)
    embedder.embed_query(WARM_UP)
    phases: dict[str, list[float]] = {}
    with closing(Store(settings.data, create=True)) as store, Sandbox() as sandbox:
        began = time.perf_counter()
        summary = update(
            store,
            [ROOT / "corpus"],
            embedder,
            sandbox,
            report=lambda phase, *_: phases.setdefault(phase, []).append(time.perf_counter()),
        )
        total = time.perf_counter() - began
        began = time.perf_counter()
        update(store, [ROOT / "corpus"], embedder, sandbox)
        again = time.perf_counter() - began
        pages = sum(len(store.document(entry).pages) for entry in store.entries())
    reading, embedding = (phases[phase][-1] - phases[phase][0] for phase in ("read", "embed"))
    size = sum(path.stat().st_size for path in settings.data.rglob("*") if path.is_file())
    return {
        "pages": pages,
        "sentences": summary.embedded,
        "seconds": total,
        "pages_read_per_second": pages / reading,
        "sentences_embedded_per_second": summary.embedded / embedding,
        "seconds_when_nothing_changed": again,
        "disk_mb": size / 1e6,
        "memory_mb": memory(),
    }


def measure_searching(assistant: Assistant, questions: list[KnownQuestion]) -> Figures:
    """Search for each question a few times."""
    assistant.search(WARM_UP)
    taken = []
    for question in questions * SEARCHES:
        began = time.perf_counter()
        assistant.search(question.question)
        taken.append((time.perf_counter() - began) * 1000)
    return {"searches": len(taken), **spread("ms", taken), "memory_mb": memory()}


def measure_answering(assistant: Assistant, questions: list[KnownQuestion]) -> Figures:
    """Ask each question once."""
    assistant.ask(WARM_UP)
    answers = [assistant.ask(question.question) for question in questions]
    found: Figures = {"questions": len(answers)}
    for step in ("first_evidence", "first_token", "total"):
        taken = [answer.timings[step] for answer in answers if step in answer.timings]
        found |= spread(f"{step}_ms", taken) if taken else {}
    return found | {"memory_mb": memory()}


def spread(name: str, values: list[float]) -> Figures:
    """Return the median and the value below which 95 of 100 lie."""
    return {f"{name}_p50": statistics.median(values), f"{name}_p95": float(np.percentile(values, 95))}


def memory() -> float:
    """Return the most memory this process has held, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kibibytes on Linux
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def machine() -> dict[str, str]:
    """Name the machine and the versions that the figures belong to."""
    processor = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        lines = information.read_text().splitlines()
        processor = next((line.split(":")[1].strip() for line in lines if "model name" in line), processor)
    size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return {
        "processor": f"{os.cpu_count()} x {processor}",
        "memory": f"{size:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "busy": f"load {os.getloadavg()[0]:.1f} at the end",
        "python": platform.python_version(),
        **{name: version(name) for name in ("vraagbaak", "torch", "faiss-cpu", "xllamacpp")},
    }


def show(about: dict[str, str], figures: dict[str, Figures]) -> None:
    """Print the table."""
    console = Console(stderr=True, width=100)
    console.print(", ".join(f"{name} {value}" for name, value in about.items()), highlight=False)
    table = Table(box=box.SIMPLE_HEAD)
    for column in ("what", "figure"):
        table.add_column(column)
    table.add_column("value", justify="right")
    for part, row in figures.items():
        for at, (name, value) in enumerate(row.items()):
            table.add_row("" if at else part, name.replace("_", " "), f"{value:,.1f}")
    console.print(table)


if __name__ == "__main__":
    main()
