"""Compounds by the word list."""

import pytest

from index.compounds import dutch_words, parts


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("verlofregeling", ("verlof", "regeling")),
        ("overheidsfinancien", ("overheid", "financien")),
        ("werknemersverzekering", ("werknemers", "verzekering")),
        ("boekenkast", ("boek", "kast")),
        ("arbeidsmarktkrapte", ("arbeidsmarkt", "krapte")),
    ],
)
def test_a_compound_has_two_parts_without_what_links_them(word: str, expected: tuple[str, ...]) -> None:
    assert parts(word) == expected


@pytest.mark.parametrize(
    "word",
    [
        "regeling",
        "onderneming",
        "verantwoordelijkheid",
        "betalingen",
        "kast",
        "van",
        "",
        "xqzwxqzwxqzw",
        "2200",
    ],
)
def test_what_is_no_compound_has_no_parts(word: str) -> None:
    assert parts(word) == ()


def test_the_word_list_is_folded_and_has_no_stop_words() -> None:
    words = dutch_words()
    assert "ideeen" in words and "ideeën" not in words
    assert "de" not in words
    assert all(0 < share < 0.01 for share in words.values())
