"""Whether a quote stands literally on its page, checked in the original file by another reader than ours."""

import logging
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

from pypdf.errors import PyPdfError

from eval.page_texts import page_texts_of
from index.errors import UnreadableDocument
from rag.answers import Citation

logger = logging.getLogger(__name__)

# White space and every kind of hyphen go out on both sides: where a line ends is no matter of words, and a
# word that a line end cut in two is one word. So does the mark between two cells of a table row.
_BETWEEN = re.compile(r"[\s|\u00ad\u200b-\u200d\u2060\ufeff\x00-\x1f\u2010-\u2015\u2212-]+")

_DOTS = re.compile(r"\.{3,}")  # An ellipsis; the running text has one for the dots before a page number.

NOTE = 20
"""Folded characters of the shortest footnote that may stand in the middle of a quote."""


def fold(text: str) -> str:
    """Return the text without white space, hyphens, dashes and dots; ligatures and raised digits resolved."""
    return _DOTS.sub("", _BETWEEN.sub("", unicodedata.normalize("NFKC", text)))


def missing_part(citation: Citation, file: Path) -> str | None:
    """Return the part of a quote that does not stand on its page in `file`; None when all of it does.

    A quote that runs over a page border is checked in parts, each on the page on which it stands. An empty
    quote is missing too: it proves nothing.
    """
    if not citation.quote.strip():
        return citation.quote
    texts = page_texts(file)
    for number in citation.document.pages_of(citation.start, citation.end):
        page = citation.document.page(number)
        part = citation.document.text[max(page.start, citation.start) : min(page.end, citation.end)]
        text = texts[number - 1] if number <= len(texts) else ""
        if not _holds(text, fold(part)) and not (" | " in part and _holds_cells(text, part)):
            return part
    return None


def _holds_cells(page: str, row: str) -> bool:
    """Say whether a folded page holds each cell of a table row, and the name of its column somewhere else.

    "Jaar: 2020 | Som: € 5" stands on no page: names stand above their columns, and in several rows of names
    one above the other. So a name is looked for by its words, and what a cell says in one piece.
    """
    return all(_holds_cell(page, cell) for cell in row.split(" | "))


def _holds_cell(page: str, cell: str) -> bool:
    if fold(cell) in page:
        return True
    colons = (found.start() for found in re.finditer(": ", cell))
    return any(
        fold(cell[colon + 1 :]) in page and all(fold(word) in page for word in cell[:colon].split())
        for colon in colons
    )


def _holds(page: str, part: str) -> bool:
    """Say whether a folded page holds a folded part: in one piece, or around a footnote.

    pypdf reads a footnote where it stands, so in the middle of a sentence that goes on in the next column.
    Only such a gap is let pass: it begins with the number of the note. A word left out would not.
    """
    if part in page:
        return True
    length = next((length for length in range(len(part) - 1, 0, -1) if part[:length] in page), 0)
    end = page.find(part[:length]) + length
    return bool(length) and page[end : end + 1].isdigit() and page.find(part[length:], end + NOTE) >= 0


@lru_cache(maxsize=64)
def page_texts(file: Path) -> Sequence[str]:
    """Return the folded text of each page of a file; none where it cannot be read."""
    try:
        return tuple(fold(page) for page in page_texts_of(file.read_bytes()))
    except (PyPdfError, UnreadableDocument, BadZipFile) as error:
        logger.warning("%s cannot be checked: %r", file, error)
        return ()
