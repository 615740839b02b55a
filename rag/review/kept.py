"""A question that is kept for editors: how it was answered, what people thought, what was made of it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from rag.answers import Answer, Status
from rag.review.masking import mask

Reason = Literal["incorrect", "wrong_source", "incomplete", "unclear", "missing"]
"""Why an answer does not help; "missing": the documents do say it."""

NEAREST = 5
"""Pages that are kept with a question, for an editor to choose from."""


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a document. `file` is its name at the time, so that a removed one can still be told."""

    document: str
    file: str
    page: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and how it was answered; nothing of who asked, of when, or of what documents say.

    `question` stands on its own, as it was searched for, with personal data masked. `nearest` are the pages
    of the best hits, best first.
    """

    answer: str
    question: str
    status: Status
    nearest: tuple[Place, ...]
    embedder: str
    generator: str
    index: str

    @classmethod
    def of(cls, answer: Answer) -> "Asked":
        """Return what is kept of an answer."""
        places = (
            Place(hit.document.id, hit.document.file, hit.document.page_at(hit.passage.focus[0]).number)
            for hit in answer.hits
        )
        return cls(
            answer=answer.id,
            question=mask(answer.standalone_question),
            status=answer.status,
            nearest=tuple(dict.fromkeys(places))[:NEAREST],
            embedder=answer.embedder,
            generator=answer.generator,
            index=answer.index,
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What somebody thought of an answer; `reason` and `comment` only where it did not help."""

    helpful: bool
    reason: Reason | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """What an editor made of a question: the pages that answer it, none if the documents do not.

    `facts` are regular expressions, each of which a good answer states. `kind`, `style` and `answer` are
    those of question files (docs/evaluation.md).
    """

    pages: tuple[Place, ...]
    facts: tuple[str, ...]
    kind: str
    style: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class KeptQuestion:
    """A question in the store. `asked` is the latest time of `unanswered` without an answer, or judged."""

    id: int
    asked: Asked
    first: date
    last: date
    unanswered: int
    verdicts: tuple[Verdict, ...]
    review: Review | None
