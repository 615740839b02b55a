"""The JSON that goes in, checked before anything is done with it."""

from typing import Annotated, Literal

from fastapi import Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException

from rag.answers import Turn
from rag.review.kept import Reason, Verdict

LONGEST_QUESTION = 2_000
"""Characters."""


def asked(question: str) -> str:
    """Return a question that can be asked; pydantic tells of any other."""
    if any("\ud800" <= letter <= "\udfff" for letter in question):  # half a character: JSON can hold it
        raise PydanticCustomError("string_unicode", "no text")
    if not question.strip():
        raise PydanticCustomError("empty_question", "empty question")
    if len(question) > LONGEST_QUESTION:
        raise PydanticCustomError("long_question", "long question", {"max_length": LONGEST_QUESTION})
    return question


def _whole(number: object) -> object:
    """Return 3 for 3.0: to JSON, which has one kind of number, both are the same."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


QuestionText = Annotated[
    str,
    AfterValidator(asked),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_QUESTION, "pattern": r"\S"}),
]
DocumentIds = Annotated[list[Annotated[str, Field(max_length=200)]] | None, Field(max_length=1_000)]


async def as_json(request: Request) -> None:
    """Refuse a body of another type. Browsers send forms of other sites unasked, but never JSON."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise HTTPException(415)


class Body(BaseModel):
    """What comes in. A field that nobody knows is refused: misspelt, it would silently mean nothing.

    Types are those of JSON: "5" is no number.
    """

    model_config = ConfigDict(extra="forbid", strict=True)


class SearchBody(Body):
    """What to search for, in which documents (all, if not given)."""

    query: QuestionText
    k: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=50)] = 10
    documents: DocumentIds = None


class TurnBody(Body):
    """An earlier turn of the conversation."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=8_000)


class AskBody(Body):
    """A question, what was said before it, and the documents to answer it from (all, if not given)."""

    question: QuestionText
    history: list[TurnBody] = Field([], max_length=20)
    documents: DocumentIds = None

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation before this question."""
        return tuple(Turn(turn.role, turn.content) for turn in self.history)


class FeedbackBody(Body):
    """What somebody thinks of an answer; `reason` and `comment` count where it is not `helpful`."""

    answer: str = Field(max_length=64)
    helpful: bool
    reason: Reason | None = None
    comment: str = Field("", max_length=1_000)

    @property
    def verdict(self) -> Verdict:
        """The thumb, with what was said beside it."""
        return Verdict(self.helpful, self.reason, self.comment)
