"""The chat page in a real browser, against a real server: what people see, and what must never happen."""

import json
from collections.abc import Iterator
from copy import copy
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from api.app import create_app
from index.embedders import Vectors
from index.images import MARKER
from rag.assistant import Assistant
from rag.generators import Extractive
from rag.review.feedback import Feedback
from rag.review.kept import Verdict
from rag.review.store import QuestionStore
from tests.browser import QUESTION, Visit
from tests.fakes import HashingEmbedder
from tests.server import DOCUMENTS, SlowWriter, build_assistant, running, until

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return build_assistant(tmp_path_factory.mktemp("index"), DOCUMENTS)


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with running(create_app(assistant, examples=[QUESTION, "Wat staat er in de begroting?"])) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    visit = Visit(browser, address)
    yield visit
    visit.finish()


def test_before_the_first_question_the_page_says_what_it_is(visit: Visit) -> None:
    page = visit.page
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.locator(".notice")).to_contain_text("AI-systeem")
    expect(page.locator(".notice")).to_contain_text("2 documenten")
    expect(page.get_by_label("Uw vraag")).to_be_focused()
    page.get_by_role("button", name=QUESTION).click()
    expect(page.locator(".answer")).to_be_visible()
    expect(page.locator(".notice")).to_be_hidden()


def test_a_source_opens_as_a_page_with_the_sentence_marked(visit: Visit, assistant: Assistant) -> None:
    page = visit.page
    visit.ask(QUESTION)
    expect(page.locator(".answer.answered")).to_be_visible()
    card = page.locator(".card").first
    quote = card.locator("mark").inner_text()
    assert quote in {" ".join(citation.quote.split()) for citation in assistant.ask(QUESTION).citations}

    with page.expect_response(lambda response: ".png" in response.url) as image:
        page.locator(".cite").first.click()
    picture = Image.open(BytesIO(image.value.body())).convert("RGB")
    assert MARKER in {colour for _, colour in picture.getcolors(1 << 20) or []}
    shown = page.locator(".viewer img")
    expect(shown).to_be_visible()
    assert quote in (shown.get_attribute("alt") or "")
    assert shown.evaluate("image => image.naturalWidth") > 1000

    file = page.get_by_role("link", name="Open het document").get_attribute("href") or ""
    number = page.locator(".viewer img").get_attribute("src") or ""
    assert file.endswith(f"/file#page={number.split('/pages/')[1].split('.png')[0]}")


