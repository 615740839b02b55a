"""One question on its way to its answer: a thread does the work, the event loop hears of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from threading import Event, Thread

from api.line import Line, LineClosed
from index.errors import GenerationFailed
from rag.answers import Answer, Sources, Step, Token


@dataclass(frozen=True, slots=True)
class Waiting:
    """Others are served first: `ahead` of them. None are ahead any more when the wait is over."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Beat:
    """Nothing happened for a while, but the work goes on."""


class Asking:
    """A question that is being answered.

    Sources are looked up at once, so that who waits in the line has something to read; the model writes
    when it is this one's turn. An answer for which it need not write comes at once. `leave()` ends the work
    at its next step and then frees the place: a generator that is slow to its first word yields empty Tokens
    meanwhile, which go no further than here.
    """

    def __init__(
        self,
        steps: Callable[[], Iterator[Step]],
        line: Line,
        answered: Callable[[Answer], None] | None = None,
    ) -> None:
        """Join the line and begin. Raises LineFull and LineClosed. Needs a running event loop.

        `answered` is told of the answer before who waits for it, in the thread that does the work.
        """
        self._loop = asyncio.get_running_loop()
        self._news: asyncio.Queue[Step | Waiting | Exception] = asyncio.Queue()
        self._steps = steps
        self._answered = answered
        self._left = Event()
        self._place = line.join(self._moved)
        self.waited = self._place.ahead > 0
        if self.waited:
            self._news.put_nowait(Waiting(self._place.ahead))
        Thread(target=self._work, name="asking", daemon=True).start()

    async def news(self, beat: float = 10.0) -> AsyncIterator[Step | Waiting | Beat]:
        """Yield what happens, the Answer last; a Beat after each `beat` seconds of silence.

        Raises what the steps raise, and LineClosed.
        """
        while True:
            try:
                item = await asyncio.wait_for(self._news.get(), beat)
            except TimeoutError:
                yield Beat()
                continue
            if isinstance(item, Exception):
                raise item
            yield item
            if isinstance(item, Answer):
                return

    async def answer(self) -> Answer:
        """Return the Answer. Raises what the steps raise, and LineClosed."""
        return [item async for item in self.news() if isinstance(item, Answer)][-1]

    def leave(self) -> None:
        """End the work if it goes on. Harmless when it is done."""
        self._left.set()
        if self._place.ahead:
            self._place.leave()

    def _moved(self, ahead: int | None) -> None:
        if ahead is None:
            self._tell(LineClosed("The service is stopping."))
            self._loop.call_soon_threadsafe(self.leave)
        else:
            self._tell(Waiting(ahead))

    def _tell(self, item: Step | Waiting | Exception) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._news.put_nowait, item)

    def _work(self) -> None:
        try:
            with closing(_generator(self._steps)) as steps:
                for step in steps:
                    if self._left.is_set():
                        return
                    if isinstance(step, Answer) and self._answered:
                        self._answered(step)
                    if not isinstance(step, Token) or step.text:
                        self._tell(step)
                    if isinstance(step, Answer):
                        return
                    # Who does not need the model does not wait for it.
                    if isinstance(step, Sources) and step.to_write and not self._place.wait():
                        return
            raise GenerationFailed("The steps ended without an answer.")
        except Exception as error:  # noqa: BLE001 - handed to who waits for the answer
            self._tell(error)
        finally:
            self._place.leave()


def _generator(steps: Callable[[], Iterator[Step]]) -> Generator[Step, None, None]:
    """Make any iterator closable; closing passes on to what it yields from."""
    yield from steps()
