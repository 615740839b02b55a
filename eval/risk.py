"""Whether confidence means something: what goes wrong among the questions that the system is surest of."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


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


def area(pairs: NDArray[Any]) -> NDArray[Any]:
    """Return the area under the risk-coverage curve, AURC, of pairs (confidence, 1 if wrong else 0).

    `pairs` is (..., n, 2), what comes back (...). AURC = (1/n) Σᵢ wrong among the i surest / i, for i from 1
    to n (Geifman, Uziel & El-Yaniv 2019): the mean share that goes wrong, over all numbers of questions that
    might be answered. Questions of equal confidence share their errors evenly, which is what all their
    orders give on average.
    """
    confidence, wrong = pairs[..., 0], pairs[..., 1]
    order = np.argsort(-confidence, axis=-1, kind="stable")
    confidence, wrong = (np.take_along_axis(values, order, axis=-1) for values in (confidence, wrong))
    count = confidence.shape[-1]
    ranks = np.arange(1, count + 1)
    changes = confidence[..., 1:] != confidence[..., :-1]
    edge = np.ones((*confidence.shape[:-1], 1), dtype=bool)
    # For each question: how many are surer, and how many are at least as sure.
    surer = np.maximum.accumulate(np.where(np.concatenate([edge, changes], -1), ranks - 1, 0), axis=-1)
    ends = np.where(np.concatenate([changes, edge], -1), ranks, count)
    as_sure = np.minimum.accumulate(ends[..., ::-1], axis=-1)[..., ::-1]
    errors = np.concatenate([np.zeros_like(edge, dtype=float), np.cumsum(wrong, axis=-1)], -1)
    before, through = (np.take_along_axis(errors, at, axis=-1) for at in (surer, as_sure))
    expected = before + (through - before) * (ranks - surer) / (as_sure - surer)
    return np.asarray((expected / ranks).mean(axis=-1))


def excess_area(pairs: NDArray[Any]) -> NDArray[Any]:
    """Return E-AURC: the area above that of the best order, in which all that is right is surer.

    Geifman, Uziel & El-Yaniv 2019. What goes wrong at all falls out: 0 is an order that nothing can better.
    """
    wrong = pairs[..., 1]
    return np.asarray(area(pairs) - area(np.stack([1 - wrong, wrong], axis=-1)))
