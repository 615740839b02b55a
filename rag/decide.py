"""Decide: is there evidence enough to answer? The evidence decides, never the model."""

import math
import re
from collections.abc import Sequence

from index.documents import Hit
from rag.evidence import Evidence
from rag.understand import Question

ENOUGH = 0.5
"""Confidence from which a question is answered."""
MIDDLE, STEEPNESS = 0.40, 25.0
"""Similarity at which the confidence is a half, and how fast it grows there: a first rule, fitted by eye on
the dev questions (`vraagbaak eval`); a calibrated one takes its place."""

_ASKS_A_NUMBER = re.compile(
    r"\b(?:hoe\s?vee?l|hoe (?:oud|lang|hoog|groot|vaak)|aantal|welk (?:bedrag|percentage|jaar|nummer)"
    r"|percentage|procent|wat kost\w*|how (?:many|much|old|long)|\w*nummer)\b",
    re.IGNORECASE,
)
_NUMBER_WORD = re.compile(
    r"\d|\b(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|twintig|honderd|duizend|half|helft|derde"
    r"|kwart|miljoen|miljard|eerste|tweede|vierde|vijfde|tiende|dubbel\w*|meerderheid|alle|geen)\b",
    re.IGNORECASE,
)


def confidence_of(question: Question, hits: Sequence[Hit], evidence: Sequence[Evidence]) -> float:
    """Return how sure it is that the evidence answers the question, between 0 and 1.

    A logistic curve over the similarity of the best passage. A question for a number to which no sentence
    holds any number has no answer, however near the sentences are.
    """
    if not evidence:
        return 0.0
    similarity = max(hit.similarity for hit in hits)
    if _ASKS_A_NUMBER.search(question.asked) and not any(_NUMBER_WORD.search(item.text) for item in evidence):
        return 0.0
    return 1 / (1 + math.exp(-STEEPNESS * (similarity - MIDDLE)))
