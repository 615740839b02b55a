"""Understand: what is asked, standing on its own."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.errors import BadQuestion
from index.lexical import stems
from index.texts import text
from rag.answers import Turn
from rag.followups import YEAR, is_courtesy, standalone
from rag.kinds import kind_asked
from rag.referring import refers_back

LONGEST_QUESTION = 2000
"""Characters."""
LONGEST_WORD = 200
"""Characters; longer than any Dutch word or web address that someone types."""

_AND_ASKS = re.compile(
    r",? (?:en|of|and) (?=(?:wat|welke?|hoe\w*|waar\w*|wie|wanneer|what|which|how|why|who)\b)", re.I
)
_POSSESSIVE = re.compile(r"\b(?:hun|haar|zijn) \w", re.IGNORECASE)
# Who asks for something else than an answer from the documents is told so. Every pattern is a plain order
# to the program; no document is ever searched for these words, so a question about them is not lost.
_ORDERS = re.compile(
    r"\b(?:negeer|vergeet|ignore|disregard)\b.{0,40}\b(?:instructies?|regels|opdracht\w*|bronnen|instructions?|rules)\b"
    r"|\b(?:laat|vergeet)\b.{0,20}\b(?:documenten|bronnen)\b.{0,20}\b(?:zitten|even|links|voor wat)\b"
    r"|\[/?(?:systeem|system|inst|admin)\]|<\|\w+\|>|\bsysteemprompt\b|\bsystem prompt\b"
    r"|\b(?:dicht|rijm|schrijf|maak|verzin)\b.{0,30}\b(?:gedicht|rijm\w*|\w+rijm|sonnet|liedje|grap|mop|verhaal(?:tje)?)\b"
    r"|\bdoe (?:alsof|net of)\b|\bspeel de rol\b|\bbevestig met ['\"‘“]",
    re.IGNORECASE | re.DOTALL,
)

_COMPARES = re.compile(
    r"\b(?:verschil\w*|vergelijk\w*|ontwikkel\w*|gegroeid|gestegen|gedaald|gekrompen|verander\w*|tussen|toen|eerder\w*"
    r"|vroeger|verschoven|sinds|inmiddels|trend|compared?|change[ds]?|since)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question as asked, and as it stands on its own; the parts to search for; the years it names.

    `parts` are what is embedded and looked up: usually one text, two when two things are asked; without the
    organisation's own name. `is_order` says that something else is asked than what documents say, or nothing.
    """

    asked: str
    standalone: str
    parts: tuple[str, ...]
    years: tuple[str, ...] = ()
    is_order: bool = False

    @property
    def asked_parts(self) -> tuple[str, ...]:
        """What is to be answered: each part where there are two, else the whole."""
        return tuple(dict.fromkeys(self.parts[1:] or self.parts))

    def searched(self, part: str) -> str:
        """Return what to search for a part: "wat vond men daarvan" says too little by itself.

        "Wat is hun omzet" says enough: what is theirs is named.
        """
        return self.parts[0] if refers_back(part) and not _POSSESSIVE.search(part) else part

    @property
    def compares(self) -> bool:
        """Whether several years are asked about: by their names, or by a word such as "verschil"."""
        return len(self.years) > 1 or bool(_COMPARES.search(self.standalone))


def understand(asked: str, history: Sequence[Turn] = (), organisation: Collection[str] = ()) -> Question:
    """Return the question on its own. Raises BadQuestion when there is nothing to answer.

    `organisation` holds the names of the organisation whose documents these are.

    A follow-up is read as `rag.followups` says: by rules, no model, so that it costs nothing and the same
    conversation always gives the same search.
    """
    cleaned = _clean(asked)
    if not re.search(r"\w", cleaned):
        raise BadQuestion(text("question.empty"))
    if len(cleaned) > LONGEST_QUESTION:
        raise BadQuestion(text("question.long", length=len(cleaned), longest=LONGEST_QUESTION))
    if max(map(len, cleaned.split())) > LONGEST_WORD:
        raise BadQuestion(text("question.word", longest=LONGEST_WORD))
    before = [_clean(turn.content)[:LONGEST_QUESTION] for turn in history if turn.role == "user"]
    reading = standalone(cleaned, before)
    # A question joined to the one before it is no pair: only the second of the two is asked.
    parts = () if reading.before else _parts(reading.text)
    # The years of a follow-up are its own: "en in 2020?" leaves the year before behind.
    years = YEAR.findall(cleaned) or YEAR.findall(reading.text)
    return Question(
        cleaned,
        reading.text,
        tuple(_without(organisation, part) for part in (reading.text, *parts)),
        tuple(dict.fromkeys(years)),
        bool(_ORDERS.search(cleaned)) or is_courtesy(cleaned),
    )


def _parts(standalone: str) -> tuple[str, ...]:
    """Return the questions of which this one is made ("hoeveel leden ... en wat is hun omzet?"), if any.

    Two that name two years ask for one thing in both: they are searched as one, in the documents of both. And
    "met welke landen" says too little to be searched for, other than "wat is hun omzet".
    """
    if len(set(YEAR.findall(standalone))) > 1:
        return ()
    parts = [part.strip(" ,?") for part in _AND_ASKS.split(standalone)]
    return tuple(parts) if len(parts) == 2 and all(map(_says_enough, parts)) else ()


def _says_enough(part: str) -> bool:
    return len(part.split()) >= 3 and (len(stems(part)) >= 2 or kind_asked(part) is not None)


def _without(names: Collection[str], question: str) -> str:
    """Return the question without the organisation's names, unless little else is asked.

    Every document is about the organisation, so its name says nothing about where to look, but draws the
    embedding to sentences that begin with it: leaving it out lifted MRR on dev from 0.75 to 0.85.
    """
    if not names:
        return question
    either = "|".join(map(re.escape, names))
    rest = re.sub(
        rf"(?:\b(?:volgens|van|bij|door|voor|de)\s+)?\b(?:{either})(?:['’]s)?\b-?", " ", question, flags=re.I
    )
    return " ".join(rest.split()) if stems(rest) else question


def _clean(raw: str) -> str:
    """Return the text composed (NFC), without control and format characters, white space as one space."""
    composed = unicodedata.normalize("NFC", raw)
    visible = "".join(
        character if character.isspace() or unicodedata.category(character)[0] != "C" else ""
        for character in composed
    )
    return " ".join(visible.split())
