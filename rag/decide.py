"""Decide: is there evidence enough to answer? The evidence decides, never the model."""

import math
import re
from collections.abc import Sequence

from index.documents import Hit
from rag.evidence import Evidence
from rag.understand import Question

ENOUGH = 0.5
"""Confidence from which a question is answered."""
MIDDLE, STEEPNESS = 0.38, 25.0
"""Similarity at which the confidence is a half, and how fast it grows there.

A first rule, read off the 146 known questions of dev and corpus/: with the kinds of answer below it keeps
silent on 62 % of what the documents do not say, and on 4 % of what they do. A calibrated one takes its place.
"""

_NUMBER_WORDS = (
    r"\d|\b(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|twintig|honderd|duizend|half|helft"
    r"|derde|kwart|miljoen|miljard|eerste|tweede|vierde|vijfde|tiende|dubbel\w*|meerderheid|alle|geen)\b"
)
_KINDS_OF_ANSWER = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(holds, re.IGNORECASE))
    for asks, holds in (
        (
            r"\bhoe\s?vee?l (?:\w+ )?(?:euro|\w*geld|miljoen|miljard|subsid\w+|omzet|winst)\b"
            r"|\bwelke? (?:\w+ )?bedrag\w*|\bwat kost\w*|\b(?:contributie|salaris|verdien(?:t|de|en))\b",
            r"€|\b(?:euro|miljoen|miljard)\b",
        ),
        (r"\b(?:percentage|procent)\b|%", r"%|\bprocent\b"),
        (r"\bhoe oud\b", r"\b\d+ jaar\b|\bgeboren\b"),
        (r"\b(?:telefoon|mobiel\w*)\s?nummer\b|\bnummer van\b", r"\d[\d -]{7,}"),
        (r"\b(?:welke|wat is de) (?:\w+ )?datum\b|\bop welke dag\b", r"\b\d{1,2} [a-z]{3,9}\b|\d-\d"),
        (r"\b(?:hoe\s?vee?l|aantal|how many|hoe vaak)\b", _NUMBER_WORDS),
    )
)
"""What a question asks for, and what a sentence that answers it must then hold."""


def confidence_of(question: Question, hits: Sequence[Hit], evidence: Sequence[Evidence]) -> float:
    """Return how sure it is that the evidence answers the question, between 0 and 1.

    A logistic curve over the similarity of the best passage. When an amount, a share, a date or a number is
    asked for and the best sentence holds none, there is no answer, however near the sentence is.
    """
    if not evidence:
        return 0.0
    if any(
        asks.search(question.asked) and not holds.search(evidence[0].text) for asks, holds in _KINDS_OF_ANSWER
    ):
        return 0.0
    similarity = max(hit.similarity for hit in hits)
    return 1 / (1 + math.exp(-STEEPNESS * (similarity - MIDDLE)))
