"""axe, the checker of accessibility, on every state of the chat in both themes."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from api.app import create_app
from rag.assistant import Assistant
from rag.review.feedback import Feedback
from rag.review.store import QuestionStore
from tests.browser import QUESTION, Intranet, Visit
from tests.server import DOCUMENTS, SlowWriter, build_assistant, running

pytestmark = pytest.mark.slow

STATES = ["start", "draft", "answer", "page", "text of the page", "no answer", "thumb down", "failed"]


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return build_assistant(tmp_path_factory.mktemp("index"), DOCUMENTS)


@pytest.fixture(scope="module")
def address(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    feedback = Feedback(QuestionStore(tmp_path_factory.mktemp("kept")), "unanswered")
    with running(create_app(assistant, examples=[QUESTION], feedback=feedback, contact="Bel 070.")) as opened:
        yield opened


@pytest.fixture(scope="module")
def slow(assistant: Assistant) -> Iterator[str]:
    with running(create_app(Assistant(assistant.index, SlowWriter(0.1)))) as opened:
        yield opened


def findings(visit: Visit) -> list[str]:
    visit.page.wait_for_timeout(350)  # what appears gently has not its own colours before
    found = Axe().run(visit.page).response["violations"]
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def reach(state: str, visit: Visit) -> None:
    page = visit.page
    if state == "draft":
        visit.ask(QUESTION)
        expect(page.locator(".draft .words")).to_contain_text("woord")
    elif state == "no answer":
        visit.ask("Wanneer gaat zwembad Zonneweelde open?")
        expect(page.locator(".not_found .contact")).to_be_visible()
    elif state == "failed":
        visit.context.set_offline(True)
        visit.ask(QUESTION)
        expect(page.locator(".failed")).to_be_visible()
    elif state != "start":
        visit.ask(QUESTION)
        expect(page.locator(".answer")).to_be_visible()
    if state == "thumb down":
        page.locator(".thumb.down").click()
        expect(page.locator("form.why")).to_be_visible()
    if state in ("page", "text of the page"):
        page.locator(".cite").first.click()
        expect(page.locator(".sheet:not(.loading) img")).to_be_visible()
    if state == "text of the page":
        page.locator(".reading summary").click()
        expect(page.locator(".reading mark")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(browser: Browser, address: str, slow: str, state: str, scheme: str) -> None:
    visit = Visit(browser, slow if state == "draft" else address, color_scheme=scheme)
    reach(state, visit)
    assert findings(visit) == []
    visit.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_it_stands_in_another_page(
    browser: Browser, assistant: Assistant, scheme: str
) -> None:
    with Intranet() as intranet, running(create_app(assistant, origins=[intranet.address])) as server:
        intranet.embed(server, '<vraagbaak-chat theme="auto"></vraagbaak-chat>')
        visit = Visit(browser, intranet.address, server=server, color_scheme=scheme)
        assert findings(visit) == []
        visit.page.get_by_role("button", name="Stel een vraag").click()
        reach("page", visit)
        assert findings(visit) == []
        visit.finish()


def test_with_colours_of_ones_own_a_line_says_what_a_background_said(browser: Browser, address: str) -> None:
    visit = Visit(browser, address, forced_colors="active", reduced_motion="reduce")
    reach("answer", visit)
    for part in (".cite", ".card", ".thumb", ".box", "mark"):
        line = visit.page.locator(part).first.evaluate("one => getComputedStyle(one).borderTopStyle")
        assert line == "solid", part
    moving = visit.page.evaluate("document.getAnimations().length")
    assert moving == 0
    visit.finish()
