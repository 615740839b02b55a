"""How fast a folder of PDFs is taken in, and how well its pages are found, beside LangChain and LlamaIndex.

    python -m benchmarks.ingest [FOLDER] [--questions FILE.jsonl …] [--rounds N] > ingest.json

The others run as their own first examples have them (benchmarks/peers/loader.py), with the same model, on as
many threads; each in a process of its own and in a virtual environment of its own. That is made at the first
run, from the package index, in the user's cache, on top of the project's packages. A round runs each system
once, and begins with another one each time; seconds and memory are medians, ratios medians of the ratios of
each round, so that work of others on the machine counts for all. A table goes to stderr, one JSON object to
stdout.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.answering import machine
from eval.metrics import first_rank, recall_at, reciprocal_rank
from eval.questions import KnownQuestion, read_questions
from vraagbaak.models.store import ModelStore, default_models_folder

ROOT = Path(__file__).parent.parent
LOADER = ROOT / "benchmarks" / "peers" / "loader.py"
OURS = "vraagbaak"
REQUIREMENTS = {
    "langchain": (
        "langchain-community==0.4.2",
        "langchain-huggingface==1.2.3",
        "langchain-text-splitters==1.1.3",
    ),
    "llamaindex": (
        "llama-index-core==0.14.25",
        "llama-index-embeddings-huggingface==0.8.0",
        "llama-index-readers-file==0.7.0",
    ),
}
Result = dict


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "corpus", help="with PDFs (corpus/)")
    parser.add_argument("--questions", type=Path, nargs="+", help="question files (eval/questions/)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each system (3)")
    parser.add_argument("--threads", type=int, default=2, help="of each system (2)")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), help="of our embedder (the fastest)")
    parser.add_argument("--prompts", action="store_true", help="tell the others the model's own prompts")
    given = parser.parse_args()
    files = sorted(given.folder.glob("*.pdf"))
    questions = about(files, given.questions or sorted((ROOT / "eval" / "questions").glob("*.jsonl")))
    job = {
        "model": str(ModelStore(default_models_folder()).path("embeddinggemma-300m").resolve()),
        "threads": given.threads,
        "precision": given.precision,
        "prompts": given.prompts,
        "questions": [question.question for question in questions],
    }
    pythons = {OURS: Path(sys.executable)} | {name: environment(name) for name in REQUIREMENTS}
    systems = list(pythons)
    rounds: list[dict[str, Result]] = []
    with TemporaryDirectory() as scratch:
        folder = Path(scratch, "papers")
        folder.mkdir()
        for file in files:
            shutil.copy(file, folder)  # the others would take in what is not a PDF as well, each differently
        for at in range(given.rounds):
            order = systems[at % len(systems) :] + systems[: at % len(systems)]
            rounds.append({})
            for name in order:
                data = str(Path(scratch, f"data-{at}"))
                rounds[-1][name] = run(name, pythons[name], job | {"folder": str(folder), "data": data})
                print(f"round {at + 1}, {name}: {rounds[-1][name]['seconds']:.1f} s", file=sys.stderr)
    figures = {name: measured(name, rounds, questions) for name in systems}
    versions = {name: rounds[0][name]["versions"] for name in systems}
    about_run = machine() | {
        "threads": job["threads"], "rounds": given.rounds, "questions": len(questions),
        "precision": given.precision or "the fastest", "prompts": given.prompts,
    }  # fmt: skip
    show(about_run, figures)
    print(json.dumps({"machine": about_run, "versions": versions, "figures": figures}, indent=1))


def about(files: list[Path], paths: list[Path]) -> list[KnownQuestion]:
    """Return the questions that stand alone and have their answer in these files only."""
    names = {file.stem for file in files}
    return [
        question
        for question in read_questions(paths)
        if question.gold and not question.history and {name for name, _ in question.gold} <= names
    ]


def environment(system: str) -> Path:
    """Return the Python of the virtual environment for a system, made if it is not there yet.

    It sees the project's packages behind its own: torch, which is large, is not installed a second time.
    """
    mark = "-".join(requirement.partition("==")[2] for requirement in REQUIREMENTS[system])
    folder = default_models_folder().parent / "benchmarks" / f"{system}-{mark}"
    python = folder / "bin" / "python"
    if (folder / "made").exists():
        return python
    print(f"Making the environment of {system} in {folder}.", file=sys.stderr)
    shutil.rmtree(folder, ignore_errors=True)
    venv.create(folder, with_pip=False)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "project.pth").write_text(sysconfig.get_path("purelib"))
    # It says that versions which the project pins are others there, and goes on: they are, on purpose.
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-qq", "--no-warn-conflicts"]
    subprocess.run([*pip, *REQUIREMENTS[system]], check=True, stdout=sys.stderr)
    (folder / "made").touch()
    return python


def run(system: str, python: Path, job: dict) -> Result:
    """Run one system once, offline, on the threads of the job."""
    offline = dict.fromkeys(("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"), "1")
    own = {"PYTHONPATH": str(ROOT)} if system == OURS else {}
    ended = subprocess.run(
        [python, "-W", "ignore", str(LOADER), system],
        input=json.dumps(job),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | offline | own | {"OMP_NUM_THREADS": str(job["threads"])},
    )
    return json.loads(ended.stdout.splitlines()[-1])


def measured(name: str, rounds: list[dict[str, Result]], questions: list[KnownQuestion]) -> dict[str, float]:
    """Return the figures of one system over all rounds."""
    own = [row[name] for row in rounds]
    ranked = [[[tuple(page)] for page in pages] for pages in own[0]["ranked"]]
    ranks = [first_rank(pages, question.gold) for pages, question in zip(ranked, questions, strict=True)]
    seconds = statistics.median(result["seconds"] for result in own)
    figures = {
        "pages": own[0]["pages"],
        "seconds": seconds,
        "cpu_seconds": statistics.median(result["cpu_seconds"] for result in own),
        "pages_per_second": own[0]["pages"] / seconds,
        "memory_mb": statistics.median(result["memory_mb"] for result in own),
        "page_recall@1": statistics.mean(recall_at(rank, 1) for rank in ranks),
        "page_recall@5": statistics.mean(recall_at(rank, 5) for rank in ranks),
        "mrr": statistics.mean(map(reciprocal_rank, ranks)),
    }
    for kind in ("seconds", "cpu_seconds"):
        figures[f"ratio_of_{kind}"] = statistics.median(row[name][kind] / row[OURS][kind] for row in rounds)
    return {key: round(value, 3) for key, value in figures.items()}


def show(about_run: dict, figures: dict[str, dict[str, float]]) -> None:
    """Print the table."""
    console = Console(stderr=True, width=100)
    console.print(", ".join(f"{name} {value}" for name, value in about_run.items()), highlight=False)
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("what")
    for name in figures:
        table.add_column(name, justify="right")
    for key in figures[OURS]:
        table.add_row(key.replace("_", " "), *(f"{row[key]:,.2f}" for row in figures.values()))
    console.print(table)


if __name__ == "__main__":
    main()
