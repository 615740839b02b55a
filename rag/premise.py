"""Premise: a count that a question takes for granted, where the documents count otherwise."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.lexical import fold, stems
from index.texts import text
from rag.evidence import Evidence
from rag.kinds import counted
from rag.lacking import names_in
from rag.language import DOCUMENTS
from rag.understand import Question
from rag.verify import amounts

_ROUGHLY = re.compile(
    r"\b(?:ruim|bijna|ongeveer|circa|ca\.?|zo['’]n|rond(?: de)?|meer dan|minder dan|minstens|minimaal"
    r"|maximaal|hooguit|hoogstens|tot|onder de|boven de|about|over|almost|more than|less than)\s+\d",
    re.IGNORECASE,
)
_UNITS = frozenset(stems("jaar jaren maand maanden week weken dag dagen uur uren keer miljoen miljard"))
"""What is counted with them is a time or a sum, of which a page may tell many."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What to say of a count in a question, and the sentence that counts otherwise."""

    text: str
    evidence: Evidence


def correction_of(
    question: Question, evidence: Sequence[Evidence], language: str = DOCUMENTS
) -> Correction | None:
    """Return what to say of a count in the question that is not that of the evidence; None where all is well.

    "Waarom heeft de bond 3.000 leden?", where a sentence counts 2.200 leden and no page that is quoted holds
    a 3.000. Not where the question says "ongeveer", compares, or names another year than the document or
    somebody whom the passage does not name, nor where only one of both counts "per jaar".
    """
    if question.compares or _ROUGHLY.search(question.standalone):
        return None
    on_pages = {
        value for item in evidence for value in amounts(item.document.text[item.page.start : item.page.end])
    }
    names = names_in(question.parts[0])  # without the organisation's own, of which all documents are
    for number, following in counted(question.standalone):
        if amounts(number).keys() & on_pages:
            continue
        for item in evidence:
            of_its_year = not question.years or set(question.years) & item.document.years
            told = (
                _count_of_the_same(following, item.text) if of_its_year and _is_about(names, item) else None
            )
            if told:
                asked = f"{number} {' '.join(following.split()[: told[1]])}"
                return Correction(text("answer.premise", language, asked=asked, told=told[0]), item)
    return None


def _is_about(names: Sequence[str], evidence: Evidence) -> bool:
    passage = evidence.hit.passage
    around = fold(" ".join([evidence.hit.text, evidence.document.title, *passage.headings]))
    return all(fold(name) in around for name in names)


def _count_of_the_same(asked: str, sentence: str) -> tuple[str, int] | None:
    """Return a count in a sentence of what is asked, and how many words of the question name that."""
    asked_words = asked.split()
    for number, following in counted(sentence):
        words = following.split()
        if ("per" in words) != ("per" in asked_words):
            continue
        same = (set(stems(following)) & set(stems(asked))) - _UNITS
        if same:
            end, asked_end = (
                max(at for at, word in enumerate(counting, 1) if same & set(stems(word)))
                for counting in (words, asked_words)
            )
            return f"{number} {' '.join(words[:end])}", asked_end
    return None
