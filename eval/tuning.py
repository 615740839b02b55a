"""Tuning: the weights of the ranker and of the decision, fitted to known questions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import rankdata

from eval.metrics import Estimate, estimate
from eval.questions import KnownQuestion
from eval.run import name_of
from index.index import Index
from index.ranking import Weights
from rag.decide import Decision, evidence_signals
from rag.retrieve import DEPTH, retrieve
from rag.select import select_evidence
from rag.understand import understand

Floats = NDArray[np.float64]

SHARPNESS = 3.0
"""How nearly the score of a page is that of its best passage (a soft maximum, so that it has a gradient)."""
PRIOR = 0.3
"""How much a weight is pulled back to where it was, for each question. Fitted to half of ours, weights
gain nothing on others with 0.03 and 0.1, and lose nothing with 0.3 (docs/evaluation.md)."""
RIDGE = 1e-5
"""How much the slope of the decision is pulled to 0: only so much that it stays finite."""


@dataclass(frozen=True, slots=True)
class RankedQuestion:
    """A question's candidates: signals (n, 6), the page of each, and which pages are gold."""

    signals: Floats
    pages: NDArray[np.int64]
    gold: NDArray[np.bool_]


def ranked_question(
    index: Index, question: KnownQuestion, organisation: Sequence[str]
) -> RankedQuestion | None:
    """Return the candidates of a question, None when no gold page is among them."""
    asked = understand(question.question, question.history, organisation)
    candidates = index.candidates(asked.parts[0], years=asked.years)
    names = {document.id: name_of(document) for document in index.documents}
    places = [(names[document_id], page) for document_id, page in index.places(candidates.rows)]
    order = {place: at for at, place in enumerate(dict.fromkeys(places))}
    gold = np.array([place in question.gold for place in order])
    pages = np.array([order[place] for place in places], np.int64)
    return RankedQuestion(candidates.signals.astype(np.float64), pages, gold) if gold.any() else None


def fit_ranking(questions: Sequence[RankedQuestion], before: Weights) -> Weights:
    """Return the weights that make the gold pages most probable, starting from and drawn to `before`.

    A softmax over pages, the cross entropy of ListNet (Cao et al., Learning to rank, 2007) with each page's
    best passage as its score; the first weight is 1 in what is returned, for only ratios matter.
    """

    def loss(weights: Floats) -> float:
        total = 0.0
        for question in questions:
            scores = question.signals @ weights
            soft = np.bincount(question.pages, np.exp(SHARPNESS * (scores - scores.max())))
            pages = soft ** (1 / SHARPNESS)
            total -= np.log(pages[question.gold].sum() / pages.sum() + 1e-12)
        return float(total / len(questions) + PRIOR * np.sum((weights - start) ** 2))

    # Standardised scores are soft: doubled, they are about as sure as they are right.
    start = 2 * before.astype(np.float64)
    fitted: Floats = minimize(loss, start, method="L-BFGS-B").x
    weights: Weights = (fitted / fitted[0]).astype(np.float32)
    return weights


def first_ranks(questions: Sequence[RankedQuestion], weights: Weights) -> list[int]:
    """Return the rank of the first gold page of each question."""
    ranks = []
    for question in questions:
        scores = question.signals @ weights
        pages = np.full(len(question.gold), -np.inf)
        np.maximum.at(pages, question.pages, scores)
        ranks.append(1 + int((pages > pages[question.gold].max()).sum()))
    return ranks


def evidence_of(index: Index, question: KnownQuestion, organisation: Sequence[str]) -> tuple[float, bool]:
    """Return the signals of the decision (see `evidence_signals`) for the whole question."""
    asked = understand(question.question, question.history, organisation)
    hits = retrieve(index, asked, DEPTH, per_page=False)
    evidence = select_evidence(asked, {asked.parts[0]: hits}, index.standings)
    return evidence_signals(asked, asked.parts[0], hits, evidence, index.lexicon)


def fit_decision(
    signals: Sequence[tuple[float, bool]], answerable: Sequence[bool], enough: float
) -> Decision:
    """Return the curve and the share of most likelihood; with one sort of question nothing can be learnt.

    Smoothed as if one question more of each sort had been seen (Laplace), so that no probability is 0 or 1.
    """
    lacks = np.array([lack for _, lack in signals])
    near, target = np.array([similarity for similarity, _ in signals])[~lacks], np.array(answerable, float)

    def loss(parameters: Floats) -> float:
        logit = parameters[0] + parameters[1] * (near - near.mean())
        return float(np.mean(np.logaddexp(0, logit) - target[~lacks] * logit) + RIDGE * parameters[1] ** 2)

    middle, slope = minimize(loss, np.zeros(2), method="L-BFGS-B").x
    return Decision(
        intercept=float(middle - slope * near.mean()),
        similarity=float(slope),
        lacking=float((target[lacks].sum() + 1) / (lacks.sum() + 2)),
        enough=enough,
    )


def decided(
    signals: Sequence[tuple[float, bool]], answerable: Sequence[bool], decision: Decision
) -> tuple[Estimate, Estimate, float]:
    """Return the abstention, the over-refusal, and the area under the ROC curve of a decision.

    The area is the probability that an answerable question is surer than an unanswerable one (Hanley &
    McNeil 1982); NaN without questions of both sorts.
    """
    said = np.array(answerable, bool)
    sure = np.array([decision.probability(*one) for one in signals])
    silent = (sure < decision.enough).astype(float)
    first, second = int(said.sum()), int((~said).sum())
    ranks = rankdata(sure)[said].sum() - first * (first + 1) / 2
    area = float(ranks / (first * second)) if first and second else math.nan
    return estimate(list(silent[~said])), estimate(list(silent[said])), area
