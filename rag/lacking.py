"""What a sentence lacks of a question: the kind of thing that is asked for, its year, or whose view it is.

A near miss of a search is as similar to the question as an answer is. It betrays itself by what is not there.
"""

import re
from collections.abc import Sequence

from index.lexical import STOPWORDS, fold, words
from rag.evidence import Evidence
from rag.kinds import kind_asked
from rag.referring import PREPOSITIONS
from rag.understand import Question

_VIEW_OF = re.compile(
    r"\bwat (?:vond\w*|vind\w*|zei\w*|zegt|zeggen|denk\w*|dacht\w*) (?P<asked>.{2,40}?)"
    r" (?:er)?(?:van|over)\b"
    r"|\b(?:standpunt|mening|oordeel|reactie) van (?P<held>.{2,40}?)"
    r"(?=$|[,.?!]| (?:op|over|in|bij|voor|tegen)\b)",
    re.IGNORECASE,
)
_AND_OF = re.compile(r"^en (?:van|bij) (?!wie\b|welke?\b)(.{2,40}?)\??$", re.IGNORECASE)
"""Asks the same of somebody else."""


def lacking(question: Question, part: str, evidence: Sequence[Evidence]) -> str | None:
    """Return what evidence for a part of a question, best first, lacks to be an answer; None if nothing.

    That is the name of the kind of thing asked for (see KINDS), "year", "view", or "evidence" without any.
    """
    if not evidence:
        return "evidence"
    kind = kind_asked(part)
    if kind and not kind.holds(evidence[0].text):
        return kind.name
    if _lacks_holder(question, part, evidence[0]):
        return "view"
    if not question.compares and not all(_tells_of(year, evidence) for year in question.years):
        return "year"
    return None


def _tells_of(year: str, evidence: Sequence[Evidence]) -> bool:
    """Say whether any of the documents is of that year, or any of the pages names it."""
    return any(
        year in item.document.years or year in item.document.text[item.page.start : item.page.end]
        for item in evidence
    )


def _lacks_holder(question: Question, part: str, evidence: Evidence) -> bool:
    """Say whether the view of somebody is asked for whom the passage does not name."""
    found = _VIEW_OF.search(part) or _AND_OF.search(question.asked)
    if not found:
        return False
    # Without the organisation's name nobody is left: "wat vond in 2019 van".
    named = words(found[found.lastindex or 0])
    if named[0] in PREPOSITIONS:
        return False
    holder = {word for word in named if word not in STOPWORDS}
    return bool(holder) and not any(word in fold(evidence.hit.text) for word in holder)
