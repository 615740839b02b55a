"""Compose: the generator's sentences that hold, then the quotes they leave untold."""

from collections.abc import Sequence

from rag.answers import Citation, Sentence
from rag.evidence import Evidence, with_year
from rag.verify import Quote, covers, supporting_quote, written_sentences
from rag.write import Draft

LONGEST_ANSWER = 4
"""Sentences."""
WRITTEN = 2
"""Sentences of the generator, at most, at the head of an answer."""


def compose(
    evidence: Sequence[Evidence], draft: Draft, written: str
) -> tuple[tuple[Sentence, ...], tuple[Citation, ...]]:
    """Return the sentences of an answer and their citations.

    A written sentence without a quote in which it holds is dropped, and so is one that holds but not in the
    evidence: the quotes below it say what is true and what was asked.
    A quote that a written sentence tells in full is cited, not repeated.
    """
    texts: list[str] = []
    quotes: list[Quote] = []
    for sentence in written_sentences(written)[:WRITTEN]:
        quote = supporting_quote(sentence, draft.sources)
        if quote and sentence not in texts and any(_overlap(quote, item) for item in evidence):
            texts.append(with_year(sentence, quote.document))
            quotes.append(quote)
    for item in evidence:
        quote = Quote(item.document, item.start, item.end)
        told = any(
            _within(quote, other) and covers(said, quote.text)
            for said, other in zip(texts, quotes, strict=True)
        )
        if not told and len(texts) < LONGEST_ANSWER:
            texts.append(with_year(item.text, item.document))
            quotes.append(quote)
    unique = list(dict.fromkeys((quote.document.id, quote.start, quote.end) for quote in quotes))
    numbers = [unique.index((quote.document.id, quote.start, quote.end)) + 1 for quote in quotes]
    by_number = dict(zip(numbers, quotes, strict=True))
    return (
        tuple(Sentence(said, (number,), verified=True) for said, number in zip(texts, numbers, strict=True)),
        tuple(
            Citation(number, quote.document, quote.start, quote.end)
            for number, quote in sorted(by_number.items())
        ),
    )


def answer_text(sentences: Sequence[Sentence]) -> str:
    """Return the answer as one text, each sentence followed by the markers of its citations."""
    return " ".join(
        f"{sentence.text} {''.join(f'[{number}]' for number in sentence.citations)}" for sentence in sentences
    )


def _overlap(quote: Quote, item: Evidence) -> bool:
    return quote.document.id == item.document.id and quote.start < item.end and item.start < quote.end


def _within(inner: Quote, outer: Quote) -> bool:
    return inner.document.id == outer.document.id and outer.start <= inner.start and inner.end <= outer.end
