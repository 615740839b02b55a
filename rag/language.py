"""Language: what answering in a language takes. The documents are Dutch, whatever the answers are in."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

DOCUMENTS = "nl"
"""The language of the documents."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of answers: the prompt in it, and what tells negation and mood, see rag/languages.

    `names` says how the documents write names that this language writes otherwise.
    """

    code: str
    system: str
    template: str
    examples: tuple[tuple[str, str], ...]
    negation: re.Pattern[str]
    mood: re.Pattern[str]
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def of_documents(self) -> bool:
        """Whether it is the language of the documents, so that words can be compared."""
        return self.code == DOCUMENTS

    def number_as_in_documents(self, number: str) -> str:
        """Return a number as the documents write it: English 2,200.5 is 2.200,5."""
        return number if self.of_documents else number.translate(str.maketrans(".,", ",."))


@cache
def language(code: str) -> Language:
    """Return a language that there is a file of."""
    written = tomllib.loads(files("rag").joinpath(f"languages/{code}.toml").read_text(encoding="utf-8"))
    return Language(
        code,
        written["system"].strip(),
        written["template"].strip(),
        tuple((example["question"].strip(), example["answer"]) for example in written["examples"]),
        _any_of(written["negation"]),
        _any_of(written["mood"]),
        written.get("names", {}),
    )


def _any_of(words: list[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words)})\b", re.IGNORECASE)
