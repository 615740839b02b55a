"""Metrics of one question, their means with intervals, and tests between two runs."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Page = tuple[str, int]
"""A document, named by its file without ending, and a page number."""

Value = float | tuple[float, float]
"""What is measured of one question: a number, or two that belong together."""
Statistic = Callable[[NDArray[Any]], NDArray[Any]]
"""Takes the values of n questions, (..., n) or (..., n, 2), and gives one number for each sample, (...)."""

RESAMPLES = 2000
SEED = 20


def first_rank(ranked: Sequence[Collection[Page]], gold: Collection[Page]) -> int | None:
    """Return the rank, from 1, of the first hit that stands on a gold page; None if there is none."""
    return next((rank for rank, pages in enumerate(ranked, 1) if set(pages) & set(gold)), None)


def gold_ranks(ranked: Sequence[Collection[Page]], gold: Collection[Page]) -> tuple[int, ...]:
    """Return the ranks, from 1, at which gold pages are met, each page once.

    A hit that crosses a page border may stand on two gold pages: it then takes two ranks.
    """
    met: set[Page] = set()
    ranks: list[int] = []
    rank = 0
    for pages in ranked:
        new = (set(pages) & set(gold)) - met
        met |= new
        ranks.extend(rank + at for at in range(1, len(new) + 1))
        rank += max(1, len(new))
    return tuple(ranks)


def ndcg_at(ranks: Collection[int], gold: int, k: int) -> float:
    """Return nDCG@k, with a gain of 1 for each gold page (Järvelin & Kekäläinen 2002).

    Σ 1 / log₂(rank + 1) over the ranks of gold pages up to k, divided by the same sum for `gold` pages at
    ranks 1, 2, …: 1 when all gold pages, or k of them, come first. So it also tells whether the second of two
    pages that are needed together was found.
    """
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(gold, k) + 1))
    return sum(1 / math.log2(rank + 1) for rank in ranks if rank <= k) / ideal


def recall_at(rank: int | None, k: int) -> float:
    """Return 1 if a gold page is among the first k hits, else 0 (success@k; Voorhees & Tice 2000)."""
    return float(rank is not None and rank <= k)


def reciprocal_rank(rank: int | None) -> float:
    """Return 1 / rank of the first gold page, 0 without one (MRR is its mean; Voorhees 1999)."""
    return 1 / rank if rank else 0.0


def citation_precision(cited: Collection[Page], gold: Collection[Page]) -> float:
    """Return |cited pages that are gold| / |cited pages| (ALCE's citation precision, by page)."""
    return len(set(cited) & set(gold)) / len(set(cited))


def citation_recall(cited: Collection[Page], gold: Collection[Page]) -> float:
    """Return |gold pages that are cited| / |gold pages|."""
    return len(set(cited) & set(gold)) / len(set(gold))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean (or another statistic) over n questions, and its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float
    n: int


def mean(values: NDArray[Any]) -> NDArray[Any]:
    """Return the mean over the last axis."""
    return np.asarray(values.mean(axis=-1))


def percentile(percent: float) -> Statistic:
    """Return the statistic that is a percentile (0 to 100) over the last axis."""
    return lambda values: np.asarray(np.percentile(values, percent, axis=-1))


def estimate(values: Sequence[Value], statistic: Statistic = mean) -> Estimate:
    """Return the statistic of values, with a 95 % percentile bootstrap interval.

    Efron & Tibshirani 1993, 2,000 resamples with a fixed seed. NaN everywhere without values.
    """
    sample = np.asarray(values, dtype=float)
    if not len(sample):
        return Estimate(math.nan, math.nan, math.nan, 0)
    low, high = np.percentile(statistic(sample[_resamples(len(sample))]), [2.5, 97.5])
    return Estimate(float(statistic(sample)), float(low), float(high), len(sample))


def paired_difference(
    before: Sequence[Value] | NDArray[Any], now: Sequence[Value] | NDArray[Any], statistic: Statistic = mean
) -> Estimate:
    """Return the statistic of `now` minus that of `before`, over the same questions in order.

    The questions are resampled, and with each both its values: what makes a question hard falls out of the
    difference, so that the interval is far narrower than the intervals of the two means suggest.
    """
    if len(before) != len(now):
        raise ValueError(f"{len(before)} and {len(now)} values are no pairs")
    old, new = np.asarray(before, dtype=float), np.asarray(now, dtype=float)
    if not len(old):
        return Estimate(math.nan, math.nan, math.nan, 0)
    rows = _resamples(len(old))
    low, high = np.percentile(statistic(new[rows]) - statistic(old[rows]), [2.5, 97.5])
    return Estimate(float(statistic(new) - statistic(old)), float(low), float(high), len(old))


def mcnemar(won: int, lost: int) -> float:
    """Return the two-sided p-value of the exact test of McNemar (1947), for values of 0 or 1.

    2 Σ C(n, i) / 2ⁿ for i from 0 to min(won, lost), at most 1, with n = won + lost: how likely so uneven a
    division is when each question that changed is as likely to be won as lost. Questions that stayed as they
    were say nothing.
    """
    changed = won + lost
    tail = sum(math.comb(changed, at) for at in range(min(won, lost) + 1))
    return min(1.0, float(2 * tail / 2**changed))


def _resamples(count: int) -> NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(0, count, (RESAMPLES, count))
