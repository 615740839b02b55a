"""Premise: a figure that a question takes for granted, where the documents tell another."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from index.lexical import fold, stems
from index.texts import text
from rag.evidence import NUMBER, Evidence
from rag.kinds import counted
from rag.lacking import names_in
from rag.language import DOCUMENTS
from rag.understand import Question
from rag.verify import amounts

_ROUGHLY = re.compile(
    r"\b(?:ruim|bijna|ongeveer|circa|ca\.?|zo['’]n|rond(?: de)?|meer dan|minder dan|minstens|minimaal"
    r"|maximaal|hooguit|hoogstens|tot|onder de|boven de|about|over|almost|more than|less than)\s+(?:€\s?)?\d",
    re.IGNORECASE,
)
_UNITS = frozenset(
    stems("jaar jaren maand maanden week weken dag dagen uur uren keer miljoen miljard euro procent punt per")
)
"""What is counted with them is a time, a sum or a share, of which a page may tell many."""
_SUM = re.compile(
    rf"(?P<euro>€\s?)?{NUMBER.pattern}(?P<scale>\s?(?:miljoen|miljard)\b)?"
    r"(?:(?P<share>\s?(?:%|procent\b))|(?P<money>\s?euro\b)|(?P<end>\s*(?:[?.,]|$|is\b|was\b)))?",
    re.IGNORECASE,
)
_SAYS_NOTHING = frozenset(stems("klopt juist waar echt komt slechts bedraagt bedroeg kost kosten"))
"""Words of a question that do not tell what a sum is of."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What to say of a figure in a question, and the sentence that tells another."""

    text: str
    evidence: Evidence


def correction_of(
    question: Question, evidence: Sequence[Evidence], language: str = DOCUMENTS
) -> Correction | None:
    """Return what to say of a figure in the question that the evidence tells otherwise; None if all is well.

    "Waarom heeft de bond 3.000 leden?", where a sentence counts 2.200 leden and no page that is quoted holds
    a 3.000. Not where the question says "ongeveer", compares, or names another year than the document or
    somebody whom the passage does not name, nor where only one of both counts "per jaar". A sum or a share
    ("5 euro", "5 %") is corrected by a sentence that tells one, of all that the question is about.
    """
    if question.compares or _ROUGHLY.search(question.standalone):
        return None
    on_pages = {
        value for item in evidence for value in amounts(item.document.text[item.page.start : item.page.end])
    }
    names = names_in(question.parts[0])  # without the organisation's own, of which all documents are
    for item in evidence:
        of_its_year = not question.years or set(question.years) & item.document.years
        if not of_its_year or not _is_about(names, item):
            continue
        for asked, told in (*_counts(question.standalone, item.text), *_sums(question.parts[0], item.text)):
            if not amounts(asked).keys() & on_pages:
                return Correction(text("answer.premise", language, asked=asked, told=told), item)
    return None


def _is_about(names: Sequence[str], evidence: Evidence) -> bool:
    passage = evidence.hit.passage
    around = fold(" ".join([evidence.hit.text, evidence.document.title, *passage.headings]))
    return all(fold(name) in around for name in names)


def _counts(asked: str, sentence: str) -> Iterator[tuple[str, str]]:
    """Yield each count of a question with the first that a sentence tells of the same."""
    for number, following in counted(asked):
        for told, counting in counted(sentence):
            same = (set(stems(following)) & set(stems(counting))) - _UNITS
            if same and ("per" in following.split()) == ("per" in counting.split()):
                yield f"{number} {_up_to(same, following)}", f"{told} {_up_to(same, counting)}"
                break


def _up_to(named: Set[str], following: str) -> str:
    """Return the words up to the last one that is named."""
    words = following.split()
    return " ".join(words[: max(at for at, word in enumerate(words, 1) if named & set(stems(word)))])


def _sums(asked: str, sentence: str) -> Iterator[tuple[str, str]]:
    """Yield the one sum or share of a question with that of a sentence which holds what it is of."""
    (there, unit), (here, other) = _only_sum(asked), _only_sum(sentence)
    if there and here and unit == other:
        rest = asked[: there.start()] + asked[there.end() :]
        of = {stem for stem in stems(rest) if stem.isalpha()} - _SAYS_NOTHING
        if of and of <= set(stems(sentence)):
            yield _shown(there), _shown(here)


def _only_sum(text: str) -> tuple[re.Match[str] | None, str]:
    """Return the sum or share of a text that has one, and "€" or "%"."""
    units = {
        found: "%" if found["share"] else "€"
        for found in _SUM.finditer(text)
        if found["euro"] or found["share"] or found["money"] or (found["scale"] and found["end"] is not None)
    }
    return next(iter(units.items())) if len(units) == 1 else (None, "")


def _shown(found: re.Match[str]) -> str:
    return found[0].removesuffix(found["end"] or "").strip()
