"""The command line: which commands there are. What they do stands in a file for each group."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from vraagbaak.asking import ask, search
from vraagbaak.configuring import config
from vraagbaak.connecting import mcp
from vraagbaak.doctor import doctor
from vraagbaak.evaluating import evaluate_questions
from vraagbaak.failures import Commands
from vraagbaak.fetching import models
from vraagbaak.indexing import bring_up_to_date, documents
from vraagbaak.reviewing import questions
from vraagbaak.serving import serve
from vraagbaak.session import Options
from vraagbaak.tuning import tune

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    epilog="Exit codes: 0 done, 1 failed, 2 wrong use or configuration, 3 no answer found.",
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("vraagbaak"))
        raise typer.Exit


@app.callback()
def vraagbaak(
    context: typer.Context,
    data: Annotated[
        Path | None, typer.Option(help="Folder with the index.", show_default="VRAAGBAAK_DATA or data")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object on stdout and nothing else there.")
    ] = False,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Answers questions in Dutch from an organisation's own documents, each sentence on its page."""
    context.obj = Options(data, as_json)


app.command("index")(bring_up_to_date)
app.command()(search)
app.command()(ask)
app.command()(serve)
app.command()(mcp)
app.command("eval")(evaluate_questions)
app.command()(tune)
app.add_typer(documents)
app.add_typer(questions)
app.add_typer(models)
app.command()(doctor)
app.add_typer(config)
