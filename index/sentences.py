"""Sentence borders in Dutch running text."""

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

# "o.a. 3%", "d.w.z. meer": sentencex 1.0 ends a sentence at some Dutch abbreviations with inner dots.
_ABBREVIATION = re.compile(r"\b(?:[a-z]{1,3}\.){2,}[)\"’']?\s*$", re.IGNORECASE)
# A raised note number after a full stop hides the border from the splitter: it sees a space there.
_NOTE_NUMBERS = str.maketrans(dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", " "))
_CLAUSE = re.compile(r"(?<=[;:,])\s|\s(?=[–•])")
LONGEST = 420
"""Characters. A longer sentence (an unpunctuated list) is cut at a clause, so that a quote stays readable."""


def sentence_spans(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the spans of the sentences of text[start:end], positions in `text`, outer white space left out.

    The input is one block without newlines. A sentence longer than LONGEST characters is cut at clauses.
    """
    spans: list[tuple[int, int]] = []
    position = start
    block = text[start:end].translate(_NOTE_NUMBERS)
    for boundary in get_sentence_boundaries("nl", block):
        sentence = boundary["text"]
        begin, position = position, position + len(sentence)
        stripped = sentence.strip()
        if not stripped:
            continue
        begin += len(sentence) - len(sentence.lstrip())
        finish = begin + len(stripped)
        if spans and _continues(text[spans[-1][0] : spans[-1][1]], stripped):
            spans[-1] = (spans[-1][0], finish)
        else:
            spans.append((begin, finish))
    return tuple(piece for span in spans for piece in _cut(text, *span))


def _continues(before: str, sentence: str) -> bool:
    return sentence[0].islower() or (bool(_ABBREVIATION.search(before)) and not sentence[0].isupper())


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        window = text[start : start + LONGEST]
        breaks = [found.start() for found in _CLAUSE.finditer(window) if found.start() > LONGEST // 3]
        width = breaks[-1] if breaks else window.rfind(" ", LONGEST // 3)
        if width <= 0:
            break
        yield start, start + len(text[start : start + width].rstrip())
        start += width
        start += len(text[start:end]) - len(text[start:end].lstrip())
    yield start, end
