"""What a question means by its words, given those of the documents."""

from pathlib import Path

import pytest

from index.lexicon import Lexicon, LexiconWriter

TEXTS = (
    "De pensioenregeling van het laagspanningsnet. De Wet bevordering technisch onderwijs (WBTO).",
    "De heffing op uitstoot, de heffing op afval en de hefting. De wet bevordert technisch onderwijs.",
    "De wet over vaktechnisch onderwijs bevordert (WBTO) weinig; het pensioen stijgt.",
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    writer = LexiconWriter()
    for text in TEXTS:
        writer.add(text)
    return writer.lexicon()


@pytest.mark.parametrize(
    ("question", "near"),
    [
        ("hoe hoog is de heffing", ""),  # the documents have it
        ("hoe hoog is de uitsoot", " uitstoot"),  # a letter left out
        ("mijn pensieon", " pensioen"),  # swapped
        ("het laagspanigsnet", " laagspanningsnet"),  # two steps in a long word
        ("hefzing", " heffing hefting"),  # of the nearest, the most frequent first
        ("hoe heet de burgemeester", ""),  # Dutch, though the documents do not have it
        ("een fietsvergoeding", ""),  # a compound of Dutch words
        ("de wt en 2202", ""),  # too short, and a number
        ("xqzwyp", ""),  # near to nothing
        ("waaraf is de wat", ""),  # a stop word is no misspelling, though the documents do not have it
        ("", ""),
    ],
)
def test_a_misspelt_word_is_followed_by_the_nearest_of_the_documents(
    lexicon: Lexicon, question: str, near: str
) -> None:
    assert lexicon.spelled(question) == question + near


@pytest.mark.parametrize(
    ("question", "related"),
    [
        ("Wat regelt de WBTO?", "Wet bevordering technisch onderwijs"),
        ("wat regelt de wbto", "Wet bevordering technisch onderwijs"),
        ("Waarom een wet bevordering technisch onderwijs?", "wbto"),
        ("Waarom een wet voor onderwijs?", ""),
        ("", ""),
    ],
)
def test_abbreviations_and_long_forms_stand_for_each_other(
    lexicon: Lexicon, question: str, related: str
) -> None:
    assert lexicon.related(question) == related


def test_the_most_frequent_long_form_is_meant() -> None:
    writer = LexiconWriter()
    for text in ("Centraal Planbureau (CPB)", "Centraal Plan Bureau (CPB)", "Centraal Planbureau (CPB)"):
        writer.add(text)
    assert writer.lexicon().related("het CPB") == "Centraal Planbureau"


def test_what_was_saved_means_the_same(lexicon: Lexicon, tmp_path: Path) -> None:
    lexicon.save(tmp_path / "lexicon.json")
    loaded = Lexicon.load(tmp_path / "lexicon.json")
    for question in ("de hefzing", "de WBTO", "wet bevordering technisch onderwijs"):
        assert loaded.spelled(question) == lexicon.spelled(question)
        assert loaded.related(question) == lexicon.related(question)


def test_an_empty_lexicon_changes_no_question() -> None:
    empty = LexiconWriter().lexicon()
    assert empty.spelled("de hefing van de WBTO") == "de hefing van de WBTO"
    assert empty.related("de hefing van de WBTO") == ""


def test_the_lexicon_knows_names_and_what_they_begin(lexicon: Lexicon) -> None:
    assert "WBTO" in lexicon and "Pensioen" in lexicon and "laagspanning" in lexicon
    assert "Metaalunie" not in lexicon
