import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator

import pytest

from api.asking import Asking, Beat, Waiting
from api.line import Line, LineClosed, LineFull
from index.errors import GenerationFailed
from rag.answers import Answer, Sources, Step, Token

NOTHING = Sources((), None)
ANSWER = Answer("1", "Vraag?", "Vraag?", "not_found", "Niet gevonden.", (), (), (), 0.0)


def steps(*between: Step) -> Iterator[Step]:
    yield from (NOTHING, *between, ANSWER)


class Slow:
    """Steps that take their time, as a model that reads its prompt does, and tell when they were closed."""

    def __init__(self) -> None:
        self.started = threading.Event()
        self.closed_at = 0.0

    def __call__(self) -> Iterator[Step]:
        try:
            yield NOTHING
            self.started.set()
            for _ in range(200):
                time.sleep(0.05)
                yield Token("")
            yield ANSWER
        finally:
            self.closed_at = time.monotonic()


def run(test: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 10))


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.01)


def test_steps_arrive_in_order_and_empty_tokens_stay_behind() -> None:
    async def test() -> None:
        asking = Asking(lambda: steps(Token("Niet "), Token(""), Token("gevonden.")), Line())
        news = [item async for item in asking.news()]
        assert news == [NOTHING, Token("Niet "), Token("gevonden."), ANSWER]

    run(test)


def test_sources_come_before_the_turn_and_tokens_after_it() -> None:
    async def test() -> None:
        line, slow = Line(), Slow()
        first, second = Asking(slow, line), Asking(lambda: steps(Token("Ja.")), line)
        news = second.news()
        assert [await anext(news), await anext(news)] == [Waiting(1), NOTHING]
        waiting = asyncio.ensure_future(anext(news))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        first.leave()
        assert [await waiting, *[item async for item in news]] == [Waiting(0), Token("Ja."), ANSWER]
        await until(lambda: len(line) == 0)

    run(test)


def test_who_does_not_need_the_model_does_not_wait_for_it() -> None:
    async def test() -> None:
        line, slow = Line(), Slow()
        first = Asking(slow, line)
        at_once = Sources((), None, to_write=False)
        second = Asking(lambda: iter([at_once, ANSWER]), line)
        assert [item async for item in second.news()] == [Waiting(1), at_once, ANSWER]
        first.leave()

    run(test)


def test_leaving_closes_the_steps_and_frees_the_place_within_a_second() -> None:
    async def test() -> None:
        line, slow = Line(), Slow()
        asking = Asking(slow, line)
        await until(slow.started.is_set)
        left = time.monotonic()
        asking.leave()
        await until(lambda: len(line) == 0)
        assert 0 < slow.closed_at - left < 1

    run(test)


def test_who_leaves_while_waiting_is_out_of_the_line_at_once() -> None:
    async def test() -> None:
        line, slow = Line(), Slow()
        first = Asking(slow, line)
        second = Asking(lambda: steps(), line)
        second.leave()
        assert len(line) == 1
        first.leave()
        await until(lambda: len(line) == 0)

    run(test)


def test_silence_is_broken_by_beats() -> None:
    async def test() -> None:
        asking = Asking(Slow(), Line())
        news = asking.news(beat=0.05)
        assert [await anext(news) for _ in range(3)] == [NOTHING, Beat(), Beat()]
        asking.leave()

    run(test)


def test_what_the_steps_raise_reaches_who_waits_and_frees_the_place() -> None:
    def fails() -> Iterator[Step]:
        yield NOTHING
        raise GenerationFailed("kapot")

    async def test() -> None:
        line = Line()
        with pytest.raises(GenerationFailed, match="kapot"):
            await Asking(fails, line).answer()
        with pytest.raises(GenerationFailed, match="without an answer"):
            await Asking(lambda: iter([NOTHING]), line).answer()
        assert await Asking(lambda: steps(), line).answer() == ANSWER
        await until(lambda: len(line) == 0)

    run(test)


def test_a_full_line_takes_nobody_in() -> None:
    async def test() -> None:
        line, slow = Line(waiting=0), Slow()
        first = Asking(slow, line)
        with pytest.raises(LineFull):
            Asking(lambda: steps(), line)
        first.leave()
        await until(lambda: len(line) == 0)
        assert await Asking(lambda: steps(), line).answer() == ANSWER

    run(test)


def test_closing_the_line_ends_every_question() -> None:
    async def test() -> None:
        line = Line()
        askings = [Asking(Slow(), line) for _ in range(3)]
        answers = [asyncio.ensure_future(asking.answer()) for asking in askings]
        await asyncio.sleep(0.1)
        line.close()
        done = await asyncio.gather(*answers[1:], return_exceptions=True)
        assert [type(error) for error in done] == [LineClosed, LineClosed]
        assert not answers[0].done()
        line.close(served_too=True)
        with pytest.raises(LineClosed):
            await answers[0]
        await until(lambda: len(line) == 0)

    run(test)
