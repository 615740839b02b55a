"""Abbreviations where a text explains them."""

import pytest

from index.abbreviations import explained


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "De Wet bevordering technisch onderwijs (WBTO) geldt.",
            [("WBTO", "Wet bevordering technisch onderwijs")],
        ),
        ("bij het Nationaal Cyber Security Centrum (NCSC)", [("NCSC", "Nationaal Cyber Security Centrum")]),
        ("de beroepsbegeleidende leerweg (BBL)", [("BBL", "beroepsbegeleidende leerweg")]),
        ("een Programma van Eisen (PvE)", [("PvE", "Programma van Eisen")]),
        ("aan MKB-kredieten, de Borgstelling MKB-kredieten (BMKB)", [("BMKB", "Borgstelling MKB-kredieten")]),
        (
            "Digital Trust Center (DTC) en Rijksdienst voor Ondernemend Nederland (RVO)",
            [("DTC", "Digital Trust Center"), ("RVO", "Rijksdienst voor Ondernemend Nederland")],
        ),
    ],
)
def test_the_long_form_stands_before_the_brackets(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(explained(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "de omzet van het bedrijf (NCSC)",  # no word begins with N
        "een groei van 3 procent (Jansen)",  # one capital: a name
        "Centraal. Planbureau, (CPB)",  # a mark between
        "(CPB)",
        "de voorzitter (in 2020)",
        "Centraal Planbureau (CPB",
        "",
    ],
)
def test_other_brackets_explain_nothing(text: str) -> None:
    assert list(explained(text)) == []
