"""Verify: each sentence against its quote. What does not hold is not shown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.documents import Document
from index.lexical import fold, stems
from index.sentences import sentence_spans
from rag.retrieve import year_of
from rag.write import Source

SUPPORT = 0.75
"""Share of a sentence's stems that must stand in its quote: the rest may be wording."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b(?:[A-Z][\w&’'-]+|[A-Z]{2,})")
_NEGATION = re.compile(r"\b(?:niet|geen|nooit|noch|niemand|niets|zonder)\b", re.IGNORECASE)
_WHOLE = re.compile(r"\w.*\s.*[.!]['\"’”)]*$", re.DOTALL)
_MARKER = re.compile(r"\s*\[\d+\]")


@dataclass(frozen=True, slots=True)
class Quote:
    """A literal piece of a document: document.text[start:end]."""

    document: Document
    start: int
    end: int

    @property
    def text(self) -> str:
        """The words, literally."""
        return self.document.text[self.start : self.end]


def written_sentences(written: str) -> tuple[str, ...]:
    """Return the whole sentences a generator wrote, without its own markers and list marks.

    A sentence that breaks off at the last token, or that only announces what follows, is none.
    """
    plain = _MARKER.sub("", written).replace("**", "")
    lines = [re.sub(r"^\s*(?:[-*•]|\d+\.)\s+", "", line).strip() for line in plain.split("\n")]
    sentences = (line[start:end] for line in lines for start, end in sentence_spans(line, 0, len(line)))
    return tuple(sentence for sentence in sentences if _WHOLE.search(sentence))


def supporting_quote(sentence: str, sources: Sequence[Source]) -> Quote | None:
    """Return the quote, one or two neighbouring sentences, in which a sentence holds; None if it does not.

    Every number and every name of the sentence must stand in the quote (names may also stand in the title or
    the headings, years also be the document's), negation must agree, and most of its other words must be
    found there. Standing in the question is no support: a model that repeats the question says nothing.
    """
    best: tuple[float, int, Quote] | None = None
    for source in sources:
        spans = [
            span for block in _block_spans(source) for span in sentence_spans(source.document.text, *block)
        ]
        quotes = [Quote(source.document, *span) for span in spans]
        quotes += [Quote(source.document, spans[at][0], spans[at + 1][1]) for at in range(len(spans) - 1)]
        for quote in quotes:
            support = _support(sentence, quote)
            if support is not None and (best is None or (support, -len(quote.text)) > best[:2]):
                best = (support, -len(quote.text), quote)
    return best[2] if best else None


def _support(sentence: str, quote: Quote) -> float | None:
    """Return the share of the sentence's stems that the quote holds, None when the sentence does not hold."""
    document = quote.document
    years = {year} if (year := year_of(document)) else set()
    if set(_NUMBER.findall(sentence)) - set(_NUMBER.findall(quote.text)) - years:
        return None
    known = fold(" ".join([quote.text, document.title, *document.headings_at(quote.start)]))
    if any(fold(name) not in known for name in _NAME.findall(sentence)):
        return None
    if bool(_NEGATION.search(sentence)) != bool(_NEGATION.search(quote.text)):
        return None
    # Numbers were looked at above: here only words count.
    said, quoted = ({stem for stem in stems(text) if stem.isalpha()} for text in (sentence, quote.text))
    support = len(said & quoted) / len(said) if said else 0.0
    return support if support >= SUPPORT else None


def covers(sentence: str, quote: str) -> bool:
    """Say whether a sentence tells (nearly) all that a quote does."""
    told, quoted = set(stems(sentence)), set(stems(quote))
    return len(told & quoted) >= 0.8 * len(quoted)


def _block_spans(source: Source) -> list[tuple[int, int]]:
    spans, start = [], source.start
    for line in source.document.text[source.start : source.end].split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans
