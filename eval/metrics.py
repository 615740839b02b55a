"""Metrics of one question, and their means with intervals."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

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
    resampled = sample[np.random.default_rng(SEED).integers(0, len(sample), (RESAMPLES, len(sample)))]
    if percentile is None:
        point, spread = sample.mean(), resampled.mean(axis=1)
    else:
        point, spread = np.percentile(sample, percentile), np.percentile(resampled, percentile, axis=1)
    low, high = np.percentile(spread, [2.5, 97.5])
    return Estimate(float(point), float(low), float(high), len(sample))


def summarise(values: Mapping[str, Sequence[float]]) -> dict[str, Estimate]:
    """Return an estimate for each metric; a name that ends in _p50 or _p95 asks for that percentile."""
    return {
        name: estimate(sample, float(name[-2:]) if name.endswith(("_p50", "_p95")) else None)
        for name, sample in values.items()
    }
