"""How well follow-ups are understood: readings of them, held against what a person would ask instead.

    python -m benchmarks.conversation [QUESTIONS.jsonl ...] [--model]

Takes the known questions with a history and a `standalone` (by default the project's own), on the index that
the settings name, and searches for each reading: the words alone; the question before and this one in a row;
what `rag.followups` makes of them; what a person wrote; with --model what the generator writes.
One JSON object goes to stdout: page recall, MRR and its paired difference with the two questions in a row, in
all and apart for new topics; what the model wrote, and in how many milliseconds.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from eval.metrics import estimate, first_rank, paired_difference, recall_at, reciprocal_rank
from eval.questions import KnownQuestion, read_questions
from eval.run import DEPTH, name_of
from rag.assistant import Assistant
from rag.generators import Extractive, Generator, Prompt
from rag.understand import understand
from vraagbaak.assembly import make_assistant, make_generator
from vraagbaak.settings import read_settings

QUESTIONS = Path(__file__).parent.parent / "eval" / "questions"
SYSTEM = (
    "Herschrijf de laatste vraag tot één vraag die zonder het gesprek te begrijpen is. Gaat zij over iets"
    " nieuws, herhaal haar dan letterlijk. Schrijf alleen de vraag."
)
_TALK = "Vraag: Wie bouwt de sluis?\nAntwoord: Waterbouw BV.\nVraag: "
EXAMPLES = (
    (
        "Vraag: Hoeveel boten telt de haven in 2021?\nAntwoord: 40.\nVraag: en in 2019?",
        "Hoeveel boten telt de haven in 2019?",
    ),
    (f"{_TALK}waarom is dat?", "Waarom bouwt Waterbouw BV de sluis?"),
    (f"{_TALK}wat is een pier?", "Wat is een pier?"),
)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("questions", type=Path, nargs="*", help="question files (eval/questions/)")
    parser.add_argument("--model", action="store_true", help="also let the generator rewrite")
    given = parser.parse_args()
    known = read_questions(given.questions or sorted(QUESTIONS.glob("*.jsonl")))
    talks = [question for question in known if question.answerable and question.standalone]
    settings = read_settings()
    assistant = make_assistant(settings, Extractive())
    readings: dict[str, Callable[[KnownQuestion], str]] = {
        "alone": lambda talk: talk.question,
        "in a row": lambda talk: f"{_before(talk)[-1]} {talk.question}",
        "rules": lambda talk: understand(talk.question, talk.history).standalone,
        "a person": lambda talk: talk.standalone,
    }
    written: dict[str, tuple[str, float]] = {}
    if given.model:
        generator = make_generator(settings)
        rewrite(generator, talks[0])  # the first one reads the instructions, which are then kept
        written = {talk.id: rewrite(generator, talk) for talk in talks}
        readings["model"] = lambda talk: written[talk.id][0]
    ranks = {name: [_rank(assistant, talk, read(talk)) for talk in talks] for name, read in readings.items()}
    result = {
        group: table(ranks, [at for at, talk in enumerate(talks) if new(talk)])
        for group, new in (
            ("all", lambda talk: True),
            ("follow-ups", lambda talk: talk.standalone not in talk.question),
            ("new topics", lambda talk: talk.standalone in talk.question),
        )
    }
    print(json.dumps({**result, "written": written, **_speed(written)}, ensure_ascii=False, indent=1))
    print(f"{len(talks)} conversations", file=sys.stderr)


def rewrite(generator: Generator, talk: KnownQuestion) -> tuple[str, float]:
    """Return what the model makes of a question, and the milliseconds it took."""
    names = {"user": "Vraag", "assistant": "Antwoord"}
    turns = [f"{names[turn.role]}: {turn.content}" for turn in talk.history]
    prompt = Prompt(SYSTEM, EXAMPLES, "\n".join([*turns, f"Vraag: {talk.question}"]))
    began = time.perf_counter()
    text = "".join(generator.generate(prompt, 40)).strip()
    return text or talk.question, (time.perf_counter() - began) * 1000


def table(ranks: Mapping[str, Sequence[int | None]], chosen: Sequence[int]) -> dict[str, object]:
    """Return for each reading its means with 95 % intervals, and how its MRR differs from "in a row"."""
    base = [reciprocal_rank(ranks["in a row"][at]) for at in chosen]
    rows: dict[str, object] = {"conversations": len(chosen)}
    for name, found in ranks.items():
        own = [found[at] for at in chosen]
        gains = [reciprocal_rank(rank) for rank in own]
        rows[name] = {
            "page_recall@1": asdict(estimate([recall_at(rank, 1) for rank in own])),
            "page_recall@5": asdict(estimate([recall_at(rank, 5) for rank in own])),
            "mrr": asdict(estimate(gains)),
            "mrr, difference": asdict(paired_difference(base, gains)),
        }
    return rows


def _before(talk: KnownQuestion) -> list[str]:
    return [turn.content for turn in talk.history if turn.role == "user"]


def _rank(assistant: Assistant, talk: KnownQuestion, text: str) -> int | None:
    hits = assistant.search(text, DEPTH)
    return first_rank([[(name_of(hit.document), page) for page in hit.pages] for hit in hits], talk.gold)


def _speed(written: Mapping[str, tuple[str, float]]) -> dict[str, float]:
    times = [milliseconds for _, milliseconds in written.values()]
    return {"ms_p50": statistics.median(times), "load_average": os.getloadavg()[0]} if times else {}


if __name__ == "__main__":
    main()
