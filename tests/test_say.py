import pytest

from index.texts import text
from rag.answers import Sentence
from rag.decide import Finding
from rag.say import answer_text, with_markers


def finding(part: str, *, told: bool, missing: str | None = None) -> Finding:
    return Finding(part, (), 0.5, told=told, missing=missing)


def test_markers_follow_their_sentence() -> None:
    sentences = (Sentence("Eén.", (1,), True), Sentence("Twee.", (1, 2), True))
    assert with_markers(sentences) == "Eén. [1] Twee. [1][2]"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_stays_untold_is_named_without_the_story_before_it(language: str) -> None:
    findings = (finding("wat kost het", told=True), finding("Ik zoek iets. Wie is dat?", told=False))
    said = answer_text("partial", (Sentence("Eén.", (1,), True),), findings, language)
    assert said == f"Eén. [1]\n{text('answer.partial', language, part='Wie is dat?')}"


def test_silence_says_once_what_is_missing() -> None:
    findings = [finding(part, told=False, missing="money") for part in ("wat kost het", "wat kostte het")]
    findings.append(finding("wie is het", told=False))
    assert answer_text("not_found", (), findings, "nl") == (
        f"{text('answer.lacks_money')} {text('answer.not_found')} {text('answer.nearest')}"
    )
    assert answer_text("refused", (), findings, "nl") == text("answer.refused")
