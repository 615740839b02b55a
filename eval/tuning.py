"""Tuning: the weights of the ranker and of the decision, fitted to known questions."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.stats import rankdata

from eval.metrics import Estimate, estimate
from eval.questions import KnownQuestion
from eval.run import name_of
from index.index import Index
from index.ranking import Weights
from rag.decide import SIGNALS as EVIDENCE
from rag.decide import Decision, evidence_signals
from rag.retrieve import DEPTH, retrieve
from rag.understand import understand

Floats = NDArray[np.float64]

SHARPNESS = 3.0
"""How nearly the score of a page is that of its best passage (a soft maximum, so that it has a gradient)."""
PRIOR = 0.3
"""How much a weight is pulled back to where it was, for each question. Fitted to half of 245 questions, weights
gain nothing on other questions with 0.03 and 0.1, and lose nothing with 0.3 (docs/evaluation.md)."""
RIDGE = 0.01
"""How much the weights of the decision are pulled to 0, for each question."""
OVER_REFUSAL = 0.05
"""Share of answerable questions that may stay without an answer."""


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


def evidence_of(index: Index, question: KnownQuestion, organisation: Sequence[str]) -> tuple[float, ...]:
    """Return the signals of the decision for the whole question."""
    asked = understand(question.question, question.history, organisation)
    return evidence_signals(asked.parts[0], retrieve(index, asked, DEPTH, per_page=False))


def fit_decision(signals: Sequence[Sequence[float]], answerable: Sequence[bool]) -> Decision:
    """Return a logistic regression on signals (n, 3), and where it leaves OVER_REFUSAL without an answer.

    A ridge keeps a signal that few questions have from running away (le Cessie & van Houwelingen, Ridge
    estimators in logistic regression, 1992).
    """
    values, target = np.array(signals, float), np.array(answerable, float)
    centre, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    scaled = (values - centre) / spread

    def loss(parameters: Floats) -> float:
        logit = parameters[0] + scaled @ parameters[1:]
        return float(np.mean(np.logaddexp(0, logit) - target * logit) + RIDGE * np.sum(parameters[1:] ** 2))

    fitted: Floats = minimize(loss, np.zeros(len(EVIDENCE) + 1), method="L-BFGS-B").x
    weights = fitted[1:] / spread
    named = dict(zip(EVIDENCE, map(float, weights), strict=True))
    decision = Decision(float(fitted[0] - centre @ weights), named, enough=0.5)
    sure = decision.probabilities(values[target == 1])
    return replace(decision, enough=float(np.quantile(sure, OVER_REFUSAL)))


def decided(
    signals: Sequence[Sequence[float]], answerable: Sequence[bool], decision: Decision
) -> tuple[Estimate, Estimate, float]:
    """Return the abstention, the over-refusal, and the area under the ROC curve of a decision.

    The area is the probability that an answerable question is surer than an unanswerable one (Hanley &
    McNeil 1982); NaN without questions of both sorts.
    """
    values, said = np.array(signals, float), np.array(answerable, bool)
    sure = decision.probabilities(values)
    silent = (sure < decision.enough).astype(float)
    first, second = int(said.sum()), int((~said).sum())
    ranks = rankdata(sure)[said].sum() - first * (first + 1) / 2
    area = float(ranks / (first * second)) if first and second else math.nan
    return estimate(list(silent[~said])), estimate(list(silent[said])), area
