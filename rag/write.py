"""Write: the prompt, cut to its budget on purpose."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

from index.documents import Document
from rag.evidence import Evidence
from rag.generators import Prompt
from rag.language import Language
from rag.orders import as_data, without_orders
from rag.retrieve import year_of
from rag.understand import Question

CHARACTERS_PER_TOKEN = 3.0
"""Of Dutch. Qwen2.5 takes about 3.2 characters a token on the papers: this errs on the safe side."""
LONGEST_TITLE = 60
"""Characters of a title in a prompt."""


@dataclass(frozen=True, slots=True)
class Source:
    """A part of a document as the generator reads it: document.text[start:end]."""

    document: Document
    start: int
    end: int

    @property
    def text(self) -> str:
        """The text on one line, without what speaks to a program."""
        return " ".join(without_orders(self.document.text[self.start : self.end]).split())


@dataclass(frozen=True, slots=True)
class Draft:
    """A prompt, the sources in it, and those for which the budget left no room."""

    prompt: Prompt
    sources: tuple[Source, ...]
    left_out: tuple[Source, ...]


def draft_prompt(
    question: Question, evidence: Sequence[Evidence], language: Language, tokens: int, key: bytes = b""
) -> Draft:
    """Return the prompt for a question, its sources taking at most `tokens` tokens.

    The sources end with a mark made of the question and `key`, which is secret: no document can know it.

    Sources are the passage around the best evidence and the other sentences alone: every token costs 20 ms of
    reading. Those that touch are joined; one that does not fit is left out whole, so that no sentence is cut.
    Title and date stand once above the sources that follow each other of one document.
    """
    sources: list[Source] = []
    for rank, item in enumerate(evidence):
        passage = item.hit.passage
        start, end = (passage.start, max(passage.end, item.end)) if rank == 0 else (item.start, item.end)
        _join(sources, Source(item.document, start, end))
    room = tokens * CHARACTERS_PER_TOKEN - len(question.standalone)
    taken: list[Source] = []
    lines: list[str] = []
    for source in sources:
        line = f"[{len(taken) + 1}] {source.text}"
        if not taken or source.document.id != taken[-1].document.id:
            line = f"{_heading(source.document)}\n{line}"
        room -= len(line)
        if room < 0 and taken:
            break
        taken.append(source)
        lines.append(line)
    asked = as_data(question.standalone)
    mark = hashlib.blake2b(asked.encode(), key=key, digest_size=2).hexdigest()
    user = language.template.format(mark=mark, sources="\n".join(lines), question=asked)
    prompt = Prompt(language.system, language.examples, user)
    return Draft(prompt, tuple(taken), tuple(sources[len(taken) :]))


def beginning(language: Language) -> Prompt:
    """Return the part of a prompt that is the same for every question, asking nothing."""
    return Prompt(language.system, language.examples, language.template.partition("{mark}")[0].strip())


def _heading(document: Document) -> str:
    """Return title and year of a document on one line, short, and saying nothing to a program."""
    title = " ".join(without_orders(document.title).split()) or "Zonder titel"
    short = shorten(title, LONGEST_TITLE, placeholder="") or title[:LONGEST_TITLE]
    year = year_of(document)
    return f"{short}:" if year is None or year in short else f"{short} ({year}):"


def _join(sources: list[Source], new: Source) -> None:
    for at, source in enumerate(sources):
        touch = source.start <= new.end + 1 and new.start <= source.end + 1
        if touch and source.document.id == new.document.id:
            sources[at] = Source(new.document, min(source.start, new.start), max(source.end, new.end))
            return
    sources.append(new)
