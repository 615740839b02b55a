"""What comes out: an answer whose sentences lead to literal quotes on pages, and the steps towards it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from index.documents import Document, Hit

Status = Literal["answered", "partial", "not_found", "refused"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A literal quote: `document.text[start:end] == quote`, beginning on page `page`.

    `number` counts from 1 within an answer and is the marker `[1]` in its text.
    """

    number: int
    document: Document
    start: int
    end: int

    @property
    def quote(self) -> str:
        """The quoted words, as they stand in the running text."""
        return self.document.text[self.start : self.end]

    @property
    def page(self) -> int:
        """The number of the page on which the quote begins, as a PDF viewer counts."""
        return self.document.page_at(self.start).number

    @property
    def page_label(self) -> str | None:
        """The number printed on that page, if there is one."""
        return self.document.page_at(self.start).label


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer, the numbers of its citations, and whether its content was verified in them."""

    text: str
    citations: tuple[int, ...]
    verified: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question.

    Every sentence of an answered question carries at least one citation. `not_found` and `refused` are
    answers too: their `text` says so in Dutch, they have no sentences and no citations, and `hits` holds
    the nearest passages. `confidence` lies between 0 and 1. `timings` are in milliseconds.

    What is not shown is told too, for those who want to know why: of the sentences that the generator wrote
    (`written`) those in which no quote was found to hold (`dropped`), and the pages of which nothing was in
    the prompt, for want of room (`left_out`). `notices` are Dutch, for who asked: what went otherwise than it
    should. `cached` says that the same question was answered before.
    """

    id: str
    question: str
    standalone_question: str
    status: Status
    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    confidence: float
    timings: Mapping[str, float] = field(default_factory=dict)
    embedder: str = ""
    generator: str = ""
    index: str = ""
    written: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    left_out: tuple[tuple[Document, int], ...] = ()
    notices: tuple[str, ...] = ()
    cached: bool = False

    def __post_init__(self) -> None:
        found = self.status in ("answered", "partial")
        if found != bool(self.sentences) or (not found and self.citations):
            raise ValueError(f"status {self.status} with {len(self.sentences)} sentences")
        numbers = [citation.number for citation in self.citations]
        if numbers != list(range(1, len(numbers) + 1)):
            raise ValueError(f"citations are numbered {numbers}, not from 1 on")
        for sentence in self.sentences:
            if not sentence.citations or not set(sentence.citations) <= set(numbers):
                raise ValueError(
                    f"citations {sentence.citations} of {sentence.text!r}, but the answer has {numbers}"
                )


@dataclass(frozen=True, slots=True)
class Sources:
    """A step towards an answer: what was found, for what question, and the best quote, before any writing.

    `to_write` says whether the generator will be asked.
    """

    hits: tuple[Hit, ...]
    quote: Citation | None
    standalone_question: str = ""
    to_write: bool = True


@dataclass(frozen=True, slots=True)
class Token:
    """A step towards an answer: a piece of text, as the generator writes it."""

    text: str


Step = Sources | Token | Answer
"""What `Assistant.steps` yields: Sources once, Tokens, and the Answer last."""
