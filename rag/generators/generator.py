"""What a generator reads, and what it is."""

from dataclasses import dataclass
from typing import Protocol

from index.errors import BadConfiguration
from rag.generators.pieces import Pieces

Message = dict[str, str]
"""A chat message: `role` and `content`."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a generator reads: instructions, examples as (question, answer), and what it is asked now.

    `system` and `examples` are the same for every question, so that their reading can be kept.
    """

    system: str
    examples: tuple[tuple[str, str], ...]
    user: str

    @property
    def messages(self) -> list[Message]:
        """The prompt as chat messages."""
        return [{"role": "system", "content": self.system}, *self._turns]

    @property
    def messages_without_system(self) -> list[Message]:
        """The same, the instructions at the head of the first turn: for templates that know no system."""
        first, *others = self._turns
        return [first | {"content": f"{self.system}\n\n{first['content']}"}, *others]

    @property
    def _turns(self) -> list[Message]:
        turns = [
            turn for question, answer in self.examples for turn in (("user", question), ("assistant", answer))
        ]
        return [{"role": role, "content": content} for role, content in (*turns, ("user", self.user))]


def require_context(model: str, taken: int | None, wanted: int) -> None:
    """Raise BadConfiguration when a model takes fewer tokens than a prompt and its answer may have together.

    `taken` is None where that is not known; then a prompt that does not fit is told when it is asked.
    """
    if taken and taken < wanted:
        raise BadConfiguration(
            f"{model} takes {taken} tokens at once, and a prompt with its answer may have {wanted}: "
            "lower VRAAGBAAK_PROMPT_TOKENS or VRAAGBAAK_ANSWER_TOKENS."
        )


class Generator(Protocol):
    """Writes text, by the chat template of its model, and without thinking aloud first."""

    @property
    def name(self) -> str:
        """Which model writes."""

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield pieces of at most `max_tokens` tokens in all. Raises GenerationFailed and PromptTooLong."""
