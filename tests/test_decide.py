import math

import pytest

from rag.decide import ENOUGH, MIDDLE, STEEPNESS, confidence_of
from rag.evidence import select_evidence
from rag.understand import understand
from tests.texts import document, hits


def confidence(asked: str, sentence: str, similarity: float = 0.6) -> float:
    question = understand(asked)
    found = hits(document(sentence), similarity=similarity)
    return confidence_of(question, found, select_evidence(question, [found]))


def test_confidence_is_a_logistic_curve_over_similarity() -> None:
    sentence = "Het budget voor scholing groeit elk jaar."
    assert confidence("groeit het budget", sentence, MIDDLE) == pytest.approx(0.5)
    assert confidence("groeit het budget", sentence, 0.5) == pytest.approx(
        1 / (1 + math.exp(-STEEPNESS * (0.5 - MIDDLE)))
    )


@pytest.mark.parametrize(
    ("asked", "without", "holding"),
    [
        ("Hoeveel euro kost het?", "De premie is voor elke nieuwe kracht.", "De premie is € 500 per kracht."),
        ("welk percentage is vrouw", "Veel vrouwen werken in de techniek.", "In de techniek is 30% vrouw."),
        ("hoe oud is de voorzitter", "De voorzitter leidt de bond al lang.", "De voorzitter is 54 jaar."),
        (
            "wat is het telefoonnummer van de bond",
            "De bond zit in Zoetermeer, bus 190.",
            "Bel 079 353 11 00.",
        ),
        (
            "op welke datum is het besluit",
            "Het besluit viel in de zomer van 2020.",
            "Het viel op 3 juni 2020.",
        ),
        (
            "hoeveel loketten komen er",
            "Er komen loketten voor het mkb.",
            "Er komen drie loketten voor het mkb.",
        ),
    ],
)
def test_an_answer_holds_what_is_asked_for(asked: str, without: str, holding: str) -> None:
    assert confidence(asked, without) == 0
    assert confidence(asked, holding) > ENOUGH


def test_no_evidence_is_no_confidence() -> None:
    assert confidence_of(understand("wat kost het"), (), ()) == 0
