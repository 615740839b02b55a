"""Feedback over HTTP, on a real server: what is taken, what is refused, and what is kept of it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.feedback import MOST
from rag.assistant import Assistant
from rag.review.feedback import Feedback
from rag.review.kept import Verdict
from rag.review.store import QuestionStore
from tests.server import DOCUMENTS, build_assistant, running

QUESTION = "Waarom is de coronacrisis zwaar voor de technologische industrie?"
UNKNOWN = "Wanneer gaat zwembad Zonneweelde open?"
FEEDBACK = "/api/v1/feedback"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return build_assistant(tmp_path_factory.mktemp("index"), DOCUMENTS)


@pytest.fixture
def store(tmp_path: Path) -> QuestionStore:
    return QuestionStore(tmp_path)


@pytest.fixture
def client(assistant: Assistant, store: QuestionStore) -> Iterator[httpx.Client]:
    app = create_app(assistant, feedback=Feedback(store, "unanswered"))
    with running(app) as address, httpx.Client(base_url=address, timeout=20) as client:
        yield client


def ask(client: httpx.Client, question: str, **headers: str) -> str:
    """Ask, and return the id of the answer."""
    response = client.post("/api/v1/ask", json={"question": question}, headers=headers)
    found = re.search(r'"id": ?"([0-9a-f]{32})"', response.text)
    assert found, response.text
    return found[1]


def test_a_thumb_down_keeps_the_question_with_how_it_was_answered(
    client: httpx.Client, store: QuestionStore, assistant: Assistant
) -> None:
    body = {"answer": ask(client, QUESTION), "helpful": False, "reason": "incomplete", "comment": "En 2019?"}
    response = client.post(FEEDBACK, json=body)
    assert (response.status_code, response.content) == (204, b"")
    (kept,) = store.questions()
    assert kept.verdicts == (Verdict(False, "incomplete", "En 2019?"),)
    assert (kept.asked.question, kept.asked.status, kept.unanswered) == (QUESTION, "answered", 0)
    answer = assistant.ask(QUESTION)
    assert kept.asked.index == answer.index and kept.asked.embedder == answer.embedder
    best = answer.hits[0]
    assert (kept.asked.nearest[0].document, kept.asked.nearest[0].file) == (
        best.document.id,
        best.document.file,
    )
    assert kept.asked.nearest[0].page in best.pages and len(kept.asked.nearest) == 5
    assert client.post(FEEDBACK, json={"answer": body["answer"], "helpful": True}).status_code == 204
    assert (store.questions(), store.verdicts()) == ((), (1, 0))


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream"])
def test_a_question_without_an_answer_is_kept_before_the_answer_is_out(
    client: httpx.Client, store: QuestionStore, accept: str
) -> None:
    answer = ask(client, UNKNOWN, Accept=accept)
    ask(client, UNKNOWN.lower().replace("?", " ?"), Accept=accept)
    ask(client, QUESTION, Accept=accept)
    (kept,) = store.questions()
    assert (kept.asked.question, kept.unanswered, kept.verdicts) == (UNKNOWN, 2, ())
    body = {"answer": answer, "helpful": False, "reason": "missing"}
    assert client.post(FEEDBACK, json=body).status_code == 204
    assert [verdict.reason for verdict in store.questions()[0].verdicts] == ["missing"]


def test_a_follow_up_is_kept_as_it_stands_on_its_own(client: httpx.Client, store: QuestionStore) -> None:
    history = [{"role": "user", "content": UNKNOWN}, {"role": "assistant", "content": "Dat weet ik niet."}]
    body = {"question": "En in de winter?", "history": history}
    standalone = client.post("/api/v1/ask", json=body).json()["standalone_question"]
    assert "zwembad" in standalone
    assert [kept.asked.question for kept in store.questions()] == [standalone]


def test_nothing_of_who_asked_is_kept(client: httpx.Client, store: QuestionStore) -> None:
    ask(
        client, UNKNOWN, **{"X-Forwarded-For": "203.0.113.77", "User-Agent": "Naam/1.0", "Cookie": "sessie=7"}
    )
    content = store.path.read_bytes()
    for trace in (b"203.0.113", b"127.0.0.1", b"Naam/1.0", b"sessie"):
        assert trace not in content
    assert UNKNOWN.encode() in content and not re.search(rb"\d\d:\d\d", content)  # a day, but no time


WRONG = [
    ({}, 422, "invalid", "'answer' ontbreekt"),
    ({"answer": "a"}, 422, "invalid", "'helpful' ontbreekt"),
    ({"answer": "a", "helpful": "ja"}, 422, "invalid", "true of false"),
    ({"answer": "a", "helpful": 1}, 422, "invalid", "true of false"),
    ({"answer": 7, "helpful": True}, 422, "invalid", "moet tekst zijn"),
    ({"answer": "a" * 65, "helpful": True}, 422, "invalid", "64 tekens"),
    ({"answer": "a", "helpful": False, "reason": "stom"}, 422, "invalid", "'incomplete'"),
    ({"answer": "a", "helpful": False, "comment": "a" * 1001}, 422, "invalid", "1000 tekens"),
    ({"answer": "a", "helpful": False, "comment": "a" * 70_000}, 413, "too-large", "te groot"),
    ({"answer": "a", "helpful": False, "comment": "\ud83d"}, 422, "invalid", "geen tekst"),
    ({"answer": "a", "helpful": False}, 404, "unknown-answer", "opnieuw"),
    ({"answer": "'; DROP TABLE questions;--", "helpful": False}, 404, "unknown-answer", "opnieuw"),
]


@pytest.mark.parametrize(("body", "status", "kind", "words"), WRONG)
def test_what_is_wrong_is_said_in_dutch(
    client: httpx.Client, store: QuestionStore, body: object, status: int, kind: str, words: str
) -> None:
    response = client.post(FEEDBACK, content=json.dumps(body), headers={"Content-Type": "application/json"})
    problem = response.json()
    assert (response.status_code, problem["type"]) == (status, f"urn:vraagbaak:problem:{kind}"), problem
    assert words in problem["detail"], problem["detail"]
    assert not store.path.exists()


def test_words_that_look_like_code_are_only_words(client: httpx.Client, store: QuestionStore) -> None:
    odd = "'); DROP TABLE questions;-- \x00 <b> {{7*7}} 👍"
    body = {"answer": ask(client, QUESTION), "helpful": False, "comment": odd}
    assert client.post(FEEDBACK, json=body).status_code == 204
    assert store.questions()[0].verdicts[0].comment == odd


def test_more_thumbs_than_people_give_are_refused(client: httpx.Client) -> None:
    body = {"answer": ask(client, QUESTION), "helpful": True}
    assert {client.post(FEEDBACK, json=body).status_code for _ in range(MOST)} == {204}
    response = client.post(FEEDBACK, json=body)
    assert (response.status_code, response.json()["type"]) == (429, "urn:vraagbaak:problem:too-many")
    assert int(response.headers["retry-after"]) > 0


def test_the_page_is_told_what_is_kept(client: httpx.Client, assistant: Assistant) -> None:
    start = client.get("/api/v1/texts").json()
    assert start["keep"] == "unanswered"
    with running(create_app(assistant)) as address:
        assert httpx.get(f"{address}/api/v1/texts").json()["keep"] == "never"
        assert httpx.post(f"{address}{FEEDBACK}", json={"answer": "a", "helpful": True}).status_code == 404
