"""The kept questions: a SQLite file of its own in the data folder, which no indexing touches."""

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from index.errors import BadConfiguration, UnknownQuestion
from rag.review.kept import Asked, KeptQuestion, Place, Review, Verdict

VERSION = 1
"""Of the tables; SQLite's user_version."""
MOST = 10_000
"""Questions that wait for an editor, so that nobody can fill the disk; then the oldest without a thumb go."""
SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS questions (
    id INTEGER PRIMARY KEY AUTOINCREMENT, folded TEXT NOT NULL UNIQUE, answer TEXT NOT NULL,
    question TEXT NOT NULL, status TEXT NOT NULL, nearest TEXT NOT NULL, embedder TEXT NOT NULL,
    generator TEXT NOT NULL, generation TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
    unanswered INTEGER NOT NULL, review TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS verdicts (
    answer TEXT PRIMARY KEY, question INTEGER REFERENCES questions ON DELETE CASCADE,
    helpful INTEGER NOT NULL, reason TEXT, comment TEXT NOT NULL, day TEXT NOT NULL
) STRICT;
PRAGMA user_version = {VERSION};
COMMIT;
"""
WORTH = "review IS NOT NULL OR unanswered > 0 OR id IN (SELECT question FROM verdicts WHERE NOT helpful)"
"""Why a question is kept: nothing of another one stays, such as of a thumb down that was taken back."""


class QuestionStore:
    """The questions in `folder` that are worth a look. Threads and processes may share it.

    There is no file until something is kept. SQLite's rollback journal is gone when a change is done, so that
    what is deleted, and overwritten by `secure_delete`, is nowhere in the folder.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "questions.sqlite"

    def keep(self, asked: Asked, today: date) -> None:
        """Keep a question that got no answer; the same question again is one more of the same."""
        with self._change() as database:
            question = _put(database, asked, today)
            database.execute("UPDATE questions SET unanswered = unanswered + 1 WHERE id = ?", (question,))

    def judge(self, asked: Asked, verdict: Verdict, today: date) -> None:
        """Take a verdict on an answer, in the place of an earlier one on the same answer.

        With a thumb down its question is kept; a thumb up is only counted.
        """
        with self._change() as database:
            question = None if verdict.helpful else _put(database, asked, today)
            database.execute(
                "INSERT OR REPLACE INTO verdicts VALUES (?, ?, ?, ?, ?, ?)",
                (asked.answer, question, verdict.helpful, verdict.reason, verdict.comment, today.isoformat()),
            )

    def questions(self) -> tuple[KeptQuestion, ...]:
        """Return every question: those without a review first, then what most people met, then by id."""
        with self._opened() as database:
            rows = database.execute(f"SELECT {_COLUMNS} FROM questions").fetchall()
            found = [_question(database, row) for row in rows]
        return tuple(
            sorted(
                found,
                key=lambda one: (one.review is not None, -one.unanswered - len(one.verdicts), one.id),
            )
        )

    def question(self, number: int) -> KeptQuestion:
        """Return one question. Raises UnknownQuestion."""
        with self._opened() as database:
            row = database.execute(f"SELECT {_COLUMNS} FROM questions WHERE id = ?", (number,)).fetchone()
            if row is None:
                raise UnknownQuestion(f"There is no question {number}: see `vraagbaak questions list`.")
            return _question(database, row)

    def verdicts(self) -> tuple[int, int]:
        """Return how many thumbs went up and how many down."""
        with self._opened() as database:
            up, down = database.execute("SELECT sum(helpful), sum(NOT helpful) FROM verdicts").fetchone()
        return up or 0, down or 0

    def review(self, number: int, review: Review | None, wording: str | None = None) -> None:
        """Put an editor's review in the place of an earlier one, or take it back. Raises UnknownQuestion.

        `wording` replaces the text; asked again in its first wording, the question is still known.
        """
        before = self.question(number)
        made = json.dumps(asdict(review), ensure_ascii=False) if review else None
        with self._change() as database:
            database.execute(
                "UPDATE questions SET review = ?, question = ? WHERE id = ?",
                (made, wording or before.asked.question, number),
            )

    def delete(self, numbers: Sequence[int]) -> None:
        """Delete questions and what was said of them. Raises UnknownQuestion, and then deletes none."""
        for number in numbers:
            self.question(number)
        with self._change() as database:
            database.executemany("DELETE FROM questions WHERE id = ?", [(number,) for number in numbers])

    def forget(self, before: date) -> None:
        """Delete verdicts from before that day, and questions last met before it that no editor reviewed."""
        if not self.path.exists():
            return
        with self._change() as database:
            database.execute("DELETE FROM verdicts WHERE day < ?", (before.isoformat(),))
            database.execute("DELETE FROM questions WHERE review IS NULL AND last < ?", (before.isoformat(),))

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Make everything in the block happen, or nothing of it."""
        with self._opened(write=True) as database:
            database.execute("BEGIN IMMEDIATE")
            with database:  # commits, or rolls back
                yield database
                database.execute(f"DELETE FROM questions WHERE NOT ({WORTH})")
                database.execute(
                    "DELETE FROM questions WHERE id IN (SELECT id FROM questions WHERE review IS NULL "
                    "ORDER BY id IN (SELECT question FROM verdicts) DESC, last DESC, id DESC "
                    f"LIMIT -1 OFFSET {MOST})"
                )

    @contextmanager
    def _opened(self, *, write: bool = False) -> Iterator[sqlite3.Connection]:
        if write and not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
        place = self.path if self.path.exists() else ":memory:"
        with closing(sqlite3.connect(place, isolation_level=None, timeout=30)) as database:
            database.execute("PRAGMA foreign_keys=ON")
            database.execute("PRAGMA secure_delete=ON")  # what is deleted is overwritten
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version == 0:
                database.executescript(SCHEMA)
            elif version != VERSION:
                raise BadConfiguration(
                    f"{self.path} was made by another version of Vraagbaak (tables {version}, "
                    f"not {VERSION}): move it away."
                )
            yield database


_COLUMNS = (
    "id, answer, question, status, nearest, embedder, generator, generation, first, last, unanswered, review"
)


def _put(database: sqlite3.Connection, asked: Asked, today: date) -> int:
    """Put a question down, or its latest answer where it is known already, and return its number."""
    (number,) = database.execute(
        "INSERT INTO questions (folded, answer, question, status, nearest, embedder, generator, generation, "
        "first, last, unanswered) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0) "
        "ON CONFLICT (folded) DO UPDATE SET answer = excluded.answer, status = excluded.status, "
        "nearest = excluded.nearest, embedder = excluded.embedder, generator = excluded.generator, "
        "generation = excluded.generation, last = excluded.last RETURNING id",
        (
            _folded(asked.question),
            asked.answer,
            asked.question,
            asked.status,
            json.dumps([asdict(place) for place in asked.nearest], ensure_ascii=False),
            asked.embedder,
            asked.generator,
            asked.index,
            today.isoformat(),
            today.isoformat(),
        ),
    ).fetchone()
    return int(number)


def _folded(question: str) -> str:
    """Return what questions have in common that differ in capitals, marks and spaces alone, as a hash.

    A hash, because an editor may take a name out of the wording, and it must then be nowhere.
    """
    return hashlib.sha256(" ".join(re.findall(r"\w+", question.casefold())).encode()).hexdigest()


def _question(database: sqlite3.Connection, row: tuple[Any, ...]) -> KeptQuestion:
    number, answer, question, status, nearest, *made, first, last, unanswered, review = row
    said = database.execute(
        "SELECT reason, comment FROM verdicts WHERE question = ? ORDER BY day DESC, answer", (number,)
    )
    return KeptQuestion(
        id=number,
        asked=Asked(answer, question, status, _places(json.loads(nearest)), *made),
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
        unanswered=unanswered,
        verdicts=tuple(Verdict(False, reason, comment) for reason, comment in said),
        review=_review(json.loads(review)) if review else None,
    )


def _review(entry: dict[str, Any]) -> Review:
    return Review(**entry | {"pages": _places(entry["pages"]), "facts": tuple(entry["facts"])})


def _places(entries: list[dict[str, Any]]) -> tuple[Place, ...]:
    return tuple(Place(**entry) for entry in entries)
