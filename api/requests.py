"""The JSON that goes in, checked before anything is done with it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StrictBool
from pydantic_core import PydanticCustomError

from rag.answers import Turn
from rag.review.kept import Reason, Verdict

LONGEST_QUESTION = 2_000
"""Characters."""


def _asked(question: str) -> str:
    if not question.strip():
        raise PydanticCustomError("empty_question", "empty question")
    if len(question) > LONGEST_QUESTION:
        raise PydanticCustomError("long_question", "long question", {"max_length": LONGEST_QUESTION})
    return question


QuestionText = Annotated[str, AfterValidator(_asked)]
DocumentIds = Annotated[list[Annotated[str, Field(max_length=200)]] | None, Field(max_length=1_000)]


class SearchBody(BaseModel):
    """What to search for, in which documents (all, if not given)."""

    query: QuestionText
    k: int = Field(10, ge=1, le=50)
    documents: DocumentIds = None


class TurnBody(BaseModel):
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=8_000)


class AskBody(BaseModel):
    """A question, what was said before it, and the documents to answer it from (all, if not given)."""

    question: QuestionText
    history: list[TurnBody] = Field([], max_length=20)
    documents: DocumentIds = None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation before this question."""
        return tuple(Turn(turn.role, turn.content) for turn in self.history)


class FeedbackBody(BaseModel):
    """What somebody thinks of an answer; `reason` and `comment` count where it is not `helpful`."""

    answer: str = Field(max_length=64)
    helpful: StrictBool
    reason: Reason | None = None
    comment: str = Field("", max_length=1_000)

    @property
    def verdict(self) -> Verdict:
        """The thumb, with what was said beside it."""
        return Verdict(self.helpful, self.reason, self.comment)
