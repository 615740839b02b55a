"""Referring: whether a question needs the one before it, told by its words alone."""

import re
from collections.abc import Sequence
from functools import lru_cache

from index.lexical import stems


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


VERBS = _set(
    "is was zijn waren wordt worden werd werden heeft hebben had hadden kan kunnen kunt kon konden moet "
    "moeten moest moesten mag mogen mocht wil willen wilt wilde wilden zal zullen zou zouden gaat gaan "
    "ging gingen komt komen kwam kwamen doet doen deed deden staat staan stond stonden blijft blijven "
    "bleef bleven krijgt krijgen kreeg kregen geldt gelden gold werkt werken heet heten kost kosten "
    "kostte betekent betekende vindt vinden vond vonden zegt zeggen zei klopt geeft geven gaf gaven maakt "
    "maken maakte ligt liggen lag lagen zit zitten hoort horen duurt duren begint beginnen begon leidt "
    "betaalt betalen helpt helpen vraagt vragen vroeg levert leveren noemt noemen noem denkt denken weet "
    "weten bedoel bedoelt zie ziet leg vertel bestaat bestaan loopt lopen nodig"
)
ASKING = _set(
    "wie wat waar waarom wanneer welk welke hoe hoeveel hoelang hoezo waarmee waarvoor waarop waarover "
    "waaraan waarin waardoor waarnaar waaruit"
)
PREPOSITIONS = _set(
    "in van voor op aan bij met over uit tot door naar om onder tussen volgens sinds vanaf na per tegen "
    "zonder binnen buiten tijdens"
)
_WITH_NOUN = frozenset(["welk", "welke", "hoeveel"])
_SAYING = _set("zegt zeggen zei vindt vinden vond denkt denken betekent weet klopt wil willen wilde")
_VAGUE = _set(
    "voorbeeld voorbeelden reden redenen bedrag bedragen getal getallen cijfer cijfers jaar keer "
    "percentage uitleg uitleggen toelichten toelichting meer minder rest ander andere anders afkorting "
    "laatste eerste tweede derde beide eigenlijk precies allemaal ongeveer nog ook al nu dan toen daarna "
    "even eens nader graag alvast zo echt eerder later twee drie vier vijf iets iemand ding dingen verder"
)
_SUBJECTS = _set("ik je jij u we wij ze zij men er hij")
_CONJUNCTIONS = _set("als dat of omdat wanneer die terwijl zodat toen")
_AT_HAND = _set("jaar moment maand week dossier dossiers document documenten stuk stukken rapport notitie")
FUNCTION_WORDS = (
    VERBS | ASKING | PREPOSITIONS | _VAGUE | _SUBJECTS | frozenset(["klopt", "daar", "dat", "die"])
)

_WORD = re.compile(r"[^\W_](?:[\w+&%'’./-]*[\w+%])?")
_NAMED_AFTER = re.compile(r"\bwat (?:is|zijn|was|waren) (?:dat|die|dit)\b[^,]*, \w", re.IGNORECASE)


def refers_back(question: str) -> bool:
    """Say whether a word points to something that the question itself does not name: "hoe werkt dat?"."""
    words = _WORD.findall(question)
    lower = [word.lower() for word in words]
    return not _NAMED_AFTER.search(question) and any(
        _points(lower, at, is_name=words[at + 1 : at + 2] != lower[at + 1 : at + 2])
        and not _is_named(lower, at)
        for at in range(len(words))
    )


def is_fragment(question: str, *, led: bool) -> bool:
    """Say whether this is no whole question: "in 2020", "startende bedrijven"; `led` by "en" or the like."""
    words = [word.lower() for word in _WORD.findall(question)]
    if not _topics(words):
        return True
    if asks(words):
        return len(words) <= 2 or (led and len(words) <= 6)
    if VERBS.intersection(words) or len(words) > 8:
        return False
    return led or len(words) == 1 or words[0] in PREPOSITIONS


def asks(words: Sequence[str]) -> bool:
    """Say whether words in lower case begin as a question does: "hoeveel", "met welke"."""
    return bool(ASKING.intersection(words[: 1 + (words[0] in PREPOSITIONS)]))


@lru_cache(4096)
def _is_topic(word: str) -> bool:
    return word not in FUNCTION_WORDS and bool(stems(word))


def _topics(lower: Sequence[str]) -> int:
    """Return how many words name something; function words and the commonest verbs do not."""
    return sum(map(_is_topic, lower))


def _is_named(lower: Sequence[str], at: int) -> bool:
    """Say whether the question names what word `at` points to: "bim wat is dat".

    What has named three things before it points has most likely named this one too.
    """
    asking = [place for place, word in enumerate(lower[:at]) if word in ASKING]
    return _topics(lower[:at]) >= 3 or (bool(asking) and _topics(lower[: asking[-1]]) > 0)


def _points(lower: Sequence[str], at: int, *, is_name: bool) -> bool:
    """Say whether word `at` points to what was said before. `is_name`: the word after it is capitalised."""
    word, before, rest = lower[at], lower[at - 1] if at else "", lower[at + 1 :]
    after = rest[0] if rest else ""
    if re.fullmatch(r"daar\w*|hier\w+|er(?:van|aan|over|mee|voor|in|op)", word):
        return not {"dat", "als", "om", "of"} & set(rest[:2])
    if word in ("dan", "toen", "daarna", "destijds"):
        compares = re.search(r"\w{2,}er$|^(?:meer|minder|anders|dan)$", before)
        return after in ("", "bij", "nog") and len(rest) <= 1 and not compares
    if word in ("hij", "hem", "hun", "haar"):
        # "wat verdient hij": what stands second after a question word is a verb, and not what "hij" is.
        return not _topics(lower[2:at] if lower[0] in ASKING - _WITH_NOUN else lower[:at])
    if word in ("ze", "zij"):
        return _topics(lower) <= 1  # often the organisation itself, which needs no history
    if word == "het":
        return after in ("", "ook", "dan", "wel", "nu", "al", "nog", "eigenlijk", "precies", "gelijk")
    if word in ("dat", "die", "dit", "deze"):
        return _is_demonstrative(lower, at, is_name=is_name)
    return False


def _is_demonstrative(lower: Sequence[str], at: int, *, is_name: bool) -> bool:
    """Tell "hoe werkt dat?" from "de afspraak dat ..." and "bedrijven die ..."."""
    word, before, rest = lower[at], lower[at - 1] if at else "", lower[at + 1 :]
    if all(vague in _VAGUE for vague in rest):
        return True
    if rest[0] in _AT_HAND or is_name:
        return False
    if word == "dat" and before in _SAYING and len(rest) >= 2:
        return False
    if word == "dat" and rest[0] in ("de", "het") and before not in ("is", "was"):
        return False
    if before in _CONJUNCTIONS:
        return not _topics(lower[: at - 1])
    # "die regeling" may be one that is talked of; "die chips uit China" tells itself which.
    noun = _is_topic(rest[0])
    if before in PREPOSITIONS:
        return (noun or rest[0] in _VAGUE) and _topics(lower) <= 2
    if not before or before in VERBS | _SUBJECTS | ASKING | _VAGUE:
        return not noun or _topics(lower) <= 2
    # A verb stands second after a question word ("waar letten die op?"), a noun after "welke" or "hoeveel".
    return at == 2 and lower[0] in ASKING - _WITH_NOUN and _topics(rest) <= 2
