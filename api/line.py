"""The line before the model: it writes one answer at a time, for whoever came first."""

from collections.abc import Callable
from threading import Condition

Notify = Callable[[int | None], None]
"""Called with the number of askers ahead whenever it changes, and with None when the line closes."""


class LineFull(Exception):
    """Nobody can join the line any more: too many are waiting."""


class LineClosed(Exception):
    """The service is stopping: the line takes nobody in and sends away who is in it."""


class Place:
    """Somebody's place in the line."""

    def __init__(self, line: "Line", notify: Notify) -> None:
        self._line = line
        self.notify = notify

    @property
    def ahead(self) -> int:
        """How many askers are ahead, the one who is being served included; 0 when it is this one's turn."""
        return self._line.ahead(self)

    def wait(self) -> bool:
        """Block this thread until it is this one's turn; return False if the place was given up meanwhile."""
        return self._line.wait(self)

    def leave(self) -> None:
        """Give up the place, served or not, so that the others move up. Leaving twice is no error."""
        self._line.leave(self)


class Line:
    """Askers in order of arrival; at most `waiting` of them behind the one who is being served."""

    def __init__(self, waiting: int = 8) -> None:
        self._waiting = waiting
        self._places: list[Place] = []
        self._moved = Condition()
        self._closed = False

    def __len__(self) -> int:
        """How many askers are in the line, the one who is being served included."""
        return len(self._places)

    @property
    def closed(self) -> bool:
        """Whether the line takes nobody in any more."""
        return self._closed

    def join(self, notify: Notify) -> Place:
        """Take the last place. Raises LineFull and LineClosed."""
        with self._moved:
            if self._closed:
                raise LineClosed("The service is stopping.")
            if len(self._places) > self._waiting:
                raise LineFull(f"{self._waiting} questions are waiting already.")
            place = Place(self, notify)
            self._places.append(place)
            return place

    def ahead(self, place: Place) -> int:
        """How many are ahead of this place."""
        with self._moved:
            return self._places.index(place) if place in self._places else 0

    def wait(self, place: Place) -> bool:
        """Block until this place is the first; return False if it is in the line no more."""
        with self._moved:
            self._moved.wait_for(lambda: place not in self._places or self._places[0] is place)
            return place in self._places

    def leave(self, place: Place) -> None:
        """Take this place out of the line, if it is in it, and tell those behind it."""
        with self._moved:
            if place in self._places:
                at = self._places.index(place)
                del self._places[at]
                self._moved.notify_all()
                for ahead, other in enumerate(self._places[at:], start=at):
                    other.notify(ahead)

    def close(self, served_too: bool = False) -> None:
        """Take nobody in any more and send away who is waiting, and with `served_too` who is being served."""
        with self._moved:
            self._closed = True
            for place in self._places[0 if served_too else 1 :]:
                place.notify(None)
