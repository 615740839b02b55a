"""Words that a line end cut in two, with or without a hyphen, joined by looking them up."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import inf, log

from wordfreq import get_frequency_dict

HYPHENS = "-\u00ad\u2010\u2011"
_LETTERS = r"[^\W\d_]+"
_WORD = re.compile(rf"{_LETTERS}(?:['’-]{_LETTERS})*")
_AT_END = re.compile(rf"(?<![^\W\d_]){_LETTERS}$")  # What goes before keeps it linear in a line without end.
_AT_START = re.compile(rf"({_LETTERS})[\s,]*({_LETTERS})?")
_CUT = re.compile(rf"[^\W\d_][{HYPHENS}]$")
_COORDINATED = frozenset({"en", "of", "tot", "dan", "maar"})  # As in "energie- en waterstof".
_SMALL = frozenset({"de", "en", "te", "er", "om", "of", "in"})
"""Words that are endings too, and so common that one at the start of a line tells little."""
_SURE, _OFTEN = 4.0, 5
"""Nats by which a word with such an ending must be likelier than two, or how often it must be seen whole."""
_IN_ADDRESS = "/=&?%_-"
_ADDRESS_PART = re.compile(r"\S*[%=_]\S|\S+\.(?:pdf|html?|php|aspx?)\b")
"""Characters that end no address but may stand in one, and what an address may go on with after any other."""
_LINKED = re.compile(r"(?:ings|heids|teits|schaps|arbeids|bedrijfs|beroeps)$")  # First parts of compounds.
_VOWELS = "aeiouyáéíóúàèäëïöü"
_CLASHES = frozenset(
    {"aa", "ae", "ai", "au", "ee", "ei", "eu", "ie", "ii", "oe", "oi", "oo", "ou", "ui", "uu"}
)
"""Vowels that read as one sound: Dutch keeps a hyphen between them ("zee-eend", "energie-intensief")."""
_KNOWN = 3e-8
_PART = 3e-7
_SHORT_PART = 1e-5
"""Shares of all words from which a word counts as known, as a part of a compound, and as one of 3 letters."""
_NEW_WORD = 8.0
_LETTER = 2.2
_JOINT = 3.0
_CUT_COST, _CUT_OF_KNOWN = 1.2, -0.35
"""Nats: a new word, each letter of it, each joint of a compound, and a cut rather than a space (of a word
that is known). Tuned on 5,300 joints of three settings of Dutch reports without hyphens, 1,230 of them cuts:
97.4 % of the cuts are joined, and 0.4 % of the others; on text kept apart 96.1 % and 0.9 %.
"""
_COMMON = 3e-4
"""Share of all words from which a word stands beside any other: about the 300 commonest."""


@cache
def dutch() -> Mapping[str, float]:
    """Return how often each Dutch word occurs, as a share of all words (wordfreq's large list)."""
    shares: dict[str, float] = get_frequency_dict("nl", wordlist="best")
    return shares


@dataclass(frozen=True, slots=True)
class Joint:
    """How two lines are joined: `drop` characters off the end of the first, then `glue`."""

    drop: int
    glue: str


_APART, _WHOLE = Joint(0, " "), Joint(0, "")


class Words:
    """Joins lines by the Dutch word list and by what the document itself writes unbroken.

    Two readings of a line end are compared: one word cut in two, or two words. The document counts as much
    as the language, since its own terms are what wordfreq does not know. Without a hyphen, a cut is only
    looked for in documents that use none: there the hyphens were lost, as in some exports of magazines.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._own: Counter[str] = Counter()
        self._seen: Counter[str] = Counter()
        self._pairs: Counter[tuple[str, str]] = Counter()
        count = cut = 0
        for line in lines:
            words = [word.casefold() for word in _WORD.findall(line)]
            # The outermost words may be halves: they only show that a longer word is one.
            self._own.update(words[1:-1])
            self._seen.update(part for word in words for part in {word, *word.split("-")})
            self._pairs.update(pairwise(words[1:-1]))
            count += 1
            cut += _CUT.search(line) is not None
        self._total = max(self._own.total(), 1)
        self._hyphenates = cut > 0.02 * count

    def joint(self, first: str, second: str) -> Joint:
        """Return how line `second` joins on to line `first`; neither has white space around it."""
        if _is_address(first) and (first[-1] in _IN_ADDRESS or _ADDRESS_PART.match(second)):
            return _WHOLE
        before = first.rstrip(HYPHENS)
        left, right = _AT_END.search(before), _AT_START.match(second)
        if before != first:
            return self._at_hyphen(before, first[len(before) :], left.group() if left else "", second)
        if left and right and right[1].islower() and self._is_cut(left.group(), right[1], right[2] or ""):
            return _WHOLE
        return _APART

    def _at_hyphen(self, before: str, hyphens: str, left: str, second: str) -> Joint:
        found = _AT_START.match(second)
        if _is_address(before) or found is None:
            return _WHOLE if left or _is_address(before) else _APART
        right = found[1]
        if not left:
            return _APART if before.endswith(" ") or not before else _WHOLE
        if right in _COORDINATED:
            return _APART
        drop = Joint(len(hyphens), "")
        if "\u00ad" in hyphens:
            return drop
        whole, kept = f"{left}{right}".casefold(), f"{left}-{right}".casefold()
        if self._seen[whole] != self._seen[kept]:
            return drop if self._seen[whole] > self._seen[kept] else _WHOLE
        if right[0].isupper() or (len(left) > 1 and left.isupper()):
            cut = (left + right).isupper() and dutch().get(right.casefold(), 0.0) < _PART  # "NO-", "VEX"
            return drop if cut else _WHOLE
        if dutch().get(whole, 0.0) > _KNOWN:
            return drop
        abbreviation = not any(letter in _VOWELS for letter in left.casefold())
        clash = left[-1] + right[0] in _CLASHES and self._known(left) and self._known(right)
        return _WHOLE if abbreviation or clash else drop

    def _is_cut(self, left: str, right: str, after: str) -> bool:
        """Tell whether `left` and `right`, without a hyphen, are one word; `after` comes next."""
        if self._hyphenates or len(left) < 2 or (left.isupper() and len(left) > 1):
            return False
        left, right, after = left.casefold(), right.casefold(), after.casefold()
        whole = left + right
        apart, together = self._pairs[left, right], self._seen[whole]
        seen = -log(together / self._total) if together else inf
        gain = self._cost(left) + self._cost(right) - min(self._cost(whole), seen)
        if right in _SMALL and self._known(left):
            sure = right != "en" and not apart and (gain > _SURE or together >= _OFTEN)
            return sure or self._pairs[whole, after] > apart
        if _LINKED.search(left) and dutch().get(left, 0.0) < 0.1 * dutch().get(left[:-1], 0.0):
            return len(right) > 3 or whole in dutch()
        if apart > together:
            return False
        if whole not in dutch() or _is_inflected(left):
            return gain > _CUT_COST
        return gain > _CUT_OF_KNOWN or (_is_content(left) and _is_content(right))

    def _share(self, word: str) -> float:
        return (dutch().get(word, 0.0) + self._own[word] / self._total) / 2

    def _known(self, word: str) -> bool:
        return dutch().get(word, 0.0) > _KNOWN or self._own[word] > 1

    def _cost(self, word: str) -> float:
        """Return how unlikely `word` is, in nats: as a word, a compound of words, or a string of letters."""
        share = self._share(word)
        unknown = _NEW_WORD + _LETTER * len(word)
        return min(unknown, compound_cost(word), -log(share) if share > 0 else unknown)


def _is_content(word: str) -> bool:
    """Tell whether `word` may be a noun: two of them that the list knows as one seldom stand apart."""
    return len(word) > 3 and not _is_inflected(word) and dutch().get(word, 0.0) < _COMMON


def _is_inflected(word: str) -> bool:
    """Tell whether `word` looks like an adjective before its noun: "lange termijn" is no cut word."""
    return word.endswith("e") and not word.endswith("ie")


def compound_cost(word: str, depth: int = 3) -> float:
    """Return the least sum of costs of Dutch words that make up `word`, in nats; infinite where none do.

    Parts may be linked by -s- or -en-; each joint costs extra. What looks like a link -e- mostly is the end
    of an adjective before its noun.
    """
    best = inf
    for place in range(3, len(word) - 2):
        first = _first_part_cost(word[:place])
        if first < best:
            last = _part_cost(word[place:])
            if depth > 2:
                last = min(last, compound_cost(word[place:], depth - 1))
            best = min(best, first + last + _JOINT)
    return best


def _first_part_cost(part: str) -> float:
    forms = [part, *(part.removesuffix(link) for link in ("s", "en") if part.endswith(link))]
    return min(_part_cost(form) for form in forms)


def _part_cost(part: str) -> float:
    share = dutch().get(part, 0.0)
    return -log(share) if share > (_PART if len(part) > 3 else _SHORT_PART) and len(part) > 2 else inf


def _is_address(text: str) -> bool:
    last = text.rsplit(" ", 1)[-1]
    return "/" in last and ("." in last or ":" in last)
