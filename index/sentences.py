"""Sentence borders in Dutch running text."""

import re
from collections.abc import Iterator

from sentencex import get_sentence_boundaries

# A raised note number after a full stop hides the border from the splitter: it sees a space there.
_NOTE_NUMBERS = str.maketrans(dict.fromkeys("⁰¹²³⁴⁵⁶⁷⁸⁹", " "))
_CLAUSE = re.compile(r"(?<=[;:,])\s|\s(?=[–•])")
_CELL = re.compile(r"\s(?=\| )")
LONGEST = 420
"""Characters. A longer sentence (an unpunctuated list) is cut at a clause, so that a quote stays readable."""

# Where sentencex 1.0 ends a sentence and none ends.
_ABBREVIATION = re.compile(r"\b(?:[a-z]{1,3}\.){2,}[)\"’']?\s*$", re.IGNORECASE)
_NEVER_LAST = frozenset((
    "o.a.", "m.n.", "d.w.z.", "a.h.w.", "c.q.", "t.w.", "i.v.m.", "m.b.t.", "t.a.v.", "t.o.v.", "i.p.v.",
    "n.a.v.", "o.l.v.", "t.g.v.", "t.b.v.", "m.i.v.", "i.t.t.", "o.b.v.", "d.m.v.", "mevr.", "mw.", "dhr.",
))  # fmt: skip
"""Abbreviations that something must follow."""
_MONTH = r"(?:jan|febr?|mrt|maart|apr|mei|juni?|juli?|aug|sept?|okt|nov|dec)"
_DATE = re.compile(
    rf"\b{_MONTH}\.\s(?:19|20)\d\d|\b(?:ma|di|wo|do|vr|za|zo)\.\s\d{{1,2}}\s{_MONTH}", re.IGNORECASE
)
_MARKER = re.compile(r"\(?(?:\d{1,2}|[a-z])[.)]")
"""Of a numbered item or heading."""

# Where it ends none: an abbreviation that may be the last word of a sentence, before a word that opens one.
_OPENERS = (
    "Alle|Als|Bij|Bovendien|Daar|Daarna|Daarom|Dan|Dat|De|Deze|Die|Dit|Door|Een|Elke|En|Er|Het|Hij|Hoe|Ik|In|Je"
    "|Jij|Maar|Met|Na|Naar|Niet|Nu|Om|Onder|Ook|Op|Over|Toch|U|Uit|Van|Verder|Voor|Waar|Wat|We|Wel|Wie|Wij|Ze"
    "|Zij|Zo"
)
_MAY_BE_LAST = re.compile(
    r"(?i:\b(?:e\.d|e\.a|e\.v|a\.s|z\.s\.m|v\.s|b\.v|n\.v|enz|etc|jl|vol)|\d (?:min|sec|mnd|wk|jr)"
    rf"|\w\.(?:nl|com|org|eu))\.[)’”\"]?(?=\s+(?:{_OPENERS})\b)"
)


def sentence_spans(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return the spans of the sentences of text[start:end], positions in `text`, outer white space left out.

    The input is one block without newlines. A row of a table counts as one sentence. One that is longer than
    LONGEST characters is cut at clauses, a row between its cells.
    """
    block = text[start:end].translate(_NOTE_NUMBERS)
    row = " | " in block
    spans: list[tuple[int, int]] = []
    for begin, finish in [(0, len(block))] if row else _bounds(block):
        stripped = block[begin:finish].strip()
        if not stripped:
            continue
        begin += start + len(block[begin:finish]) - len(block[begin:finish].lstrip())
        finish = begin + len(stripped)
        if spans and _continues(text[spans[-1][0] : spans[-1][1]], stripped):
            spans[-1] = (spans[-1][0], finish)
        else:
            spans.append((begin, finish))
    return tuple(piece for span in spans for piece in _cut(text, *span, _CELL if row else _CLAUSE))


def _bounds(block: str) -> Iterator[tuple[int, int]]:
    position = 0
    for boundary in get_sentence_boundaries("nl", block):
        end = position + len(boundary["text"])
        for last in _MAY_BE_LAST.finditer(block, position, end):
            yield position, last.end()
            position = last.end()
        yield position, end
        position = end


def _continues(before: str, sentence: str) -> bool:
    last = before.rsplit(maxsplit=1)[-1].lstrip("(‘“\"'").lower()
    if sentence[0].islower() or last in _NEVER_LAST or _MARKER.fullmatch(before):
        return True
    if sentence[0].isdigit() and _DATE.search(f"{before[-8:]} {sentence[:10]}"):
        return True
    return _ABBREVIATION.search(before) is not None and not sentence[0].isupper()


def _cut(text: str, start: int, end: int, at: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        window = text[start : start + LONGEST]
        breaks = [found.start() for found in at.finditer(window) if found.start() > LONGEST // 3]
        width = breaks[-1] if breaks else window.rfind(" ", LONGEST // 3)
        if width <= 0:
            break
        yield start, start + len(text[start : start + width].rstrip())
        start += width
        start += len(text[start:end]) - len(text[start:end].lstrip(" |" if at is _CELL else None))
    yield start, end
