"""Compounds: the two words of which a Dutch word is made, by a word list."""

from collections.abc import Mapping
from functools import cache, lru_cache
from math import sqrt

from wordfreq import get_frequency_dict

from index.lexical import STOPWORDS, fold

COMMON = 1e-7
"""Share of running Dutch from which a word of the list counts as one: 101,000 words. Below it stand mostly
names, slips of the pen and compounds. Ten times as high finds less (docs/evaluation.md, Dutch words)."""
SHORTEST = 4
"""Letters of a part; 3 and 5 both find less."""
_LINKS = ("", "s", "en")
"""What may stand between two parts: verlof|regeling, overheid-s-financiën, boek-en-kast."""


@cache
def dutch_words() -> Mapping[str, float]:
    """Return the common words of Dutch, folded, and their share of running text."""
    shares: dict[str, float] = {}
    for word, share in get_frequency_dict("nl", "best").items():
        if word.isalpha():
            shares[fold(word)] = shares.get(fold(word), 0) + share
    return {word: share for word, share in shares.items() if share >= COMMON and word not in STOPWORDS}


@lru_cache(1 << 16)
def parts(word: str) -> tuple[str, ...]:
    """Return the two parts of a folded word, without what links them; none if it is no compound.

    Of all ways to cut it, the one whose parts are the most frequent by their geometric mean; none if the word
    itself is more frequent (Koehn & Knight, Empirical Methods for Compound Splitting, 2003).
    """
    shares = dutch_words()
    best = shares.get(word, 0.0)
    found: tuple[str, ...] = ()
    for at in range(SHORTEST, len(word) - SHORTEST + 1):
        tail = word[at:]
        if tail not in shares:
            continue
        for link in _LINKS:
            head = word[:at].removesuffix(link)
            if len(head) == at - len(link) >= SHORTEST and head in shares:
                likely = sqrt(shares[head] * shares[tail])
                if likely > best:
                    best, found = likely, (head, tail)
    return found
