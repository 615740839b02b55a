"""Where the limit of answers is: the right pages put first, and what the model says by itself.

    python -m benchmarks.oracle [QUESTIONS.jsonl ...] [--recordings FILE.jsonl] > oracle.json

Asks the answerable questions (by default the project's own) on the index that the settings name, with the
generator of the settings: as always, and with the passages of gold pages before all others among those that
a reranker would read. One JSON object goes to stdout: for both, how many answers state every fact, with
quotes alone, with the model, and of what it wrote before any was verified. Recordings as for `eval`.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import track

from eval.metrics import estimate
from eval.questions import KnownQuestion, read_questions
from eval.recordings import Recorded
from eval.run import Outcome, evaluate, name_of
from index.index import Index
from rag.assistant import Assistant
from rag.decide import read_decision
from rag.entail import Likeness
from rag.generators import Extractive, Generator
from vraagbaak.assembly import decision_file, make_embedder, make_generator
from vraagbaak.settings import read_settings

QUESTIONS = Path(__file__).parent.parent / "eval" / "questions"


class GoldFirst:
    """Puts passages that stand on a gold page of the question at hand before the others."""

    name = "oracle"

    def __init__(self, index: Index) -> None:
        self._pages = {
            (name_of(document), page.number): document.text[page.start : page.end]
            for document in index.documents
            for page in document.pages
        }
        self._gold: list[str] = []

    def know(self, question: KnownQuestion) -> None:
        """Take the gold pages of the question that is asked next."""
        self._gold = [self._pages[place] for place in question.gold if place in self._pages]

    def scores(self, question: str, passages: Sequence[str]) -> Sequence[float]:
        """Return 1 where the longest line of a passage, its title apart, stands on a gold page, else 0."""
        lines = (max(passage.split("\n")[1:], key=len, default=passage) for passage in passages)
        return [float(any(line in page for page in self._gold)) for line in lines]


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("questions", type=Path, nargs="*", help="question files (eval/questions/)")
    parser.add_argument("--recordings", type=Path, help="keep what the model writes")
    given = parser.parse_args()
    known = read_questions(given.questions or sorted(QUESTIONS.glob("*.jsonl")))
    asked = [question for question in known if question.answerable and question.facts]
    settings = read_settings()
    embedder = make_embedder(settings)
    index = Index.open(settings.data, embedder)
    writer = make_generator(settings)
    if given.recordings:
        writer = Recorded(writer, given.recordings)

    def outcomes(generator: Generator, reranker: GoldFirst | None) -> Iterator[Outcome]:
        assistant = Assistant(
            index,
            generator,
            organisation=settings.organisation,
            decision=read_decision(decision_file(settings)),
            entailment=Likeness(embedder),
            reranker=reranker,
            prompt_tokens=settings.prompt_tokens,
            answer_tokens=settings.answer_tokens,
        )
        for question in track(asked, generator.name, console=Console(stderr=True)):
            if reranker:
                reranker.know(question)
            yield from evaluate(assistant, [question])

    rows = {
        name: row(list(outcomes(Extractive(), order)), list(outcomes(writer, order)))
        for name, order in (("as found", None), ("gold pages first", GoldFirst(index)))
    }
    json.dump({"generator": writer.name, "questions": len(asked), "rows": rows}, sys.stdout, indent=1)


def row(quoting: Sequence[Outcome], writing: Sequence[Outcome]) -> Mapping[str, Mapping[str, float]]:
    """Return shares of questions, and of sentences and pages, each with its interval."""
    shares: Mapping[str, Iterable[float]] = {
        "complete, quotes alone": (one.complete for one in quoting),
        "complete, with the model": (one.complete for one in writing),
        "complete, the model alone, unverified": (
            all(one.question.stated(" ".join(one.answer.written))) for one in writing
        ),
        "sentences of the model that hold": (
            1 - len(one.answer.dropped) / len(one.answer.written) for one in writing if one.answer.written
        ),
        "cited pages that are right, quotes alone": (
            len(set(one.cited) & set(one.question.gold)) / len(set(one.cited)) for one in quoting if one.cited
        ),
    }
    counted = {name: [float(value) for value in values] for name, values in shares.items()}
    return {name: asdict(estimate(values)) for name, values in counted.items() if values}


if __name__ == "__main__":
    main()
