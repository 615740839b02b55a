"""`vraagbaak eval`: how well questions with known answers are answered."""

from pathlib import Path
from typing import Annotated

import typer

from vraagbaak.session import begin


def evaluate_questions(
    context: typer.Context,
    questions: Annotated[
        list[Path], typer.Argument(metavar="QUESTIONS.jsonl…", help="Question files.", exists=True)
    ],
) -> None:
    """Ask questions with known answers, and measure."""
    begin(context)
    raise NotImplementedError
