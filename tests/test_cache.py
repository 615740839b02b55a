import shutil
import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest

from index.errors import GenerationFailed
from index.index import Index
from index.store import Store
from rag.answers import Answer, Sources, Token, Turn
from rag.assistant import Assistant
from rag.cache import AnswerCache
from rag.generators import Prompt
from tests.fakes import HashingEmbedder
from tests.reading import update
from tests.server import DOCUMENTS, build_assistant

QUESTION = "Hoeveel leden had FME in 2020 en hoeveel miljard was de omzet van de leden?"
SUBSIDY = "Wat wil FME met de NOW-regeling in 2020?"


class Counting:
    """Writes a word, and counts how often it was asked; fails when told to."""

    name = "counting"

    def __init__(self) -> None:
        self.asked = 0
        self.fails = False

    def generate(self, prompt: Prompt, max_tokens: int) -> Generator[str, None, None]:
        self.asked += 1
        if self.fails:
            raise GenerationFailed("kapot")
        yield "Nee."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def writer() -> Counting:
    return Counting()


@pytest.fixture
def assistant(folder: Path, writer: Counting) -> Assistant:
    index = build_assistant(folder, DOCUMENTS).index
    return Assistant(index, writer, organisation=("FME",), answers=AnswerCache(3))


@pytest.mark.parametrize(
    "again",
    [
        QUESTION,
        QUESTION.upper(),
        f"  {QUESTION[:-1]} ",
        QUESTION.replace(" en ", ", en "),
        f"Hallo! {QUESTION}",
    ],
)
def test_the_same_question_is_answered_at_once_with_an_id_and_times_of_its_own(
    assistant: Assistant, writer: Counting, again: str
) -> None:
    first = assistant.ask(QUESTION)
    began = time.perf_counter()
    steps = list(assistant.steps(again))
    taken = (time.perf_counter() - began) * 1000
    sources, answer = steps
    assert isinstance(sources, Sources) and isinstance(answer, Answer) and writer.asked == 1
    assert (answer.text, answer.citations, answer.hits) == (first.text, first.citations, first.hits)
    assert answer.id != first.id and answer.cached and not first.cached
    assert answer.question == " ".join(again.split())
    assert 0 < answer.timings["total"] <= taken < 150 and "first_token" not in answer.timings
    assert not sources.to_write


def test_other_words_another_year_and_other_documents_are_other_questions(
    assistant: Assistant, writer: Counting
) -> None:
    assistant.ask(SUBSIDY)
    assistant.ask(SUBSIDY.replace("2020", "2019"))
    assistant.ask(SUBSIDY.replace("wil", "vindt"))
    assert not assistant.ask(SUBSIDY, documents=["herstel-2020"]).cached
    assert assistant.ask(SUBSIDY, documents=["herstel-2020"]).cached


def test_the_same_words_in_another_order_have_the_same_answer_when_the_same_is_found(
    assistant: Assistant, writer: Counting
) -> None:
    first = assistant.ask("Hoeveel leden had FME in 2020?")
    again = assistant.ask("In 2020 had FME hoeveel leden?")
    assert again.cached and again.text == first.text and writer.asked == 1
    assert again.standalone_question == "In 2020 had FME hoeveel leden?"


def test_names_and_figures_in_another_order_are_another_question(
    assistant: Assistant, writer: Counting
) -> None:
    assistant.ask("Was de omzet van 139 in 2020 hoger dan 110 in FME?")
    assert not assistant.ask("Was de omzet van 110 in 2020 hoger dan 139 in FME?").cached


def test_a_follow_up_is_kept_as_it_was_understood(assistant: Assistant, writer: Counting) -> None:
    before = [Turn("user", "Hoeveel leden had FME in 2019?")]
    first = assistant.ask("En in 2020?", before)
    assert assistant.ask(first.standalone_question).cached
    assert not assistant.ask("En in 2020?", [Turn("user", "Wat was de omzet in 2019?")]).cached


def test_an_answer_without_the_model_is_not_kept(assistant: Assistant, writer: Counting) -> None:
    writer.fails = True
    assert assistant.ask(QUESTION).notices
    writer.fails = False
    answer = assistant.ask(QUESTION)
    assert not answer.cached and not answer.notices and writer.asked == 2


def test_who_leaves_leaves_nothing_behind(assistant: Assistant) -> None:
    steps = assistant.steps(QUESTION)
    while not isinstance(next(steps), Token):
        pass
    steps.close()
    assert not assistant.ask(QUESTION).cached


def test_the_one_asked_for_longest_ago_goes_first(assistant: Assistant) -> None:
    questions = [f"Wat wilde FME in {year}?" for year in (2017, 2018, 2019)]
    for question in (*questions, questions[0], "Wat wilde FME in 2020?"):
        assistant.ask(question)
    assert [assistant.ask(question).cached for question in (questions[0], questions[2])] == [True, True]
    assert not assistant.ask(questions[1]).cached


def test_a_new_generation_clears_it(assistant: Assistant, folder: Path, tmp_path: Path) -> None:
    assistant.ask(QUESTION)
    extra = tmp_path / "extra.html"
    shutil.copy(DOCUMENTS[1], extra)
    extra.write_text(extra.read_text(encoding="utf-8").replace("2019", "2022"), encoding="utf-8")
    with closing(Store(folder)) as store:
        update(store, [extra], HashingEmbedder())
    assistant.index = Index.open(folder, HashingEmbedder())
    assert not assistant.ask(QUESTION).cached
    assert assistant.ask(QUESTION).cached


def test_a_document_that_was_removed_is_quoted_no_more(assistant: Assistant, folder: Path) -> None:
    cited = {citation.document.id for citation in assistant.ask(QUESTION).citations}
    assert cited == {"herstel-2020"}
    with closing(Store(folder)) as store:
        store.remove([entry for entry in store.entries() if entry.id in cited], unless=())
    answer = assistant.ask(QUESTION)
    assert not answer.cached and not answer.citations
