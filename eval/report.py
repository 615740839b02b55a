"""A run: what was evaluated, with what, and every number and answer that came of it."""

import hashlib
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich import box
from rich.console import Group
from rich.table import Table
from rich.text import Text

from eval.comparison import Comparison
from eval.measures import METRICS, metrics_of, values_of
from eval.metric import GROUPS
from eval.metrics import Estimate
from eval.page import NONE, page
from eval.pictures import Pictures
from eval.questions import read_questions
from eval.run import TROUBLES, Outcome, by_trouble, name_of
from rag.assistant import Assistant


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """A file of questions, as it was when they were asked."""

    file: str
    sha256: str
    questions: int

    @classmethod
    def of(cls, path: Path) -> "QuestionFile":
        """Describe a question file. Raises BadConfiguration when it is none."""
        count = len(read_questions([path]))
        return cls(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), count)


@dataclass(frozen=True, slots=True)
class Run:
    """One evaluation. `date` is UTC, to the second (ISO 8601)."""

    version: str
    date: str
    embedder: str
    generator: str
    index: str
    machine: str
    files: tuple[QuestionFile, ...]
    outcomes: tuple[Outcome, ...]
    metrics: Mapping[str, Estimate]

    @classmethod
    def of(cls, assistant: Assistant, outcomes: Sequence[Outcome], files: Sequence[Path]) -> "Run":
        """Put together what came of the questions in `files`, asked of `assistant`."""
        return cls(
            version=_version(),
            date=datetime.now(UTC).isoformat(timespec="seconds"),
            embedder=assistant.embedder_name,
            generator=assistant.generator_name,
            index=assistant.index.generation,
            machine=f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors, "
            f"Python {platform.python_version()}",
            files=tuple(QuestionFile.of(path) for path in files),
            outcomes=tuple(outcomes),
            metrics=metrics_of(outcomes),
        )

    def as_json(self) -> dict[str, object]:
        """Return `{"run": …, "metrics": …, "questions": …}`, ready for json.dumps.

        A metric that applies to no question has n = 0 and null for its values.
        """
        return {
            "run": {
                "version": self.version,
                "date": self.date,
                "models": {"embedder": self.embedder, "generator": self.generator},
                "index": self.index,
                "machine": self.machine,
                "files": [asdict(file) for file in self.files],
            },
            "metrics": {name: _plain(estimate) for name, estimate in self.metrics.items()},
            "questions": [_question(outcome) for outcome in self.outcomes],
        }

    def as_html(self, comparison: Comparison | None = None, pictures: Pictures = NONE) -> str:
        """Return the run as one HTML page that needs nothing else, with a comparison if there is one."""
        return page(self, comparison, pictures)

    def table(self) -> Group:
        """Return the metrics as tables for the terminal, and what went wrong how often."""
        return Group(*(self._group(group) for group in GROUPS), self._troubles())

    def _group(self, group: str) -> Table:
        table = Table(title=group.capitalize(), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
        table.add_column("metric", no_wrap=True)
        for column in ("value", "95 % interval", "questions"):
            table.add_column(column, justify="right", no_wrap=True)
        table.add_column("meaning", style="dim")
        for metric in METRICS:
            found = self.metrics[metric.name]
            if metric.group == group and found.n:
                interval = f"{metric.shown(found.low)} – {metric.shown(found.high)}"
                table.add_row(
                    metric.name, metric.shown(found.mean), interval, str(found.n), Text(metric.meaning)
                )
        return table

    def _troubles(self) -> Table:
        table = Table(title="Questions", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
        table.add_column("what came of them")
        table.add_column("number", justify="right")
        table.add_column("step", style="dim")
        table.add_column("which", style="dim")
        for trouble, outcomes in by_trouble(self.outcomes).items():
            ids = ", ".join(outcome.question.id for outcome in outcomes[:6])
            which = ids + (" …" if len(outcomes) > 6 else "") if trouble else ""
            table.add_row(trouble or "right", str(len(outcomes)), TROUBLES.get(trouble, ""), Text(which))
        return table


def _plain(estimate: Estimate) -> dict[str, float | None]:
    # JSON has no NaN.
    return {name: value if value == value else None for name, value in asdict(estimate).items()}


def _question(outcome: Outcome) -> dict[str, object]:
    question, answer = outcome.question, outcome.answer
    missing = dict(outcome.missing)
    return {
        "id": question.id,
        "question": question.question,
        "kind": question.kind,
        "style": question.style,
        "answerable": question.answerable,
        "gold": [{"doc": name, "page": number} for name, number in question.gold],
        "status": answer.status,
        "answer": answer.text,
        "sentences": [asdict(sentence) for sentence in answer.sentences],
        "citations": [
            {
                "number": citation.number,
                "doc": name_of(citation.document),
                "page": citation.page,
                "quote": citation.quote,
                "literal": citation.number not in missing,
            }
            for citation in answer.citations
        ],
        "rank": outcome.rank,
        "ranks": list(outcome.ranks),
        "written": list(answer.written),
        "dropped": list(answer.dropped),
        "left_out": [{"doc": name_of(document), "page": page} for document, page in answer.left_out],
        "facts": list(outcome.stated),
        "trouble": outcome.trouble,
        "confidence": answer.confidence,
        "timings_ms": dict(answer.timings),
        "values": dict(values_of(outcome)),
    }


def _version() -> str:
    try:
        return version("vraagbaak")
    except PackageNotFoundError:  # run from a folder of sources
        return "unknown"
