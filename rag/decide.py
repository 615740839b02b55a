"""Decide: do the documents answer what is asked? The evidence decides, never the model."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.documents import Hit
from index.errors import BadConfiguration
from rag.kinds import kind_asked

SIGNALS = ("similarity", "behind", "kind")
"""What is known of a question's evidence: how near the nearest sentence is that holds the kind of thing asked
for; how far it ranks behind the best sentence (standard deviations of the score, at most FARTHEST); 1 if the
question asks for a kind of thing at all (rag/kinds.py), so that a sentence can be seen to lack it."""
FARTHEST = 5.0
DEFAULT = Path(__file__).with_name("decision.toml")


@dataclass(frozen=True, slots=True)
class Decision:
    """A calibrated decision: the probability that a question is answered, and from which on it is.

    The probability is a logistic regression over SIGNALS (Platt, Probabilistic outputs, 1999).
    """

    intercept: float
    weights: Mapping[str, float]
    enough: float

    def confidence(self, question: str, hits: Sequence[Hit]) -> float:
        """Return how probable it is that the hits, best first, answer a question or a part of one."""
        if not hits:
            return 0.0
        return float(self.probabilities(np.array([evidence_signals(question, hits)]))[0])

    def probabilities(self, signals: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability (n,) that questions with these signals (n, len(SIGNALS)) are answered."""
        logits = self.intercept + signals @ np.array([self.weights[name] for name in SIGNALS])
        return np.asarray(1 / (1 + np.exp(-logits)))


def evidence_signals(question: str, hits: Sequence[Hit]) -> tuple[float, ...]:
    """Return SIGNALS of a question, or a part of one, and the passages found for it, best first."""
    kind = kind_asked(question)
    holding = [
        hit for hit in hits if kind is None or kind.holds(hit.document.text[slice(*hit.passage.focus)])
    ]
    if not holding:
        return min(hit.similarity for hit in hits), FARTHEST, 1.0
    behind = min(FARTHEST, hits[0].score - holding[0].score)
    return max(hit.similarity for hit in holding), behind, float(kind is not None)


def read_decision(file: Path) -> Decision:
    """Read a decision from a TOML file. Raises BadConfiguration."""
    try:
        written: Mapping[str, object] = tomllib.loads(file.read_text(encoding="utf-8"))
        numbers = {name: float(str(written[name])) for name in ("intercept", "enough", *SIGNALS)}
    except (OSError, ValueError, KeyError) as error:
        raise BadConfiguration(f"{file} does not hold a decision: {error!r}.") from error
    if unknown := sorted(set(written) - set(numbers)):
        raise BadConfiguration(f"{file}: a decision has no {unknown[0]!r}; it has {', '.join(numbers)}.")
    return Decision(numbers["intercept"], {name: numbers[name] for name in SIGNALS}, enough=numbers["enough"])
