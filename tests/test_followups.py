import time
from pathlib import Path
from random import Random

import pytest

from eval.questions import read_questions
from rag.followups import is_courtesy, standalone

QUESTIONS = read_questions(sorted((Path(__file__).parent.parent / "eval" / "questions").glob("*.jsonl")))
ALONE = [question.question for question in QUESTIONS if not question.history and question.kind != "injection"]


@pytest.mark.parametrize(
    ("before", "asked", "expected"),
    [
        # A year, a name or a phrase takes the place of the one before.
        ("Hoeveel boten had de gemeente in 2021?", "en in 2019?", "Hoeveel boten had de gemeente in 2019?"),
        ("Hoeveel boten had de gemeente?", "En in 2019 dan?", "Hoeveel boten had de gemeente in 2019?"),
        ("Hoeveel boten waren er begin 2021?", "eind 2022?", "Hoeveel boten waren er eind 2022?"),
        ("Wat is de begroting van Hoekdam?", "en van Laagveen?", "Wat is de begroting van Laagveen?"),
        ("Hoeveel staal komt er uit Polen?", "en Tsjechië?", "Hoeveel staal komt er uit Tsjechië?"),
        ("Wat is een kade?", "en een pier?", "Wat is een pier?"),
        ("Wat is een kade?", "pier", "Wat is pier?"),
        ("Wat is de winst van de haven in 2021?", "en de omzet?", "Wat is de omzet van de haven in 2021?"),
        ("Wat vindt Hoekdam van de sluis?", "en de brug?", "Wat vindt Hoekdam van de brug?"),
        # What has no sure place is joined.
        (
            "Hoeveel boten voeren er in 2021 volgens de telling?",
            "en in de zomer?",
            "Hoeveel boten voeren er in 2021 volgens de telling, en in de zomer?",
        ),
        (
            "Groeide de haven tussen 2019 en 2021?",
            "en in 2022?",
            "Groeide de haven tussen 2019 en 2021, en in 2022?",
        ),
        ("Hoeveel boten zijn er?", "En bruggen?", "Hoeveel boten zijn er, en bruggen?"),
        # What points back is joined.
        ("Wie bouwt de sluis?", "Waarom is dat?", "Wie bouwt de sluis, en waarom is dat?"),
        ("Wie bouwt de sluis?", "hoeveel kost die", "Wie bouwt de sluis, en hoeveel kost die?"),
        ("Wie bouwt de sluis?", "Waar letten die op?", "Wie bouwt de sluis, en waar letten die op?"),
        (
            "Hoe lang is de kade?",
            "En hoe ver komt de sluis?",
            "Hoe lang is de kade, en hoe ver komt de sluis?",
        ),
        ("Wie leidt de haven?", "wat verdient hij?", "Wie leidt de haven, en wat verdient hij?"),
        ("Wie bouwt de sluis?", "en hun omzet?", "Wie bouwt de sluis, en hun omzet?"),
        ("Wie bouwt de sluis?", "Waarom?", "Wie bouwt de sluis, en waarom?"),
        ("Wie bouwt de sluis?", "Kunt u dat uitleggen?", "Wie bouwt de sluis, en kunt u dat uitleggen?"),
        ("Wie bouwt de sluis?", "welk jaar was dat?", "Wie bouwt de sluis, en welk jaar was dat?"),
        (
            "Wie bouwt de sluis?",
            "Nee, ik bedoel die bij Laagveen",
            "Wie bouwt de sluis, en die bij Laagveen?",
        ),
    ],
)
def test_a_follow_up_reads_as_one_question(before: str, asked: str, expected: str) -> None:
    assert standalone(asked, [before]).text == expected


@pytest.mark.parametrize(
    "asked",
    [
        "Wat is een kade?",
        "hoeveel leden zijn er?",
        "begroting sluis 2021",
        "En wat doet de gemeente aan de volle haven?",
        "Wat vindt Hoekdam van de afspraak dat boten stil moeten varen?",
        "Welke steun krijgen bedrijven die schepen ombouwen?",
        "Hoe krijgen schippers zekerheid over hun ligplaats?",
        "Wat is netcongestie en wie lost dat op?",
        "een pier, wat is dat?",
        "Wat is dat eigenlijk, een pier?",
        "Wie zegt dat de haven te vol is?",
        "Wat staat er in dit dossier over boten?",
        "Zijn boten schoner dan toen?",
    ],
)
def test_a_question_that_stands_on_its_own_is_never_touched(asked: str) -> None:
    assert standalone(asked, ["Wie bouwt de sluis in 2021?"]).text == asked


def test_nearly_no_known_question_takes_another_for_its_topic() -> None:
    draw = Random(7)
    touched = [asked for asked in ALONE if standalone(asked, [draw.choice(ALONE)]).text != asked]
    assert len(touched) <= len(ALONE) / 100, touched


def test_known_follow_ups_are_told_from_new_topics() -> None:
    talks = [question for question in QUESTIONS if question.history]
    seen = 0
    for question in talks:
        before = [turn.content for turn in question.history if turn.role == "user"]
        read = standalone(question.question, before).text
        alone = question.standalone in question.question
        seen += alone == (read in question.question)
    assert seen >= 0.95 * len(talks)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("Andere vraag: wat is een kade?", "wat is een kade?"),
        ("Even iets heel anders. Waarom is dat zo duur?", "Waarom is dat zo duur?"),
        ("Top, dank je! Wat is een kade?", "Wat is een kade?"),
    ],
)
def test_who_says_so_begins_anew(asked: str, expected: str) -> None:
    assert standalone(asked, ["Wie bouwt de sluis?"]).text == expected


@pytest.mark.parametrize("said", ["dank je", "Bedankt!", "ok", "Oké, duidelijk.", "hoi", "Top, dank u wel!"])
def test_thanks_are_no_question_and_end_no_topic(said: str) -> None:
    assert is_courtesy(said)
    assert standalone(said, ["Wie bouwt de sluis?"]).text == said
    assert standalone("en in 2019?", ["Wie bouwt de sluis?", said]).text == "Wie bouwt de sluis in 2019?"


@pytest.mark.parametrize(
    "asked", ["Goed onderwijs?", "dag van de techniek", "Topsectoren", "ok en de sluis?"]
)
def test_what_only_begins_like_thanks_is_a_question(asked: str) -> None:
    assert not is_courtesy(asked)


def test_a_follow_up_of_a_follow_up_keeps_the_topic() -> None:
    talk = ["Wat is de winst van de haven?", "en in 2019?"]
    assert standalone("en de omzet?", talk).text == "Wat is de omzet van de haven in 2019?"
    talk = ["Wie bouwt de sluis?", "waarom is dat?"]
    assert standalone("en wanneer?", talk).text == "Wie bouwt de sluis, en wanneer?"


def test_without_a_question_before_nothing_changes() -> None:
    assert standalone("En in 2020?", []).text == "En in 2020?"
    assert standalone("?!", ["Wie bouwt de sluis?"]).text == "?!"


@pytest.mark.parametrize("word", ["dat", "daar", "van dat", "wat", "ok", "en", ",", "die die die"])
def test_no_words_take_long(word: str) -> None:
    hostile = " ".join([word] * 2000)[:2000]
    began = time.perf_counter()
    standalone(hostile, [hostile] * 10)
    assert time.perf_counter() - began < 1
