"""Follow-ups: what a question in a conversation asks when it stands on its own. Rules, no model."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.referring import FUNCTION_WORDS, PREPOSITIONS, VERBS, asks, is_fragment, refers_back

YEAR = re.compile(r"\b(?:19|20)\d\d\b")

_COURTESY = re.compile(
    r"^(?:(?:o(?:k|ke|ké|kay)|dank(?:je(?:wel)?| je(?: wel)?| u(?: wel)?)?|bedankt|thanks|top|prima|super"
    r"|fijn|helder|duidelijk|mooi|goed|hoi|hallo|hey|dag|goede(?:morgen|middag)|aha|graag gedaan|voor de hulp"
    r"|dat was het|ben je er(?: nog)?|hartelijk|heel erg|zo|weer|maar|en)\b[\s,.!?:]*)+",
    re.IGNORECASE,
)
_SWITCH = re.compile(
    r"^.{0,40}?\b(?:andere vraag|ander onderwerp|iets(?: heel| totaal)? anders)\b[\s,.:!?-]*", re.IGNORECASE
)
_LEAD = re.compile(r"^(?:(?:en|maar|of|ook|dus|ja|nee|hm+|ok[eé]?|ik bedoel(?:de)?)\b[\s,]*)+", re.IGNORECASE)
_TIME = re.compile(r"(?:\b(?:begin|medio|eind) )?\b(?:19|20)\d\d\b", re.IGNORECASE)
_TIME_ONLY = re.compile(rf"(?:(?:in|van|voor|over) )?(?:het jaar )?(?P<time>{_TIME.pattern})(?: dan)?", re.I)
_ABOUT = re.compile(
    r"(?P<asks>wat (?:is|zijn|was|waren|betekent|betekenen|doet|doen)"
    r"|wat (?:wil|wilde|vindt|vond|zegt|zei|doet|vraagt|vroeg) \w+ (?:met|van|over|aan|voor))"
    r" .+?(?P<rest>(?: van .+)?(?: in (?:19|20)\d\d)?)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question on its own. `before` is the question it was joined to, empty when it is one question."""

    text: str
    before: str = ""


def is_courtesy(asked: str) -> bool:
    """Say whether nothing is asked: a greeting, or thanks."""
    return not re.search(r"\w", _COURTESY.sub("", asked))


def standalone(asked: str, before: Sequence[str]) -> Standalone:
    """Return what is asked after the user's questions `before`, the oldest first.

    A question that stands on its own drops what was talked about. In an ellipsis ("en in 2020?") its words
    take the place of those that they answer to in the question before. Where that is unsure, and when the
    question refers back ("waarom is dat?"), both are joined to one: "Wat is ..., en waarom is dat?".
    """
    topic = Standalone("")
    for question in before:
        if not is_courtesy(question):
            topic = _after(topic, question)
    return _after(topic, asked)


def _after(topic: Standalone, asked: str) -> Standalone:
    if is_courtesy(asked):
        return Standalone(asked)
    switched = _SWITCH.match(asked)
    question = asked[switched.end() :] if switched else asked
    if thanked := re.match(r".*[,.!?:]\s*", (_COURTESY.match(question) or [""])[0]):
        question = question[thanked.end() :]
    core = _LEAD.sub("", question).rstrip(" ?.!")
    if not topic.text or switched or not re.search(r"\w", core):
        return Standalone(question if re.search(r"\w", question) else asked)
    if _TIME_ONLY.fullmatch(core) and (merged := _merged(topic.text.rstrip(" ?.!"), core)):
        return Standalone(f"{merged}?")
    if refers_back(core):
        starts_as_name = core[1:2].isupper()
        return _joined(topic, core if starts_as_name else core[0].lower() + core[1:])
    if not is_fragment(core, led=bool(_LEAD.match(question))):
        return Standalone(question)
    if merged := _merged(topic.text.rstrip(" ?.!"), core):
        return Standalone(f"{merged}?")
    first = core.split()[0]
    return _joined(topic, first.lower() + core[len(first) :] if first.lower() in FUNCTION_WORDS else core)


def _joined(topic: Standalone, core: str) -> Standalone:
    """Return two questions as one; of a topic that was joined itself only its first question is kept."""
    before = (topic.before or topic.text).rstrip(" ?.!")
    return Standalone(f"{before}, en {core}?", before)


def _merged(before: str, fragment: str) -> str:
    """Return the question before with the fragment in its place; empty where no place is sure."""
    if time := _TIME_ONLY.fullmatch(fragment):
        years = len(YEAR.findall(before))
        return (f"{before} in {time['time']}", _TIME.sub(time["time"], before), "")[min(years, 2)]
    words = re.sub(r" (?:dan|ook)$", "", fragment).split()
    fragment, first = " ".join(words), words[0].lower()
    if asks([word.lower() for word in words]):
        return ""
    if first in PREPOSITIONS:
        return _with_phrase(before.split(), words)
    if about := _ABOUT.fullmatch(before):
        return f"{about['asks']} {fragment}{about['rest']}"
    last = before.split()[-1]
    names = len(words) == 1 and words[0][0].isupper() and last[0].isupper()
    return f"{before[: -len(last)]}{fragment}" if names else ""


def _with_phrase(before: Sequence[str], phrase: Sequence[str]) -> str:
    """Return the words with their last phrase of this preposition replaced; empty without one."""
    starts = [at for at, word in enumerate(before) if word.lower() == phrase[0].lower()]
    if not starts:
        return ""
    end = next(
        (
            at
            for at in range(starts[-1] + 1, len(before))
            if before[at].lower() in PREPOSITIONS | VERBS or before[at - 1].endswith(",")
        ),
        len(before),
    )
    if YEAR.search(" ".join(before[starts[-1] : end])):
        return ""  # "En in Duitsland?" asks for the same year
    return " ".join([*before[: starts[-1]], *phrase, *before[end:]])
