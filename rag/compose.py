"""Compose: the generator's sentences that hold, then the quotes they leave untold."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.documents import Document
from rag.answers import Citation, Sentence
from rag.evidence import Evidence
from rag.kinds import Kind
from rag.premise import Correction
from rag.readable import in_reading_order, readable
from rag.verify import Quote, Verifier, covers, written_sentences
from rag.write import Draft, Source

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
    verifier: Verifier,
    *,
    asked: Kind | None = None,
    correction: Correction | None = None,
) -> Composed:
    """Return the answer: the generator's sentences that hold, then the quotes that they do not tell.

    A written sentence without quotes in which it holds is dropped: the quotes below it say what is true. A
    quote that a written sentence tells is cited, not repeated. `asked` is the kind of the one thing that was
    asked for, if one was: who has read it needs no more than another quote. `correction` is said first, and
    then what it stands on.
    """
    held: list[tuple[str, tuple[Quote, ...]]] = []
    looked_at = written_sentences(written)[:WRITTEN]
    dropped = []
    for sentence in looked_at:
        quotes = verifier.supporting_quotes(sentence, draft.sources)
        if quotes:
            held.append((readable(sentence, quotes[0].document), quotes))
        else:
            dropped.append(sentence)
    told = correction is not None or any(asked is not None and asked.holds(sentence) for sentence, _ in held)
    room = (TOLD if told else LONGEST_ANSWER) - len(held)
    first = (correction.evidence,) if correction else ()
    best = (*first, *(item for item in evidence if item not in first))
    kept: dict[Quote, Evidence] = {}
    for item in best:
        quote = _quote(item)
        covered = any(covers(sentence, quote.text) for sentence, quotes in held if quote in quotes)
        if not covered and len(kept) < room:
            kept.setdefault(quote, item)
    lines: list[tuple[str, tuple[Quote, ...]]] = []
    for item in in_reading_order(best):
        # What was written comes before the quotes of its document, not before a newer edition.
        lines += [line for line in held if line[1][0].document is item.document and line not in lines]
        if kept.get(_quote(item)) is item:
            lines.append((readable(item.text, item.document), (_quote(item),)))
    if correction:
        lines.insert(0, (correction.text, (_quote(correction.evidence),)))
    numbers = {
        quote: number
        for number, quote in enumerate(dict.fromkeys(quote for _, quotes in lines for quote in quotes), 1)
    }
    return Composed(
        tuple(
            Sentence(sentence, tuple(sorted(numbers[quote] for quote in quotes)), verified=True)
            for sentence, quotes in lines
        ),
        tuple(Citation(number, quote.document, quote.start, quote.end) for quote, number in numbers.items()),
        looked_at,
        tuple(dropped),
        tuple(one for one in _pages(draft.left_out) if one not in _pages(draft.sources)),
    )


def _pages(places: Sequence[Source | Evidence]) -> tuple[tuple[Document, int], ...]:
    return tuple(dict.fromkeys((one.document, one.document.page_at(one.start).number) for one in places))


def _quote(evidence: Evidence) -> Quote:
    return Quote(evidence.document, evidence.start, evidence.end)
