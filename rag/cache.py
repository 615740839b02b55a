"""Answers that were given before: the same question, put to the same index, need not be answered again."""

import re
import time
import uuid
from collections import OrderedDict
from collections.abc import Collection, Generator
from contextlib import closing
from dataclasses import dataclass, replace
from threading import Lock
from typing import NamedTuple

from index.errors import UnknownDocument
from index.index import Index
from rag.answers import Answer, Sources, Step
from rag.evidence import NUMBER
from rag.understand import Question

_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+")
_NAME = re.compile(r"(?<!^)\b[A-Z][\w&-]+|\b[A-Z]{2,}")


class Key(NamedTuple):
    """What makes two questions the same: words, years, and the documents that they are put to."""

    words: tuple[str, ...]
    years: tuple[str, ...]
    documents: frozenset[str] | None

    @classmethod
    def of(cls, question: Question, documents: Collection[str] | None) -> "Key":
        """Return the key of a question; capitals and punctuation make no difference, figures are whole."""
        words = tuple(_WORD.findall(question.standalone.casefold()))
        return cls(words, question.years, None if documents is None else frozenset(documents))

    @property
    def in_any_order(self) -> "Key":
        """The same for all questions of these words."""
        return self._replace(words=tuple(sorted(self.words)))


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer, what was found for it, and the names of its question in their order, then its figures."""

    sources: Sources
    answer: Answer
    names: tuple[str, ...]


class AnswerCache:
    """The last answers from one generation of the index; a newer generation clears it. Threads may share it.

    All answers come from one assistant: its settings are no part of a key.
    """

    def __init__(self, most: int = 500) -> None:
        """Keep so many answers, the most recently asked for."""
        self._most = most
        self._lock = Lock()
        self._generation = ""
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._orders: dict[Key, Key] = {}

    def answered(
        self,
        index: Index,
        question: Question,
        documents: Collection[str] | None,
        steps: Generator[Step, None, None],
    ) -> Generator[Step, None, None]:
        """Yield what was kept, or else the steps, and keep their answer.

        The same words in the same order are looked up, without a search. The same words in another order
        are searched for; where names and figures come in the same order, and hits and best quote are the
        same too, so is the answer. A kept answer gets an id and times of its own; one with notices
        is not kept.
        """
        began = time.perf_counter()
        key = Key.of(question, documents)
        names = (*_NAME.findall(question.standalone), *NUMBER.findall(question.standalone))
        if kept := self._look(index, key):
            yield kept.sources
            yield _again(kept.answer, question, began)
            return
        sources: Sources | None = None
        with closing(steps):
            for step in steps:
                if isinstance(step, Sources):
                    sources = step
                    other = self._look(index, self._orders.get(key.in_any_order))
                    if other and other.names == names and _found_the_same(other.sources, sources):
                        yield other.sources
                        yield _again(other.answer, question, began)
                        return
                if isinstance(step, Answer) and sources and not step.notices:
                    self._keep(index, key, Kept(replace(sources, to_write=False), step, names))
                yield step

    def _look(self, index: Index, key: Key | None) -> Kept | None:
        """Return what is kept, unless a document in it was removed since."""
        with self._lock:
            if index.generation != self._generation:
                self._generation = index.generation
                self._kept.clear()
                self._orders.clear()
            kept = self._kept.get(key) if key else None
            if not key or not kept:
                return None
            self._kept.move_to_end(key)
        try:
            for document in {hit.document.id for hit in kept.sources.hits}:
                index.document(document)
        except UnknownDocument:
            return None
        return kept

    def _keep(self, index: Index, key: Key, kept: Kept) -> None:
        with self._lock:
            if index.generation != self._generation:
                return  # a newer one took its place while this was being answered
            self._kept[key] = kept
            self._orders[key.in_any_order] = key
            while len(self._kept) > self._most:
                oldest, _ = self._kept.popitem(last=False)
                self._orders.pop(oldest.in_any_order, None)


def _found_the_same(one: Sources, other: Sources) -> bool:
    def places(sources: Sources) -> list[tuple[str, int, int]]:
        hits = [(hit.document.id, hit.passage.start, hit.passage.end) for hit in sources.hits]
        quote = sources.quote
        return [*hits, (quote.document.id, quote.start, quote.end)] if quote else hits

    return places(one) == places(other)


def _again(answer: Answer, question: Question, began: float) -> Answer:
    taken = round((time.perf_counter() - began) * 1000, 1)
    return replace(
        answer,
        id=uuid.uuid4().hex,
        question=question.asked,
        standalone_question=question.standalone,
        timings={"retrieve": taken, "first_evidence": taken, "total": taken},
        cached=True,
    )
