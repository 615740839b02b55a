"""What OpenAI's clients get: an answer in their shape, with the citations of our own beside it."""

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Literal

from fastapi.sse import format_sse_event
from pydantic import BaseModel
from starlette.responses import JSONResponse

from api.chat_request import MODEL, CompletionBody
from api.markdown import answer_in_markdown
from api.schemas import CitationBody
from rag.answers import Answer, Status

DONE = format_sse_event(data_str="[DONE]")
"""The event that ends a stream."""


class Usage(BaseModel):
    """Tokens, estimated at four bytes each: nothing is billed by them."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

    @classmethod
    def of(cls, body: CompletionBody, written: str) -> "Usage":
        """Estimate what was read and what was written."""
        read, wrote = (
            (len(words.encode()) + 3) // 4
            for words in ("".join(message.words for message in body.messages), written)
        )
        return cls(prompt_tokens=read, completion_tokens=wrote, total_tokens=read + wrote)


class AnswerNote(BaseModel):
    """What OpenAI's shape has no room for: the answer's id (for feedback), its status and confidence."""

    id: str
    status: Status
    standalone_question: str
    confidence: float

    @classmethod
    def of(cls, answer: Answer) -> "AnswerNote":
        """Describe an answer."""
        return cls(
            id=answer.id,
            status=answer.status,
            standalone_question=answer.standalone_question,
            confidence=answer.confidence,
        )


class WrittenMessage(BaseModel):
    """What is answered."""

    role: Literal["assistant"] = "assistant"
    content: str


class Choice(BaseModel):
    """The only choice there is."""

    index: int = 0
    message: WrittenMessage
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class Completion(BaseModel):
    """An answer in OpenAI's shape, with the citations of our own; both are absent for a front end's task."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: Usage
    sources: list[CitationBody] | None = None
    vraagbaak: AnswerNote | None = None


@dataclass(frozen=True, slots=True)
class ChatStyle:
    """How answers look to chat front ends.

    `listed`: whether sources are listed below the text. `base`: the address of the service in links, without
    a slash at its end; empty for the one under which it was asked.
    """

    listed: bool = True
    base: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One completion that is being given, under one id."""

    body: CompletionBody
    base: str
    listed: bool
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid.uuid4().hex}")
    created: int = field(default_factory=lambda: int(time.time()))

    def text(self, answer: Answer) -> str:
        """Return what is shown of an answer."""
        return answer_in_markdown(answer, self.base, listed=self.listed)

    def sources(self, answer: Answer) -> list[CitationBody]:
        """Return the citations, with whole addresses: what reads them is another program on another host."""
        bodies = map(CitationBody.of, answer.citations)
        return [body.model_copy(update={"url": self.base + body.url}) for body in bodies]

    def whole(self, words: str, answer: Answer | None = None) -> JSONResponse:
        """Return the response that is no stream."""
        completion = Completion(
            id=self.id,
            created=self.created,
            choices=[Choice(message=WrittenMessage(content=words))],
            usage=Usage.of(self.body, words),
            sources=self.sources(answer) if answer else None,
            vraagbaak=AnswerNote.of(answer) if answer else None,
        )
        # OpenAI's clients know logprobs as null; what is ours is left out where there is none.
        ours = {name for name in ("sources", "vraagbaak") if getattr(completion, name) is None}
        return JSONResponse(completion.model_dump(mode="json", exclude=ours))

    def opening(self) -> bytes:
        """Return the first event of a stream."""
        return self._event({"role": "assistant", "content": ""})

    def written(self, words: str, answer: Answer | None = None) -> list[bytes]:
        """Return the events of the text and those that end it, the last chunk with the sources."""
        events = [self._event({"content": line}) for line in words.splitlines(keepends=True)]
        ours: dict[str, object] = {}
        if answer:
            ours["sources"] = [body.model_dump(mode="json") for body in self.sources(answer)]
            ours["vraagbaak"] = AnswerNote.of(answer).model_dump(mode="json")
        events.append(self._event({}, finish_reason="stop", **ours))
        if self.body.with_usage:
            events.append(self._event(None, usage=Usage.of(self.body, words).model_dump()))
        return events

    def _event(self, delta: object, finish_reason: str | None = None, **more: object) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        chunk = {
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": MODEL,
            "choices": [] if delta is None else [choice],
            **more,
        }
        return format_sse_event(data_str=json.dumps(chunk, ensure_ascii=False))
