import math
from itertools import permutations
from random import Random

import ir_measures
import numpy as np
import pytest

from eval.language import is_dutch
from eval.metrics import (
    citation_precision,
    citation_recall,
    estimate,
    first_rank,
    gold_ranks,
    mcnemar,
    ndcg_at,
    paired_difference,
    percentile,
    recall_at,
    reciprocal_rank,
)
from eval.risk import area, excess_area, risk_coverage

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


def test_every_gold_page_has_its_rank_and_counts_once() -> None:
    assert gold_ranks([[B1], [A1], [A1], [A2]], [A1, A2]) == (2, 4)
    assert gold_ranks([[B1], [A1, A2], [B1]], [A1, A2]) == (2, 3)  # a hit across their border
    assert gold_ranks([[A1, A2], [B1]], [A1, A2, B1]) == (1, 2, 3)
    assert gold_ranks([[B1]], [A1]) == ()


def test_ndcg_by_hand() -> None:
    # One gold page at rank 3: (1 / log2 4) / (1 / log2 2).
    assert ndcg_at([3], 1, 10) == pytest.approx((1 / 2) / 1)
    # Two gold pages, at ranks 1 and 3: (1 + 1/2) / (1 + 1 / log2 3).
    assert ndcg_at([1, 3], 2, 10) == pytest.approx(1.5 / (1 + 1 / 1.5849625))
    assert ndcg_at([1, 2], 2, 10) == ndcg_at([1], 3, 1) == 1
    assert ndcg_at([11], 1, 10) == ndcg_at([], 2, 10) == 0


def test_finding_agrees_with_trec_eval() -> None:
    random = Random(7)
    for _ in range(50):
        gold = random.sample(range(1, 41), random.randint(1, 4))
        ranked = random.sample(range(1, 41), 25)
        ranks = gold_ranks([[("d", page)] for page in ranked], [("d", page) for page in gold])
        theirs = ir_measures.calc_aggregate(
            [ir_measures.nDCG @ 10, ir_measures.RR, ir_measures.Success @ 5],
            {"q": {str(page): 1 for page in gold}},
            {"q": {str(page): -float(at) for at, page in enumerate(ranked)}},
        )
        first = ranks[0] if ranks else None
        assert ndcg_at(ranks, len(gold), 10) == pytest.approx(theirs[ir_measures.nDCG @ 10])
        assert reciprocal_rank(first) == pytest.approx(theirs[ir_measures.RR])
        assert recall_at(first, 5) == theirs[ir_measures.Success @ 5]


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
    found = estimate([1, 2, 3, 4, 100], percentile(50))
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
    assert paired_difference([10, 20, 30], [30, 40, 50], percentile(50)).mean == 40 - 20


def test_values_without_partner_are_refused() -> None:
    with pytest.raises(ValueError, match="2 and 1 values are no pairs"):
        paired_difference([1, 2], [1])


def test_risk_over_coverage() -> None:
    # By confidence: 0.9 right; 0.8 right and wrong together; 0.1 wrong.
    points = risk_coverage([0.8, 0.1, 0.9, 0.8], [True, False, True, False])
    assert points == ((1 / 4, 0 / 1), (3 / 4, 1 / 3), (4 / 4, 2 / 4))


def test_the_area_under_risk_over_coverage_by_hand() -> None:
    # Surest first: right, wrong, right, wrong. Risks 0/1, 1/2, 1/3, 2/4.
    pairs = np.array([(0.9, 0), (0.7, 1), (0.5, 0), (0.1, 1)])
    assert float(area(pairs)) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)
    # Best: right, right, wrong, wrong. Risks 0, 0, 1/3, 2/4.
    best = (0 + 0 + 1 / 3 + 2 / 4) / 4
    assert float(excess_area(pairs)) == pytest.approx((1 / 2) / 4)
    assert float(area(pairs) - excess_area(pairs)) == pytest.approx(best)
    assert float(area(np.array([(0.5, 1)]))) == 1 and float(excess_area(np.array([(0.5, 1)]))) == 0


def test_equal_confidence_is_the_mean_of_all_orders() -> None:
    tied = [(0.9, 0), (0.5, 1), (0.5, 0), (0.5, 0), (0.5, 1), (0.2, 1)]
    orders = [
        [tied[0], *((0.5 - at / 100, wrong) for at, (_, wrong) in enumerate(middle)), tied[-1]]
        for middle in permutations(tied[1:-1])
    ]
    assert float(area(np.array(tied))) == pytest.approx(float(area(np.array(orders)).mean()))


def test_an_area_has_an_interval_like_any_metric() -> None:
    sure = [(1 - at / 100, float(at > 79)) for at in range(100)]  # what is wrong comes last
    guess = [(1 - at / 100, float(at % 5 == 0)) for at in range(100)]
    found = estimate(guess, excess_area)
    assert estimate(sure, excess_area).mean == 0
    assert found.low < found.mean < found.high and found.low > 0
    assert paired_difference(sure, guess, area).mean == pytest.approx(
        estimate(guess, area).mean - estimate(sure, area).mean
    )


def test_mcnemar_by_hand() -> None:
    # 1 won, 5 lost: 2 (1 + 6) / 2^6. 6 lost: 2 / 2^6. Nothing changed: no evidence at all.
    assert mcnemar(1, 5) == mcnemar(5, 1) == pytest.approx(14 / 64)
    assert mcnemar(0, 6) == pytest.approx(2 / 64)
    assert mcnemar(0, 0) == mcnemar(3, 3) == 1


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
