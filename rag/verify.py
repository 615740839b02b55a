"""Verify: each sentence against its quote. What does not hold is not shown."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from index.documents import Document
from index.lexical import fold, stems
from index.sentences import sentence_spans
from rag.entail import Entailment
from rag.evidence import NUMBER
from rag.language import DOCUMENTS, Language, language
from rag.orders import addresses, is_order
from rag.probe import Probe
from rag.retrieve import year_of
from rag.write import Source

SUPPORT = 0.75
"""Share of a sentence's stems that must stand in its quotes: the rest may be wording."""
SHORTEST = 3
"""Words of a sentence."""
COVERED = 0.6
"""Share of a quote's stems that a sentence tells, from which the quote is cited, not repeated below it."""
PRICE = 0.2
"""Share of stems that a second quote must add to be worth a second citation."""

_UNIT_NAMES = {
    "euro": "€",
    "euros": "€",
    "procent": "%",
    "percent": "%",
    "mln": "miljoen",
    "million": "miljoen",
    "mld": "miljard",
    "billion": "miljard",
}
_AMOUNT = re.compile(
    rf"(?P<before>€)?\s?(?P<number>{NUMBER.pattern})"
    rf"(?:\s?(?P<unit>%|(?:{'|'.join([*_UNIT_NAMES, 'miljoen', 'miljard'])})\b))?",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"\.(?=\d{3}(?:\D|$))")
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b(?:[A-Z][\w&’'-]+|[A-Z]{2,})")
_UNITS = frozenset(stems("euro miljoen miljard procent percentage jaar"))
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

    A sentence that breaks off at the last token, that only announces what follows, or that has fewer than
    SHORTEST words is none.
    """
    plain = _MARKER.sub("", written).replace("**", "")
    lines = [re.sub(r"^\s*(?:[-*•]|\d+\.)\s+", "", line).strip() for line in plain.split("\n")]
    sentences = (line[start:end] for line in lines for start, end in sentence_spans(line, 0, len(line)))
    return tuple(one for one in sentences if _WHOLE.search(one) and len(one.split()) >= SHORTEST)


class Verifier:
    """Holds what was written in a language against literal quotes."""

    def __init__(
        self, written_in: Language, entailment: Entailment | None = None, probe: Probe | None = None
    ) -> None:
        """Take the language of what is written; `entailment`, where there is one, has the last word.

        What a `probe` takes for orders supports nothing.
        """
        self._language = written_in
        self._entailment = entailment
        self._probe = probe

    def supporting_quotes(self, sentence: str, sources: Sequence[Source]) -> tuple[Quote, ...]:
        """Return the quotes in which a sentence holds: one sentence, or two of one source; empty if none.

        Every number and every name of the sentence must stand in the quotes (names may also stand in the
        title or the headings, years also be the document's), and so must every address and telephone number;
        negation must agree; what is wished or guessed must not be told as a fact; and most of its other words
        must be found there. Standing in the question is no support: a model that repeats the question says
        nothing. What speaks to a program supports nothing. The meaning is judged last.

        A sentence in another language than the documents shares no words with them: it holds in the one quote
        that is nearest to it in meaning, and in none where nothing judges that.
        """
        agreeing = [
            quotes for source in sources for quotes in _candidates(source) if self._agrees(sentence, quotes)
        ]
        if self._language.of_documents:
            weighed = [(_shared(sentence, quotes), quotes) for quotes in agreeing]
            told = [(shared, quotes) for shared, quotes in weighed if shared >= SUPPORT]
            best_first = (quotes for _, quotes in sorted(told, key=_worth, reverse=True))
            agreeing = list(islice(filter(self._is_no_order, best_first), 1))
        else:
            alone = (quotes for quotes in agreeing if len(quotes) == 1 and self._entailment)
            agreeing = list(filter(self._is_no_order, alone))
        if not agreeing or not self._entailment:
            return agreeing[0] if agreeing else ()
        scores = self._entailment.scores([_joined(quotes) for quotes in agreeing], sentence)
        best, quotes = max(zip(scores, agreeing, strict=True), key=lambda scored: scored[0])
        return quotes if best >= self._entailment.least else ()

    def _is_no_order(self, quotes: Sequence[Quote]) -> bool:
        return not self._probe or not self._probe.orders_in(quote.text for quote in quotes)

    def _agrees(self, sentence: str, quotes: Sequence[Quote]) -> bool:
        """Say whether figures, names, addresses, negation and mood of a sentence are those of the quotes."""
        quoted = _joined(quotes)
        document = quotes[0].document
        years = {year} if (year := year_of(document)) else set()
        said, there = amounts(sentence, self._language), amounts(quoted)
        if any(
            units - there.get(number, units if number in years else set()) for number, units in said.items()
        ):
            return False
        if self._language.of_documents and not all(
            _in_its_place(number, sentence, quotes) for number in NUMBER.findall(sentence)
        ):
            return False
        if addresses(sentence) - addresses(quoted) or is_order(quoted):
            return False
        named = fold(" ".join([quoted, document.title, *document.headings_at(quotes[0].start)]))
        names = (self._language.names.get(name, name) for name in _NAME.findall(sentence))
        if any(fold(name) not in named for name in names):
            return False
        dutch = language(DOCUMENTS)
        if bool(self._language.negation.search(sentence)) != bool(dutch.negation.search(quoted)):
            return False
        return bool(self._language.mood.search(sentence)) or not dutch.mood.search(quoted)


def _candidates(source: Source) -> Iterator[tuple[Quote, ...]]:
    """Yield each sentence of a source, and each two of them."""
    spans = [span for block in _block_spans(source) for span in sentence_spans(source.document.text, *block)]
    said = [Quote(source.document, *span) for span in spans]
    yield from ((quote,) for quote in said)
    yield from combinations(said, 2)


def _joined(quotes: Sequence[Quote]) -> str:
    return " ".join(quote.text for quote in quotes)


def _shared(sentence: str, quotes: Sequence[Quote]) -> float:
    """Return the share of a sentence's words that stand in the quotes; numbers were looked at before."""
    told, known = ({stem for stem in stems(text) if stem.isalpha()} for text in (sentence, _joined(quotes)))
    return len(told & known) / len(told) if told else 0.0


def _worth(weighed: tuple[float, Sequence[Quote]]) -> tuple[float, int]:
    shared, quotes = weighed
    return shared - PRICE * (len(quotes) - 1), -sum(len(quote.text) for quote in quotes)


def amounts(text: str, written_in: Language | None = None) -> dict[str, set[str]]:
    """Return the numbers of a text as they are counted with (2.200 is 2200), each with "" and its units."""
    amounts: dict[str, set[str]] = {}
    for found in _AMOUNT.finditer(text):
        number = written_in.number_as_in_documents(found["number"]) if written_in else found["number"]
        value = re.sub(r",(\d*?)0*$", r",\1", _THOUSANDS.sub("", number)).rstrip(",")
        units = {_UNIT_NAMES.get(unit, unit) for unit in (found["before"], found["unit"]) if unit}
        amounts.setdefault(value, {""}).update(units)
    return amounts


def _in_its_place(number: str, sentence: str, quotes: Sequence[Quote]) -> bool:
    """Say whether a quote that holds the number also holds a word that stands beside it in the sentence."""
    holding = {
        stem
        for quote in quotes
        if amounts(number).keys() <= amounts(quote.text).keys()
        for stem in stems(quote.text)
    }
    around = re.search(rf"((?:\S+\s+){{0,4}}\S*){re.escape(number)}(\S*(?:\s+\S+){{0,4}})", sentence)
    beside = (
        {stem for stem in stems(" ".join(around.groups())) if stem.isalpha()} - _UNITS if around else set()
    )
    return not holding or not beside or bool(beside & holding)


def covers(sentence: str, quote: str) -> bool:
    """Say whether a sentence tells what a quote does: all its numbers, and most of its words."""
    told, quoted = set(stems(sentence)), set(stems(quote))
    numbers = {stem for stem in quoted if stem[0].isdigit()}
    return numbers <= told and len(told & quoted) >= COVERED * len(quoted)


def _block_spans(source: Source) -> list[tuple[int, int]]:
    spans, start = [], source.start
    for line in source.document.text[source.start : source.end].split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans
