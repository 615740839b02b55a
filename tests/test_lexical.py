"""The analysis as tables; BM25 against arithmetic by hand."""

from concurrent.futures import ThreadPoolExecutor
from math import log
from pathlib import Path

import numpy as np
import pytest

from index.lexical import Bm25, TokenRows, four_grams, stems, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Coöperaties én naïeve ideeën", ["cooperaties", "en", "naieve", "ideeen"]),
        ("de deeltijd-WW", ["de", "deeltijd", "ww"]),
        ("€ 1.234,56 of 3,5%", ["1234,56", "of", "3,5"]),
        ("2.200, 2200 en 1.000.000", ["2200", "2200", "en", "1000000"]),
        ("12.05.2021, paragraaf 3.1.2", ["12.05.2021", "paragraaf", "3.1.2"]),
        ("2023-2024", ["2023", "2024"]),
        ("ﬁnanciën", ["financien"]),
        ("CO2, CO₂ en 12 m²", ["co2", "co2", "en", "12", "m2"]),
        ("de WBTO¹⁰ van 2019³ was 5,3.⁴", ["de", "wbto", "van", "2019", "was", "5,3"]),
        ("snake_case", ["snake", "case"]),
        ("…!? – •", []),
        ("", []),
    ],
)
def test_words_are_folded_and_numbers_stay_whole(text: str, expected: list[str]) -> None:
    assert list(words(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Het bedrijf en de bedrijven", ["bedrijf", "bedrijf"]),
        ("Hoeveel werknemers telt welke onderneming?", ["werknemer", "telt", "onderneem"]),
        ("wat is dat", []),
    ],
)
def test_stems_join_forms_and_leave_out_stop_words(text: str, expected: list[str]) -> None:
    assert stems(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Omzet", ["_omz", "omze", "mzet", "zet_"]),
        ("ww", ["_ww_"]),
        ("x", ["_x_"]),
        ("de omz", ["_omz", "omz_"]),
    ],
)
def test_four_grams_hold_the_borders_of_words(text: str, expected: list[str]) -> None:
    assert four_grams(text) == expected


def test_four_grams_find_the_parts_of_a_compound() -> None:
    index = Bm25.build(
        TokenRows([four_grams("De arbeidsmarktkrapte neemt toe"), four_grams("De zomer is warm")])
    )
    krapte, zomer = index.scores(four_grams("krapte op de arbeidsmarkt"))
    assert krapte > 0 == zomer


TOKENS = [["omzet", "omzet", "groei", "fabriek"], ["omzet", "haven"], ["haven", "kade", "schip"]]


def test_scores_are_those_of_the_formula() -> None:
    """Lucene's variant: idf = ln(1 + (N - n + 0.5) / (n + 0.5)); tf / (tf + k1 (1 - b + b length / mean))."""
    mean = (4 + 2 + 3) / 3
    omzet = log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    schip = log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    expected = [
        omzet * 2 / (2 + 1.5 * (0.25 + 0.75 * 4 / mean)),
        omzet * 1 / (1 + 1.5 * (0.25 + 0.75 * 2 / mean)),
        schip * 1 / (1 + 1.5 * (0.25 + 0.75 * 3 / mean)),
    ]
    scores = Bm25.build(TokenRows(TOKENS)).scores(["omzet", "schip"])
    assert scores.tolist() == pytest.approx(expected, rel=1e-5)
    assert scores.tolist() == pytest.approx([0.4700 * 2 / 3.875, 0.4700 / 2.125, 0.9808 / 2.5], abs=1e-4)


def test_unknown_tokens_count_for_nothing() -> None:
    index = Bm25.build(TokenRows(TOKENS))
    known = index.scores(["omzet"])
    assert index.scores(["omzet", "onbekend", ""]).tolist() == known.tolist()
    assert index.scores(["onbekend"]).tolist() == index.scores([]).tolist() == [0, 0, 0]


def test_rows_that_are_not_allowed_score_nothing_and_change_no_other() -> None:
    index = Bm25.build(TokenRows(TOKENS))
    allowed = np.array([False, True, True])
    expected = np.where(allowed, index.scores(["omzet", "haven"]), 0)
    assert index.scores(["omzet", "haven"], allowed).tolist() == expected.tolist()


@pytest.mark.parametrize("tokens", [[], [[]], [[], []], [["a"], []], TOKENS])
def test_what_was_saved_scores_the_same(tokens: list[list[str]], tmp_path: Path) -> None:
    index = Bm25.build(TokenRows(tokens))
    index.save(tmp_path / "bm25")
    loaded = Bm25.load(tmp_path / "bm25")
    assert len(loaded) == len(index) == len(tokens)
    for query in (["a"], ["haven", "omzet"], [""], []):
        scores = loaded.scores(query)
        assert scores.shape == (len(tokens),) and scores.dtype == np.float32
        assert scores.tolist() == index.scores(query).tolist()


def test_a_collection_without_tokens_scores_zero() -> None:
    assert Bm25.build(TokenRows([[], []])).scores(["omzet"], np.array([True, False])).tolist() == [0, 0]


def test_threads_may_stem_at_the_same_time() -> None:
    text = "bedrijven ondernemingen werkgelegenheid vergroening bezuinigingen " * 20
    with ThreadPoolExecutor(4) as pool:
        assert all(found == stems(text) for found in pool.map(stems, [text] * 200))
