"""Verify: each sentence against its quote. What does not hold is not shown."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from index.documents import Document
from index.lexical import fold, stems
from index.sentences import sentence_spans
from rag.entail import Entailment
from rag.evidence import NUMBER
from rag.orders import addresses, is_order
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

_AMOUNT = re.compile(
    rf"(?P<before>€)?\s?(?P<number>{NUMBER.pattern})(?:\s?(?P<unit>%|(?:procent|miljoen|mln|miljard|mld|euro)\b))?",
    re.IGNORECASE,
)
_UNIT_NAMES = {"euro": "€", "procent": "%", "mln": "miljoen", "mld": "miljard"}
_THOUSANDS = re.compile(r"\.(?=\d{3}(?:\D|$))")
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b(?:[A-Z][\w&’'-]+|[A-Z]{2,})")
_UNITS = frozenset(stems("euro miljoen miljard procent percentage jaar"))
_NEGATION = re.compile(r"\b(?:niet|geen|nooit|noch|niemand|niets|zonder)\b", re.IGNORECASE)
_MODALITY = re.compile(
    r"\b(?:wil(?:len|de|den)?|moet(?:en)?|moest(?:en)?|zou(?:den)?|kan|kunnen|kon(?:den)?|mag|mogen|mocht(?:en)?"
    r"|dien(?:t|en)|streef\w*|strev\w*|doel\w*|inzet\w*|pleit\w*|vraagt|vragen|verwacht\w*|hoop\w*|ambiti\w*"
    r"|mogelijk\w*|misschien|voorstel\w*|plan\w*|advies\w*|roept|oproep\w*|zich inzetten|inzetten)\b",
    re.IGNORECASE,
)
"""Words of wish, duty, aim and guess: «the aim is 30 %» does not say that it is 30 %."""
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


def supporting_quotes(
    sentence: str, sources: Sequence[Source], entailment: Entailment | None = None
) -> tuple[Quote, ...]:
    """Return the quotes in which a sentence holds: one sentence, or two of one source; empty if it does not.

    Every number and every name of the sentence must stand in the quotes (names may also stand in the title or
    the headings, years also be the document's), and so must every address and telephone number; negation must
    agree; what is wished or guessed must not be told as a fact; and most of its other words must be found
    there. Standing in the question is no support: a model that repeats the question says nothing. What speaks
    to a program (rag/orders.py) supports nothing. Where there is a model of entailment, it has the last word.
    """
    found: list[tuple[float, int, tuple[Quote, ...]]] = []
    for source in sources:
        spans = [
            span for block in _block_spans(source) for span in sentence_spans(source.document.text, *block)
        ]
        said = [Quote(source.document, *span) for span in spans]
        for together in (*((quote,) for quote in said), *combinations(said, 2)):
            support = _support(sentence, together)
            if support >= SUPPORT:
                found.append(
                    (support - PRICE * (len(together) - 1), -sum(len(q.text) for q in together), together)
                )
    quotes = max(found, key=lambda entry: entry[:2])[2] if found else ()
    if entailment and quotes and not entailment.holds(" ".join(quote.text for quote in quotes), sentence):
        return ()
    return quotes


def _support(sentence: str, quotes: Sequence[Quote]) -> float:
    """Return the share of the sentence's words that the quotes hold, 0 when it does not hold in them."""
    quoted = " ".join(quote.text for quote in quotes)
    document = quotes[0].document
    years = {year} if (year := year_of(document)) else set()
    said, there = _amounts(sentence), _amounts(quoted)
    if any(units - there.get(number, units if number in years else set()) for number, units in said.items()):
        return 0.0
    if not all(_in_its_place(number, sentence, quotes) for number in NUMBER.findall(sentence)):
        return 0.0
    if addresses(sentence) - addresses(quoted) or is_order(quoted):
        return 0.0
    named = fold(" ".join([quoted, document.title, *document.headings_at(quotes[0].start)]))
    if any(fold(name) not in named for name in _NAME.findall(sentence)):
        return 0.0
    if bool(_NEGATION.search(sentence)) != bool(_NEGATION.search(quoted)):
        return 0.0
    if _MODALITY.search(quoted) and not _MODALITY.search(sentence):
        return 0.0
    # Numbers were looked at above: here only words count.
    told, known = ({stem for stem in stems(text) if stem.isalpha()} for text in (sentence, quoted))
    return len(told & known) / len(told) if told else 0.0


def _amounts(text: str) -> dict[str, set[str]]:
    """Return the numbers of a text as they are counted with (2.200 is 2200), each with "" and its units."""
    amounts: dict[str, set[str]] = {}
    for found in _AMOUNT.finditer(text):
        value = re.sub(r",(\d*?)0*$", r",\1", _THOUSANDS.sub("", found["number"])).rstrip(",")
        units = {_UNIT_NAMES.get(unit, unit) for unit in (found["before"], found["unit"]) if unit}
        amounts.setdefault(value, {""}).update(units)
    return amounts


def _in_its_place(number: str, sentence: str, quotes: Sequence[Quote]) -> bool:
    """Say whether a quote that holds the number also holds a word that stands beside it in the sentence."""
    holding = {
        stem
        for quote in quotes
        if _amounts(number).keys() <= _amounts(quote.text).keys()
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
