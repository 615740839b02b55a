import math
from pathlib import Path

import pytest

from index.errors import BadConfiguration
from rag.decide import DEFAULT, Decision, evidence_signals, read_decision
from rag.select import select_evidence
from rag.understand import understand
from tests.texts import document, hits

DECISION = Decision(intercept=-4.0, similarity=10.0, lacking=0.3, enough=0.5)
KINDS = (
    ("Hoeveel euro kost het?", "De premie is voor elke nieuwe kracht.", "De premie is € 500 per kracht."),
    ("welk percentage is vrouw", "Veel vrouwen werken in de techniek.", "In de techniek is 30% vrouw."),
    ("welk deel is vrouw", "Veel vrouwen werken in de techniek.", "Een zesde van hen is vrouw."),
    ("hoe oud is de voorzitter", "De voorzitter leidt de bond al lang.", "De voorzitter is 54 jaar."),
    ("wat is het telefoonnummer van de bond", "De bond zit in Zoetermeer, bus 190.", "Bel 079 353 11 00."),
    ("wat is het mailadres van de bond", "De bond zit in Zoetermeer, bus 190.", "Mail naar info@bond.nl."),
    ("op welke dag is het besluit", "Het besluit viel later dan gedacht.", "Het viel op 3 juni 2020."),
    ("hoeveel loketten komen er", "Er komen in 2020 loketten voor het mkb.", "Er komen drie loketten."),
    ("hoeveel banen kost de NOW 2.0", "De NOW 2.0 kostte weinig banen.", "Het kost 5.000 banen."),
    ("wie is de voorzitter", "De bond kiest elk jaar een leider.", "De bond kiest Jansen als leider."),
    ("in welke stad staat de fabriek", "De fabriek staat in een stad.", "De fabriek staat in Delft."),
)


KNOWN = ("NOW", "Duits")


def signals(asked: str, sentence: str) -> tuple[float, bool]:
    question, found = understand(asked), hits(document(sentence), similarity=0.6)
    return evidence_signals(question, asked, found, select_evidence(question, {asked: found}), KNOWN)


@pytest.mark.parametrize(("asked", "without", "holding"), KINDS)
def test_a_sentence_holds_or_lacks_what_is_asked_for(asked: str, without: str, holding: str) -> None:
    assert signals(asked, without) == (0.6, True)
    assert signals(asked, holding) == (0.6, False)


@pytest.mark.parametrize(
    "asked",
    [
        "Onze monteur wil les geven, maar dat kost hem salaris. Wat zou een wet daaraan doen?",
        "wat kost het ons dat het land zo streng is",
    ],
)
def test_only_what_is_asked_says_of_which_kind_it_is(asked: str) -> None:
    assert signals(asked, "De wet neemt dat weg.") == (0.6, False)


def test_a_question_of_no_known_kind_lacks_nothing() -> None:
    assert signals("waarom wil de bond techniek op school", "De bond wil techniek op school.") == (0.6, False)


def test_the_probability_is_a_logistic_curve_and_a_share_of_it_where_something_lacks() -> None:
    sure = 1 / (1 + math.exp(4.0 - 10.0 * 0.6))
    assert DECISION.probability(0.6, False) == pytest.approx(sure)
    assert DECISION.probability(0.6, True) == pytest.approx(0.3 * sure)


def test_no_evidence_is_no_confidence() -> None:
    assert DECISION.weigh(understand("wat kost het"), "wat kost het", (), (), (), KNOWN).confidence == 0


def test_a_part_is_about_what_the_whole_question_is_about() -> None:
    page = document("De omzet is 139 miljard euro.")
    near, far = (hits(page, similarity=similarity) for similarity in (0.6, 0.2))
    evidence = select_evidence(understand("wat is hun omzet"), {"": far})
    asked = understand("wat is hun omzet")
    assert not DECISION.weigh(asked, "wat is hun omzet", far, far, evidence, KNOWN).told
    alone = DECISION.weigh(asked, "wat is hun omzet", far, near, evidence, KNOWN)
    assert alone.confidence == pytest.approx(DECISION.probability(0.4, False))


def test_a_word_that_is_looked_up_is_answered_by_the_sentence_that_holds_it() -> None:
    far = hits(document("Met een cyclotron maken ziekenhuizen medische isotopen."), similarity=0.1)
    for asked, told in (("cyclotron??", True), ("synchrotron", False), ("wanneer cyclotron", False)):
        question = understand(asked)
        evidence = select_evidence(question, {asked: far})
        assert DECISION.weigh(question, asked, far, far, evidence, KNOWN).told is told


def test_what_is_missing_is_known_only_where_the_documents_are_about_it() -> None:
    asked = understand("hoeveel leden telt de bond")
    page = document("De bond telt veel leden in de techniek.")
    near, far = (hits(page, similarity=similarity) for similarity in (0.6, 0.2))
    evidence = select_evidence(asked, {"": near})
    about, elsewhere = (
        DECISION.weigh(asked, asked.parts[0], found, found, evidence, KNOWN) for found in (near, far)
    )
    assert (about.told, about.missing) == (False, "number")
    assert (elsewhere.told, elsewhere.missing) == (False, None)


@pytest.mark.parametrize(
    "written",
    ["", "intercept = 1", "nonsense", DEFAULT.read_text(encoding="utf-8") + "\nmood = 1", "intercept = 'x'"],
)
def test_a_file_that_is_no_decision_is_refused(tmp_path: Path, written: str) -> None:
    (tmp_path / "decision.toml").write_text(written, encoding="utf-8")
    with pytest.raises(BadConfiguration, match=r"decision\.toml"):
        read_decision(tmp_path / "decision.toml")


def test_the_decision_that_comes_along_answers_what_is_near_and_holds_what_is_asked() -> None:
    decision = read_decision(DEFAULT)
    assert decision.probability(0.6, False) > decision.enough > decision.probability(0.6, True)
    assert decision.probability(0.25, False) < decision.enough
