import math

import pytest

from eval.language import is_dutch
from eval.metrics import (
    citation_precision,
    citation_recall,
    estimate,
    first_rank,
    paired_difference,
    recall_at,
    reciprocal_rank,
    risk_coverage,
)

A1, A2, B1 = ("a", 1), ("a", 2), ("b", 1)


def test_the_first_gold_page_gives_the_rank() -> None:
    assert first_rank([[B1], [A1, A2], [A2]], [A2]) == 2
    assert first_rank([[B1], [A1]], [A2, B1]) == 1
    assert first_rank([[B1]], [A2]) is None
    assert first_rank([], [A2]) is None


def test_finding() -> None:
    assert [recall_at(rank, 5) for rank in (1, 5, 6, None)] == [1, 1, 0, 0]
    assert [reciprocal_rank(rank) for rank in (1, 4, None)] == [1, 1 / 4, 0]
    mean = estimate([reciprocal_rank(rank) for rank in (1, 4, None)]).mean
    assert mean == pytest.approx((1 + 1 / 4 + 0) / 3)


def test_citations_count_each_page_once() -> None:
    cited = [A1, A1, A2, B1]  # three pages, of which one is gold
    assert citation_precision(cited, [A1, ("b", 2)]) == pytest.approx(1 / 3)
    assert citation_recall(cited, [A1, ("b", 2)]) == pytest.approx(1 / 2)


def test_an_estimate_is_the_mean_with_a_plausible_interval() -> None:
    values = [1.0] * 80 + [0.0] * 20
    found = estimate(values)
    # Normal approximation: 0.8 +- 1.96 * sqrt(0.8 * 0.2 / 100).
    half = 1.96 * math.sqrt(0.8 * 0.2 / 100)
    assert found.mean == pytest.approx(80 / 100)
    assert found.low == pytest.approx(0.8 - half, abs=0.015)
    assert found.high == pytest.approx(0.8 + half, abs=0.015)
    assert found.n == 100
    assert estimate(values) == found


def test_a_percentile() -> None:
    found = estimate([1, 2, 3, 4, 100], 50)
    assert found.mean == 3
    assert 1 <= found.low <= 3 <= found.high <= 100


def test_no_values_give_no_number() -> None:
    found = estimate([])
    assert found.n == 0
    assert math.isnan(found.mean)
    assert paired_difference([], []).n == 0


def test_pairs_tell_apart_what_two_intervals_cannot() -> None:
    before = [number / 100 for number in range(100)]
    now = [value + 0.02 for value in before]
    found = paired_difference(before, now)
    assert found.mean == pytest.approx(0.02)
    assert 0 < found.low <= found.high == pytest.approx(0.02)
    assert estimate(before).high > estimate(now).low  # alone, they overlap


def test_pairs_of_percentiles() -> None:
    assert paired_difference([10, 20, 30], [30, 40, 50], 50).mean == 40 - 20


def test_values_without_partner_are_refused() -> None:
    with pytest.raises(ValueError, match="2 and 1 values are no pairs"):
        paired_difference([1, 2], [1])


def test_risk_over_coverage() -> None:
    # By confidence: 0.9 right; 0.8 right and wrong together; 0.1 wrong.
    points = risk_coverage([0.8, 0.1, 0.9, 0.8], [True, False, True, False])
    assert points == ((1 / 4, 0 / 1), (3 / 4, 1 / 3), (4 / 4, 2 / 4))


@pytest.mark.parametrize(
    ("text", "dutch"),
    [
        ("Het kabinet moet de regeling niet afschaffen.", True),
        ("The cabinet should not abolish this scheme, they said.", False),
        ("Cyber Resilience Act en Machinery Directive zijn Europese wetten.", True),
        ("With the digital-only approach it has been a success for Philips en ASML.", False),
        ("4 GW", None),
        ("", None),
    ],
)
def test_function_words_tell_dutch(text: str, dutch: bool | None) -> None:
    assert is_dutch(text) is dutch
