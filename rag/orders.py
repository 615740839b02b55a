"""Orders: text in a document that speaks to a program instead of to a reader. It is data, and no answer."""

import re
import tomllib
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from index.documents import Hit
from index.reading.characters import without_tokens
from rag.kinds import kind_asked

_LOOKALIKES = str.maketrans(
    "аеіорсухѕԁАВЕКМНОРСТХαεινορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "aeiopcyxsdABEKMHOPCTXaeivoptuxABEZHIKMNOPTYX"
)
"""Cyrillic and Greek letters that look like Latin ones."""
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\U000e0000-\U000e007f]")
"""Characters without width."""
_SPACED = re.compile(r"\b\w([ -])\w(?:\1\w)+\b")
"""A word whose letters stand apart."""
_ADDRESS = re.compile(
    r"https?:\S+|www\.\S+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
    r"|(?<![\d.,])(?:\+\d{2}|0\d{1,3})[-\s]{0,3}\d(?:[-\s]{0,3}\d){5,9}(?!\d)",
    re.IGNORECASE,
)
_CODE_WORD = re.compile(r"\b[A-ZÀ-Þ]{7,}\b")
_PIECE = re.compile(r"(?:[^.!?|\n]|(?<=[;:] \d)\.)+(?:[.!?|]+(?![\s⁰-⁹¹²³])[^.!?|\n]*)*[.!?|]*[⁰-⁹¹²³]*\s*")
"""A sentence, a cell of a table, or a list within a sentence (": 1. this; 2. that")."""
_ASKS_WHERE = re.compile(
    r"\b(?:hoe|waar\w*|wie|contact|bereik\w*|bel|bellen|mail\w*|\w*adres\w*|\w*nummer|\w*site|link"
    r"|how|where|who)\b",
    re.IGNORECASE,
)
_ASKS_WHAT_TO_SAY = re.compile(
    r"\b(?:bij|op)\s(?:\w+\s)?vra(?:ag|gen)\b"
    r"|\b(?:zeg|antwoord|reageer|noem|vermeld|vertel|schrijf)\s(?:ik|we|wij|je|u)\b"
    r"|\b(?:moet|mag|kan|hoor)\s(?:ik|we|wij|je|u)\b.*"
    r"\b(?:zeggen|antwoorden|reageren|noemen|vermelden|vertellen|schrijven)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Signs:
    """What orders.toml holds: of `two` kinds two must meet, of `four` parts all."""

    enough: re.Pattern[str]
    elsewhere: re.Pattern[str]
    two: tuple[re.Pattern[str], ...]
    four: tuple[re.Pattern[str], ...]


@cache
def _signs() -> _Signs:
    written = tomllib.loads(files("rag").joinpath("orders.toml").read_text(encoding="utf-8"))
    kinds = (tuple(map(_one_of, written[name].values())) for name in ("two", "four"))
    return _Signs(_one_of(written["enough"]), _one_of(written["elsewhere"]), *kinds)


def _one_of(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


def pieces(text: str) -> list[str]:
    """Return the sentences of a text and the cells of its tables, which together are the text."""
    return _PIECE.findall(text)


def is_order(text: str) -> bool:
    """Say whether any sentence speaks to a program: an order about answers, a turn of a chat, a code."""
    return any(map(_speaks_to_a_program, pieces(text)))


def _speaks_to_a_program(sentence: str) -> bool:
    return _gives_orders(sentence) or _says_what_to_say(sentence)


def _gives_orders(sentence: str) -> bool:
    read, signs = as_read(sentence), _signs()
    # A code word in capitals in a sentence that is not: what an attack asks to be repeated.
    code = not read.isupper() and 0 < len(_CODE_WORD.findall(read)) <= 2
    kinds = sum(bool(kind.search(read)) for kind in signs.two)
    return code + kinds >= 2 or bool(signs.enough.search(read))


def _says_what_to_say(sentence: str) -> bool:
    """Say whether a sentence rules what is said on a question: by a program, or by who answers callers."""
    read = as_read(sentence)
    return all(part.search(read) for part in _signs().four)


def as_read(sentence: str) -> str:
    """Return a sentence as people read it: Latin letters, joined to words, and nothing that is not seen."""
    seen = _UNSEEN.sub("", sentence).translate(_LOOKALIKES)
    return _SPACED.sub(lambda word: word[0].replace(word[1], ""), seen).strip()


def addresses(text: str) -> frozenset[str]:
    """Return the web addresses, e-mail addresses and telephone numbers in a text."""
    return frozenset(found.rstrip(".,;:!?)").casefold() for found in _ADDRESS.findall(text))


def as_data(text: str) -> str:
    """Return a text without the tokens that would begin a turn for the model that reads it."""
    kept = without_tokens(text)
    return text if len(kept) == len(text) else "".join(text[place] for place in kept)


def without_orders(text: str) -> str:
    """Return the sentences of a text that speak to a reader, without tokens of chat templates."""
    return "".join(piece for piece in pieces(as_data(text)) if not _speaks_to_a_program(piece))


def clean_length(text: str, question: str, orders: Container[str] = ()) -> int:
    """Return how many characters of a text come before the first sentence or cell that is not to be quoted.

    It is one of `orders`, or holds one, or says what to say, or holds an address, and the latter two were not
    asked for.
    """
    for piece in _PIECE.finditer(text):
        if piece[0].strip() in orders or _is_withheld(piece[0], question):
            return len(text[: piece.start()].rstrip(" |"))
    return len(text)


def _is_withheld(sentence: str, question: str) -> bool:
    if _gives_orders(sentence):
        return True
    if _says_what_to_say(sentence) and not asks_what_to_say(question):
        return True
    if not _ADDRESS.search(sentence):
        return False
    sends_away = _signs().elsewhere.search(as_read(sentence)) and not _ASKS_WHERE.search(question)
    return bool(sends_away) or not asks_address(question)


def asks_what_to_say(question: str) -> bool:
    """Say whether it is asked what to tell somebody, of which a rule on answers is the answer."""
    return bool(_ASKS_WHAT_TO_SAY.search(question))


def asks_address(question: str) -> bool:
    """Say whether an address may be the answer: not where a figure or a date is asked for."""
    kind = kind_asked(question)
    return kind is None or kind.name in ("telephone", "address", "name", "place")


def quotable(hit: Hit, question: str, orders: Container[str] = ()) -> Hit | None:
    """Return the hit with what can be quoted of its sentence; None when nothing can. See clean_length."""
    start, end = hit.passage.focus
    length = clean_length(hit.document.text[start:end], question, orders)
    if length == end - start:
        return hit
    if not re.search(r"\w+\W+\w+\W+\w+", hit.document.text[start : start + length]):
        return None
    return replace(hit, passage=replace(hit.passage, focus=(start, start + length)))
