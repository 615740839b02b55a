"""What the command line shows: results on stdout, everything else on stderr, and with `--json` one object."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol

from pydantic import BaseModel
from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

LINE_EVERY = 10.0
"""Seconds between two lines of progress where no bar can be drawn: in a log, in CI."""


class Meter(Protocol):
    """Is told how far something has come."""

    def __call__(self, phase: str, done: int, total: int, at_hand: str = "") -> None:
        """Take note that `done` of `total` are done in this phase, and what is at hand."""


class Terminal:
    """Where a command shows its result and what it is doing."""

    def __init__(self, as_json: bool = False) -> None:
        self.as_json = as_json
        # What is shown holds words of documents: they are never markup, never coloured for what they say.
        self.out = Console(markup=False, highlight=False, emoji=False)
        self.err = Console(stderr=True, markup=False, highlight=False, emoji=False)

    @property
    def interactive(self) -> bool:
        """Whether somebody is looking at the result as it comes."""
        return self.out.is_terminal and not self.as_json

    def emit(self, body: BaseModel | Mapping[str, object]) -> None:
        """Print one JSON object."""
        content = body.model_dump(mode="json") if isinstance(body, BaseModel) else body
        self.out.file.write(json.dumps(content, ensure_ascii=False) + "\n")

    def line(self, words: str = "", *, style: str = "") -> None:
        """Print a line of the result; it is wrapped where somebody looks, and whole in a pipe."""
        self.out.print(Text(words, style=style), soft_wrap=not self.out.is_terminal)

    def block(self, words: str, indent: int) -> None:
        """Print words on lines of their own, `indent` spaces in."""
        if self.out.is_terminal:
            self.out.print(Padding(Text(words), (0, 0, 0, indent)))
        else:
            self.line(" " * indent + words)

    @contextmanager
    def busy(self, words: str) -> Iterator[None]:
        """Show on stderr that something takes its time, where somebody looks."""
        if self.err.is_terminal:
            with self.err.status(Text(words)):
                yield
        else:
            yield

    def say(self, words: str) -> None:
        """Tell on stderr what is going on."""
        self.err.print(Text(words), soft_wrap=True)

    @contextmanager
    def meter(self, *, in_bytes: bool = False) -> Iterator[Meter]:
        """Show progress on stderr: bars in a terminal, now and then a line elsewhere."""
        if not self.err.is_terminal:
            yield _Lines(self)
            return
        amount: tuple[ProgressColumn, ...] = (MofNCompleteColumn(), _Rate())
        if in_bytes:
            amount = (DownloadColumn(), TransferSpeedColumn())
        words = TextColumn("{task.description}", markup=False)
        at_hand = TextColumn("{task.fields[at_hand]}", style="dim", markup=False)
        with Progress(
            words, BarColumn(), *amount, TimeRemainingColumn(), at_hand, console=self.err
        ) as progress:
            yield _Bars(progress)


class _Bars:
    """A bar for each phase."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, phase: str, done: int, total: int, at_hand: str = "") -> None:
        if phase not in self._tasks:
            self._tasks[phase] = self._progress.add_task(phase, at_hand="")
        shown = " ".join(at_hand.split())
        self._progress.update(
            self._tasks[phase], completed=done, total=total, at_hand=shown[:40] if done < total else ""
        )


class _Lines:
    """A line when a phase begins and ends, and at intervals between."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._told: dict[str, tuple[float, int]] = {}

    def __call__(self, phase: str, done: int, total: int, at_hand: str = "") -> None:
        now = time.monotonic()
        when, before = self._told.get(phase, (0.0, -1))
        finished = done >= total and before != done
        if total and (finished or now - when >= LINE_EVERY):
            self._told[phase] = now, done
            self._terminal.say(f"{phase}: {done / total:.0%} ({done:,} of {total:,})")


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:.1f}/s" if task.speed else "", style="dim")
