"""What a sentence lacks of a question: the kind of thing asked for, its year, its subject, whose view it is.

A near miss of a search is as similar to the question as an answer is. It betrays itself by what is not there.
"""

import re
from collections.abc import Container, Sequence

from index.lexical import STOPWORDS, fold, words
from rag.evidence import Evidence
from rag.followups import YEAR
from rag.kinds import FIGURES, kind_asked
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
_AGAINST = re.compile(
    r"\b(?:(?:waarom|hoezo) (?:is|zijn|was|waren|stem\w*)|bezwaren|kritiek|argumenten)\b.{0,60}?\btegen (.+)",
    re.IGNORECASE,
)
_OPPOSED = re.compile(
    r"\b(?:tegen|bezwa\w+|nade\w+|kriti\w+|afwij\w+|wijst|on\w+(?:lijk|baar|wenst|nodig)\w*|overbodig\w*|overlast"
    r"|slecht\w*|schad\w+|schaa\w+|verzet\w*|risico\w*|geva\w+|zorgen|geen|niet(?! alleen)|nooit|stop\w*"
    r"|schrap\w*|belemmer\w*|hinder\w*|kost\w*|lasten|duur\w*|verlie\w*|ondermijn\w*|vre\w+|te \w+)\b",
    re.IGNORECASE,
)
"""What is said by who is against something."""
_NOW = re.compile(
    r"\b(?:nu|op dit moment|momenteel|tegenwoordig|daadwerkelijk|werkelijk\w*|feitelijk|huidige?|inmiddels|al"
    r"|gerealiseerd|actueel|actuele)\b",
    re.IGNORECASE,
)
_FORETOLD = re.compile(
    r"\b(?:moet\w*|doel\w*|ambitie|streef\w*|streven|wil\w*|uiterlijk|zou\w*|voorspelt|verwacht\w*|norm"
    r"|groeien naar|blijft zich inzetten)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:(?<=[\w,;)] )|(?=[A-Z]{3}))(?<![\w-])([A-Z]{3,}(?:-[A-Z]+)*|[A-Z][a-zéë]{2,})\b")
"""A word with a capital within a sentence, or in capitals."""
_ENGLISH = re.compile(r"\b(?:the|how|what|which|does|did)\b", re.IGNORECASE)


def lacking(question: Question, part: str, evidence: Sequence[Evidence], known: Container[str]) -> str | None:
    """Return what evidence for a part of a question, best first, lacks to be an answer; None if nothing.

    `known` are the words of all documents. What lacks is the name of the kind of thing asked for (see KINDS),
    "goal" where the present state is asked for and an aim or a forecast is told, "year", "subject" where a
    figure of somebody is asked for whom no document names, "view", or "evidence" without any.
    """
    if not evidence:
        return "evidence"
    kind = kind_asked(part)
    if kind and not kind.holds(evidence[0].text):
        return kind.name
    if kind and kind.name in FIGURES:
        if _only_foretold(part, evidence[0]):
            return "goal"
        if not question.compares and _of_other_years(question, evidence[0]):
            return "year"
    if kind and kind.name in FIGURES | {"moment"} and _names_a_stranger(question, known):
        return "subject"
    if _lacks_holder(question, part, evidence[0]) or _lacks_opposition(part, evidence):
        return "view"
    if not question.compares and not all(_tells_of(year, evidence) for year in question.years):
        return "year"
    return None


def names_in(text: str) -> list[str]:
    """Return the words of a text that are names by their capitals."""
    return _NAME.findall(text)


def _only_foretold(part: str, evidence: Evidence) -> bool:
    """Say whether it is asked how something is now, and told how it should or will be."""
    if not _NOW.search(part) or _NOW.search(evidence.text):
        return False
    later = any(year > (evidence.document.date or "9")[:4] for year in YEAR.findall(evidence.text))
    return later or bool(_FORETOLD.search(evidence.text))


def _of_other_years(question: Question, evidence: Evidence) -> bool:
    """Say whether the sentence names years, and none that is asked about."""
    told = set(YEAR.findall(evidence.text))
    return bool(question.years and told) and not told & set(question.years)


def _names_a_stranger(question: Question, known: Container[str]) -> bool:
    """Say whether the question names somebody of whom no document has the name.

    Not where it is put in English, in which names are others.
    """
    asked = question.standalone
    return not _ENGLISH.search(asked) and any(name not in known for name in names_in(asked))


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


def _lacks_opposition(part: str, evidence: Sequence[Evidence]) -> bool:
    """Say whether it is asked why somebody is against something of which nothing bad is said."""
    found = _AGAINST.search(part)
    if not found:
        return False
    against = {word for word in words(found[1]) if word not in STOPWORDS}
    told = [item.hit.text for item in evidence if any(word in fold(item.hit.text) for word in against)]
    return not any(map(_OPPOSED.search, told))
