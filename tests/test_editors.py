"""The editors' pages: who may come in, and documents that come and go while questions are answered."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from shutil import copytree

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from api.app import create_app
from api.editors import TRIES, Editors
from index.index import Index
from rag.assistant import Assistant
from rag.generators import Extractive
from rag.review.feedback import Feedback
from rag.review.store import QuestionStore
from tests.fakes import HashingEmbedder
from tests.server import DOCUMENTS, build_assistant, running, until
from vraagbaak.question_file import open_lines
from vraagbaak.serving import renewing

TOKEN = "een-geheime-code-van-de-redactie"
SENTENCE = "<p>De gemeente legt 12 kilometer fietspad aan.</p>"
PATHS = f"<!doctype html><title>Fietspaden</title><h1>Fietspaden</h1>{SENTENCE}"
HEADINGS = {"Documenten": "Documenten (", "Vragen": "Vragen (", "Evaluatie": "Evaluatie"}
PAGES = ["/beheer", "/beheer/vragen", "/beheer/vragen.jsonl", "/beheer/evaluatie"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    build_assistant(folder, DOCUMENTS)
    return folder


@pytest.fixture
def assistant(made: Path, tmp_path: Path) -> Assistant:
    copytree(made, tmp_path, dirs_exist_ok=True)
    return Assistant(Index.open(tmp_path, HashingEmbedder()), Extractive())


@pytest.fixture
def address(assistant: Assistant, tmp_path: Path) -> Iterator[str]:
    app = create_app(
        assistant,
        feedback=Feedback(QuestionStore(tmp_path), "unanswered"),
        editors=Editors(TOKEN, tmp_path, open_lines, tmp_path / "evaluation.html"),
    )
    with running(app) as address, renewing(assistant, tmp_path, 0.1):
        yield address


@pytest.fixture
def visitor(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=20) as client:
        yield client


@pytest.fixture
def editor(visitor: httpx.Client) -> httpx.Client:
    assert visitor.post("/beheer/aanmelden", data={"token": TOKEN}).headers["location"] == "/beheer"
    return visitor


def brought(editor: httpx.Client, name: str, content: bytes) -> str:
    """Upload a file, wait until it was taken in, and return the page."""
    response = editor.post("/beheer/documenten", files={"file": (name, content)})
    assert (response.status_code, response.headers["location"]) == (303, "/beheer")
    return settled(editor)


def settled(editor: httpx.Client) -> str:
    until(lambda: "Bezig:" not in editor.get("/beheer").text, 30)
    return editor.get("/beheer").text


def ids(editor: httpx.Client) -> set[str]:
    return {document["id"] for document in editor.get("/api/v1/documents").json()["documents"]}


def test_without_a_token_in_the_settings_there_is_no_such_page(assistant: Assistant) -> None:
    with running(create_app(assistant)) as address:
        assert httpx.get(f"{address}/beheer").status_code == 404


def test_nobody_comes_in_without_the_token(visitor: httpx.Client) -> None:
    before = ids(visitor)
    for path in PAGES:
        answer = visitor.get(path, headers={"Cookie": "vraagbaak_editor=verzonnen"})
        assert answer.status_code in (401, 303) and "herstel" not in answer.text
    assert visitor.post("/beheer/aanmelden", data={"token": "fout"}).status_code == 401
    assert "set-cookie" not in visitor.post("/beheer/aanmelden", data={"token": ""}).headers
    visitor.post("/beheer/documenten", files={"file": ("x.html", PATHS.encode())})
    visitor.post("/beheer/documenten/herstel-2020/weg")
    assert ids(visitor) == before


def test_guessing_is_slowed_down(visitor: httpx.Client) -> None:
    answers = [visitor.post("/beheer/aanmelden", data={"token": str(at)}) for at in range(TRIES + 1)]
    assert [answer.status_code for answer in answers] == [401] * TRIES + [429]


def test_the_cookie_stays_here_and_leaving_ends_it(editor: httpx.Client) -> None:
    again = editor.post("/beheer/aanmelden", data={"token": TOKEN})
    cookie = again.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/beheer" in cookie
    kept = dict(editor.cookies)
    editor.post("/beheer/afmelden")
    assert editor.get("/beheer", cookies=kept).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.test"}],
)
def test_a_page_of_another_site_changes_nothing(editor: httpx.Client, headers: dict[str, str]) -> None:
    before = ids(editor)
    for path in ("/beheer/documenten/herstel-2020/weg", "/beheer/documenten", "/beheer/aanmelden"):
        answer = editor.post(path, headers=headers)
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:vraagbaak:problem:forbidden")
    assert ids(editor) == before


def test_documents_are_listed_with_their_state(editor: httpx.Client) -> None:
    page = editor.get("/beheer")
    assert page.status_code == 200 and page.headers["cache-control"] == "no-store"
    assert "herstel-2020.pdf" in page.text and "in gebruik" in page.text
    assert "script" not in page.text and "form-action 'self'" in page.headers["content-security-policy"]


def test_a_document_that_is_brought_answers_is_replaced_and_goes(
    editor: httpx.Client, tmp_path: Path
) -> None:
    asked = {"question": "Hoeveel kilometer fietspad legt de gemeente aan?", "documents": ["fietspaden"]}

    def answered(words: str) -> bool:
        response = editor.post("/api/v1/ask", json=asked)
        return response.is_success and words in response.json()["text"]

    assert "fietspaden.html" in brought(editor, "fietspaden.html", PATHS.encode())
    until(lambda: answered("12 kilometer"))
    brought(editor, "fietspaden.html", PATHS.replace("12", "30").encode())
    until(lambda: answered("30 kilometer"))
    assert {"fietspaden", "herstel-2020", "begroting-2019"} == ids(editor)
    editor.post("/beheer/documenten/fietspaden/weg")
    settled(editor)
    until(lambda: "fietspaden" not in ids(editor))
    assert not list((tmp_path / "uploads").iterdir())


def test_what_cannot_be_read_is_told_and_harms_nothing(editor: httpx.Client) -> None:
    before = ids(editor)
    page = brought(editor, "foto.png", b"\x89PNG\r\n\x1a\n" + bytes(50))
    assert "foto.png" in page and "een afbeelding" in page
    page = brought(editor, "stuk.pdf", b"%PDF-1.7\nkapot")
    assert "stuk.pdf" in page and "beschadigd" in page
    assert ids(editor) == before


@pytest.mark.parametrize("name", ["../buiten.html", ".verborgen", "manifest.json", "a\\b.html"])
def test_a_name_cannot_lead_elsewhere(editor: httpx.Client, tmp_path: Path, name: str) -> None:
    before = ids(editor)
    brought(editor, name, PATHS.encode())
    assert not (tmp_path / "buiten.html").exists() and not (tmp_path.parent / "buiten.html").exists()
    with suppress(FileNotFoundError):
        assert all(path.parent == tmp_path / "uploads" for path in (tmp_path / "uploads").rglob("*"))
    assert len(ids(editor)) <= len(before) + 1


def test_a_title_is_only_words(editor: httpx.Client) -> None:
    page = brought(
        editor, "x.html", PATHS.replace("Fietspaden", "&lt;img src=x onerror=alert(1)&gt;").encode()
    )
    assert "&lt;img" in page and "<img" not in page


def test_questions_without_an_answer_are_shown_and_exported(editor: httpx.Client) -> None:
    assert "wachten geen vragen" in editor.get("/beheer/vragen").text
    question = "Hoe laat vertrekt de trein naar <b>Groningen</b>?"
    answer = editor.post("/api/v1/ask", json={"question": question}).json()
    assert answer["status"] == "not_found"
    page = editor.get("/beheer/vragen").text
    assert "&lt;b&gt;Groningen" in page and "niet gevonden" in page
    assert ".png" in page
    exported = editor.get("/beheer/vragen.jsonl")
    assert "Groningen" in exported.json()["question"] and exported.json()["nearest"]


def test_the_last_evaluation_is_shown_and_may_do_nothing(editor: httpx.Client, tmp_path: Path) -> None:
    assert "nog geen evaluatie" in editor.get("/beheer/evaluatie").text
    (tmp_path / "evaluation.html").write_text("<h1>Verslag</h1>", encoding="utf-8")
    shown = editor.get("/beheer/evaluatie")
    assert shown.text == "<h1>Verslag</h1>"
    assert "sandbox allow-scripts" in shown.headers["content-security-policy"]


@pytest.mark.slow
def test_the_whole_way_in_a_browser(browser: Browser, address: str, tmp_path: Path) -> None:
    (tmp_path / "fietspaden.html").write_text(PATHS, encoding="utf-8")
    page = browser.new_page(viewport={"width": 320, "height": 700})
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{address}/beheer")
    page.get_by_label("Toegangscode").fill(TOKEN)
    page.get_by_role("button", name="Meld aan").click()
    page.get_by_label("Kies bestanden").set_input_files(tmp_path / "fietspaden.html")
    page.get_by_role("button", name="Voeg toe").click()
    expect(page.get_by_role("link", name="Fietspaden")).to_be_visible(timeout=20_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.get_by_role("button", name="Haal weg: Fietspaden").click()
    expect(page.get_by_role("link", name="Fietspaden")).to_have_count(0, timeout=20_000)
    page.get_by_role("link", name="Vragen").click()
    expect(page.get_by_text("Er wachten geen vragen.")).to_be_visible()
    page.goto(f"{address}/beheer")
    for name in HEADINGS:
        page.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=2, name=HEADINGS[name])).to_be_visible()
        found = Axe().run(page).response["violations"]
        assert [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]] == []
    page.close()
    assert [words for words in complaints if "401" not in words] == []  # the form itself comes with 401
