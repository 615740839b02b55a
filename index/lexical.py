"""The lexical leg: BM25 over Dutch word stems and over character 4-grams."""

import re
import unicodedata
from array import array
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Self

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_DUTCH
from numpy.typing import NDArray

from index.vectors import Mask

Scores = NDArray[np.float32]

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+\d*")
# Raised digits are the numbers of footnotes, and would turn 2019³ into 20193; but m² stays m2.
_NOTE_NUMBER = re.compile(r"(?<!\b[^\W\d_])[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
# 2.200 and 2200 are one amount; dates and numbers of sections have no three digits behind each point.
_THOUSANDS = re.compile(r"(?<![\d.,])(\d{1,3})((?:\.\d{3})+)(?![\d]|\.\d)")
_QUESTION_WORDS = (
    "wie",
    "wat",
    "waar",
    "waarom",
    "wanneer",
    "welk",
    "welke",
    "hoe",
    "hoeveel",
    "waarmee",
    "waarvoor",
)
STOPWORDS = frozenset((*STOPWORDS_DUTCH, *_QUESTION_WORDS))
ANALYZER = (
    "dutch-3 (snowball dutch of PyStemmer 3.1, which is Kraaij-Pohlmann, accents folded, stop words out, "
    "compounds and their parts, codes; 4-grams)"
)
"""Names the analysis in the index's manifest; changes whenever its tokens do."""


def fold(text: str) -> str:
    """Return the text in lower case without accents."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(text: str) -> tuple[str, ...]:
    """Return the words and numbers of a text, folded; numbers lose the points between thousands, no other."""
    folded = fold(_NOTE_NUMBER.sub(" ", text))
    return tuple(_WORD.findall(_THOUSANDS.sub(lambda number: number[0].replace(".", ""), folded)))


@cache
def _stemmer() -> Any:
    return Stemmer.Stemmer("dutch")


_STEMMING = Lock()  # PyStemmer: one stemmer is not to be used by two threads at a time


def stemmed(found: list[str]) -> list[str]:
    """Return the Dutch stem of each word."""
    with _STEMMING:
        stems: list[str] = _stemmer().stemWords(found)
    return stems


def stems(text: str) -> list[str]:
    """Return the Dutch stems of a text's words, stop words left out."""
    return stemmed([word for word in words(text) if word not in STOPWORDS])


def four_grams(text: str) -> list[str]:
    """Return the 4-grams of characters of each word with its borders: they forgive typos and find the
    parts of compounds (McNamee & Mayfield, Character N-Gram Tokenization, 2004)."""
    grams: list[str] = []
    for word in words(text):
        if word not in STOPWORDS:
            bordered = f"_{word}_"
            grams.extend(bordered[at : at + 4] for at in range(max(1, len(bordered) - 3)))
    return grams


class TokenRows:
    """The tokens of each row, as numbers of a vocabulary: a fraction of the memory that the strings take."""

    def __init__(self, rows: Iterable[list[str]] = ()) -> None:
        self.vocabulary: dict[str, int] = {}
        self.numbers: list[array[int]] = []
        for tokens in rows:
            self.add(tokens)

    def add(self, tokens: Iterable[str]) -> None:
        """Add a row."""
        number = self.vocabulary.setdefault
        self.numbers.append(array("i", [number(token, len(self.vocabulary)) for token in tokens]))


class Bm25:
    """BM25 (Lucene's variant, k1 1.5, b 0.75; Robertson & Zaragoza 2009) over given tokens."""

    def __init__(self, index: bm25s.BM25) -> None:
        self._index = index

    @classmethod
    def build(cls, rows: TokenRows) -> Self:
        """Index rows of tokens."""
        # bm25s cannot index nothing: a collection without any token gets one row more, with an empty token.
        if not rows.vocabulary:
            rows.add([""])
        index = bm25s.BM25()
        index.index((rows.numbers, rows.vocabulary), show_progress=False)
        return cls(index)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote."""
        return cls(bm25s.BM25.load(str(folder), show_progress=False))

    def __len__(self) -> int:
        """Return the number of rows."""
        has_tokens = set(self._index.vocab_dict) != {""}
        return int(self._index.scores["num_docs"]) - (not has_tokens)

    def save(self, folder: Path) -> None:
        """Write the index into a new folder."""
        self._index.save(str(folder), show_progress=False)

    def scores(self, tokens: list[str], allowed: Mask | None = None) -> Scores:
        """Return the score (n,) of every row; 0 for rows without a token of the query, or not allowed."""
        known = [token for token in tokens if token and token in self._index.vocab_dict]
        if not known:
            return np.zeros(len(self), dtype=np.float32)
        scores: Scores = self._index.get_scores(known)
        return scores if allowed is None else np.where(allowed, scores, 0).astype(np.float32)
