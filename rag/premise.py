"""Premise: a figure that a question takes for granted, where the documents tell another."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from index.lexical import fold, stems
from index.texts import text
from rag.evidence import Evidence
from rag.followups import YEAR
from rag.kinds import counted
from rag.lacking import names_in
from rag.language import DOCUMENTS
from rag.language import language as language_of
from rag.understand import Question
from rag.verify import amounts

_BOUNDED = re.compile(
    r"\b(?:meer dan|minder dan|minstens|minimaal|maximaal|hooguit|hoogstens|tot|onder de|boven de|over"
    r"|more than|less than)\s+(?:€\s?)?\d|\d\s?[-–]\s?\d",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(
    r"\b(?:ruim|bijna|ongeveer|circa|ca\.?|zo['’]n|rond(?: de)?|about|almost)\s+(?:€\s?)?\d", re.IGNORECASE
)
_UNITS = frozenset(
    stems("jaar jaren maand maanden week weken dag dagen uur uren keer miljoen miljard euro procent punt per")
)
"""What is counted with them is a time, a sum or a share, of which a page may tell many."""
_SCALES = {"duizend": 1e3, "miljoen": 1e6, "mln": 1e6, "miljard": 1e9, "mld": 1e9}
_SUM = re.compile(
    r"(?:\b(?P<way>met|naar|van)\s)?"
    r"(?P<shown>(?P<euro>€\s?)?(?<![\d.,])(?P<number>(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?)(?![.,]?\d)"
    rf"(?:\s?(?P<scale>{'|'.join(_SCALES)})\b)?(?:(?P<share>\s?(?:%|procent\b))|(?P<money>\s?euro\b))?)"
    r"(?P<end>\s*(?:[?.,]|$|is\b|was\b))?",
    re.IGNORECASE,
)
_SAYS_NOTHING = frozenset(stems("klopt juist echt wel komt slechts bedraagt bedroeg kost kosten telt telde"))
"""Words of a question that do not tell what a figure is of."""


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
    a 3.000; "waarom kost een kaartje 5 euro", where one tells what a kaartje costs. Both must be of all that
    the question is about, or it takes for granted that there are so many ("de 3.000 leden"). Not where either
    names a bound, the question says "ongeveer", one denies or tells "per jaar" and the other does not, the
    question compares, or names another year or somebody whom the passage does not name.
    """
    asked = question.standalone
    if question.compares or _ROUGHLY.search(asked) or _BOUNDED.search(asked):
        return None
    asked_of = question.parts[0]  # without the organisation's name, of which all documents are
    on_pages = {
        value for item in evidence for value in amounts(item.document.text[item.page.start : item.page.end])
    }
    for item in evidence:
        if _is_comparable(question, item):
            for figure, told in (*_counts(asked_of, item.text), *_sums(asked_of, item.text)):
                if not amounts(figure).keys() & on_pages:
                    return Correction(text("answer.premise", language, asked=figure, told=told), item)
    return None


def _is_comparable(question: Question, evidence: Evidence) -> bool:
    years = set(YEAR.findall(evidence.text)) or evidence.document.years
    if _BOUNDED.search(evidence.text) or (question.years and not years & set(question.years)):
        return False
    denied = language_of(DOCUMENTS).negation
    if bool(denied.search(question.standalone)) != bool(denied.search(evidence.text)):
        return False
    passage = evidence.hit.passage
    around = fold(" ".join([evidence.hit.text, evidence.document.title, *passage.headings]))
    return all(fold(name) in around for name in names_in(question.parts[0]))


def _counts(asked: str, sentence: str) -> Iterator[tuple[str, str]]:
    """Yield each count of a question with the first that a sentence tells of the same."""
    for number, following in counted(asked):
        for told, counting in counted(sentence):
            same = (set(stems(following)) & set(stems(counting))) - _UNITS
            if not same or ("per" in following.split()) != ("per" in counting.split()):
                continue
            named = f"{number} {_up_to(same, following)}"
            granted = re.search(rf"\b(?:de|die|onze|hun|alle)\s{re.escape(named)}", asked, re.IGNORECASE)
            if granted or _of(asked.replace(number, " ")) <= set(stems(sentence)):
                yield named, f"{told} {_up_to(same, counting)}"
                break


def _of(rest: str) -> set[str]:
    """Return the words of a question that tell what its figure is of; names may stand around the sentence."""
    named = set(stems(" ".join(names_in(rest))))
    return {stem for stem in stems(rest) if stem.isalpha()} - _SAYS_NOTHING - named


def _up_to(named: Set[str], following: str) -> str:
    """Return the words up to the last one that is named."""
    words = following.split()
    return " ".join(words[: max(at for at, word in enumerate(words, 1) if named & set(stems(word)))])


def _sums(asked: str, sentence: str) -> Iterator[tuple[str, str]]:
    """Yield the one sum or share of a question with that of a sentence which holds what it is of."""
    there, here = _only_sum(asked), _only_sum(sentence)
    if there is None or here is None or _measure(there) != _measure(here) or _value(there) == _value(here):
        return
    of = _of(asked[: there.start()] + asked[there.end() :])
    if of and of <= set(stems(sentence)) and ("per" in asked.split()) == ("per" in sentence.split()):
        yield there["shown"], here["shown"]


def _only_sum(text: str) -> re.Match[str] | None:
    """Return the sum or share of a text that has one."""
    sums = [
        found
        for found in _SUM.finditer(text)
        if found["euro"] or found["share"] or found["money"] or (found["scale"] and found["end"] is not None)
    ]
    return sums[0] if len(sums) == 1 else None


def _measure(found: re.Match[str]) -> tuple[bool, str]:
    """Return whether it is a share, and whether it is where something comes from, goes to, or by how much."""
    return found["share"] is not None, (found["way"] or "").casefold()


def _value(found: re.Match[str]) -> float:
    (number,) = amounts(found["number"])
    return float(number.replace(",", ".")) * _SCALES.get((found["scale"] or "").casefold(), 1.0)
