"""Orders: text in a document that speaks to a program instead of to a reader. It is data, and no answer."""

import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files

from index.documents import Hit
from index.reading.characters import without_tokens
from rag.kinds import kind_asked

_LOOKALIKES = str.maketrans("аеіоорсухѕԁ", "aeioopcyxsd")
"""Cyrillic letters that look like Latin ones."""
_ADDRESS = re.compile(
    r"https?:\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\d.,])(?:\+\d{2}|0\d{1,3})[-\s]?\d(?:[-\s]?\d){5,8}(?!\d)",
    re.IGNORECASE,
)
_CODE_WORD = re.compile(r"\b[A-ZÀ-Þ]{7,}\b")
_PIECE = re.compile(r"[^.!?|]+(?:[.!?|]+(?!\s)[^.!?|]*)*[.!?|]*\s*")


def is_order(text: str) -> bool:
    """Say whether any sentence speaks to a program: an order about answers, a turn of a chat, a code."""
    return any(_speaks_to_a_program(piece) for piece in _PIECE.findall(text))


@cache
def _kinds() -> tuple[re.Pattern[str], tuple[re.Pattern[str], ...]]:
    """Return the pattern of which one is enough, and those of which two must meet."""
    written = tomllib.loads(files("rag").joinpath("orders.toml").read_text(encoding="utf-8"))
    plain, *others = (re.compile("|".join(patterns), re.IGNORECASE) for patterns in written.values())
    return plain, tuple(others)


def _speaks_to_a_program(sentence: str) -> bool:
    plain, others = _kinds()
    read = sentence.translate(_LOOKALIKES)
    # A code word in capitals in a sentence that is not: what an attack asks to be repeated.
    signs = (kind.search(read) for kind in others)
    found = int(not read.isupper() and 0 < len(_CODE_WORD.findall(read)) <= 2) + sum(map(bool, signs))
    return found >= 2 or bool(plain.search(read))


def addresses(text: str) -> frozenset[str]:
    """Return the web addresses, e-mail addresses and telephone numbers in a text."""
    return frozenset(found.rstrip(".,;:!?)").casefold() for found in _ADDRESS.findall(text))


def as_data(text: str) -> str:
    """Return a text without the tokens that would begin a turn for the model that reads it."""
    kept = without_tokens(text)
    return text if len(kept) == len(text) else "".join(text[place] for place in kept)


def without_orders(text: str) -> str:
    """Return the sentences of a text that speak to a reader, without tokens of chat templates."""
    return "".join(piece for piece in _PIECE.findall(as_data(text)) if not _speaks_to_a_program(piece))


def clean_length(text: str, asks_address: bool = True) -> int:
    """Return how many characters of a text come before the first sentence or cell that holds an order.

    Or that holds an address, unless one is asked for.
    """
    for piece in _PIECE.finditer(text):
        if _speaks_to_a_program(piece[0]) or (not asks_address and _ADDRESS.search(piece[0])):
            return len(text[: piece.start()].rstrip(" |"))
    return len(text)


def asks_address(question: str) -> bool:
    """Say whether an address may be the answer: not where a figure or a date is asked for."""
    kind = kind_asked(question)
    return kind is None or kind.name in ("telephone", "address", "name", "place")


def quotable(hit: Hit, question: str) -> Hit | None:
    """Return the hit with what can be quoted of its sentence; None when nothing can."""
    start, end = hit.passage.focus
    length = clean_length(hit.document.text[start:end], asks_address(question))
    if length == end - start:
        return hit
    if not re.search(r"\w+\W+\w+\W+\w+", hit.document.text[start : start + length]):
        return None
    return replace(hit, passage=replace(hit.passage, focus=(start, start + length)))
