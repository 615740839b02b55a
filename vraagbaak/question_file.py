"""Kept questions as lines of a question file, the format that `eval.questions` reads."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from eval.questions import read_questions
from index.errors import BadConfiguration
from rag.review.kept import KeptQuestion, Place


def write_known(file: Path, questions: Sequence[KeptQuestion]) -> int:
    """Write those that were reviewed, and return how many. Raises BadConfiguration where there is none.

    The file appears whole, and only when `vraagbaak eval` can read it.
    """
    lines = [_known(question) for question in sorted(questions, key=lambda one: one.id) if question.review]
    if not lines:
        raise BadConfiguration("No question was reviewed yet: `vraagbaak questions attach` does that.")
    draft = _write(file.with_name(f".{file.name}.new"), _lines(lines))
    try:
        read_questions([draft])
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return len(lines)


def write_open(file: Path, questions: Sequence[KeptQuestion]) -> int:
    """Write questions to be filled in by hand, and return how many. Raises BadConfiguration for none.

    What is not filled in, `vraagbaak eval` refuses, with the number of its line.
    """
    if not questions:
        raise BadConfiguration("No question is open.")
    _write(file, open_lines(questions))
    return len(questions)


def open_lines(questions: Iterable[KeptQuestion]) -> str:
    """Return questions as lines of a question file, to be filled in by hand."""
    return _lines(map(_open, questions))


def _lines(lines: Iterable[Mapping[str, object]]) -> str:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def _write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def _known(question: KeptQuestion) -> dict[str, object]:
    review = question.review
    assert review is not None
    line = _begin(question) | {
        "kind": review.kind,
        "style": review.style,
        "answerable": bool(review.pages),
        "gold": _gold(review.pages),
        "facts": [[fact] for fact in review.facts],
    }
    return line | {"answer": review.answer} if review.answer else line


def _open(question: KeptQuestion) -> dict[str, object]:
    reasons = sorted({verdict.reason for verdict in question.verdicts if verdict.reason})
    comments = [verdict.comment for verdict in question.verdicts if verdict.comment]
    return _begin(question) | {
        "kind": None,
        "style": "chat",
        "answerable": None,
        "gold": [],
        "facts": [],
        "status": question.asked.status,
        "nearest": _gold(question.asked.nearest),
        "said": [*reasons, *comments],
    }


def _begin(question: KeptQuestion) -> dict[str, object]:
    return {"id": f"asked-{question.id}", "question": question.asked.question}


def _gold(places: Iterable[Place]) -> list[dict[str, object]]:
    """Name pages as question files do: by the file without its ending (`eval.run.name_of`)."""
    return [{"doc": Path(place.file).stem, "page": place.page} for place in places]
