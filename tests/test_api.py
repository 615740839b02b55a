import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.app import BODY_LIMIT, create_app
from rag.assistant import Assistant
from tests.server import DOCUMENTS, build_assistant, running

QUESTION = "Waarom is de coronacrisis zwaar voor de technologische industrie?"
STREAM = {"Accept": "text/event-stream"}
ANSWER = {
    "id", "question", "standalone_question", "status", "text", "sentences", "citations", "hits", "confidence",
    "timings_ms", "model", "index",
}  # fmt: skip
CITATION = {"number", "document", "page", "page_label", "heading", "quote", "start", "end", "url"}
HIT = {"rank", "score", "document", "pages", "text", "heading"}
DOCUMENT = {"id", "title", "file", "date", "pages"}


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return build_assistant(tmp_path_factory.mktemp("index"), DOCUMENTS)


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[httpx.Client]:
    app = create_app(assistant, examples=["Wat is een banenmotor?"], version="1.2.3")
    with running(app) as address, httpx.Client(base_url=address, timeout=20) as client:
        yield client


def events_of(response: httpx.Response) -> Iterator[tuple[str, str, dict[str, object]]]:
    """Yield the id, the name and the data of each event of a stream."""
    fields: dict[str, str] = {}
    for line in response.iter_lines():
        if line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value
        elif fields:
            yield fields["id"], fields["event"], json.loads(fields["data"])
            fields = {}


def test_search_returns_ranked_hits(client: httpx.Client) -> None:
    found = client.post("/api/v1/search", json={"query": "banen in de industrie", "k": 5}).json()
    assert found["query"] == "banen in de industrie"
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3, 4, 5]
    assert found["hits"] == sorted(found["hits"], key=lambda hit: -hit["score"])
    for hit in found["hits"]:
        assert set(hit) >= HIT and set(hit["document"]) >= DOCUMENT
        assert hit["pages"] and hit["text"]


def test_search_stays_within_the_documents_named(client: httpx.Client) -> None:
    body = {"query": "banen", "documents": ["begroting-2019"]}
    hits = client.post("/api/v1/search", json=body).json()["hits"]
    assert {hit["document"]["id"] for hit in hits} == {"begroting-2019"}


def test_an_answer_has_the_shape_that_was_promised(client: httpx.Client, assistant: Assistant) -> None:
    response = client.post("/api/v1/ask", json={"question": QUESTION})
    answer = response.json()
    assert response.headers["content-type"] == "application/json"
    assert set(answer) >= ANSWER
    assert answer["status"] in ("answered", "partial") and answer["question"] == QUESTION
    assert answer["index"] == assistant.index.generation
    numbers = [citation["number"] for citation in answer["citations"]]
    assert {int(number) for number in re.findall(r"\[(\d+)\]", answer["text"])} <= set(numbers)
    for sentence in answer["sentences"]:
        assert set(sentence) >= {"text", "citations", "verified"} and set(sentence["citations"]) <= set(
            numbers
        )
    for citation in answer["citations"]:
        assert set(citation) >= CITATION
        document = assistant.index.document(citation["document"]["id"])
        assert document.text[citation["start"] : citation["end"]] == citation["quote"]
        assert document.page_at(citation["start"]).number == citation["page"]
        assert 0 <= citation["top"] <= 1
        assert client.get(citation["url"]).headers["content-type"] == "image/png"


def test_a_stream_brings_sources_before_words_and_ends_with_the_answer(client: httpx.Client) -> None:
    with client.stream("POST", "/api/v1/ask", json={"question": QUESTION}, headers=STREAM) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert response.headers["x-accel-buffering"] == "no"
        events = list(events_of(response))
    names = [name for _, name, _ in events]
    order = ["status", "sources", "token", "answer", "done"]
    assert sorted(set(names), key=names.index) == [
        name for name in order if name != "token" or "token" in names
    ]
    assert names[-2:] == ["answer", "done"] and names.count("sources") == 1
    ids = [number for number, _, _ in events]
    assert len(set(ids)) == len(ids)
    data = {name: data for _, name, data in events}
    assert data["status"]["phase"] == "search"
    assert set(data["sources"]) == {"hits", "quote", "standalone_question"}
    quote = data["sources"]["quote"]
    assert isinstance(quote, dict) and set(quote) >= CITATION
    assert set(data["answer"]) >= ANSWER
    asked = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    assert data["answer"]["text"] == asked["text"]


def test_a_conversation_may_go_along(client: httpx.Client) -> None:
    history = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "Veel."}] * 10
    assert (
        client.post("/api/v1/ask", json={"question": "En in de bouw?", "history": history}).status_code == 200
    )


def test_documents_are_listed_and_described(client: httpx.Client) -> None:
    listed = client.get("/api/v1/documents").json()["documents"]
    assert {entry["file"] for entry in listed} == {path.name for path in DOCUMENTS}
    details = client.get("/api/v1/documents/herstel-2020").json()
    assert details.items() >= next(entry for entry in listed if entry["id"] == "herstel-2020").items()
    assert len(details["labels"]) == details["pages"] > 5


