"""Decide: is there evidence enough to answer? The evidence decides, never the model."""

import math
from collections.abc import Sequence

from index.documents import Hit
from rag.evidence import Evidence
from rag.kinds import lacks_what_is_asked
from rag.understand import Question

ENOUGH = 0.5
"""Confidence from which a question is answered."""
MIDDLE, STEEPNESS = 0.38, 25.0
"""Similarity at which the confidence is a half, and how fast it grows there.

A first rule, read off the 146 known questions of dev and corpus/: with the kinds of answer (`rag.kinds`) it
keeps silent on 65 % of what the documents do not say, and on 4 % of what they do. It waits for a calibrated
one.
"""


def confidence_of(question: Question, hits: Sequence[Hit], evidence: Sequence[Evidence]) -> float:
    """Return how sure it is that the evidence answers the question, between 0 and 1.

    A logistic curve over the similarity of the best passage. When an amount, a share, a date or a number is
    asked for and the best sentence holds none, there is no answer, however near the sentence is.
    """
    if not evidence:
        return 0.0
    if lacks_what_is_asked(question.asked, evidence[0].text):
        return 0.0
    similarity = max(hit.similarity for hit in hits)
    return 1 / (1 + math.exp(-STEEPNESS * (similarity - MIDDLE)))
