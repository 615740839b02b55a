import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from eval.questions import KnownQuestion
from eval.recordings import Recorded
from eval.run import evaluate
from index.errors import BadConfiguration, GenerationFailed
from rag.assistant import Assistant
from rag.generators import Generator, Prompt
from rag.generators.pieces import Pieces
from tests.server import DOCUMENTS, build_assistant

PROMPT = Prompt("Antwoord kort.", (), "Vraag: Hoeveel?\nAntwoord:")
OTHER = Prompt("Antwoord kort.", (), "Vraag: Wanneer?\nAntwoord:")


class Counting:
    """Writes how often it was asked, in three pieces; fails after the second one when it is told to."""

    def __init__(self, name: str = "counting", *, fails: bool = False) -> None:
        self.name = name
        self.fails = fails
        self.asked = 0

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        self.asked += 1
        yield f"{self.asked}e "
        yield "ant"
        if self.fails:
            raise GenerationFailed("out of ink")
        yield "woord."


def written(generator: Generator, prompt: Prompt = PROMPT, tokens: int = 90) -> str:
    return "".join(generator.generate(prompt, tokens))


def test_what_was_written_is_read_in_a_later_run(tmp_path: Path) -> None:
    file, first, second = tmp_path / "recordings.jsonl", Counting(), Counting()
    assert written(Recorded(first, file)) == "1e antwoord."
    again = Recorded(second, file)
    assert [written(again), written(again)] == ["1e antwoord."] * 2
    assert (first.asked, second.asked, again.replayed, again.name) == (1, 0, 2, "counting")


@pytest.mark.parametrize(
    ("generator", "prompt", "tokens"),
    [
        (Counting(), OTHER, 90),
        (Counting(), Prompt("Antwoord lang.", (), PROMPT.user), 90),
        (Counting(), PROMPT, 40),
        (Counting("another"), PROMPT, 90),
    ],
)
def test_what_differs_is_asked(generator: Counting, prompt: Prompt, tokens: int, tmp_path: Path) -> None:
    file = tmp_path / "recordings.jsonl"
    written(Recorded(Counting(), file))
    assert written(Recorded(generator, file), prompt, tokens) == "1e antwoord."
    assert generator.asked == 1
    assert len(file.read_text(encoding="utf-8").splitlines()) == 2


def test_what_is_not_whole_is_not_kept(tmp_path: Path) -> None:
    file = tmp_path / "recordings.jsonl"
    with pytest.raises(GenerationFailed, match="out of ink"):
        written(Recorded(Counting(fails=True), file))
    with closing(Recorded(Counting(), file).generate(PROMPT, 90)) as pieces:
        assert next(pieces) == "1e "
    assert not file.exists()


def test_a_recording_can_be_read_by_people(tmp_path: Path) -> None:
    file = tmp_path / "recordings.jsonl"
    written(Recorded(Counting(), file))
    line = json.loads(file.read_text(encoding="utf-8"))
    assert (line["generator"], line["prompt"], line["written"]) == ("counting", PROMPT.user, "1e antwoord.")


@pytest.mark.parametrize("content", ["{", "[]", '{"sha256": "1"}', "\udcff"])
def test_what_is_no_recording_is_refused(content: str, tmp_path: Path) -> None:
    file = tmp_path / "recordings.jsonl"
    file.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(BadConfiguration, match=r"recordings\.jsonl(, line 1: this is| cannot be read)"):
        Recorded(Counting(), file)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    yield build_assistant(tmp_path_factory.mktemp("index"), DOCUMENTS)


def test_a_replayed_answer_is_the_same_but_has_no_times_of_writing(
    assistant: Assistant, tmp_path: Path
) -> None:
    asked = "Hoeveel leden had FME in 2020 en wat was hun omzet?"
    question = KnownQuestion("q", asked, "factoid", "chat", True, (("herstel-2020", 4),), ())
    runs = []
    for _ in range(2):
        recorded = Recorded(Counting(), tmp_path / "recordings.jsonl")
        asking = Assistant(assistant.index, recorded)
        runs.append(evaluate(asking, [question], recordings=recorded)[0].answer)
    assert runs[0].text == runs[1].text
    assert set(runs[0].timings) - set(runs[1].timings) == {"first_token", "total"}
