"""`vraagbaak eval`: how well questions with known answers are answered."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from vraagbaak.failures import FAILED
from vraagbaak.session import begin

if TYPE_CHECKING:
    from eval.comparison import Comparison


def evaluate_questions(
    context: typer.Context,
    questions: Annotated[
        list[Path], typer.Argument(metavar="QUESTIONS.jsonl…", help="Question files.", exists=True)
    ],
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.html", help="Write the run as one HTML page.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option("--compare", metavar="RUN.json", help="An earlier run, saved with --json.", exists=True),
    ] = None,
    gate: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="Fail (1) below these bounds.", exists=True)
    ] = None,
    recordings: Annotated[
        Path | None,
        typer.Option(metavar="FILE.jsonl", help="Keep what the model writes; ask it only what is new."),
    ] = None,
    count: Annotated[
        int | None,
        typer.Option("--sample", min=1, help="Ask so many of them only: each kind its share."),
    ] = None,
    generators: Annotated[
        str | None,
        typer.Option(metavar="A,B,…", help="Compare these generators on the same passages."),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option("--write-baseline", metavar="FILE.json", help="Write what a gate compares with."),
    ] = None,
    bounds: Annotated[
        Path | None,
        typer.Option(
            "--write-bounds", metavar="FILE.toml", help="Set a gate's bounds by this run.", exists=True
        ),
    ] = None,
) -> None:
    """Ask questions with known answers, and measure what comes of it."""
    session = begin(context)
    terminal = session.terminal
    from eval.baseline import baseline_of, renewed_bounds
    from eval.comparison import compare, read_run
    from eval.gate import check
    from eval.pictures import draw_pages
    from eval.questions import read_questions, sample
    from eval.recordings import Recorded
    from eval.report import Run
    from eval.run import evaluate
    from vraagbaak.assembly import make_assistant, make_generator

    # What is given is read before the questions are asked: that takes minutes.
    known = read_questions(questions)
    known = sample(known, count) if count else known
    if generators:
        from vraagbaak.choosing import choose_generator

        choose_generator(session, generators.split(","), known, questions, recordings)
        return
    before = read_run(against) if against else None
    with terminal.busy("Opening the index and loading the models…"):
        recorded = Recorded(make_generator(session.settings), recordings) if recordings else None
        assistant = make_assistant(session.settings, recorded)
    with terminal.meter() as meter:
        outcomes = evaluate(assistant, known, lambda done, total: meter("Asking", done, total), recorded)
    run = Run.of(assistant, outcomes, questions)
    comparison = compare(run, before) if before else None
    if report:
        report.parent.mkdir(parents=True, exist_ok=True)
        report.write_text(run.as_html(comparison, draw_pages(assistant.index, outcomes)), encoding="utf-8")
        session.settings.last_report.write_text(report.read_text(encoding="utf-8"), encoding="utf-8")
        terminal.say(f"The report is {report}.")
    if terminal.as_json:
        terminal.emit(run.as_json())
    else:
        terminal.out.print(run.table())
        if comparison:
            terminal.out.print(_differences(comparison))
    if baseline:
        baseline.write_text(baseline_of(run), encoding="utf-8")
        terminal.say(f"The baseline is {baseline}.")
    if bounds:
        bounds.write_text(renewed_bounds(run, bounds), encoding="utf-8")
        terminal.say(f"The bounds in {bounds} are set.")
    failures = check(run, gate) if gate else ()
    for failure in failures:
        terminal.say(f"gate: {failure}")
    if failures:
        raise typer.Exit(FAILED)


def _differences(comparison: "Comparison") -> Table:
    """Return the metrics that an earlier run has as well, and which questions went the other way."""
    before = comparison.before
    table = Table(
        title=f"Since {before.file} ({before.date})",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
    )
    for column in ("metric", "before", "now", "difference", "95 % interval", "won", "lost", ""):
        table.add_column(column, justify="left" if column in ("metric", "") else "right", no_wrap=True)
    for row in comparison.differences:
        shown, interval = row.metric.shown, row.difference
        table.add_row(
            row.metric.name,
            shown(row.before),
            shown(row.now),
            shown(interval.mean, "+"),
            f"{shown(interval.low, '+')} – {shown(interval.high, '+')}",
            str(row.won),
            str(row.lost),
            row.verdict,
        )
    ids = {
        word: ", ".join(change.id for change in changes) or "none"
        for word, changes in (("won", comparison.won), ("lost", comparison.lost))
    }
    table.caption = Text(f"won: {ids['won']}; lost: {ids['lost']}; as before: {comparison.tied}")
    return table