def test_a_source_without_pages_is_named_by_its_headings(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "regels.md"
    file.write_text("# Regels\n\n## Verlof\n\nNa de geboorte krijgt u vijf weken verlof.\n", encoding="utf-8")
    assistant = build_assistant(tmp_path / "index", [file], Extractive())
    with running(create_app(assistant)) as address:
        visit = Visit(browser, address)
        visit.ask("Hoeveel weken verlof krijg ik na de geboorte?")
        expect(visit.page.locator(".card .origin").first).to_have_text("zonder datum · onder: Verlof")
        label = visit.page.locator(".cite").first.get_attribute("aria-label")
        assert label == "Bekijk bron 1: Regels, onder: Verlof"
        visit.finish()


def test_everything_works_with_the_keyboard_alone(visit: Visit) -> None:
    page, keys = visit.page, visit.page.keyboard
    keys.type("Waarom is")
    keys.press("Shift+Enter")
    keys.type("de coronacrisis zwaar voor de technologische industrie?")
    assert page.locator("#question").input_value().count("\n") == 1
    keys.press("Enter")
    expect(page.locator(".answer")).to_be_visible()
    expect(page.locator("#question")).to_be_focused()
    for _ in range(40):
        keys.press("Shift+Tab")
        if visit.focused("className") == "cite":
            break
    label = visit.focused("ariaLabel")
    assert str(label).startswith("Bekijk bron")
    keys.press("Enter")
    expect(page.locator(".viewer h2")).to_be_focused()
    before = page.locator(".viewer img").get_attribute("src")
    page.get_by_role("button", name="Volgende pagina").focus()
    keys.press("Enter")
    assert page.locator(".viewer img").get_attribute("src") != before
    page.get_by_role("button", name="Groter").focus()
    keys.press("Enter")
    expect(page.locator(".viewer img")).to_have_class("zoom1")
    keys.press("Escape")
    expect(page.locator(".viewer")).to_be_hidden()
    assert visit.focused("ariaLabel") == label


def test_a_finished_answer_is_announced_once(browser: Browser, assistant: Assistant) -> None:
    slow = Assistant(assistant.index, SlowWriter(pause=0.02, words=30))
    with running(create_app(slow)) as address:
        visit = Visit(browser, address)
        visit.page.evaluate(
            "const live = document.querySelector('vraagbaak-chat').shadowRoot.getElementById('live');"
            "window.heard = []; new MutationObserver(() => heard.push(live.textContent))"
            ".observe(live, {childList: true, characterData: true, subtree: true})"
        )
        visit.ask(QUESTION)
        expect(visit.page.locator(".answer")).to_be_visible()
        heard = visit.page.evaluate("window.heard")
        assert len(heard) == 2 and "zoek" in heard[0]
        assert len(heard[1]) > 40 and "[1]" not in heard[1]
        assert visit.page.locator("[aria-live], [role=status], [role=log], [role=alert]").count() == 1
        visit.finish()


def test_the_quote_comes_first_and_the_draft_looks_like_one(browser: Browser, assistant: Assistant) -> None:
    writer = SlowWriter(pause=0.05, words=40)
    with running(create_app(Assistant(assistant.index, writer))) as address:
        visit = Visit(browser, address)
        visit.ask(QUESTION)
        expect(visit.page.locator(".found mark")).to_be_visible()
        assert visit.page.locator(".answer").count() == 0
        expect(visit.page.locator(".draft")).to_contain_text("niet vergeleken")
        expect(visit.page.locator(".draft .words")).to_contain_text("woord woord")
        expect(visit.page.locator(".body")).to_have_attribute("aria-busy", "true")
        expect(visit.page.locator(".answer")).to_be_visible()
        assert visit.page.locator(".draft, .found, .phase, [aria-busy]").count() == 0
        visit.finish()


def test_stop_stops_the_writer_and_claims_nothing(browser: Browser, assistant: Assistant) -> None:
    writer = SlowWriter()
    with running(create_app(Assistant(assistant.index, writer))) as address:
        visit = Visit(browser, address)
        visit.ask(QUESTION)
        expect(visit.page.locator(".draft .words")).to_contain_text("woord")
        visit.page.get_by_role("button", name="Stop").click()
        until(lambda: writer.stopped == 1 and not writer.writing, 2)
        expect(visit.page.locator(".draft")).to_contain_text("Gestopt")
        assert visit.page.locator(".answer, .verdict, .cite").count() == 0
        expect(visit.page.get_by_role("button", name="Verstuur")).to_be_visible()
        visit.finish()


def test_follow_up_questions_bring_the_conversation_along_until_a_new_one(visit: Visit) -> None:
    page = visit.page
    visit.ask(QUESTION)
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.locator(".understood")).to_have_count(0)
    visit.ask("En in de begroting?")
    expect(page.locator(".answer")).to_have_count(2)
    understood = f"Begrepen als: {QUESTION[:-1]}, en in de begroting?"
    expect(page.locator("article").last.locator(".understood")).to_have_text(understood)
    page.get_by_role("button", name="Nieuw gesprek").click()
    expect(page.locator("article")).to_have_count(0)
    visit.ask(QUESTION)
    expect(page.locator(".answer")).to_have_count(1)
    asked = [
        json.loads(request.post_data or "") for request in visit.requests if request.url.endswith("/ask")
    ]
    assert [len(body["history"]) for body in asked] == [0, 2, 0]
    assert asked[1]["history"][0] == {"role": "user", "content": QUESTION}


