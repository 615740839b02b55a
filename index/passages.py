"""Passages: what is found. A sentence, and the sentences around it that are read with it."""

import re
from collections.abc import Iterator

from index.documents import Document, Passage
from index.sentences import sentence_spans

Span = tuple[int, int]

REACH = 1
"""Sentences before and after the focus that belong to a passage. One gives windows of three sentences,
which found the page better than windows of 60, 120 or 220 words (docs/design.md, Models)."""
CHUNKING = f"sentences-2, {REACH} on each side"
"""Names the passages in the index's manifest; changes whenever the same text would give others."""
SHORT = 40
"""Characters. Blocks below this that are no sentence (labels of a chart, cells) are taken together."""
TOGETHER = 240
"""Characters up to which such short blocks are taken together."""

_LIST_MARK = re.compile(r"(?:[•◦▪–—→*-]|\(?\d{1,2}[.)]|[a-z][.)])\s+")
_CONTENTS_ENTRY = re.compile(r".*\s…\s*\S{1,5}")


def passages_of(document: Document) -> tuple[Passage, ...]:
    """Return the passages of a document in reading order, one for each sentence.

    Headings are no passages of their own but stand in `Passage.headings` of what follows them, unless
    nothing follows: a page with only a title can still be found.
    """
    passages: list[Passage] = []
    for section, headings in _sections(document):
        units = [unit for block in _blocks(document, section) for unit in block]
        for at, focus in enumerate(units):
            start, end = units[max(0, at - REACH)][0], units[min(len(units) - 1, at + REACH)][1]
            passages.append(
                Passage(f"{document.id}:{focus[0]}-{focus[1]}", document.id, start, end, focus, headings)
            )
    return tuple(passages)


def _sections(document: Document) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Yield the span between two headings and the headings above it."""
    borders = [(heading.start, heading.end) for heading in document.headings]
    position = 0
    for at, (start, end) in enumerate([*borders, (len(document.text), len(document.text))]):
        if document.text[position:start].strip():
            yield (position, start), document.headings_at(position)
        elif at and (at == len(borders) or document.headings[at].level <= document.headings[at - 1].level):
            yield borders[at - 1], document.headings_at(borders[at - 1][0])
        position = end


def _blocks(document: Document, section: Span) -> Iterator[tuple[Span, ...]]:
    """Yield the units of each block of a section: its sentences, or one run of short blocks."""
    run: Span | None = None
    start = section[0]
    for line in document.text[section[0] : section[1]].split("\n"):
        end = start + len(line)
        if line.strip() and not _CONTENTS_ENTRY.fullmatch(line):
            if len(line) < SHORT and not line.rstrip().endswith((".", "?", "!", ":", ";")):
                if run and end - run[0] > TOGETHER:
                    yield (run,)
                    run = None
                run = (run[0] if run else start, end)
            else:
                if run:
                    yield (run,)
                    run = None
                mark = _LIST_MARK.match(line)
                yield sentence_spans(document.text, start + (mark.end() if mark else 0), end)
        start = end + 1
    if run:
        yield (run,)
