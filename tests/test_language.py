"""Answers in another language than the documents: held against quotes by figures, names, mood and meaning."""

from collections.abc import Sequence
from string import Formatter
from typing import get_args

import pytest

from index.texts import all_texts
from rag.language import DOCUMENTS, language
from rag.verify import Verifier
from rag.write import Source
from tests.texts import document
from vraagbaak.settings import Settings

CODES = get_args(Settings.model_fields["language"].annotation)
TEXT = (
    "De bond telt 2.200 leden. Samen hebben zij een omzet van € 139 miljard. De Nederlandse overheid betaalt "
    "de regeling niet. De bond wil dat 30 procent van de leden vrouw is."
)
SOURCE = Source(document(TEXT), 0, len(TEXT))


ABOUT = {"members": "2.200", "turnover": "139", "government": "overheid", "women": "vrouw"}


class Reader:
    """Knows which Dutch sentence each English one is about, and is as sure as it was told to be."""

    name, least = "reader", 0.5

    def __init__(self, sure: float = 1.0) -> None:
        self._sure = sure

    def scores(self, quotes: Sequence[str], sentence: str) -> Sequence[float]:
        about = next(there for word, there in ABOUT.items() if word in sentence)
        return [self._sure if about in quote else 0.1 for quote in quotes]


def quotes_for(sentence: str, sure: float = 1.0) -> list[str]:
    verifier = Verifier(language("en"), Reader(sure))
    return [quote.text for quote in verifier.supporting_quotes(sentence, [SOURCE])]


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_a_prompt_and_the_texts_of_answers(code: str) -> None:
    prompt = language(code)
    fields = {name for _, name, _, _ in Formatter().parse(prompt.template) if name}
    assert fields == {"mark", "sources", "question"} and prompt.system and len(prompt.examples) == 3
    dutch = {key: said for key, said in all_texts().items() if key.startswith("answer.")}
    said = {key: said for key, said in all_texts(code).items() if key.startswith("answer.")}
    assert said.keys() == dutch.keys()
    for key, words in said.items():
        assert [f for _, f, _, _ in Formatter().parse(words)] == [
            f for _, f, _, _ in Formatter().parse(dutch[key])
        ]
    assert language(code).of_documents == (code == DOCUMENTS)


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("The association has 2,200 members.", "De bond telt 2.200 leden."),
        ("Their turnover is €139 billion.", "Samen hebben zij een omzet van € 139 miljard."),
        ("It is not paid by the Dutch government.", "De Nederlandse overheid betaalt de regeling niet."),
        ("It wants women to be 30% of all.", "De bond wil dat 30 procent van de leden vrouw is."),
    ],
)
def test_an_english_sentence_holds_in_the_dutch_one_that_says_it(sentence: str, quote: str) -> None:
    assert quotes_for(sentence) == [quote]
    assert quotes_for(sentence, sure=0.4) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "The association has 2.200 members.",
        "The association has 2,300 members.",
        "The turnover is €139 million.",
        "It is paid by the Dutch government.",
        "It is not paid by the Belgian government.",
        "Of all 30% are women.",
        "It has 2,200 members, see www.example.org.",
    ],
)
def test_what_a_quote_does_not_say_does_not_hold_however_near_it_seems(sentence: str) -> None:
    assert quotes_for(sentence) == []


def test_without_a_judge_of_meaning_nothing_in_another_language_holds() -> None:
    assert Verifier(language("en")).supporting_quotes("The association has 2,200 members.", [SOURCE]) == ()
