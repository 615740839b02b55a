"""`vraagbaak tune`: the weights of ranking and decision, fitted to questions with known answers."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.table import Table

from index.errors import BadConfiguration
from vraagbaak.session import begin

if TYPE_CHECKING:
    from eval.metrics import Estimate


def tune(
    context: typer.Context,
    questions: Annotated[
        list[Path], typer.Argument(metavar="QUESTIONS.jsonl…", help="Question files.", exists=True)
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write there, not in the folder with the index.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Fit on all questions; they then say nothing of other ones.")
    ] = False,
    dry: Annotated[bool, typer.Option("--dry-run", help="Only show what would be gained.")] = False,
) -> None:
    """Fit the ranking and the decision to known questions: on one half, shown on the other.

    Writes ranking.toml and decision.toml into the data folder, where the index and the assistant look first.
    """
    session = begin(context)
    terminal = session.terminal
    from eval.questions import read_questions, split
    from eval.tuning import decided, evidence_of, first_ranks, fit_decision, fit_ranking, ranked_question
    from index.index import Index
    from index.ranking import SIGNALS
    from rag.decide import read_decision
    from rag.understand import understand
    from vraagbaak.assembly import decision_file, make_embedder

    settings = session.settings
    asked = [q for q in read_questions(questions) if not understand(q.question, q.history).is_order]
    learnt_from = {question.answerable for question in asked if everything or split(question) == "fit"}
    if learnt_from != {True, False}:
        raise BadConfiguration("Tuning takes questions that have an answer and questions that have none.")
    with terminal.busy("Opening the index and loading the model…"):
        index = Index.open(settings.data, make_embedder(settings))
    fits = {q.id: everything or split(q) == "fit" for q in asked}
    ranked = {}
    with terminal.meter() as meter:
        for done, question in enumerate(asked):
            meter("Asking", done, 2 * len(asked))
            if candidates := ranked_question(index, question, settings.organisation):
                ranked[question.id] = candidates
        if not any(fits[key] for key in ranked):
            raise BadConfiguration("Of no question a gold page is found: are these its documents?")
        before, decision_before = index.weights, read_decision(decision_file(settings))
        index.weights = fit_ranking([c for key, c in ranked.items() if fits[key]], before)
        signals = {}
        for done, question in enumerate(asked, len(asked)):
            meter("Asking", done, 2 * len(asked))
            signals[question.id] = evidence_of(index, question, settings.organisation)
    answerable = {q.id: q.answerable for q in asked}
    decision = fit_decision(
        [signals[key] for key in signals if fits[key]],
        [answerable[key] for key in signals if fits[key]],
        decision_before.enough,
    )
    for half, wanted in (("fitted on", True), ("other", False)):
        keys = [key for key in fits if fits[key] == wanted]
        known = [ranked[key] for key in keys if key in ranked]
        if known:
            terminal.out.print(
                _table(
                    f"{len(keys)} questions {half}",
                    {
                        "ranking before": first_ranks(known, before),
                        "ranking now": first_ranks(known, index.weights),
                    },
                    {
                        name: decided([signals[k] for k in keys], [answerable[k] for k in keys], chosen)
                        for name, chosen in (("decision before", decision_before), ("decision now", decision))
                    },
                )
            )
    if dry:
        return
    folder = out or settings.data
    about = f"Written by `vraagbaak tune` on {date.today()}, from {sum(fits.values())} known questions."
    weights = dict(zip(SIGNALS, map(float, index.weights), strict=True))
    _write(folder / "ranking.toml", about, weights)
    _write(folder / "decision.toml", about, asdict(decision))
    terminal.say(f"Written: {folder / 'ranking.toml'} and {folder / 'decision.toml'}.")


def _table(
    title: str, ranks: Mapping[str, list[int]], decisions: Mapping[str, tuple["Estimate", "Estimate", float]]
) -> Table:
    import numpy as np

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for column in ("", "recall@1", "recall@5", "MRR", "abstention", "over-refusal", "AUROC"):
        table.add_column(column, justify="right" if column else "left", no_wrap=True)
    for name, values in ranks.items():
        found = np.array(values)
        row = ((found <= 1).mean(), (found <= 5).mean(), (1 / found).mean())
        table.add_row(name, *(f"{value:.3f}" for value in row))
    for name, (*shares, area) in decisions.items():
        shown = (f"{one.mean:.2f} ({one.low:.2f}-{one.high:.2f})" for one in shares)
        table.add_row(name, "", "", "", *shown, f"{area:.2f}")
    return table


def _write(file: Path, about: str, numbers: Mapping[str, float]) -> None:
    lines = [f"# {about}", *(f"{name} = {value:.3f}" for name, value in numbers.items())]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
