"""Orders: text in a document that speaks to a program instead of to a reader. It is data, and no answer."""

import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files

from index.documents import Hit
from index.reading.characters import without_tokens

_LOOKALIKES = str.maketrans("аеіоорсухѕԁ", "aeioopcyxsd")
"""Cyrillic letters that look like Latin ones."""
_ADDRESS = re.compile(
    r"https?:\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?<![\d.,])(?:\+\d{2}|0\d{1,3})[-\s]?\d(?:[-\s]?\d){5,8}(?!\d)",
    re.IGNORECASE,
)
_ASKS_ADDRESS = re.compile(
    r"\b(?:waar|wie|hoe(?!veel|\s+(?:lang|groot|hoog|vaak|oud|veel))|where|who|how|contact\w*|bel\w*|mail\w*|e-mail\w*"
    r"|telefoon\w*|nummer|adres\w*|site|website|link|meld\w*|aanmeld\w*|bereik\w*|www|url)\b",
    re.IGNORECASE,
)
_PIECE = re.compile(r"[^.!?|]+(?:[.!?|]+(?!\s)[^.!?|]*)*[.!?|]*\s*")


def is_order(text: str) -> bool:
    """Say whether a sentence speaks to a program: an order about answers, a turn of a chat, a code."""
    return bool(_order_in(text))


@cache
def _orders() -> re.Pattern[str]:
    kinds = tomllib.loads(files("rag").joinpath("orders.toml").read_text(encoding="utf-8")).values()
    return re.compile("|".join(pattern for patterns in kinds for pattern in patterns), re.IGNORECASE)


def _order_in(text: str) -> re.Match[str] | None:
    return _orders().search(text.translate(_LOOKALIKES))


def addresses(text: str) -> frozenset[str]:
    """Return the web addresses, e-mail addresses and telephone numbers in a text."""
    return frozenset(found.rstrip(".,;:!?)").casefold() for found in _ADDRESS.findall(text))


def as_data(text: str) -> str:
    """Return a text without the tokens that would begin a turn for the model that reads it."""
    kept = without_tokens(text)
    return text if len(kept) == len(text) else "".join(text[place] for place in kept)


def without_orders(text: str) -> str:
    """Return the sentences of a text that speak to a reader, without tokens of chat templates."""
    text = as_data(text)
    return "".join(piece for piece in _PIECE.findall(text) if not is_order(piece)) if is_order(text) else text


def clean_length(text: str, asks_address: bool = True) -> int:
    """Return how many characters of a text come before the first sentence or cell that holds an order.

    Or that holds an address, unless one is asked for.
    """
    found = [_order_in(text), None if asks_address else _ADDRESS.search(text)]
    first = min((_first_letter(match) for match in found if match), default=len(text))
    starts = [piece.start() for piece in _PIECE.finditer(text) if piece.start() <= first]
    return len(text) if first == len(text) else len(text[: starts[-1] if starts else 0].rstrip(" |"))


def _first_letter(match: re.Match[str]) -> int:
    """Return where a match begins, the end of the sentence before it apart."""
    return match.start() + len(match[0]) - len(match[0].lstrip(" .:;,!|"))


def asks_address(question: str) -> bool:
    """Say whether an address or a number to call may be the answer."""
    return bool(_ASKS_ADDRESS.search(question))


def quotable(hit: Hit, question: str) -> Hit | None:
    """Return the hit with what can be quoted of its sentence; None when nothing can."""
    start, end = hit.passage.focus
    length = clean_length(hit.document.text[start:end], asks_address(question))
    if length == end - start:
        return hit
    if not re.search(r"\w+\W+\w+\W+\w+", hit.document.text[start : start + length]):
        return None
    return replace(hit, passage=replace(hit.passage, focus=(start, start + length)))
