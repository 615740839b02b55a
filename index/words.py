"""Words that a line end cut in two, with or without a hyphen, joined by looking them up."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import log10

from wordfreq import get_frequency_dict

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_HYPHENS = "-\u00ad\u2010\u2011"


@cache
def dutch() -> Mapping[str, float]:
    """Return how often each Dutch word occurs, as a share of all words (wordfreq's large list)."""
    return get_frequency_dict("nl", wordlist="best")


@dataclass(frozen=True, slots=True)
class Joint:
    """How two lines are joined: `drop` characters off the end of the first, then `glue`."""

    drop: int
    glue: str


class Words:
    """The words of one document, on top of the Dutch word list."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.own: Counter[str] = Counter()
        ends = hyphens = 0
        for line in lines:
            words = _WORD.findall(line)
            self.own.update(word.casefold() for word in words[1:-1])
            ends += 1
            hyphens += bool(re.search(r"[^\W\d_][-\u00ad]$", line))
        self.hyphenates = hyphens > 0.02 * ends
        self.total = max(sum(self.own.values()), 1)

    def share(self, word: str) -> float:
        """Return how likely `word` is here: the mean of the Dutch language and of this document."""
        word = word.casefold()
        return (dutch().get(word, 0.0) + self.own[word] / self.total) / 2

    def joint(self, first: str, second: str) -> Joint:
        """Return how line `second` joins on to line `first`."""
        left = re.search(r"[^\W\d_]+$", first.rstrip(_HYPHENS))
        right = re.match(r"[^\W\d_]+", second)
        hyphens = len(first) - len(first.rstrip(_HYPHENS))
        if hyphens:
            return self._hyphenated(
                first, left.group() if left else "", right.group() if right else "", hyphens
            )
        if left and right and right.group()[0].islower() and self._is_cut(left.group(), right.group()):
            return Joint(0, "")
        return Joint(0, " ")

    def _hyphenated(self, first: str, left: str, right: str, hyphens: int) -> Joint:
        before = first[: len(first) - hyphens]
        if not left or before.endswith(" ") or right in ("en", "of", "tot", "als", "maar"):
            return Joint(0, " ")
        if not right:
            return Joint(0, "")
        whole, kept = left + right, f"{left}-{right}"
        if self.own[whole.casefold()] > self.own[kept.casefold()]:
            return Joint(hyphens, "")
        if right[0].isupper() or (len(left) > 1 and left.isupper()):
            return Joint(0, "")
        if self.share(kept) > self.share(whole) or not re.search("[aeiouyáéëïóöü]", left.casefold()):
            return Joint(0, "")
        return Joint(hyphens, "")

    def _is_cut(self, left: str, right: str) -> bool:
        if self.hyphenates:
            return False
        whole = self.share(left + right)
        apart = self.share(left) * self.share(right)
        if whole > 0:
            return log10(whole) > log10(apart + 1e-14)
        return False
