"""Known questions: what is asked, where the answer stands, and what it must state."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index.errors import BadConfiguration
from rag.answers import Turn

_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A line of a question file.

    `gold` holds the pages, as (document, page number), that support the answer; the document is named by
    its file without ending. A fact is stated when one of its patterns is found; `wrong` patterns must not be.
    """

    id: str
    question: str
    kind: str
    style: str
    answerable: bool
    gold: tuple[tuple[str, int], ...]
    facts: tuple[tuple[re.Pattern[str], ...], ...]
    wrong: tuple[re.Pattern[str], ...]
    history: tuple[Turn, ...]

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


def read_questions(paths: Sequence[Path]) -> tuple[KnownQuestion, ...]:
    """Read question files. Raises BadConfiguration with file, line and reason for the first bad line."""
    questions: list[KnownQuestion] = []
    seen: set[str] = set()
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise BadConfiguration(f"{path} cannot be read as questions: {error}") from error
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                question = _question(json.loads(line))
                if question.id in seen:
                    raise ValueError(f"the id {question.id!r} occurs twice")
            except (ValueError, KeyError, TypeError, AttributeError, re.error) as error:
                raise BadConfiguration(f"{path}, line {number}: {error!r}") from error
            seen.add(question.id)
            questions.append(question)
    if not questions:
        raise BadConfiguration(f"There is no question in {', '.join(map(str, paths))}.")
    return tuple(questions)


def _question(line: dict[str, object]) -> KnownQuestion:
    entry: dict[str, object] = dict(line)
    gold = tuple((str(page["doc"]), int(page["page"])) for page in entry["gold"])  # type: ignore[attr-defined, index]
    answerable = entry["answerable"]
    if not isinstance(answerable, bool) or answerable != bool(gold):
        raise ValueError("answerable must be true with gold pages, and false without")
    return KnownQuestion(
        id=str(entry["id"]),
        question=str(entry["question"]),
        kind=str(entry["kind"]),
        style=str(entry["style"]),
        answerable=answerable,
        gold=gold,
        facts=tuple(_patterns(fact) for fact in entry.get("facts", ())),  # type: ignore[attr-defined]
        wrong=_patterns(entry.get("wrong", ())),
        history=tuple(Turn(turn["role"], turn["content"]) for turn in entry.get("history", ())),  # type: ignore[attr-defined]
    )


def _patterns(patterns: object) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(str(pattern), re.IGNORECASE) for pattern in patterns)  # type: ignore[attr-defined]
