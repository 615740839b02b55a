"""What every channel asks: one assistant behind one line, and who hears of its answers."""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from api.asking import Asking
from api.line import Line
from rag.answers import Answer, Turn

if TYPE_CHECKING:
    from rag.assistant import Assistant


class Service:
    """Takes questions of all channels, so that their order, their limits and what is counted are the same."""

    def __init__(
        self, assistant: "Assistant", line: Line, listeners: Sequence[Callable[[Answer], None]] = ()
    ) -> None:
        """Take the parts; each of `listeners` is told of every answer, in the thread that made it."""
        self.assistant = assistant
        self.line = line
        self._listeners = tuple(listeners)

    def begin(
        self, question: str, turns: Sequence[Turn] = (), documents: Collection[str] | None = None
    ) -> Asking:
        """Begin to answer a question. Raises LineFull and LineClosed. Needs a running event loop."""
        return Asking(lambda: self.assistant.steps(question, turns, documents), self.line, self._heard)

    def _heard(self, answer: Answer) -> None:
        for listener in self._listeners:
            listener(answer)