def test_no_answer_shows_what_comes_near_without_a_mark_of_approval(visit: Visit) -> None:
    visit.ask("Wanneer gaat zwembad Zonneweelde open?")
    page = visit.page
    expect(page.locator(".answer.not_found")).to_be_visible()
    expect(page.get_by_text("dichtst in de buurt", exact=False).last).to_be_visible()
    assert page.locator(".verdict, .cite, mark").count() == 0
    page.locator(".card").first.click()
    expect(page.locator(".viewer img")).to_be_visible()


def test_what_goes_wrong_is_told_with_a_code(browser: Browser, assistant: Assistant) -> None:
    class Broken(HashingEmbedder):
        def embed_query(self, text: str) -> Vectors:
            raise RuntimeError("broken")

    index = assistant.index
    broken = copy(index)
    broken._embed = Broken().embed_query
    with running(create_app(Assistant(broken, Extractive()))) as address:
        visit = Visit(browser, address)
        visit.ask(QUESTION)
        failed = visit.page.locator(".failed")
        expect(failed).to_contain_text("Er ging iets mis")
        response = next(request.response() for request in visit.requests if request.url.endswith("/ask"))
        assert response is not None
        expect(failed).to_contain_text(f"Code: {response.headers['x-request-id']}")
        visit.finish()
        visit = Visit(browser, address)
    visit.ask(QUESTION)  # nobody listens any more
    expect(visit.page.locator(".failed")).to_contain_text("geen verbinding")
    visit.context.close()


def test_a_thumb_goes_out_at_once_and_why_it_went_down_may_follow(
    browser: Browser, assistant: Assistant, tmp_path: Path
) -> None:
    store = QuestionStore(tmp_path)
    with running(create_app(assistant, feedback=Feedback(store))) as address:
        visit = Visit(browser, address)
        page, keys = visit.page, visit.page.keyboard
        visit.ask(QUESTION)
        up = page.get_by_role("button", name="Ja, dit helpt mij")
        down = page.get_by_role("button", name="Nee, dit helpt mij niet")
        expect(up).to_have_accessible_description(
            "Bij een duim omlaag bewaren wij uw vraag voor de redactie, zonder uw naam."
        )
        up.click()
        expect(up).to_have_attribute("aria-pressed", "true")
        assert (store.questions(), store.verdicts()) == ((), (1, 0))
        expect(page.locator("#live")).to_have_text("Dank u.")

        down.focus()  # from here on with the keyboard alone
        keys.press("Enter")
        expect(down).to_have_attribute("aria-pressed", "true")
        expect(up).to_have_attribute("aria-pressed", "false")
        (kept,) = store.questions()
        assert (kept.asked.question, kept.verdicts) == (QUESTION, (Verdict(False),))
        keys.press("Tab")
        expect(page.get_by_label("Het klopt niet")).to_be_focused()
        keys.press("ArrowDown")
        keys.press("ArrowDown")
        expect(page.get_by_label("Er ontbreekt iets")).to_be_checked()
        keys.press("Tab")
        keys.type("En <b>2019</b>?")
        keys.press("Tab")
        keys.press("Enter")
        expect(page.locator("form.why")).to_have_count(0)
        expect(down).to_be_focused()
        expect(page.locator("#live")).to_contain_text("De redactie leest")
        assert store.questions()[0].verdicts == (Verdict(False, "incomplete", "En <b>2019</b>?"),)
        assert store.verdicts() == (0, 1)
        visit.finish()


