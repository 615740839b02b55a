"""What stands around an answer: what to ask next, years, links, copies, a warning, the line, stopping."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Route, expect

from api.app import create_app
from rag.assistant import Assistant
from rag.review.masking import mask
from tests.browser import QUESTION, Visit
from tests.server import DOCUMENTS, SlowWriter, build_assistant, running, until

pytestmark = pytest.mark.slow

CONTACT = "Vraag het team Kennis: kennis@voorbeeld.nl."


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return build_assistant(tmp_path_factory.mktemp("index"), DOCUMENTS)


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with running(create_app(assistant, contact=CONTACT)) as opened:
        yield opened


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    visit = Visit(browser, address)
    yield visit
    visit.finish()


def test_what_to_ask_next_are_headings_of_what_was_found_but_not_cited(
    visit: Visit, assistant: Assistant
) -> None:
    page = visit.page
    visit.ask(QUESTION)
    suggested = page.locator(".next .choice")
    expect(suggested).to_have_count(3)
    answer = assistant.ask(QUESTION)
    found = " | ".join(heading for hit in answer.hits for heading in hit.passage.headings)
    cited = {citation.document.headings_at(citation.start)[-1:] for citation in answer.citations}
    for heading in suggested.all_inner_texts():
        assert heading in found
        assert not [path for path in cited if heading in "".join(path)]
    heading = suggested.first.inner_text()
    suggested.first.click()
    asked = page.locator(".asked").last
    expect(asked).to_have_text(f"Wat staat er over “{heading}”?")
    expect(page.locator(".answer")).to_have_count(2)


def test_documents_of_different_years_are_named_as_such(browser: Browser, tmp_path: Path) -> None:
    for year, weeks in (("2019", "vijf"), ("2023", "zes")):
        words = f"# Verlof in {year}\n\nIn {year} krijgt een vader na de geboorte {weeks} weken verlof.\n"
        (tmp_path / f"verlof-{year}.md").write_text(words, encoding="utf-8")
    assistant = build_assistant(tmp_path / "index", sorted(tmp_path.glob("*.md")))
    with running(create_app(assistant)) as address:
        visit = Visit(browser, address)
        visit.ask("Hoeveel weken verlof kreeg een vader in 2019 en hoeveel in 2023?")
        expect(visit.page.locator(".card")).to_have_count(2)
        expect(visit.page.locator(".years")).to_contain_text("verschillende jaren: 2019 en 2023.")
        assert {card.split(" · ")[0] for card in visit.page.locator(".origin").all_inner_texts()} == {
            "2019",
            "2023",
        }
        visit.ask("Hoeveel weken verlof kreeg een vader in 2023?")
        expect(visit.page.locator(".answer")).to_have_count(2)
        expect(visit.page.locator("article").last.locator(".years")).to_have_count(0)
        visit.finish()


def test_what_is_not_verified_never_looks_verified(visit: Visit, address: str) -> None:
    """The service drops what does not hold; the chat must not rely on it."""
    answer = httpx.post(f"{address}/api/v1/ask", json={"question": QUESTION}).json()
    answer["sentences"][0]["verified"] = False
    answer["notices"] = ["Dit antwoord bestaat alleen uit citaten."]

    def doubted(route: Route) -> None:
        body = f"event: answer\ndata: {json.dumps(answer)}\n\nevent: done\ndata: {{}}\n\n"
        route.fulfill(body=body, content_type="text/event-stream")

    visit.page.route("**/api/v1/ask", doubted)
    visit.ask(QUESTION)
    page = visit.page
    expect(page.locator(".verdict")).to_have_text("Let op: de bron bevestigt niet alles in dit antwoord.")
    expect(page.locator(".verdict")).to_have_class("verdict unverified")
    expect(page.locator(".doubtful")).to_have_count(1)
    expect(page.locator(".doubtful")).to_contain_text("(niet bevestigd)")
    expect(page.locator(".remark")).to_have_text(answer["notices"][0])


def test_a_link_asks_the_question_again(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, permissions=["clipboard-read", "clipboard-write"])
    page = visit.page
    visit.ask(QUESTION)
    page.get_by_role("button", name="Kopieer link").click()
    expect(page.get_by_role("button", name="Gekopieerd")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{address}/#vraag=Waarom%20is")
    visit.finish()
    visit = Visit(browser, link)
    visit.allowed = (address + "/",)
    expect(visit.page.locator(".asked")).to_have_text(QUESTION)
    expect(visit.page.locator(".answer")).to_be_visible()
    assert not [request for request in visit.requests if "vraag" in request.url.partition("#")[0]]
    visit.finish()


@pytest.mark.parametrize("secure", [True, False])
def test_a_copy_has_its_sources_and_says_what_made_it(browser: Browser, address: str, secure: bool) -> None:
    visit = Visit(browser, address, permissions=["clipboard-read", "clipboard-write"])
    page = visit.page
    if not secure:  # over plain http there is no such thing
        page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    visit.ask(QUESTION)
    page.get_by_role("button", name="Kopieer", exact=True).click()
    expect(page.get_by_role("button", name="Gekopieerd")).to_be_focused()
    page.locator("#question").focus()
    page.keyboard.press("Control+V")
    copied = page.locator("#question").input_value()
    assert "[1] Herstelplan na corona: wat FME in april 2020 voorstelde, blz. 1 (april 2020): “" in copied
    assert copied.endswith("AI-systeem. Controleer de bron.")
    visit.finish()


PERSONAL = [
    ("Hoeveel verlof heeft burger 111222333?", True),
    ("Hoeveel verlof heeft burger 111222334?", False),
    ("Mijn nummer is 1112.22.333", True),
    ("Mail jan.de.vries@voorbeeld.nl", True),
    ("Bel mij op 06-12345678", True),
    ("Bel mij op +31 6 12345678", True),
    ("Stort op NL91 ABNA 0417 1643 00", True),
    ("Stort op NL92 ABNA 4417 1643 00", False),
    ("Wat kost het: 123.456.789,50 euro?", False),
    ("Artikel 7:658 van het BW uit 2019", False),
    ("Wat staat er in de begroting van 2020-2023?", False),
]


@pytest.mark.parametrize(("words", "personal"), PERSONAL)
def test_personal_data_are_the_same_to_the_chat_and_to_the_service(
    visit: Visit, words: str, personal: bool
) -> None:
    told = "text => import('/static/personal.js').then((module) => module.holdsPersonalData(text))"
    assert visit.page.evaluate(told, words) == (mask(words) != words) == personal


def test_personal_data_are_not_sent_before_somebody_says_so(visit: Visit) -> None:
    page = visit.page

    def sent() -> list[str]:
        return [request.post_data or "" for request in visit.requests if request.url.endswith("/ask")]

    visit.ask("Mag jan@voorbeeld.nl verlof opnemen?")
    expect(page.locator(".caution")).to_contain_text("Uw vraag is nog niet verstuurd.")
    expect(page.get_by_role("button", name="Pas de vraag aan")).to_be_focused()
    assert sent() == []
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#question")).to_have_value("Mag jan@voorbeeld.nl verlof opnemen?")
    expect(page.locator(".caution")).to_be_hidden()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Verstuur toch").click()
    expect(page.locator(".answer")).to_be_visible()
    assert len(sent()) == 1
    expect(page.locator(".contact")).to_have_text(f"Komt u er niet uit? {CONTACT}")


def test_who_waits_sees_the_place_in_the_line_and_something_to_read(
    browser: Browser, assistant: Assistant
) -> None:
    writer = SlowWriter()
    with running(create_app(Assistant(assistant.index, writer))) as address:
        first, second = Visit(browser, address), Visit(browser, address)
        first.ask(QUESTION)
        expect(first.page.locator(".draft .words")).to_contain_text("woord")
        expect(first.page.locator(".phase")).to_have_text(
            "Het duurt iets langer. Even geduld.", timeout=12_000
        )
        second.ask(QUESTION)
        expect(second.page.locator(".found mark")).to_be_visible()
        expect(second.page.locator(".phase")).to_have_text("Het is nu druk. U bent nummer 1 in de rij.")
        first.page.get_by_role("button", name="Stop").click()
        expect(second.page.locator(".phase")).to_have_text("Ik schrijf het antwoord…")
        second.page.get_by_role("button", name="Stop").click()
        until(lambda: writer.stopped == 2, 3)
        second.page.get_by_role("button", name="Vraag opnieuw").click()
        expect(second.page.locator("article")).to_have_count(1)
        expect(second.page.locator(".draft .words")).to_contain_text("woord")
        expect(second.page.locator("#question")).to_be_focused()
        second.page.get_by_role("button", name="Stop").click()
        first.finish()
        second.finish()


def test_the_text_of_a_page_can_be_read_with_the_quote_marked(browser: Browser, tmp_path: Path) -> None:
    # Characters outside the first plane of Unicode count once for the service and twice for JavaScript.
    words = "# Feest 🎉🎉\n\nEr is taart 🍰 voor iedereen 🎈. Het feest begint om vier uur in de kantine.\n"
    (tmp_path / "feest.md").write_text(words, encoding="utf-8")
    assistant = build_assistant(tmp_path / "index", [tmp_path / "feest.md"])
    with running(create_app(assistant)) as address:
        visit = Visit(browser, address)
        visit.ask("Waar begint het feest om vier uur?")
        visit.page.locator(".card").first.click()
        visit.page.get_by_text("Lees de tekst van deze pagina").click()
        expect(visit.page.locator(".reading mark")).to_have_text(
            "Het feest begint om vier uur in de kantine."
        )
        expect(visit.page.locator(".reading p")).to_contain_text("taart 🍰 voor iedereen")
        visit.finish()