def test_files_come_back_as_they_are_and_only_pdfs_open_in_the_browser(client: httpx.Client) -> None:
    pdf, page = (client.get(f"/api/v1/documents/{path.stem}/file") for path in DOCUMENTS)
    assert [pdf.content, page.content] == [path.read_bytes() for path in DOCUMENTS]
    assert pdf.headers["content-disposition"] == 'inline; filename="herstel-2020.pdf"'
    assert pdf.headers["content-type"] == "application/pdf"
    assert page.headers["content-disposition"] == 'attachment; filename="begroting-2019.html"'
    assert page.headers["content-type"] == "application/octet-stream"


def test_a_file_name_cannot_break_out_of_its_header(tmp_path: Path) -> None:
    name = 'Nota "één"; x=1.html'
    (tmp_path / name).write_bytes(DOCUMENTS[1].read_bytes())
    assistant = build_assistant(tmp_path / "index", [tmp_path / name])
    (document,) = assistant.index.documents
    with running(create_app(assistant)) as address:
        header = httpx.get(f"{address}/api/v1/documents/{document.id}/file").headers["content-disposition"]
    assert header == "attachment; filename*=utf-8''Nota%20%22%C3%A9%C3%A9n%22%3B%20x%3D1.html"


def test_page_images_are_kept_by_browsers_until_something_changes(client: httpx.Client) -> None:
    url = "/api/v1/documents/herstel-2020/pages/3.png"
    plain, marked = client.get(url), client.get(url, params={"quote": "5000-5100"})
    assert plain.headers["content-type"] == "image/png" and plain.content.startswith(b"\x89PNG")
    assert plain.headers["etag"] != marked.headers["etag"]
    again = client.get(url, headers={"If-None-Match": plain.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(url, headers={"If-None-Match": marked.headers["etag"]}).status_code == 200


def test_every_answer_carries_the_headers_that_keep_browsers_safe(client: httpx.Client) -> None:
    for path in ("/", "/healthz", "/api/v1/documents", "/static/chat.js", "/nergens", "/api/v1/ask"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "http" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-request-id"]


def test_a_request_keeps_the_id_that_a_proxy_gave_it_unless_it_is_odd(client: httpx.Client) -> None:
    assert (
        client.get("/healthz", headers={"X-Request-ID": "proxy-7.a_B"}).headers["x-request-id"]
        == "proxy-7.a_B"
    )
    for odd in ("a" * 65, "a b", "<b>", ""):
        assert client.get("/healthz", headers={"X-Request-ID": odd}).headers["x-request-id"] != odd


def test_health_and_versions(client: httpx.Client, assistant: Assistant) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json()["status"] == "ok"
    assert client.head("/readyz").status_code == 200
    assert client.get("/version").json() == {
        "version": "1.2.3",
        "embedder": assistant.embedder_name,
        "generator": assistant.generator_name,
        "index": assistant.index.generation,
    }


def test_the_texts_of_the_page_are_delivered(client: httpx.Client) -> None:
    start = client.get("/api/v1/texts").json()
    assert (start["documents"], start["examples"]) == (2, ["Wat is een banenmotor?"])
    assert all(key.startswith("page.") for key in start["texts"])
    assert "AI-systeem" in client.get("/").text and "{{" not in client.get("/").text


ASK, SEARCH, PAGES = "/api/v1/ask", "/api/v1/search", "/api/v1/documents/herstel-2020/pages"
TURN = {"role": "user", "content": "b"}
WRONG = [
    ("POST", ASK, {"question": ""}, 422, "invalid", "leeg"),
    ("POST", ASK, {"question": " \n\t"}, 422, "invalid", "leeg"),
    ("POST", ASK, {"question": "a" * 2001}, 422, "invalid", "2000 tekens"),
    ("POST", ASK, {"question": 7}, 422, "invalid", "moet tekst zijn"),
    ("POST", ASK, {}, 422, "invalid", "'question' ontbreekt"),
    ("POST", ASK, b"{", 422, "invalid", "geldige JSON"),
    ("POST", ASK, b"[1]", 422, "invalid", "application/json"),
    ("POST", ASK, b"[" * 20_000, 400, "unreadable", "niet lezen"),
    ("POST", ASK, rb'{"question": "\ud800 banen"}', 422, "invalid", "geen tekst"),
    ("POST", ASK, {"question": "a", "document": ["b"]}, 422, "invalid", "'document' is geen veld"),
    (
        "POST",
        ASK,
        {"question": "a", "history": [{"role": "user", "content": "b", "x": 1}]},
        422,
        "invalid",
        "x",
    ),
    ("POST", SEARCH, {"query": "a", "k": "5"}, 422, "invalid", "heel getal"),
    ("POST", SEARCH, {"query": "a", "k": True}, 422, "invalid", "heel getal"),
    ("POST", SEARCH, {"query": "a", "k": 2.5}, 422, "invalid", "heel getal"),
    ("POST", SEARCH, b'{"query": "a", "k": NaN}', 422, "invalid", "heel getal"),
    ("POST", SEARCH, rb'{"query": "\ud800 banen"}', 422, "invalid", "geen tekst"),
    ("POST", SEARCH, rb'{"query": "a", "documents": ["\ud800"]}', 422, "invalid", "geen tekst"),
    ("POST", ASK, b"\xff\xfe", 422, "invalid", "geldige JSON"),
    (
        "POST",
        ASK,
        {"question": "a", "history": [{"role": "system", "content": "b"}]},
        422,
        "invalid",
        "'assistant'",
    ),
    (
        "POST",
        ASK,
        {"question": "a", "history": [{"role": "user", "content": "b"}] * 21},
        422,
        "invalid",
        "20",
    ),
    ("POST", ASK, {"question": "a", "history": [{"role": "user"}]}, 422, "invalid", "history.0.content"),
    ("POST", ASK, {"question": "a" * BODY_LIMIT}, 413, "too-large", "te groot"),
    ("POST", SEARCH, {"query": "a", "k": 0}, 422, "invalid", "minstens 1"),
    ("POST", SEARCH, {"query": "a", "k": 51}, 422, "invalid", "hoogstens 50"),
    ("POST", SEARCH, {"query": "a", "k": "veel"}, 422, "invalid", "heel getal"),
    ("POST", SEARCH, {"query": "a", "documents": "b"}, 422, "invalid", "lijst"),
    ("POST", SEARCH, {"query": "a", "documents": ["geen"]}, 404, "unknown-document", "document"),
    ("GET", ASK, None, 405, "not-allowed", "kan hier niet"),
    ("GET", "/nergens", None, 404, "not-found", "bestaat niet"),
    ("GET", "/static/../app.py", None, 404, "not-found", "bestaat niet"),
    ("GET", "/static/%2e%2e/app.py", None, 404, "not-found", "bestaat niet"),
    ("GET", "/api/v1/documents/geen", None, 404, "unknown-document", "document"),
    ("GET", "/api/v1/documents/geen/file", None, 404, "unknown-document", "document"),
    ("GET", f"{PAGES}/0.png", None, 404, "unknown-page", "geen pagina 0"),
    ("GET", f"{PAGES}/999.png", None, 404, "unknown-page", "geen pagina 999"),
    ("GET", f"{PAGES}/een.png", None, 422, "invalid", "heel getal"),
    ("GET", f"{PAGES}/1.png?quote=9-4", None, 422, "invalid", "120-180"),
    ("GET", f"{PAGES}/1.png?quote=0-99999999", None, 422, "invalid", "120-180"),
    ("GET", f"{PAGES}/1.png?quote=alles", None, 422, "invalid", "120-180"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "kind", "words"), WRONG)
def test_what_is_wrong_is_said_in_dutch(
    client: httpx.Client, method: str, path: str, body: object, status: int, kind: str, words: str
) -> None:
    content = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else None
    response = client.request(method, path, content=content, headers={"Content-Type": "application/json"})
    problem = response.json()
    assert response.status_code == status == problem["status"], problem
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"urn:vraagbaak:problem:{kind}"
    assert words in problem["detail"], problem["detail"]
    assert problem["title"] and problem["request_id"] == response.headers["x-request-id"]
    said = f"{problem['title']} {problem['detail']}"
    assert not re.search(r"\b(the|or|should|must|field|input|valid|error)\b", said), said


def test_a_form_of_another_site_cannot_ask(client: httpx.Client) -> None:
    response = client.post(ASK, content=b'{"question": "a"}', headers={"Content-Type": "text/plain"})
    assert response.status_code == 415
    assert response.json()["type"] == "urn:vraagbaak:problem:no-json"
    assert "application/json" in response.json()["detail"]
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_a_body_without_a_length_is_limited_too(client: httpx.Client) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"question": "'
        yield from [b"a" * 8192] * 20

    response = client.post(ASK, content=pieces(), headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["status"]) == (413, 413)


def test_a_wrong_document_in_a_stream_is_an_event(client: httpx.Client) -> None:
    body = {"question": QUESTION, "documents": ["geen"]}
    with client.stream("POST", ASK, json=body, headers=STREAM) as response:
        events = [(name, data) for _, name, data in events_of(response)]
    assert [name for name, _ in events] == ["status", "error", "done"]
    assert events[1][1]["type"] == "urn:vraagbaak:problem:unknown-document"
    assert events[1][1]["request_id"] == response.headers["x-request-id"]


def test_words_that_look_like_code_are_only_words(client: httpx.Client) -> None:
    for odd in (
        "'; DROP TABLE documents;--",
        "{{7*7}}",
        "${jndi:ldap://x}",
        '"NEAR( AND',
        "\x00",
        "👍",
        "{}",
        "<b>",
    ):
        response = client.post(ASK, json={"question": odd})
        assert response.status_code in (200, 422), odd
        assert client.post(ASK, json={"question": f"{odd} {QUESTION}"}).status_code == 200, odd
