"""What OpenAI's clients send: fields that mean nothing here, and new ones each year, are passed over."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api.chat_tasks import task_answer
from api.requests import asked
from rag.answers import Turn

MODEL = "vraagbaak"
"""The only model there is."""
TURNS = 20
"""Turns before the question that are looked at; front ends send the whole conversation each time."""
LONGEST_TURN = 8_000
"""Characters of a turn that are looked at."""


class UnknownModel(Exception):
    """A model that is not the one there is."""


class Sent(BaseModel):
    """What comes in: a field that is known must be what it should be, any other is passed over."""

    model_config = ConfigDict(strict=True)


class Part(Sent):
    """A part of a message: text, or what is not read here (pictures, sound, files)."""

    type: str
    text: str | None = None


class Message(Sent):
    """A message. Only those of roles `user` and `assistant` are looked at: a system prompt steers nothing."""

    role: str
    content: str | list[Part] | None = None

    @property
    def words(self) -> str:
        """The text of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text or "" for part in self.content)
        return self.content or ""


def _with_question(messages: list[Message]) -> list[Message]:
    last = next((message for message in reversed(messages) if message.role == "user"), None)
    if last is None:
        raise PydanticCustomError("no_question", "no message of a user")
    if isinstance(last.content, list) and any(part.type != "text" for part in last.content):
        raise PydanticCustomError("only_text", "something else than text")
    if task_answer(last.words) is None:
        asked(last.words)
    return messages


class StreamOptions(Sent):
    """What a stream should hold besides."""

    include_usage: bool | None = None


class CompletionBody(Sent):
    """A conversation whose last message of a user is the question; other fields are passed over."""

    model: str = MODEL
    messages: Annotated[list[Message], Field(min_length=1), AfterValidator(_with_question)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None

    @property
    def question(self) -> str:
        """The last thing that a user said."""
        return self.messages[self._last].words

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation before the question."""
        before = (
            Turn("user" if message.role == "user" else "assistant", message.words[:LONGEST_TURN])
            for message in self.messages[: self._last]
            if message.role in ("user", "assistant")
        )
        return tuple(before)[-TURNS:]

    @property
    def with_usage(self) -> bool:
        """Whether a stream should end with the usage."""
        return bool(self.stream_options and self.stream_options.include_usage)

    @property
    def _last(self) -> int:
        return max(at for at, message in enumerate(self.messages) if message.role == "user")
