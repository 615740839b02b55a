"""Thumbs: what somebody thinks of an answer, for editors to read."""

import time
from collections import deque
from threading import Lock

from fastapi import APIRouter, Depends

from api.openapi import problems
from api.requests import FeedbackBody, as_json
from rag.review.feedback import Feedback

MOST = 60
"""Thumbs a minute, of all people together: who they are is not known here, and not wanted."""


class TooMany(Exception):
    """There was more feedback in the last minute than people give."""


def feedback_routes(feedback: Feedback) -> APIRouter:
    """Return the route that takes what people think of an answer."""
    routes = APIRouter(
        prefix="/api/v1",
        tags=["vragen"],
        dependencies=[Depends(as_json)],
        responses=problems(400, 404, 413, 415, 422, 429, 500),
    )
    taken: deque[float] = deque(maxlen=MOST)
    lock = Lock()

    @routes.post("/feedback", status_code=204)
    def give(body: FeedbackBody) -> None:
        """Say whether one of the latest answers helps; a second time replaces the first."""
        with lock:
            now = time.monotonic()
            if len(taken) == MOST and now - taken[0] < 60:
                raise TooMany(f"{MOST} thumbs within a minute.")
            taken.append(now)
        feedback.judge(body.answer, body.verdict)

    return routes
