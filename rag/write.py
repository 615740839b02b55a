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
SEVERAL = 3
"""Times the room for a question that asks for several things: the figure of each stands in a quote of its
own, and a small model that does not see it takes another."""
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
    """A prompt, the sources in it, and the evidence for which the budget left no room."""

    prompt: Prompt
    sources: tuple[Source, ...]
    left_out: tuple[Evidence, ...]


def draft_prompt(
    question: Question, evidence: Sequence[Evidence], language: Language, tokens: int, key: bytes = b""
) -> Draft:
    """Return the prompt for a question, with the sources that `tokens` tokens have room for.

    The sources end with a mark made of the question and `key`, which is secret: no document can know it.

    Sources are the passage around the best evidence and of the rest the sentences alone, best first, as many
    as there is room for: every token costs 20 ms of reading, and what is left out is quoted all the same. A
    question of parts, or one that compares, has SEVERAL times the room. The best goes in always. Those that
    touch are joined; one that does not fit is left out whole, so that no sentence is cut. Title and date
    stand once above the sources that follow each other of one document.
    """
    several = len(question.asked_parts) > 1 or question.compares
    room = tokens * (SEVERAL if several else 1) * CHARACTERS_PER_TOKEN - len(question.standalone)
    sources: list[Source] = []
    left_out: tuple[Evidence, ...] = ()
    for rank, item in enumerate(evidence):
        passage = item.hit.passage
        start, end = (passage.start, max(passage.end, item.end)) if rank == 0 else (item.start, item.end)
        wider = _joined(sources, Source(item.document, start, end))
        if rank and len(_listed(wider)) > room:
            left_out = tuple(evidence[rank:])
            break
        sources = wider
    asked = as_data(question.standalone)
    mark = hashlib.blake2b(asked.encode(), key=key, digest_size=2).hexdigest()
    user = language.template.format(mark=mark, sources=_listed(sources), question=asked)
    prompt = Prompt(language.system, language.examples, user)
    return Draft(prompt, tuple(sources), left_out)


def beginning(language: Language) -> Prompt:
    """Return the part of a prompt that is the same for every question, asking nothing."""
    return Prompt(language.system, language.examples, language.template.partition("{mark}")[0].strip())


def _heading(document: Document) -> str:
    """Return title and year of a document on one line, short, and saying nothing to a program."""
    title = " ".join(without_orders(document.title).split()) or "Zonder titel"
    short = shorten(title, LONGEST_TITLE, placeholder="") or title[:LONGEST_TITLE]
    year = year_of(document)
    return f"{short}:" if year is None or year in short else f"{short} ({year}):"


def _joined(sources: Sequence[Source], new: Source) -> list[Source]:
    """Return the sources with another one, which is joined with the one that it touches."""
    for at, source in enumerate(sources):
        touch = source.start <= new.end + 1 and new.start <= source.end + 1
        if touch and source.document.id == new.document.id:
            both = Source(new.document, min(source.start, new.start), max(source.end, new.end))
            return [*sources[:at], both, *sources[at + 1 :]]
    return [*sources, new]


def _listed(sources: Sequence[Source]) -> str:
    """Return the sources as lines with a number, under title and year of their document."""
    lines: list[str] = []
    above = ""
    for number, source in enumerate(sources, 1):
        if source.document.id != above:
            lines.append(_heading(source.document))
        lines.append(f"[{number}] {source.text}")
        above = source.document.id
    return "\n".join(lines)
