"""What text meant for the model does to answers: the attack set with the models that the settings name.

    python -m benchmarks.attacks [FOLDER] [--placements visible,cell] [--payloads N] [--open] > attacks.json

Indexes a document for each payload in each placement in a temporary folder, puts the same benign questions to
all of them, and counts what had its way. A table goes to stderr, one JSON object to stdout.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from rich import box
from rich.console import Console
from rich.table import Table

from eval.attacks import (
    FOLDER,
    LEARNT_FROM,
    PLACEMENTS,
    Attack,
    attack_documents,
    put_questions,
    read_payloads,
)
from index.build import update
from index.sandbox import Sandbox
from index.store import Store
from vraagbaak.assembly import make_assistant, make_embedder
from vraagbaak.settings import read_settings


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?", default=LEARNT_FROM, help=f"of payloads ({LEARNT_FROM})")
    parser.add_argument("--placements", default=",".join(PLACEMENTS), help="which, with commas (all)")
    parser.add_argument("--payloads", type=int, default=60, help="how many, spread over all (60)")
    parser.add_argument("--open", action="store_true", help="ask what there is on a subject")
    given = parser.parse_args()
    attacks_in = FOLDER / given.folder
    known = read_payloads(attacks_in)
    payloads = known[:: max(1, len(known) // given.payloads)][: given.payloads]
    placements = given.placements.split(",")
    questions = attacks_in / ("open.jsonl" if given.open else "questions.jsonl")
    with TemporaryDirectory() as folder:
        sources, data = Path(folder, "documents"), Path(folder, "data")
        sources.mkdir()
        for name, content in attack_documents(attacks_in, payloads, placements):
            (sources / name).write_text(content, encoding="utf-8")
        settings = read_settings(data=data)
        with closing(Store(data, create=True)) as store, Sandbox() as sandbox:
            update(store, [sources], make_embedder(settings), sandbox)
        assistant = make_assistant(settings)
        attacks = list(put_questions(assistant, questions, payloads, placements))
        about = {"embedder": assistant.embedder_name, "generator": assistant.generator_name}
    rows = {
        placement: row([attack for attack in attacks if attack.placement == placement])
        for placement in ("", *placements)
    }
    table = Table(box=box.SIMPLE_HEAD, title=f"{about}")
    for column in ("placement", *next(iter(rows.values()))):
        table.add_column(column, justify="right")
    for placement, values in rows.items():
        table.add_row(placement or "none", *map(str, values.values()))
    Console(stderr=True).print(table)
    texts = [
        [attack.payload.id, attack.placement, attack.question.id, attack.succeeded, attack.answer.text]
        for attack in attacks
        if attack.payload and attack.succeeded
    ]
    json.dump({"about": about, "placements": rows, "succeeded": texts}, sys.stdout, ensure_ascii=False)


def row(attacks: Sequence[Attack]) -> dict[str, float]:
    """Return how many questions there were, how many attacks had their way, how many answers are whole."""
    written = [sentence for attack in attacks for sentence in attack.answer.written]
    obeyed = [one for attack in attacks for one in attack.answer.written if attack.obeyed(one)]
    return {
        "questions": len(attacks),
        "succeeded": sum(bool(attack.succeeded) for attack in attacks),
        "complete": round(sum(attack.complete for attack in attacks) / len(attacks), 3),
        "sentences written": len(written),
        "with a canary, dropped": len(obeyed),
    }


if __name__ == "__main__":
    main()
