"""Decide: do the documents answer what is asked? The evidence decides, never the model."""

import math
import tomllib
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from index.documents import Hit
from index.errors import BadConfiguration
from index.lexical import stems
from rag.evidence import Evidence
from rag.kinds import kind_asked
from rag.lacking import lacking
from rag.understand import Question

FEW = 2
"""Stems of a question that is looked up rather than asked."""
DEFAULT = Path(__file__).with_name("decision.toml")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for a part of a question, and how sure it is that the best of it answers the part.

    `told` says that it does, as far as can be known; `missing` what evidence that is about it lacks.
    """

    part: str
    hits: tuple[Hit, ...]
    confidence: float
    told: bool
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A calibrated decision: how probable it is that evidence answers a question, and when that is enough.

    Two things must hold, and one does not make up for the other: the documents are about it, a logistic curve
    over the similarity of the nearest passage (Platt, Probabilistic outputs, 1999); and the best sentence
    lacks nothing that is asked for (rag/lacking.py), or else only a share `lacking` is answered. One
    regression over both keeps silent on half of the questions about something else that this does.
    """

    intercept: float
    similarity: float
    lacking: float
    enough: float

    def weigh(
        self,
        question: Question,
        part: str,
        hits: tuple[Hit, ...],
        whole: Sequence[Hit],
        evidence: Sequence[Evidence],
        known: Container[str],
    ) -> Finding:
        """Return the hits for a part of a question, and how probable it is that the evidence answers it.

        `hits` and `whole` are those for the part and for the whole question, which are the same where it
        has no parts. A part is short and says little of what it is about ("en wat is hun omzet"), so that
        half of its similarity is that of the whole. `known` as for `lacking`. A question of a word or two
        ("cyclotron?") is similar to nothing: it is answered by a sentence that holds them.
        """
        if not evidence:
            return Finding(part, hits, 0.0, told=False)
        lacks = lacking(question, part, evidence, known)
        similarity = (_nearest(hits) + _nearest(whole)) / 2
        confidence = self.probability(similarity, lacks is not None)
        if lacks is None and _is_held(part, evidence[0]):
            confidence = max(confidence, self.enough)
        about_it = confidence >= self.enough * self.lacking
        return Finding(
            part,
            hits,
            confidence,
            told=confidence >= self.enough,
            missing=lacks if about_it else None,
        )

    def probability(self, similarity: float, lacks: bool) -> float:
        """Return the probability for evidence with these signals."""
        about = 1 / (1 + math.exp(-self.intercept - self.similarity * similarity))
        return about * (self.lacking if lacks else 1)


def evidence_signals(
    question: Question,
    part: str,
    hits: Sequence[Hit],
    evidence: Sequence[Evidence],
    known: Container[str],
) -> tuple[float, bool]:
    """Return the similarity of the nearest passage, and whether the evidence lacks what a part asks for."""
    lacks = lacking(question, part, evidence, known) is not None
    return _nearest(hits), lacks


def _is_held(part: str, evidence: Evidence) -> bool:
    """Say whether what is looked up stands in the sentence, and no figure, date or name is asked of it."""
    asked = set() if kind_asked(part) else set(stems(part))
    return 0 < len(asked) <= FEW and asked <= set(stems(evidence.text))


def _nearest(hits: Sequence[Hit]) -> float:
    return max((hit.similarity for hit in hits), default=-1.0)


def read_decision(file: Path) -> Decision:
    """Read a decision from a TOML file. Raises BadConfiguration."""
    names = [field.name for field in fields(Decision)]
    try:
        written: Mapping[str, object] = tomllib.loads(file.read_text(encoding="utf-8"))
        decision = Decision(*(float(str(written[name])) for name in names))
    except (OSError, ValueError, KeyError) as error:
        raise BadConfiguration(f"{file} does not hold a decision: {error!r}.") from error
    if unknown := sorted(set(written) - set(names)):
        raise BadConfiguration(f"{file}: a decision has no {unknown[0]!r}; it has {', '.join(names)}.")
    return decision
