"""The lexicon of an index: the words and abbreviations of its documents, and what questions mean by them."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Self

from rapidfuzz import process
from rapidfuzz.distance import OSA

from index.abbreviations import explained
from index.compounds import dutch_words, parts
from index.lexical import STOPWORDS, fold, stems, words

SHORTEST = 4
"""Letters of a word that is looked for under another spelling: shorter ones are near to too many."""
LONG = 8
"""Letters from which a word may be two steps away instead of one."""
NEAR = 3
"""Words that an unknown one may stand for; the most frequent of the nearest."""


class Lexicon:
    """How often the documents hold each word, folded, and the long forms that they give of abbreviations."""

    def __init__(self, counts: Mapping[str, int], long_forms: Mapping[str, Mapping[str, int]]) -> None:
        self._counts = counts
        self._long_forms = long_forms
        self._dutch = dutch_words()  # read here, so that whoever asks first does not wait for it
        self._by_length: defaultdict[int, list[str]] = defaultdict(list)
        for word in sorted(counts):
            if word.isalpha():
                self._by_length[len(word)].append(word)
        self._short_forms: defaultdict[str, list[tuple[list[str], str]]] = defaultdict(list)
        for short, forms in long_forms.items():
            for long in forms:
                if key := stems(long):
                    self._short_forms[key[0]].append((key, short))
        self._near = lru_cache(1024)(self._nearest)

    @classmethod
    def load(cls, file: Path) -> Self:
        """Read what `save` wrote."""
        return cls(**json.loads(file.read_text(encoding="utf-8")))

    def save(self, file: Path) -> None:
        """Write the lexicon."""
        content = {"counts": self._counts, "long_forms": self._long_forms}
        file.write_text(json.dumps(content, ensure_ascii=False, sort_keys=True), encoding="utf-8")

    def __contains__(self, name: object) -> bool:
        """Say whether the documents hold a name, or a word that begins with it."""
        folded = fold(str(name))
        return folded in self._counts or any(word.startswith(folded) for word in self._counts)

    def spelled(self, question: str) -> str:
        """Return the question, and behind it the words that its misspelt words may stand for."""
        return " ".join([question, *(near for word in words(question) for near in self._near(word))])

    def related(self, question: str) -> str:
        """Return the long forms of the abbreviations in a question, and abbreviations of its long forms."""
        return " ".join(dict.fromkeys((*self._longer(question), *self._shorter(question))))

    def _nearest(self, word: str) -> tuple[str, ...]:
        """Return the words of the documents nearest to a word that neither they nor the word list hold.

        Near by optimal string alignment: letters put in, left out, replaced, or swapped with the next one.
        """
        known = word in self._counts or word in STOPWORDS or word in self._dutch or parts(word)
        if known or len(word) < SHORTEST or not word.isalpha():
            return ()
        reach = 1 if len(word) < LONG else 2
        lengths = range(len(word) - reach, len(word) + reach + 1)
        candidates = [near for length in lengths for near in self._by_length.get(length, ())]
        found = process.extract(word, candidates, scorer=OSA.distance, score_cutoff=reach, limit=None)
        least = min((steps for _, steps, _ in found), default=0)
        nearest = (near for near, steps, _ in found if steps == least)
        return tuple(sorted(nearest, key=lambda near: (-self._counts[near], near))[:NEAR])

    def _longer(self, question: str) -> Iterator[str]:
        for word in words(question):
            if forms := self._long_forms.get(word):
                yield max(forms, key=lambda form: (forms[form], form))

    def _shorter(self, question: str) -> Iterator[str]:
        asked = stems(question)
        for at, stem in enumerate(asked):
            for key, short in self._short_forms.get(stem, ()):
                if asked[at : at + len(key)] == key:
                    yield short


class LexiconWriter:
    """Gathers the lexicon of documents, one text at a time."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._long_forms: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, text: str) -> None:
        """Take in the text of a document."""
        self._counts.update(words(text))
        for short, long in explained(text):
            if fold(short) not in STOPWORDS:
                self._long_forms[fold(short)][long] += 1

    def lexicon(self) -> Lexicon:
        """Return the lexicon of all texts."""
        return Lexicon(self._counts, self._long_forms)
