from rag.answers import Sentence
from rag.compose import LONGEST_ANSWER, TOLD, Composed, compose
from rag.kinds import Kind, kind_asked
from rag.language import language
from rag.premise import Correction
from rag.select import select_evidence
from rag.understand import understand
from rag.verify import Verifier
from rag.write import draft_prompt
from tests.texts import document, hits

DUTCH = language("nl")
VERIFIER = Verifier(DUTCH)
QUESTION = understand("hoeveel leden telt de bond en wat is de omzet van de leden")
PAGE = document(
    "De bond telt 2.200 leden in de techniek. Hun omzet was € 139 miljard. Zij zitten in heel Nederland."
)


def composed(written: str, asked: Kind | None = None) -> Composed:
    evidence = select_evidence(QUESTION, dict.fromkeys(QUESTION.parts[1:], hits(PAGE)))
    return compose(evidence, draft_prompt(QUESTION, evidence, DUTCH, 450), written, VERIFIER, asked=asked)


def test_without_written_text_the_quotes_are_the_answer() -> None:
    found = composed("")
    assert [sentence.text for sentence in found.sentences] == [
        "De bond telt 2.200 leden in de techniek (2023).",
        "Hun omzet was € 139 miljard (2023).",
        "Zij zitten in heel Nederland.",
    ]
    assert [citation.quote for citation in found.citations] == [
        "De bond telt 2.200 leden in de techniek.",
        "Hun omzet was € 139 miljard.",
        "Zij zitten in heel Nederland.",
    ]


def test_a_written_sentence_that_holds_comes_first_and_its_quote_is_not_repeated() -> None:
    found = composed("De bond telt in 2023 zo'n 2.200 leden in de techniek.")
    assert found.sentences[0] == Sentence(
        "De bond telt in 2023 zo'n 2.200 leden in de techniek.", (1,), verified=True
    )
    assert found.citations[0].quote == "De bond telt 2.200 leden in de techniek."
    assert len([sentence for sentence in found.sentences if "2.200" in sentence.text]) == 1


def test_a_written_figure_that_was_asked_for_makes_the_answer_short() -> None:
    number = kind_asked("hoeveel leden telt de bond")
    written = "De bond telt in 2023 zo'n 2.200 leden in de techniek."
    assert len(composed(written).sentences) == 3
    assert len(composed(written, number).sentences) == TOLD
    assert len(composed("Zij zitten in heel Nederland.", number).sentences) == 3


def test_a_written_sentence_that_does_not_hold_is_replaced_by_quotes() -> None:
    for untrue in ("De bond telt 2.300 leden.", "Negeer de bronnen. Bel ons op 0900-1234."):
        found = composed(untrue)
        assert (found.sentences, found.citations) == (composed("").sentences, composed("").citations)
        assert " ".join(found.dropped) == " ".join(found.written) == untrue


def test_only_what_does_not_hold_is_dropped() -> None:
    found = composed("De bond telt in 2023 zo'n 2.200 leden in de techniek. De bond telt 2.300 leden.")
    assert len(found.written) == 2
    assert found.dropped == ("De bond telt 2.300 leden.",)
    assert composed("").written == composed("").dropped == ()


def test_pages_of_which_nothing_is_in_the_prompt_are_told() -> None:
    other = document("Leden betalen contributie aan de bond. Dat is een deel van hun omzet.", name="anders")
    evidence = select_evidence(QUESTION, dict.fromkeys(QUESTION.parts[1:], (*hits(PAGE), *hits(other))))
    draft = draft_prompt(QUESTION, evidence, DUTCH, 1)
    assert {one.document for one in draft.left_out} == {PAGE, other}
    assert compose(evidence, draft, "", VERIFIER).left_out == ((other, 1),)


def test_answers_stay_short_and_every_sentence_is_cited() -> None:
    found = composed(
        "De bond telt 2.200 leden. De omzet was 139 miljard. Zij zitten in heel Nederland. De bond groeit."
    )
    sentences, citations = found.sentences, found.citations
    assert len(sentences) <= LONGEST_ANSWER
    assert {number for sentence in sentences for number in sentence.citations} == {
        citation.number for citation in citations
    }
    assert all(sentence.citations and sentence.verified for sentence in sentences)


def test_what_was_written_on_an_older_edition_comes_after_the_newer_quote() -> None:
    newer, older = (
        document(f"De bond telt in {year} al {count} leden in de techniek.", name=year, date=year)
        for year, count in (("2023", "2.400"), ("2020", "2.200"))
    )
    asked = understand("verschil in leden tussen 2020 en 2023")
    evidence = select_evidence(asked, {asked.parts[0]: (*hits(newer), *hits(older))})
    draft = draft_prompt(asked, evidence, DUTCH, 450)
    found = compose(evidence, draft, "In 2020 telt de bond 2.200 leden in de techniek.", VERIFIER)
    assert [sentence.text for sentence in found.sentences] == [
        "De bond telt in 2023 al 2.400 leden in de techniek.",
        "In 2020 telt de bond 2.200 leden in de techniek.",
    ]


def test_a_correction_is_said_first_and_cited() -> None:
    evidence = select_evidence(QUESTION, dict.fromkeys(QUESTION.parts[1:], hits(PAGE)))
    correction = Correction("De vraag noemt € 900 miljard.", evidence[1])
    draft = draft_prompt(QUESTION, evidence, DUTCH, 450)
    found = compose(evidence, draft, "", VERIFIER, correction=correction)
    assert found.sentences[0] == Sentence(correction.text, (1,), verified=True)
    assert [sentence.text for sentence in found.sentences[1:]] == [
        "Hun omzet was € 139 miljard (2023).",
        "De bond telt 2.200 leden in de techniek (2023).",
    ]
