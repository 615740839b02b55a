"""A quote as it reads in an answer: the same words, without the marks of the list or table it stands in."""

import re
from collections.abc import Sequence

from index.documents import Document
from rag.evidence import NUMBER, Evidence
from rag.followups import YEAR
from rag.retrieve import year_of

_BULLET = re.compile(r"^[•◦▪–—→*-]\s+")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-z])[.)]\s")
_HANGS = re.compile(
    r"(?:[•◦▪–—→*-]\s+)?(?:Dit|Dat|Deze|Die|Daar\w+|Hier\w+|Ook|Zo|Toch|Bovendien|Maar|Omdat|Tevens|Wel|Helaas|Ze|Zij"
    r"|Alleen dan|Het is daarom)\b"
)
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


def in_reading_order(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return quotes that come best first in the order in which they read best: those of a page as they stand.

    The best quote stays the first, and what follows it on its page comes next. Where it begins with
    "Daarmee", the sentence right before it goes first, if that is quoted too.
    """
    if not evidence:
        return ()
    lead = evidence[0]
    while _HANGS.match(lead.text) and (before := _before(lead, evidence)):
        lead = before
    pages = list(dict.fromkeys(item.place for item in (lead, *evidence)))
    return tuple(
        sorted(
            evidence,
            key=lambda item: (
                pages.index(item.place),
                item.place == lead.place and item.start < lead.start,
                item.start,
            ),
        )
    )


def _before(quote: Evidence, evidence: Sequence[Evidence]) -> Evidence | None:
    """Return the quote that ends right where another begins, if there is one."""
    text = quote.document.text
    return next(
        (
            other
            for other in evidence
            if other.document is quote.document
            and other.start < quote.start
            and not text[other.end : quote.start].strip()
        ),
        None,
    )


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
