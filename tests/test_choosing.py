import json
from collections.abc import Generator
from pathlib import Path

import pytest

from eval.choosing import Choice
from eval.questions import read_questions
from eval.report import Run
from eval.run import evaluate
from index.errors import BadConfiguration
from rag.assistant import Assistant
from rag.generators import Extractive, Prompt
from tests.server import DOCUMENTS, build_assistant

LINES = [
    {"id": "1", "question": "Hoeveel leden had FME in 2020?", "gold": [{"doc": "herstel-2020", "page": 3}],
     "facts": [["2[.]200"]], "kind": "factoid", "style": "formal", "answerable": True},
    {"id": "2", "question": "Hoe bak ik een luchtige taart?", "gold": [], "facts": [],
     "kind": "unanswerable", "style": "chat", "answerable": False},
]  # fmt: skip


class Writer:
    """Writes one sentence that stands in the documents."""

    name = "writer"

    def generate(self, prompt: Prompt, max_tokens: int) -> Generator[str, None, None]:
        yield "FME heeft 2.200 leden."


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Run]:
    folder = tmp_path_factory.mktemp("choosing")
    file = folder / "vragen.jsonl"
    file.write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    index = build_assistant(folder / "index", DOCUMENTS).index
    known = read_questions([file])
    first, second = (
        Run.of(assistant, evaluate(assistant, known), [file])
        for assistant in (Assistant(index, Extractive()), Assistant(index, Writer()))
    )
    return first, second


def test_generators_are_compared_on_the_same_passages_in_pairs(runs: tuple[Run, Run]) -> None:
    choice = Choice.of(runs)
    body = choice.as_json()
    assert json.loads(json.dumps(body)) and len(choice.comparisons) == 1
    differences = body["differences"]
    assert isinstance(differences, dict) and list(differences) == ["writer"]
    complete = differences["writer"]["complete"]
    assert (complete["n"], complete["low"] <= complete["mean"] <= complete["high"]) == (1, True)
    assert differences["writer"]["page_recall@1"]["mean"] == 0
    table = choice.table()
    assert [column.header for column in table.columns] == ["metric", "extractive", "writer"]
    shown = list(table.columns[0].cells)
    assert "first_token_ms_p50" in shown and "page_recall@1" not in shown


def test_runs_on_other_passages_are_not_compared(runs: tuple[Run, Run], tmp_path: Path) -> None:
    first, _ = runs
    other = build_assistant(tmp_path, DOCUMENTS[:1], Writer())
    known = [outcome.question for outcome in first.outcomes]
    with pytest.raises(BadConfiguration, match="writer and extractive read other passages"):
        Choice.of([first, Run.of(other, evaluate(other, known), [])])
