"""A quote as it reads in an answer: the same words, without the marks of the list or table it stands in."""

import re

from index.documents import Document
from rag.evidence import NUMBER
from rag.followups import YEAR
from rag.retrieve import year_of

_BULLET = re.compile(r"^[•◦▪–—→*-]\s+")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-z])[.)]\s")
_CELL = re.compile(r"^(?P<column>[^|:]+): (?P<value>[^|]*)$")


def readable(quote: str, document: Document) -> str:
    """Return a sentence for reading, with the document's year where its figures would age.

    A row of a table reads as its first cell and what the other columns say of it; an item of a list begins
    with a capital and ends with a full stop; a list keeps a line for each of its items.
    """
    head, *items = [" ".join(line.split()) for line in quote.split("\n") if line.strip()]
    if not items:
        return _with_year(_sentence(_row(head)), document)
    lines = (_item(item) for item in items)
    return "\n".join((_with_year(_capital(head), document), *lines))


def _item(line: str) -> str:
    words = _BULLET.sub("", line).rstrip(" ;,.")
    return words if _NUMBERED.match(words) else f"• {words}"


def _row(line: str) -> str:
    """Return «Goal: power | 2030: 4 GW» as «Power – 2030: 4 GW»; what is no row as it is.

    A first cell that is a figure keeps the name of its column: «Turnover: € 139, export: € 59».
    """
    cells = [_CELL.match(cell) for cell in line.split(" | ")]
    if len(cells) < 2 or not all(cells):
        return line
    first, *others = [cell for cell in cells if cell]
    if NUMBER.search(first["value"]):
        return ", ".join(cell.group() for cell in (first, *others))
    return f"{first['value']} – {', '.join(cell.group() for cell in others)}"


def _sentence(line: str) -> str:
    text = _capital(_BULLET.sub("", line))
    return text.rstrip(" ;") + "." if text.endswith(";") else f"{text[:-1]} …" if text.endswith(",") else text


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _with_year(sentence: str, document: Document) -> str:
    year = year_of(document)
    if not year or not NUMBER.search(sentence) or YEAR.search(sentence):
        return sentence
    body, mark = (sentence[:-1], sentence[-1]) if sentence[-1] in ".!?:" else (sentence, ".")
    return f"{body} ({year}){mark}"
