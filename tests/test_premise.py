import pytest

from index.texts import text
from rag.premise import correction_of
from rag.select import select_evidence
from rag.understand import understand
from tests.texts import document, hits

PAGE = document(
    "De bond telt 2.200 leden in de techniek. Er staan 83.600 technische vacatures open. "
    "Er komen 50.000 nieuwe woningen. De cursus duurt 4 jaar en telt 12 deelnemers."
)


def said(asked: str) -> str | None:
    question = understand(asked)
    evidence = select_evidence(question, {question.parts[0]: hits(PAGE)})
    correction = correction_of(question, evidence)
    if correction:
        assert correction.evidence in evidence
    return correction.text if correction else None


@pytest.mark.parametrize(
    ("asked", "count", "told"),
    [
        ("Klopt het dat de bond 3.000 leden telt?", "3.000 leden", "2.200 leden"),
        ("waarom telt de bond maar 500 leden in 2023", "500 leden", "2.200 leden"),
        (
            "Hoe worden de 90.000 technische vacatures vervuld?",
            "90.000 technische vacatures",
            "83.600 technische vacatures",
        ),
        ("Wie leidt de 15 deelnemers op?", "15 deelnemers", "12 deelnemers"),
    ],
)
def test_a_count_that_the_documents_tell_otherwise_is_named(asked: str, count: str, told: str) -> None:
    assert said(asked) == text("answer.premise", asked=count, told=told)


@pytest.mark.parametrize(
    "asked",
    [
        "Klopt het dat de bond 2.200 leden telt?",
        "Klopt het dat de bond 2200 leden telt?",
        "Telt de bond meer dan 3.000 leden?",
        "Hoeveel leden telde de bond in 2019, waren het er 3.000 leden?",
        "Zijn er tussen 2020 en 2023 300 leden bijgekomen?",
        "Komen er 9.000 woningen per jaar?",
        "Telt de Metaalunie 3.000 leden?",
        "Duurt de cursus 3 jaar?",
        "Wat doet de bond met 5 medewerkers?",
        "Hoeveel leden telt de bond?",
    ],
)
def test_what_cannot_be_held_against_a_count_is_not_corrected(asked: str) -> None:
    assert said(asked) is None
