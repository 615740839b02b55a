"""Compose: the generator's sentences that hold, then the quotes they leave untold."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.documents import Document
from rag.answers import Citation, Sentence
from rag.entail import Entailment
from rag.evidence import Evidence
from rag.kinds import Kind
from rag.readable import readable
from rag.verify import Quote, covers, supporting_quotes, written_sentences
from rag.write import Draft

LONGEST_ANSWER = 4
"""Sentences."""
TOLD = 2
"""Sentences, at most, of an answer in which a written sentence tells the one thing that was asked for."""
WRITTEN = 2
"""Sentences of the generator, at most, at the head of an answer."""


@dataclass(frozen=True, slots=True)
class Composed:
    """The sentences of an answer and their citations, and what went into it or did not, see Answer."""

    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()
    written: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    left_out: tuple[tuple[Document, int], ...] = ()


def compose(
    evidence: Sequence[Evidence],
    draft: Draft,
    written: str,
    *,
    asked: Kind | None = None,
    entailment: Entailment | None = None,
) -> Composed:
    """Return the answer: the generator's sentences that hold, then the quotes that they do not tell.

    A written sentence without quotes in which it holds is dropped: the quotes below it say what is true. A
    quote that a written sentence tells is cited, not repeated. `asked` is the kind of the one thing that was
    asked for, if one was: who has read it needs no more than another quote.
    """
    said: list[tuple[str, tuple[Quote, ...]]] = []
    looked_at = written_sentences(written)[:WRITTEN]
    dropped = []
    for sentence in looked_at:
        quotes = supporting_quotes(sentence, draft.sources, entailment)
        if quotes:
            said.append((readable(sentence, quotes[0].document), quotes))
        else:
            dropped.append(sentence)
    told = asked is not None and any(asked.holds(sentence) for sentence, _ in said)
    longest = TOLD if told else LONGEST_ANSWER
    for item in evidence:
        quote = Quote(item.document, item.start, item.end)
        covered = any(covers(sentence, quote.text) for sentence, quotes in said if quote in quotes)
        if not covered and len(said) < longest:
            said.append((readable(item.text, item.document), (quote,)))
    numbers = {
        quote: number
        for number, quote in enumerate(dict.fromkeys(quote for _, quotes in said for quote in quotes), 1)
    }
    return Composed(
        tuple(
            Sentence(sentence, tuple(sorted(numbers[quote] for quote in quotes)), verified=True)
            for sentence, quotes in said
        ),
        tuple(Citation(number, quote.document, quote.start, quote.end) for quote, number in numbers.items()),
        looked_at,
        tuple(dropped),
        tuple((source.document, source.document.page_at(source.start).number) for source in draft.left_out),
    )


def answer_text(sentences: Sequence[Sentence]) -> str:
    """Return the answer as one text, each sentence followed by the markers of its citations."""
    return " ".join(
        f"{sentence.text} {''.join(f'[{number}]' for number in sentence.citations)}" for sentence in sentences
    )
