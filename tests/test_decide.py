import math
from pathlib import Path

import pytest

from index.errors import BadConfiguration
from rag.decide import DEFAULT, FARTHEST, SIGNALS, Decision, evidence_signals, read_decision
from tests.texts import document, hits

DECISION = Decision(-1.0, {"similarity": 10.0, "behind": -2.0, "kind": -0.5}, enough=0.5)
KINDS = (
    ("Hoeveel euro kost het?", "De premie is voor elke nieuwe kracht.", "De premie is € 500 per kracht."),
    ("welk percentage is vrouw", "Veel vrouwen werken in de techniek.", "In de techniek is 30% vrouw."),
    ("hoe oud is de voorzitter", "De voorzitter leidt de bond al lang.", "De voorzitter is 54 jaar."),
    ("wat is het telefoonnummer van de bond", "De bond zit in Zoetermeer, bus 190.", "Bel 079 353 11 00."),
    ("op welke dag is het besluit", "Het besluit viel later dan gedacht.", "Het viel op 3 juni 2020."),
    ("hoeveel loketten komen er", "Er komen in 2020 loketten voor het mkb.", "Er komen drie loketten."),
    ("wie leidt de bond", "De bond kiest elk jaar een leider.", "De bond kiest Jansen als leider."),
)


def test_confidence_is_a_logistic_curve_over_the_signals() -> None:
    found = hits(document("Het budget voor scholing groeit elk jaar."), similarity=0.3)
    assert DECISION.confidence("groeit het budget", found) == pytest.approx(
        1 / (1 + math.exp(1.0 - 10 * 0.3))
    )


@pytest.mark.parametrize(("asked", "without", "holding"), KINDS)
def test_what_holds_the_kind_that_is_asked_for_counts(asked: str, without: str, holding: str) -> None:
    found = hits(document(without), document(holding, name="twee"), scores=(9.0, 7.5), similarity=0.4)
    assert evidence_signals(asked, found) == (0.4, 1.5, 1.0)
    assert evidence_signals(asked, found[::-1][:1]) == (0.4, 0.0, 1.0)
    assert evidence_signals(asked, found[:1]) == (0.4, FARTHEST, 1.0)
    assert DECISION.confidence(asked, found[1:]) > DECISION.confidence(asked, found[:1])


def test_a_question_of_no_known_kind_is_answered_by_any_sentence() -> None:
    found = hits(document("De bond wil meer techniek op school."), similarity=0.4)
    assert evidence_signals("waarom wil de bond techniek op school", found) == (0.4, 0.0, 0.0)


def test_no_evidence_is_no_confidence() -> None:
    assert DECISION.confidence("wat kost het", ()) == 0


@pytest.mark.parametrize(
    "written",
    ["", "intercept = 1", "nonsense", DEFAULT.read_text(encoding="utf-8") + "\nmood = 1", "intercept = 'x'"],
)
def test_a_file_that_is_no_decision_is_refused(tmp_path: Path, written: str) -> None:
    (tmp_path / "decision.toml").write_text(written, encoding="utf-8")
    with pytest.raises(BadConfiguration, match=r"decision\.toml"):
        read_decision(tmp_path / "decision.toml")


def test_the_decision_that_comes_along_trusts_what_is_near_and_holds_what_is_asked() -> None:
    decision = read_decision(DEFAULT)
    assert 0 < decision.enough < 1 and set(decision.weights) == set(SIGNALS)
    assert decision.weights["similarity"] > 0 > decision.weights["behind"]
