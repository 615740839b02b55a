"""What kind of thing a question asks for, and whether a sentence holds one.

The answer type of question answering (Li & Roth, Learning question classifiers, 2002), for the kinds of which
a pattern can say that they are missing: a sentence without a percentage cannot answer what the percentage is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from index.lexical import stems

_YEAR = r"\b(?:19|20)\d\d\b"
_MONTH = (
    r"(?:jan(?:uari)?|feb(?:ruari)?|maart|april|mei|juni|juli|aug(?:ustus)?|sept?(?:ember)?|okt(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DATES = re.compile(rf"{_YEAR}(?:\s?[-–/]\s?(?:(?:19|20)?\d\d)\b)?|\b\d{{1,2}} {_MONTH}\b", re.IGNORECASE)
# The digits of a name count nothing: NOW 2.0, 5G, figuur 3, artikel 12.
_LABELS = re.compile(
    r"\b(?:artikel|fase|figuur|tabel|bijlage|hoofdstuk|industrie|industry|horizon|covid|co|now|ww)"
    r"[\s-]?\d+(?:\.\d+)?|\b\d+[A-Z]\w*|\b[A-Z]+\d+\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    r"(?<![A-Za-z])\d|\b(?:één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien"
    r"|twintig|dertig|veertig|vijftig|honderd|duizend|tienduizend\w*|honderdduizend\w*|miljoen|miljard|helft"
    r"|derde|kwart|tiental\w*|honderdtal\w*|tweederde|dubbel\w*|verdubbel\w*|meerderheid|geen)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(r"[^.?!]*\?")
_NUMBER_OF = re.compile(r"\b(?:hoe\s?vee?l|aantal(?:len)?|how many)\s+(\w+)(?:\s+(\w+))?", re.IGNORECASE)
_NUMBERED = re.compile(r"(?<![\w.,])(\d[\d.,]*)((?:\s+\w+){1,3})")
_NAME = r"(?<![.!?:] )(?<!^)(?<!\| )\b[A-Z][\w&’'-]+"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: what asks for it, and what a sentence that tells it must hold."""

    name: str
    asks: re.Pattern[str]
    holds: Callable[[str], object]


def _counts(sentence: str) -> bool:
    return bool(_COUNTED.search(_LABELS.sub(" ", _DATES.sub(" ", sentence))))


def _kind(name: str, asks: str, holds: str | Callable[[str], object]) -> Kind:
    found = re.compile(holds, re.IGNORECASE).search if isinstance(holds, str) else holds
    return Kind(name, re.compile(asks, re.IGNORECASE), found)


KINDS = (
    _kind("telephone", r"\b(?:telefoon|mobiel\w*|tel\.?)\s?nummer\b|\bnummer van\b", r"\d[\d -]{7,}"),
    _kind("address", r"\b(?:e-?mail|mail|web)?\s?-?adres\b", r"@|www\.|https?:|\b\d{4} ?[A-Z]{2}\b"),
    _kind("age", r"\bhoe oud\b", r"\b\d+ jaar\b|\bgeboren\b"),
    _kind(
        "share",
        r"\b(?:percentage\w*|procent\w*|prosent|percent|marktaandeel|hoe groot\w* (?:deel|aandeel)"
        r"|welk (?:deel|aandeel))\b|%",
        r"%|\bprocent\b|\bpunten?\b|\b(?:helft|derde|kwart|tweederde|vijfde|zesde|zevende|achtste|tiende|driekwart)\b",
    ),
    _kind(
        "money",
        r"\b(?:hoe\s?vee?l|how much) (?:\w+ )?"
        r"(?:euro|\w*geld|miljoen|miljard|subsid\w+|omzet|winst|budget|money)\b"
        r"|\b(?:welke?|wat (?:is|was) (?:het|de|hun)|hoe hoog (?:is|was|zijn|waren)(?: de| het)?) (?:\w+ )?"
        r"(?:\w*bedrag\w*|budget|boete|kosten|prijs|omzet|salaris|subsidie|contributie)\b"
        r"|\bwat kost\w*(?! het (?:\w+ )?dat\b)|\b(?:contributie|salaris|verdien(?:t|de|en)|uurloon|boete)\b"
        r"|^kosten\b|\w*bedrag$",
        r"€|\b(?:euro|miljoen|miljard|ton|cent)\b",
    ),
    _kind(
        "number",
        r"\b(?:hoe\s?vee?l|hoevel|aantal\w*|how many|hoe vaak|hoe (?:groot|lang|hoog|ver|snel))\b",
        _counts,
    ),
    _kind(
        "moment",
        r"\b(?:wanneer|(?:welke?|wat is de) (?:\w+ )?(?:jaar|datum|dag|maand|kwartaal)|welk jaartal"
        r"|op welke dag|when|hoe laat)\b",
        rf"{_YEAR}|\b{_MONTH}\b|\b(?:najaar|voorjaar|zomer|winter|kwartaal|week|maand(?:en)?|jaar|jaren|komend\w*"
        r"|vorig\w*|volgend\w*|prinsjesdag|zodra|nadat|voordat|tijdens)\b",
    ),
    # Who did something may be a common noun (the municipalities); who somebody is, is a name.
    _kind(
        "name",
        r"^(?:wie|who) (?:is|was|zijn|waren|are|were)\b|\bhoe heet\w*|\b(?:naam|namen) van\b",
        re.compile(_NAME).search,
    ),
    _kind(
        "place",
        r"\b(?:in|uit|naar) welke? (?:\w+ )?(?:provincie|stad|land\w*|gemeente|regio|plaats)\b|\bwhere\b",
        re.compile(_NAME).search,
    ),
)
"""In order: the first that asks is the kind."""
FIGURES = frozenset({"number", "money", "share"})
"""Kinds of things that another year, and another subject, give another value."""


def kind_asked(question: str) -> Kind | None:
    """Return the kind of thing that a question asks for, None where no pattern can tell.

    Where people tell first why they ask, only the last sentence with a question mark asks.
    """
    asked = _ASKING.findall(question)
    return next((kind for kind in KINDS if kind.asks.search(asked[-1] if asked else question)), None)


def lacks_what_is_asked(question: str, sentence: str) -> bool:
    """Say whether the question asks for a kind of thing that the sentence does not hold."""
    kind = kind_asked(question)
    return kind is not None and not kind.holds(sentence)


def counts_what_is_asked(question: str, sentence: str) -> bool:
    """Say whether a number stands right before the word of which the number is asked ("2.200 leden")."""
    asked = _NUMBER_OF.search(question)
    if not asked:
        return False
    wanted = set(stems(" ".join(filter(None, asked.groups()))))
    return any(wanted.intersection(stems(following)) for _, following in counted(sentence))


def counted(text: str) -> list[tuple[str, str]]:
    """Return the numbers in a text that are no dates, each with up to three words that follow."""
    return _NUMBERED.findall(_DATES.sub(" ", text))
