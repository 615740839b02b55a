from threading import Thread

import pytest

from api.line import Line, LineClosed, LineFull, Notify


def hearing(name: str, heard: list[tuple[str, int | None]]) -> Notify:
    return lambda ahead: heard.append((name, ahead))


def test_places_move_up_in_the_order_of_arrival() -> None:
    line = Line(waiting=3)
    heard: list[tuple[str, int | None]] = []
    places = {name: line.join(hearing(name, heard)) for name in "abcd"}
    assert [place.ahead for place in places.values()] == [0, 1, 2, 3]
    places["b"].leave()
    assert heard == [("c", 1), ("d", 2)]
    places["a"].leave()
    assert heard[2:] == [("c", 0), ("d", 1)]
    assert [places[name].ahead for name in "cd"] == [0, 1]


def test_only_so_many_may_wait() -> None:
    line = Line(waiting=2)
    places = [line.join(lambda _: None) for _ in range(3)]
    with pytest.raises(LineFull):
        line.join(lambda _: None)
    places[1].leave()
    line.join(lambda _: None)
    assert len(line) == 3


def test_waiting_ends_with_a_turn_or_with_leaving() -> None:
    line = Line()
    first, second, third = (line.join(lambda _: None) for _ in range(3))
    turns: dict[str, bool] = {}
    threads = [
        Thread(target=lambda name=name, place=place: turns.update({name: place.wait()}))
        for name, place in (("second", second), ("third", third))
    ]
    for thread in threads:
        thread.start()
    assert first.wait()
    assert turns == {}
    third.leave()
    first.leave()
    for thread in threads:
        thread.join(5)
    assert turns == {"second": True, "third": False}


def test_leaving_twice_frees_one_place() -> None:
    line = Line()
    first, second, third = (line.join(lambda _: None) for _ in range(3))
    first.leave()
    first.leave()
    assert (second.ahead, third.ahead, len(line)) == (0, 1, 2)


def test_a_closing_line_sends_away_who_waits_and_lets_the_first_finish() -> None:
    line = Line()
    heard: list[tuple[str, int | None]] = []
    for name in "abc":
        line.join(hearing(name, heard))
    line.close()
    assert heard == [("b", None), ("c", None)] and line.closed
    with pytest.raises(LineClosed):
        line.join(lambda _: None)
    line.close(served_too=True)
    assert heard[2:] == [("a", None), ("b", None), ("c", None)]
