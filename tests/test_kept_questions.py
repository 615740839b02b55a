"""The store of kept questions: what is kept, what goes, and that nothing of it is left."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from index.errors import BadConfiguration, UnknownAnswer, UnknownQuestion
from rag.answers import Answer, Citation, Sentence
from rag.review import feedback as feedback_module
from rag.review import store as store_module
from rag.review.feedback import Feedback, Keep
from rag.review.kept import Asked, Place, Review, Verdict
from rag.review.store import QuestionStore
from tests.texts import document, hits

DAY = date(2026, 3, 1)
SOURCE = document("Het verlof is vijf weken.", "De trein is gratis.", name="regels")
DOWN, UP = Verdict(False, "incomplete", "Er mist een jaar"), Verdict(True)


def answer(number: int = 1, question: str = "Hoeveel verlof krijg ik?", status: str = "not_found") -> Answer:
    found = status == "answered"
    return Answer(
        id=f"answer-{number}",
        question=question,
        standalone_question=question,
        status=status,  # type: ignore[arg-type]
        text="Vijf weken [1]." if found else "Niet gevonden.",
        sentences=(Sentence("Vijf weken.", (1,), True),) if found else (),
        citations=(Citation(1, SOURCE, 0, 25),) if found else (),
        hits=hits(SOURCE),
        confidence=0.2,
        embedder="e",
        generator="g",
        index="generation-000001",
    )


def asked(number: int = 1, question: str = "Hoeveel verlof krijg ik?", status: str = "not_found") -> Asked:
    return Asked.of(answer(number, question, status))


@pytest.fixture
def store(tmp_path: Path) -> QuestionStore:
    return QuestionStore(tmp_path / "data")


def test_what_is_kept_of_an_answer_is_its_question_and_the_nearest_pages() -> None:
    kept = asked(question="Hoeveel verlof krijgt jan@voorbeeld.nl?")
    assert kept.question == "Hoeveel verlof krijgt [e-mailadres]?"
    assert kept.nearest == (Place("regels", "regels.pdf", 1), Place("regels", "regels.pdf", 2))
    assert (kept.status, kept.embedder, kept.generator, kept.index) == (
        "not_found",
        "e",
        "g",
        "generation-000001",
    )


def test_the_same_question_is_counted_and_not_kept_again(store: QuestionStore) -> None:
    for number, words in enumerate(["Hoeveel verlof krijg ik?", "hoeveel  VERLOF krijg ik", "Verlof?"]):
        store.keep(asked(number, words), DAY + timedelta(days=number))
    first, second = store.questions()
    assert (first.asked.question, first.unanswered) == ("Hoeveel verlof krijg ik?", 2)
    assert (first.first, first.last, first.asked.answer) == (DAY, DAY + timedelta(days=1), "answer-1")
    assert (second.asked.question, second.unanswered) == ("Verlof?", 1)


def test_the_last_verdict_on_an_answer_counts(store: QuestionStore) -> None:
    store.judge(asked(1, status="answered"), Verdict(False), DAY)
    store.judge(asked(1, status="answered"), DOWN, DAY)
    store.judge(asked(2, status="answered"), Verdict(False, "unclear"), DAY)
    (question,) = store.questions()
    assert {verdict.reason for verdict in question.verdicts} == {"incomplete", "unclear"}
    assert (store.verdicts(), question.unanswered) == ((0, 2), 0)


def test_a_thumb_up_is_counted_without_its_question(store: QuestionStore) -> None:
    store.judge(asked(1, "Wat kost de trein naar Zwolle?", "answered"), UP, DAY)
    assert (store.questions(), store.verdicts()) == ((), (1, 0))
    assert b"Zwolle" not in store.path.read_bytes()


def test_a_thumb_down_that_is_taken_back_leaves_nothing_of_the_question(store: QuestionStore) -> None:
    question = asked(1, "Wat kost de trein naar Zwolle?", "answered")
    store.judge(question, DOWN, DAY)
    assert b"Zwolle" in store.path.read_bytes()
    store.judge(question, UP, DAY)
    assert (store.questions(), store.verdicts()) == ((), (1, 0))
    assert b"Zwolle" not in store.path.read_bytes() and b"Er mist" not in store.path.read_bytes()
    store.keep(question, DAY)  # but as a question without an answer it stays
    store.judge(question, DOWN, DAY)
    store.judge(question, UP, DAY)
    assert [one.unanswered for one in store.questions()] == [1]


def test_a_deleted_question_is_nowhere_and_its_number_is_never_given_again(store: QuestionStore) -> None:
    store.judge(asked(1, "Waarom is Jan de Vries ziek?"), DOWN, DAY)
    store.keep(asked(2, "Wat kost de trein?"), DAY)
    before = {question.id for question in store.questions()}
    with pytest.raises(UnknownQuestion, match="There is no question 99"):
        store.delete([*before, 99])
    assert len(store.questions()) == 2
    store.delete(sorted(before))
    left = b"".join(path.read_bytes() for path in store.path.parent.iterdir())
    assert not store.questions() and store.verdicts() == (0, 0)
    assert b"Vries" not in left and b"trein" not in left and b"Er mist" not in left
    store.keep(asked(3, "Nieuw?"), DAY)
    assert {question.id for question in store.questions()}.isdisjoint(before)


def test_what_nobody_reviewed_goes_after_its_days(store: QuestionStore) -> None:
    store.keep(asked(1, "Oud?"), DAY)
    store.keep(asked(2, "Nieuw?"), DAY + timedelta(days=1))
    store.judge(asked(3, "Bekeken?"), DOWN, DAY)
    store.keep(asked(4, "Weer gevraagd?"), DAY)
    store.keep(asked(5, "Weer gevraagd?"), DAY + timedelta(days=1))
    numbers = {question.asked.question: question.id for question in store.questions()}
    store.review(numbers["Bekeken?"], Review((), (), "unanswerable", "chat"))
    store.forget(before=DAY)
    assert len(store.questions()) == 4
    store.forget(before=DAY + timedelta(days=1))
    left = {question.asked.question: question for question in store.questions()}
    assert set(left) == {"Nieuw?", "Bekeken?", "Weer gevraagd?"}
    assert left["Bekeken?"].verdicts == ()  # what people said of it had its days


def test_a_review_stays_and_knows_its_question_in_the_first_wording(store: QuestionStore) -> None:
    review = Review(
        (Place("regels", "regels.pdf", 1),), ("vijf weken",), "factoid", "chat", answer="Vijf weken."
    )
    store.keep(asked(1, "Hoeveel verlof krijgt Jan de Vries?"), DAY)
    (question,) = store.questions()
    store.review(question.id, review, wording="Hoeveel verlof krijgt iemand?")
    assert b"Vries" not in store.path.read_bytes()
    store.keep(asked(2, "Hoeveel verlof krijgt Jan de Vries?"), DAY)
    (again,) = store.questions()
    assert (again.id, again.unanswered, again.review) == (question.id, 2, review)
    assert again.asked.question == "Hoeveel verlof krijgt iemand?"
    store.review(question.id, None)
    assert store.question(question.id).review is None


def test_beyond_the_most_the_oldest_without_a_thumb_go(
    store: QuestionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "MOST", 3)
    store.judge(asked(9, "Duim?"), DOWN, DAY)
    for number in range(6):
        store.keep(asked(number, f"Vraag {number}?"), DAY + timedelta(days=number))
    assert {question.asked.question for question in store.questions()} == {"Duim?", "Vraag 4?", "Vraag 5?"}


def test_many_may_write_at_once_from_the_first_moment(store: QuestionStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.keep(asked(number, f"Vraag {number % 4}?"), DAY), range(40)))
    assert [question.unanswered for question in store.questions()] == [10, 10, 10, 10]


def test_nothing_is_written_before_something_is_kept(store: QuestionStore) -> None:
    assert (store.questions(), store.verdicts()) == ((), (0, 0))
    with pytest.raises(UnknownQuestion, match="vraagbaak questions list"):
        store.question(1)
    store.forget(before=DAY)
    Feedback(store, "feedback").note(answer())
    assert not store.path.exists()
    store.keep(asked(), DAY)
    assert store.path.stat().st_mode & 0o077 == 0  # for nobody but who runs the service


def test_another_version_is_refused(store: QuestionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.keep(asked(), DAY)
    monkeypatch.setattr(store_module, "VERSION", 2)
    with pytest.raises(BadConfiguration, match="another version of Vraagbaak"):
        store.questions()


@pytest.mark.parametrize(
    ("keep", "status", "kept"),
    [
        ("unanswered", "not_found", True),
        ("unanswered", "answered", False),
        ("unanswered", "refused", False),
        ("feedback", "not_found", False),
    ],
)
def test_questions_are_kept_as_the_administrator_chose(
    store: QuestionStore, keep: Keep, status: str, kept: bool
) -> None:
    Feedback(store, keep).note(answer(status=status))
    assert bool(store.questions()) == kept


def test_only_an_answer_that_was_given_lately_can_be_judged(
    store: QuestionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback_module, "REMEMBERED", 2)
    feedback = Feedback(store)
    for number in range(3):
        feedback.note(answer(number, f"Vraag {number}?"))
    for unknown in ("answer-0", "answer-9", ""):
        with pytest.raises(UnknownAnswer):
            feedback.judge(unknown, DOWN)
    feedback.judge("answer-1", replace(DOWN, comment=" Bel 06-12345678 "))
    feedback.judge("answer-2", Verdict(True, "unclear", "Mooi"))
    (question,) = store.questions()
    assert question.verdicts == (Verdict(False, "incomplete", "Bel [telefoonnummer]"),)
    assert b"Mooi" not in store.path.read_bytes()


def test_a_store_that_cannot_be_written_to_costs_no_answer(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    Feedback(QuestionStore(tmp_path / "data"), "unanswered").note(answer(question="Geheim?"))
    assert "could not be kept" in caplog.text and "Geheim" not in caplog.text
