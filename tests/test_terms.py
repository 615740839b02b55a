"""Terms, as tables."""

import pytest

from index.terms import terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("de verlofregelingen", ["verlofregeel", "verlof", "regeel"]),
        ("artikel 7:610", ["artikel", "7", "610", "7:610"]),
        ("NEN-EN 1090-2", ["nen", "1090", "2", "1090-2"]),
        ("COVID\u201119 en Covid-19", ["covid", "19", "covid", "19", "covid-19", "covid-19"]),
        ("MKB-ondernemers", ["mkb", "ondernemer"]),
        ("€ 2.200", ["2200"]),
        ("wat is dat", []),
        ("", []),
    ],
)
def test_terms_hold_parts_of_compounds_and_whole_codes(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_a_compound_and_its_parts_in_other_order_share_terms() -> None:
    assert set(terms("regeling voor verlof")) <= set(terms("verlofregeling"))
