"""Abbreviations, found where a text explains them: «Wet bevordering technisch onderwijs (WBTO)»."""

import re
from collections.abc import Iterator

_IN_BRACKETS = re.compile(r" \(([A-Z][A-Za-z&-]{1,9})\)")
_WORDS = re.compile(r"[\w’'&/-]+(?: [\w’'&/-]+)*$")
"""The words before the brackets, back to the nearest mark."""
FARTHEST = 120
"""Characters before the brackets in which the long form stands."""


def explained(text: str) -> Iterator[tuple[str, str]]:
    """Yield the abbreviations, of two capitals or more, that a text explains, each with its long form."""
    for match in _IN_BRACKETS.finditer(text):
        short, start = match[1], match.start()
        before = _WORDS.search(text[max(0, start - FARTHEST) : start])
        if before and sum(character.isupper() for character in short) > 1:
            near = before[0].split()[-min(len(short) + 5, 2 * len(short)) :]
            long = _long_form(short, " ".join(near))
            if len(long) > len(short):
                yield short, long


def _long_form(short: str, before: str) -> str:
    """Return the end of `before` that `short` abbreviates, empty if it does not.

    Each letter of the abbreviation is looked for from the end on, and its first must begin a word (Schwartz &
    Hearst, A Simple Algorithm for Identifying Abbreviation Definitions, 2003).
    """
    at = len(before)
    for number, letter in reversed(list(enumerate(short.lower()))):
        if letter.isalnum():
            at -= 1
            while at >= 0 and not (
                before[at].lower() == letter and (number or not at or not before[at - 1].isalnum())
            ):
                at -= 1
            if at < 0:
                return ""
    return before[at:]
