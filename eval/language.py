"""Whether a text is Dutch, by its function words."""

import re
from functools import cache

from wordfreq import top_n_list

COMMON, KNOWN = 100, 500
"""A language's own words: of its COMMON commonest those that are not among the other's KNOWN commonest."""

_WORD = re.compile(r"[^\W\d_]+")


@cache
def _own_words(language: str, other: str) -> frozenset[str]:
    return frozenset(top_n_list(language, COMMON)) - frozenset(top_n_list(other, KNOWN))


def is_dutch(text: str) -> bool | None:
    """Say whether a text is Dutch rather than English; None when no word decides, as in "4 GW".

    Counts the words only one of the languages has among its commonest ("het", "niet"; "this", "with"); the
    more frequent language is the text's. Names and terms, which travel between languages, do not count.
    """
    words = _WORD.findall(text.lower())
    dutch = sum(word in _own_words("nl", "en") for word in words)
    english = sum(word in _own_words("en", "nl") for word in words)
    return None if dutch == english else dutch > english