def test_a_thumb_that_does_not_arrive_is_not_pressed(
    browser: Browser, assistant: Assistant, tmp_path: Path
) -> None:
    feedback = Feedback(QuestionStore(tmp_path))
    with running(create_app(assistant, feedback=feedback)) as address:
        visit = Visit(browser, address)
        visit.ask(QUESTION)
        expect(visit.page.locator(".thumb")).to_have_count(2)
        with running(create_app(assistant, feedback=Feedback(QuestionStore(tmp_path)))) as other:
            # Another service, as after a restart: it does not know this answer.
            visit.page.route("**/feedback", lambda route: route.continue_(url=f"{other}/api/v1/feedback"))
            visit.page.locator(".thumb.down").click()
            expect(visit.page.locator(".thumbs .note")).to_contain_text("Stel de vraag opnieuw")
        visit.page.unroute("**/feedback")
        visit.context.set_offline(True)
        visit.page.locator(".thumb.down").click()
        expect(visit.page.locator(".thumbs .note")).to_contain_text("niet aangekomen")
        assert visit.page.locator(".thumb[aria-pressed=true], form.why").count() == 0
        visit.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_thumbs_fit_the_smallest_screen(
    browser: Browser, assistant: Assistant, tmp_path: Path, scheme: str
) -> None:
    feedback = Feedback(QuestionStore(tmp_path), "unanswered")
    with running(create_app(assistant, feedback=feedback)) as address:
        visit = Visit(browser, address, viewport={"width": 320, "height": 640}, color_scheme=scheme)
        expect(visit.page.locator(".hint")).to_contain_text("bewaren wij uw vraag")
        visit.ask("Wanneer gaat zwembad Zonneweelde open?")
        visit.page.locator(".thumb.down").click()
        expect(visit.page.locator("form.why")).to_be_visible()
        assert visit.sticking_out() == []
        for box in (one.bounding_box() for one in visit.page.locator(".thumb").all()):
            assert box and min(box["width"], box["height"]) >= 24  # WCAG 2.2, 2.5.8
        visit.finish()


def test_nobody_is_asked_where_nothing_is_kept(visit: Visit) -> None:
    visit.ask(QUESTION)
    expect(visit.page.locator(".answer")).to_be_visible()
    expect(visit.page.locator(".thumbs")).to_have_count(0)
    expect(visit.page.locator(".hint")).not_to_contain_text("bewaren")


@pytest.mark.parametrize("width", [320, 375, 768, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_sticks_out_on_any_screen(browser: Browser, address: str, width: int, scheme: str) -> None:
    visit = Visit(browser, address, viewport={"width": width, "height": 640}, color_scheme=scheme)
    page = visit.page
    assert visit.sticking_out() == []
    visit.ask(QUESTION)
    expect(page.locator(".answer")).to_be_visible()
    assert visit.sticking_out() == []
    page.locator(".cite").first.click()
    expect(page.locator(".viewer img")).to_be_visible()
    assert visit.sticking_out() == []
    panel, talk = page.locator(".viewer").bounding_box(), page.locator(".talk").bounding_box()
    assert panel and talk
    beside = panel["x"] >= talk["x"] + talk["width"]
    covers = panel["width"] == width and panel["height"] == 640
    assert (beside, covers) == (width > 900, width < 900)
    # What is covered can not be reached with the keyboard either.
    assert page.locator(".talk").evaluate("talk => talk.inert") == covers
    visit.finish()


def test_at_400_percent_everything_scrolls_together(browser: Browser, address: str) -> None:
    # 1280 x 1024, enlarged four times
    visit = Visit(browser, address, viewport={"width": 320, "height": 256})
    visit.ask(QUESTION)
    expect(visit.page.locator(".answer")).to_be_visible()
    assert visit.sticking_out() == []
    asked = visit.page.locator(".asked").bounding_box()
    assert asked and 0 <= asked["y"] < 20
    visit.page.locator(".thumb, .actions").last.scroll_into_view_if_needed()
    assert visit.page.locator(".bar").bounding_box()["y"] < 0  # type: ignore[index]
    visit.finish()
