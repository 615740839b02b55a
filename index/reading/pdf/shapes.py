"""What the shape of a line tells: whether it opens an item, note or caption, or ends a sentence."""

import re
from typing import Literal

from index.reading.pdf.lines import Line

Kind = Literal["prose", "item", "table", "note", "caption", "entry"]

BULLET = re.compile(r"[•◦▪■●○→➔►]")
_WEAK_MARKER = re.compile(r"[–—-]\s|\(?(?:\d{1,2}|[a-z])[.)]\s|\d{1,2}(?:\.\d{1,2})+\.?\s")
DASH = re.compile(r"[–—-]\s")
_QUESTION = re.compile(r"\d{1,2}[.)]?\s.*\?$")
_INSIDE = re.compile(r"[^\W\d]{2}[.!?][’”)]?\s+[^\W\d_]")
NUMBERED_CAPTION = re.compile(r"(?:Figuur|Tabel|Grafiek|Afbeelding)\b")
_CAPTION = re.compile(r"(?:Figuur|Tabel|Grafiek|Kader|Afbeelding|Bron|Noot)\s*\d*(?:\.\d+)?\s*[.:]")
_ENTRY = re.compile(r" … (?:\d{1,4}|[ivxlc]{1,7})$")  # Of a table of contents.
_NOTE = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]+|\*+\)?|(\d{1,2})[.)]?(?=\s)")
_MARK = re.compile(r"[^\W\d][’”)\].,]?(\d{1,2})(?=[\s.,;]|$)")
_ENDED = re.compile(r"(?:[.!?:;…]|(?<=[^\W\d])[.!?]\d{1,2})[\"'’”»)\]⁰¹²³⁴⁵⁶⁷⁸⁹*]*$")
_OPENING = "\"'‘“«([„"
_UNFINISHED = frozenset((
    "de", "het", "een", "en", "of", "van", "te", "tot", "als", "dat", "die", "deze", "dit",
    "haar", "hun", "onze", "per", "tussen", "maar", "want", "om", "naar", "zonder", "tijdens", "volgens",
    "via", "sinds", "vanuit", "namens", "ondanks", "dankzij", "zoals", "alle", "elke", "iedere", "geen",
))  # fmt: skip
"""Words that end neither a sentence nor a heading (verbs leave particles such as "aan" at the end)."""


def kind_of(line: Line, marks: frozenset[str]) -> Kind:
    """Return what kind of block `line` would open; `marks` are the note numbers that its page refers to."""
    text = line.text.lstrip()
    if _ENTRY.search(text):
        return "entry"
    if BULLET.match(text):
        return "item"
    if _CAPTION.match(text):
        return "caption"
    note = _NOTE.match(text)
    if note and (note.group(1) is None or note.group(1) in marks):
        return "note"
    return "item" if _WEAK_MARKER.match(text) else "prose"


def note_marks(text: str) -> frozenset[str]:
    """Return the numbers that stand close behind words of `text`, as the marks of notes do: "plan2"."""
    return frozenset(_MARK.findall(text))


def has_ended(line: Line, following: Line) -> bool:
    """Tell whether a sentence ends with `line`. A semicolon or colon before a small letter ends none."""
    text = line.text.rstrip()
    return _ENDED.search(text) is not None and not (text[-1] in ";:" and opens_lower(following))


def is_numbered_question(text: str) -> bool:
    """Tell whether `text` is "1. Who pays?": whole, whatever stands under it."""
    return _QUESTION.match(text) is not None


def holds_sentences(text: str) -> bool:
    """Tell whether a sentence ends inside `text`: it is a paragraph then, and no title."""
    return _INSIDE.search(text) is not None


def opens_lower(line: Line) -> bool:
    """Tell whether `line` opens as the middle of a sentence does."""
    text = line.text.lstrip().lstrip(_OPENING)
    return bool(text) and (text[0].islower() or text[0] in "&+%€")


def is_unfinished(line: Line) -> bool:
    """Tell whether something must follow the last word of `line`."""
    last = line.text.split()[-1]
    return last in _UNFINISHED or last[-1] in ",-–&/(€"


def same_type(first: Line, second: Line) -> bool:
    """Tell whether two lines are set in the same size, but for rounding."""
    return abs(first.size - second.size) <= 0.08 * first.size
