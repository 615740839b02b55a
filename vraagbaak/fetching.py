"""`vraagbaak models`: which there are, fetching them, checking them."""

from pathlib import Path
from typing import Annotated

import typer

from index.errors import ModelAltered, ModelUnavailable
from vraagbaak.failures import FAILED
from vraagbaak.models.store import ModelStore
from vraagbaak.session import begin
from vraagbaak.terminal import Meter, Terminal

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME…]", help="Models; without, those that the settings name.")
]

models = typer.Typer(name="models", help="List, fetch or verify the models.")


@models.callback(invoke_without_command=True)
def _models(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        list_models(context)


@models.command("list")
def list_models(context: typer.Context) -> None:
    """List the models of the catalogue, and own ones that the settings name (also without `list`)."""
    session = begin(context)
    store = ModelStore(session.settings.models)
    used = session.settings.local_models
    rows: list[dict[str, object]] = [
        {
            "name": model.name,
            "role": model.role,
            "licence": model.licence,
            "bytes": model.size,
            "state": store.state(model.name),
            "used": model.name in used,
        }
        for model in store.catalogue.models.values()
    ]
    for name in used:
        if name not in store.catalogue.models:
            state = "given" if Path(name).exists() else "missing"
            rows.append(
                {"name": name, "role": None, "licence": None, "bytes": None, "state": state, "used": True}
            )
    if session.terminal.as_json:
        session.terminal.emit({"folder": str(session.settings.models), "models": rows})
        return
    wide = max(len(str(row["name"])) for row in rows)
    for row in rows:
        size = f"{row['bytes'] / 1e6:,.0f} MB" if isinstance(row["bytes"], int) else ""
        session.terminal.line(
            f"{'*' if row['used'] else ' '} {row['name']:<{wide}}  {row['state']:<8}  {size:>9}  "
            f"{row['role'] or '':<9}  {row['licence'] or ''}".rstrip()
        )
    session.terminal.say(f"* used by the settings. Models lie in {session.settings.models}.")


@models.command("fetch")
def fetch_models(
    context: typer.Context,
    names: Names = None,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="Look in this folder first.", exists=True)
    ] = None,
) -> None:
    """Fetch models that are not here yet; every file is checked against its published SHA-256."""
    session = begin(context)
    store = ModelStore(session.settings.models)
    fetched: list[dict[str, object]] = []
    for name in names or session.settings.local_models:
        already = store.state(name) in ("present", "given")
        with session.terminal.meter(in_bytes=True) as meter:
            place = store.fetch(name, local=source, progress=_Shown(meter, session.terminal))
        fetched.append({"name": name, "path": str(place), "fetched": not already})
        if not session.terminal.as_json:
            session.terminal.line(f"{name}: {'already here' if already else 'fetched'}, {place}")
    if session.terminal.as_json:
        session.terminal.emit({"models": fetched})


@models.command("verify")
def verify_models(context: typer.Context, names: Names = None) -> None:
    """Hash every file of the models and compare it with what was published."""
    session = begin(context)
    store = ModelStore(session.settings.models)
    results: list[dict[str, object]] = []
    for name in names or session.settings.local_models:
        try:
            results.append({"name": name, "ok": True, "detail": str(store.verify(name))})
        except (ModelUnavailable, ModelAltered) as error:
            results.append({"name": name, "ok": False, "detail": str(error)})
    whole = all(result["ok"] for result in results)
    if session.terminal.as_json:
        session.terminal.emit({"ok": whole, "models": results})
    else:
        for result in results:
            session.terminal.line(
                f"{'ok   ' if result['ok'] else 'WRONG'}  {result['name']}: {result['detail']}"
            )
    if not whole:
        raise typer.Exit(FAILED)


class _Shown:
    """The progress of a fetch, on a terminal."""

    def __init__(self, meter: Meter, terminal: Terminal) -> None:
        self._meter = meter
        self._terminal = terminal

    def advance(self, done: int, total: int, description: str) -> None:
        """Move the bar."""
        self._meter(description, done, total)

    def notice(self, message: str) -> None:
        """Show a line."""
        self._terminal.say(message)
