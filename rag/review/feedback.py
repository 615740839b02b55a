"""Feedback: which answers of a running service are kept for editors, and the thumbs that people give."""

import logging
import sqlite3
from collections import OrderedDict
from dataclasses import replace
from datetime import date
from threading import Lock
from typing import Literal

from index.errors import UnknownAnswer, VraagbaakError
from rag.answers import Answer
from rag.review.kept import Asked, Verdict
from rag.review.masking import mask
from rag.review.store import QuestionStore

Keep = Literal["never", "feedback", "unanswered"]
"""Which questions are kept: none; those with a thumb down; also those without a whole answer."""

REMEMBERED = 1_000
"""Answers that can be judged: the latest ones, in memory, until the service stops."""

logger = logging.getLogger(__name__)


class Feedback:
    """What becomes of the answers of one service. Threads may share it."""

    def __init__(self, store: QuestionStore, keep: Keep = "feedback") -> None:
        """Take the store, and which questions to `keep` in it."""
        self.keep = keep
        self._store = store
        self._latest: OrderedDict[str, Asked] = OrderedDict()
        self._lock = Lock()

    def note(self, answer: Answer) -> None:
        """Remember an answer, so that it can be judged; keep its question if it is to be kept.

        A store that cannot be written to costs the question, not the answer: it is logged.
        """
        asked = Asked.of(answer)
        with self._lock:
            self._latest[asked.answer] = asked
            while len(self._latest) > REMEMBERED:
                self._latest.popitem(last=False)
        if self.keep == "unanswered" and asked.status in ("not_found", "partial"):
            try:
                self._store.keep(asked, date.today())
            except (sqlite3.Error, OSError, VraagbaakError) as error:
                logger.error("A question without an answer could not be kept: %s", error)

    def judge(self, answer_id: str, verdict: Verdict) -> None:
        """Take a verdict on one of the latest answers. Raises UnknownAnswer for another.

        Only what was really asked here can be kept: a client names the answer and does not send the question.
        """
        with self._lock:
            asked = self._latest.get(answer_id)
        if asked is None:
            raise UnknownAnswer(f"Answer {answer_id} is not among the last {REMEMBERED}.")
        said = Verdict(True) if verdict.helpful else replace(verdict, comment=mask(verdict.comment.strip()))
        self._store.judge(asked, said, date.today())
