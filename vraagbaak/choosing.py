"""`vraagbaak eval --generators`: which generator answers best, on the same passages."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rag.generators import Extractive, Generator, Prompt
from rag.generators.pieces import Pieces
from vraagbaak.assembly import make_assistant, make_generator
from vraagbaak.session import Session

if TYPE_CHECKING:
    from eval.questions import KnownQuestion


class Switch:
    """Writes with one generator after the other, so that all of them answer from one index."""

    def __init__(self, current: Generator) -> None:
        self.current = current

    @property
    def name(self) -> str:
        """Which model writes now."""
        return self.current.name

    def generate(self, prompt: Prompt, max_tokens: int) -> Pieces:
        """Yield what the current generator writes."""
        return self.current.generate(prompt, max_tokens)


def choose_generator(
    session: Session,
    names: Sequence[str],
    known: "Sequence[KnownQuestion]",
    files: Sequence[Path],
    recordings: Path | None,
) -> None:
    """Put the questions to one generator after the other, and show how they compare with the first."""
    from eval.choosing import Choice
    from eval.recordings import Recorded
    from eval.report import Run
    from eval.run import evaluate

    terminal = session.terminal
    writer = Switch(Extractive())
    with terminal.busy("Opening the index and loading the models…"):
        assistant = make_assistant(session.settings, writer)
    runs = []
    for name in names:
        with terminal.busy(f"Loading {name}…"):
            writer.current = make_generator(session.settings.model_copy(update={"generator": name}))
        recorded = None
        if recordings:
            writer.current = recorded = Recorded(writer.current, recordings)
        with terminal.meter() as meter:
            outcomes = evaluate(assistant, known, partial(meter, f"Asking {name}"), recorded)
        runs.append(Run.of(assistant, outcomes, files))
    choice = Choice.of(runs)
    if terminal.as_json:
        terminal.emit(choice.as_json())
    else:
        terminal.out.print(choice.table())
