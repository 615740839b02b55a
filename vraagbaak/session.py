"""What every command begins with: the options of the whole program, the settings, the log, the terminal."""

import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from vraagbaak.settings import Settings, read_settings
from vraagbaak.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Options:
    """The options of the whole program."""

    data: Path | None = None
    as_json: bool = False


@dataclass(frozen=True, slots=True)
class Session:
    """One run of a command. `given` are the settings from the command line."""

    settings: Settings
    terminal: Terminal
    given: Mapping[str, object]


def begin(context: typer.Context, **given: object) -> Session:
    """Read the settings, `given` before all others, and start the log. Raises BadConfiguration."""
    options: Options = context.obj
    given = {"data": options.data, **given}
    settings = read_settings(**given)
    # Plain lines on stderr; who runs the service adds the time. The level is the handler's, because some
    # libraries set that of their own loggers to debug.
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(settings.log.upper())
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(handlers=[handler], level=settings.log.upper(), force=True)
    return Session(settings, Terminal(options.as_json), given)
