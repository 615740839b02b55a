"""`vraagbaak config`: what is set, and where it comes from."""

import typer
from pydantic import SecretStr

from vraagbaak.session import begin
from vraagbaak.settings import Settings, origins, unknown_variables

config = typer.Typer(name="config", help="Show the settings.", no_args_is_help=True)


@config.callback()
def _config() -> None:
    """Keep `config show` two words, now that it is the only command of its group."""


@config.command("show")
def show_settings(context: typer.Context) -> None:
    """Show every setting with its value and where that comes from; secrets are masked."""
    session = begin(context)
    places = origins(**session.given)
    rows = {
        name: {
            "value": _plain(getattr(session.settings, name)),
            "from": places[name],
            "description": field.description,
        }
        for name, field in Settings.model_fields.items()
    }
    if session.terminal.as_json:
        session.terminal.emit({"settings": rows})
    else:
        wide = max(len(name) for name in rows) + len("VRAAGBAAK_")
        for name, row in rows.items():
            session.terminal.line(f"{'VRAAGBAAK_' + name.upper():<{wide}}  {row['value']}  ({row['from']})")
            session.terminal.line(f"{'':<{wide}}  {row['description']}", style="dim")
    for variable in unknown_variables():
        session.terminal.say(f"{variable} sets nothing: there is no such setting.")


def _plain(value: object) -> object:
    if isinstance(value, SecretStr):
        return "********"
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, int | str) or value is None else str(value)
