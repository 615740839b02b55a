"""Metrics of one question, and their means with intervals."""

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Page = tuple[str, int]
"""A document, named by its file without ending, and a page number."""

RESAMPLES = 2000
SEED = 20


def first_rank(ranked: Sequence[Collection[Page]], gold: Collection[Page]) -> int | None:
    """Return the rank, from 1, of the first hit that stands on a gold page; None if there is none."""
    return next((rank for rank, pages in enumerate(ranked, 1) if set(pages) & set(gold)), None)


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


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> tuple[tuple[float, float], ...]:
    """Return points (coverage, risk), from the surest question on (El-Yaniv & Wiener 2010).

    Coverage is the share of questions of at least some confidence, risk the share of them that went wrong.
    Questions of equal confidence come in together, so that their order does not matter.
    """
    points = []
    for least in sorted(set(confidences), reverse=True):
        taken = [good for sure, good in zip(confidences, right, strict=True) if sure >= least]
        points.append((len(taken) / len(right), taken.count(False) / len(taken)))
    return tuple(points)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean (or percentile) over n questions, and its 95 % bootstrap interval."""

    mean: float
    low: float
    high: float
    n: int


def estimate(values: Sequence[float], percentile: float | None = None) -> Estimate:
    """Return the mean of values, or their percentile (0 to 100), with a 95 % percentile bootstrap interval.

    Efron & Tibshirani 1993, 2,000 resamples with a fixed seed. NaN everywhere without values.
    """
    sample = np.asarray(values, dtype=float)
    if not len(sample):
        return Estimate(math.nan, math.nan, math.nan, 0)
    low, high = np.percentile(_point(sample[_resamples(len(sample))], percentile), [2.5, 97.5])
    return Estimate(float(_point(sample, percentile)), float(low), float(high), len(sample))


def paired_difference(
    before: Sequence[float], now: Sequence[float], percentile: float | None = None
) -> Estimate:
    """Return the mean (or percentile) of `now` minus that of `before`, over the same questions in order.

    The questions are resampled, and with each both its values: what makes a question hard falls out of the
    difference, so that the interval is far narrower than the intervals of the two means suggest.
    """
    if len(before) != len(now):
        raise ValueError(f"{len(before)} and {len(now)} values are no pairs")
    old, new = np.asarray(before, dtype=float), np.asarray(now, dtype=float)
    if not len(old):
        return Estimate(math.nan, math.nan, math.nan, 0)
    rows = _resamples(len(old))
    low, high = np.percentile(_point(new[rows], percentile) - _point(old[rows], percentile), [2.5, 97.5])
    return Estimate(
        float(_point(new, percentile) - _point(old, percentile)), float(low), float(high), len(old)
    )


def _resamples(count: int) -> NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(0, count, (RESAMPLES, count))


def _point(values: NDArray[np.float64], percentile: float | None) -> NDArray[np.float64]:
    """Return the mean or the percentile over the last axis."""
    if percentile is None:
        return np.asarray(values.mean(axis=-1))
    return np.asarray(np.percentile(values, percentile, axis=-1))
