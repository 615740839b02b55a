import pytest

from index.texts import text
from rag.evidence import evidence_of
from rag.premise import correction_of
from rag.understand import understand
from tests.texts import document, hits

PAGE = document(
    "De bond telt 2.200 leden in de techniek. Er staan 83.600 technische vacatures open. "
    "Er komen 50.000 nieuwe woningen. De cursus duurt 4 jaar en telt 12 deelnemers. "
    "Van de bedrijven exporteert 40 procent naar Duitsland. Een kaartje voor de beurs kost € 3,20. "
    "De omzet van de bond bedraagt € 139 miljard. De boete is maximaal € 600. "
    "De premie stijgt met 7 euro. In 2019 telde de bond 1.900 leden."
)


def said(asked: str) -> str | None:
    question = understand(asked)
    evidence = [evidence_of(hit) for hit in hits(PAGE)]
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
        ("Klopt het dat de bond in 2019 wel 3.000 leden telde?", "3.000 leden", "1.900 leden"),
        ("Waarom stijgt de premie met 8 euro?", "8 euro", "7 euro"),
        ("Waarom kost een kaartje 5 euro?", "5 euro", "€ 3,20"),
        ("Klopt het dat een kaartje € 5,50 kost?", "€ 5,50", "€ 3,20"),
        ("Klopt het dat de omzet 150 miljard is?", "150 miljard", "€ 139 miljard"),
        ("Waarom exporteert maar 6% van de bedrijven naar Duitsland?", "6%", "40 procent"),
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
        "Hoeveel leden telde de bond in 2018, waren het er 3.000 leden?",
        "Zijn er tussen 2020 en 2023 300 leden bijgekomen?",
        "Komen er 9.000 woningen per jaar?",
        "Telt de Metaalunie 3.000 leden?",
        "Duurt de cursus 3 jaar?",
        "Wat doet de bond met 5 medewerkers?",
        "Hoeveel leden telt de bond?",
        "Waarom groeit de export met 5 procent?",
        "Waarom exporteert 40% van de bedrijven naar Duitsland?",
        "Waarom kost een kaartje € 3,20?",
        "Waarom kost een kaartje voor leden 5 euro?",
        "Kost een kaartje meer dan € 5?",
        "Is een kaartje 5 procent duurder?",
        "Waarom heeft de omzet 150 miljard redenen?",
        "Waarom zijn 400 leden boos?",
        "Waarom zijn er 300 nieuwe leden?",
        "Waarom exporteert 60% van de bedrijven niet naar Duitsland?",
        "Waarom kost een kaartje 30 euro per jaar?",
        "Waarom is de omzet € 139.000.000.000?",
        "Waarom is de boete 300 euro?",
        "Waarom kost een kaartje 1.2.3 euro?",
        "Waarom kost een kaartje 1,2,3 euro of 5.50.10 %?",
        "Waarom stijgt de premie naar 50 euro?",
    ],
)
def test_what_cannot_be_held_against_a_count_is_not_corrected(asked: str) -> None:
    assert said(asked) is None
