"""What the command line does with errors: one line on stderr, and an exit code that scripts can rely on."""

import json
import os
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from typer.core import TyperGroup
from typer.exceptions import TyperException

from index.errors import (
    BadConfiguration,
    BadQuestion,
    IndexMismatch,
    NothingIndexed,
    UnknownDocument,
    UnknownPage,
    UnknownQuestion,
    VraagbaakError,
)

DONE, FAILED, WRONG_USE, NOT_FOUND = range(4)
"""The exit codes."""

EXIT_CODES: Mapping[type[Exception], int] = {
    BadConfiguration: WRONG_USE,
    BadQuestion: WRONG_USE,
    IndexMismatch: WRONG_USE,
    UnknownDocument: WRONG_USE,
    UnknownPage: WRONG_USE,
    UnknownQuestion: WRONG_USE,
    VraagbaakError: FAILED,
    OSError: FAILED,
    sqlite3.Error: FAILED,
}
"""The exit code of every error that means something; any other is a bug, and shows its traceback."""

_ANYWHERE = {"--json": 1, "--data": 2}
"""Options of the whole program, and the number of words each takes."""


class Commands(TyperGroup):
    """The commands. Errors become lines and exit codes; `--json` and `--data` may stand anywhere."""

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run a command and exit. Everything that can go wrong on purpose ends here."""
        words = in_front(sys.argv[1:] if args is None else args)
        as_json = "--json" in words[: _leading(words)]
        extra["standalone_mode"] = False
        try:
            sys.exit(super().main(words, *rest, **extra))
        except BrokenPipeError:
            # Who reads has had enough (`| head`); Python would complain once more when it closes stdout.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(FAILED)
        except TyperException as error:
            if as_json:
                _tell(error.format_message(), "WrongUse", error.exit_code, {}, as_json)
            else:
                error.show()  # type: ignore[attr-defined]
            sys.exit(error.exit_code)
        except tuple(EXIT_CODES) as error:
            code = next(EXIT_CODES[kind] for kind in type(error).mro() if kind in EXIT_CODES)
            details = {"refused": dict(error.refused)} if isinstance(error, NothingIndexed) else {}
            _tell(str(error), type(error).__name__, code, details, as_json)
            sys.exit(code)


def in_front(words: Sequence[str]) -> list[str]:
    """Return the words of a command line with the options of the whole program first."""
    front: list[str] = []
    others: list[str] = []
    rest = list(words)
    while rest and rest[0] != "--":
        takes = _ANYWHERE.get(rest[0], 0)
        if rest[0].startswith("--data="):
            takes = 1
        (front if takes else others).extend(rest[: takes or 1])
        rest = rest[takes or 1 :]
    return [*front, *others, *rest]


def _leading(words: Sequence[str]) -> int:
    """Return how many words at the beginning are options of the whole program."""
    at = 0
    while at < len(words) and words[at].startswith(tuple(_ANYWHERE)):
        at += _ANYWHERE.get(words[at], 1)
    return at


def _tell(message: str, kind: str, code: int, details: Mapping[str, object], as_json: bool) -> None:
    sys.stderr.write(f"vraagbaak: {message}\n")
    if as_json:
        body = {"error": {"type": kind, "message": message, "exit_code": code, **details}}
        sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
