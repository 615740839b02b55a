"""Terms: what the first lexical leg counts. Stems of words and of the parts of compounds, and whole codes."""

import re

from index.compounds import parts
from index.lexical import STOPWORDS, fold, stemmed, words

_CODE = re.compile(r"\b\w+(?:[-‐\u2011:/]\w+)+")


def terms(text: str) -> list[str]:
    """Return the terms of a text, without stop words.

    A compound counts as itself and as its parts, so that «verlofregeling» and «regeling voor verlof» meet.
    What is written as one and holds a digit (7:610, COVID-19, 1090-2) counts as a whole, too.
    """
    found: list[str] = []
    for word in words(text):
        if word not in STOPWORDS:
            found.append(word)
            found.extend(parts(word))
    return stemmed(found) + [
        fold(code).replace("‐", "-")
        for code in _CODE.findall(text)
        if any(character.isdigit() for character in code)
    ]
