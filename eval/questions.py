"""Known questions: what is asked, where the answer stands, and what it must state."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from index.errors import BadConfiguration
from rag.answers import Turn

KINDS = frozenset(
    {
        *("factoid", "list", "why", "how", "compare", "temporal", "multihop", "definition", "yesno"),
        *("unanswerable", "injection", "followup", "crosslingual"),
    }
)
STYLES = frozenset(["formal", "chat", "keywords", "typo", "long"])

_SPACES = re.compile(r"\s+")
_ROLES: tuple[Literal["user", "assistant"], ...] = ("user", "assistant")


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A line of a question file.

    `gold` holds the pages, as (document, page number), that support the answer; the document is named by
    its file without ending. A fact is stated when one of its patterns is found; `wrong` patterns must not be.
    `reference` is an answer that a person wrote, `standalone` a follow-up as a person asks it on its own.
    """

    id: str
    question: str
    kind: str
    style: str
    answerable: bool
    gold: tuple[tuple[str, int], ...]
    facts: tuple[tuple[re.Pattern[str], ...], ...]
    wrong: tuple[re.Pattern[str], ...] = ()
    history: tuple[Turn, ...] = ()
    reference: str = ""
    standalone: str = ""

    def stated(self, answer: str) -> tuple[bool, ...]:
        """Return for each fact whether the answer states it."""
        plain = normalise(answer)
        return tuple(any(pattern.search(plain) for pattern in fact) for fact in self.facts)

    def contradicted(self, answer: str) -> bool:
        """Say whether the answer states something that is known to be wrong."""
        return any(pattern.search(normalise(answer)) for pattern in self.wrong)


def normalise(text: str) -> str:
    """Return the text with every run of white space, thin and hard spaces too, as one space."""
    return _SPACES.sub(" ", text)


def split(question: KnownQuestion) -> Literal["fit", "test"]:
    """Say which half a question belongs to: what is tuned is fitted on "fit" and reported on "test".

    The last bit of the SHA-256 of the id decides, so that every machine splits alike and a new question never
    moves an old one to the other half. About half of any kind of question falls on either side.
    """
    return "test" if hashlib.sha256(question.id.encode()).digest()[-1] % 2 else "fit"


def sample(questions: Sequence[KnownQuestion], count: int) -> tuple[KnownQuestion, ...]:
    """Return about `count` of the questions, in their order: of each kind its share, and at least one.

    Their ids alone decide: within a kind they stand in the order of the SHA-256 of their ids, and those are
    taken that come first, as a part of their kind. So every machine takes the same ones, and a new question
    takes the place of few.
    """
    by_kind: dict[str, list[KnownQuestion]] = {}
    for question in sorted(questions, key=lambda one: hashlib.sha256(one.id.encode()).hexdigest()):
        by_kind.setdefault(question.kind, []).append(question)
    places = {one.id: at / len(kind) for kind in by_kind.values() for at, one in enumerate(kind)}
    taken = set(sorted(places, key=lambda id_: places[id_])[: max(count, len(by_kind))])
    return tuple(question for question in questions if question.id in taken)


def read_questions(paths: Sequence[Path]) -> tuple[KnownQuestion, ...]:
    """Read question files. Raises BadConfiguration with file, line and reason for the first bad line."""
    questions: list[KnownQuestion] = []
    places: dict[str, str] = {}
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise BadConfiguration(f"{path} cannot be read as questions: {error}") from error
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            place = f"{path}, line {number}"
            try:
                question = _question(json.loads(line))
            except ValueError as error:  # JSON that is none is a ValueError too
                raise BadConfiguration(f"{place}: {error}") from error
            if question.id in places:
                raise BadConfiguration(f"{place}: the id {question.id!r} is taken by {places[question.id]}.")
            places[question.id] = place
            questions.append(question)
    if not questions:
        raise BadConfiguration(f"There is no question in {', '.join(map(str, paths))}.")
    return tuple(questions)


def _question(line: object) -> KnownQuestion:
    entry = _object(line, "a line")
    gold = tuple(_page(_object(page, "a page of `gold`")) for page in _list(entry, "gold"))
    answerable = entry.get("answerable")
    if not isinstance(answerable, bool) or answerable != bool(gold):
        raise ValueError("`answerable` must be true with pages in `gold`, and false without.")
    return KnownQuestion(
        id=_text(entry, "id"),
        question=_text(entry, "question"),
        kind=_one_of(KINDS, _text(entry, "kind"), "kind"),
        style=_one_of(STYLES, _text(entry, "style"), "style"),
        answerable=answerable,
        gold=gold,
        facts=tuple(_fact(fact) for fact in _list(entry, "facts")),
        wrong=tuple(_pattern(pattern) for pattern in _list(entry, "wrong", ())),
        history=tuple(_turn(_object(turn, "a turn of `history`")) for turn in _list(entry, "history", ())),
        reference=_text(entry, "answer") if "answer" in entry else "",
        standalone=_text(entry, "standalone") if "standalone" in entry else "",
    )


def _object(value: object, what: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise ValueError(f"{what} must be an object, not {value!r}.")
    return value


def _text(entry: Mapping[str, object], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"`{name}` must be text, not {value!r}.")
    return value


def _list(
    entry: Mapping[str, object], name: str, missing: Sequence[object] | None = None
) -> Sequence[object]:
    value = entry.get(name, missing)
    if not isinstance(value, list | tuple):
        raise ValueError(f"`{name}` must be a list, not {value!r}.")
    return value


def _one_of(known: frozenset[str], value: str, name: str) -> str:
    if value not in known:
        raise ValueError(f"`{name}` is {value!r}; it must be one of {', '.join(sorted(known))}.")
    return value


def _page(page: Mapping[str, object]) -> tuple[str, int]:
    number = page.get("page")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ValueError(f"`page` must be a whole number from 1, not {number!r}.")
    return _text(page, "doc"), number


def _fact(fact: object) -> tuple[re.Pattern[str], ...]:
    if not isinstance(fact, list) or not fact:
        raise ValueError(f"a fact must be a list of one or more patterns, not {fact!r}.")
    return tuple(_pattern(pattern) for pattern in fact)


def _pattern(pattern: object) -> re.Pattern[str]:
    if not isinstance(pattern, str) or not pattern:
        raise ValueError(f"a pattern must be text, not {pattern!r}.")
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}.") from error


def _turn(turn: Mapping[str, object]) -> Turn:
    role = next((role for role in _ROLES if role == turn.get("role")), None)
    if role is None:
        raise ValueError(f"`role` is {turn.get('role')!r}; it must be one of {', '.join(_ROLES)}.")
    return Turn(role, _text(turn, "content"))
