"""The chat in other pages: another origin, a strict policy, a button, several at once."""

import gzip
import html
import json
import re
from collections.abc import Iterator
from io import BytesIO

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from api.app import create_app
from api.page import STATIC
from index.images import MARKER
from index.texts import all_texts
from rag.assistant import Assistant
from rag.review.feedback import Feedback
from rag.review.store import QuestionStore
from tests.browser import QUESTION, Intranet, Visit
from tests.server import DOCUMENTS, build_assistant, running

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return build_assistant(tmp_path_factory.mktemp("index"), DOCUMENTS)


@pytest.fixture(scope="module")
def intranet() -> Iterator[Intranet]:
    with Intranet() as intranet:
        yield intranet


@pytest.fixture(scope="module")
def server(
    assistant: Assistant, intranet: Intranet, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    feedback = Feedback(QuestionStore(tmp_path_factory.mktemp("kept")))
    app = create_app(
        assistant, examples=[QUESTION], feedback=feedback, contact="Bel 070.", origins=[intranet.address]
    )
    with running(app) as address:
        yield address


def test_a_strict_page_of_another_origin_gets_an_answer_and_its_page(
    browser: Browser, server: str, intranet: Intranet
) -> None:
    intranet.embed(server, f'<vraagbaak-chat server="{server}"></vraagbaak-chat>')
    visit = Visit(browser, intranet.address, server=server)
    page, keys = visit.page, visit.page.keyboard
    launcher = page.get_by_role("button", name="Stel een vraag")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert visit.focused("id") is None  # the page keeps its focus
    launcher.focus()
    keys.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    visit.ask(QUESTION)
    expect(page.locator(".answer.answered")).to_be_visible()
    with page.expect_response(lambda response: ".png" in response.url) as image:
        page.locator(".cite").first.click()
    picture = Image.open(BytesIO(image.value.body())).convert("RGB")
    assert MARKER in {colour for _, colour in picture.getcolors(1 << 20) or []}
    expect(page.locator(".sheet:not(.loading) img")).to_be_visible()
    expect(page.locator(".cite[aria-expanded]")).to_be_in_viewport(ratio=1)
    assert page.locator(".sheet img").evaluate("image => image.naturalWidth") > 1000
    file = page.get_by_role("link", name="Open het document").get_attribute("href") or ""
    assert file.startswith(f"{server}/api/v1/documents/") and "#page=" in file
    page.locator(".thumb.up").click()
    expect(page.locator(".thumb.up")).to_have_attribute("aria-pressed", "true")

    page.locator(".viewer h2").focus()
    keys.press("Escape")
    expect(page.locator(".viewer")).to_be_hidden()
    expect(page.get_by_role("dialog")).to_be_visible()
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()
    launcher.click()
    expect(page.locator(".answer")).to_be_visible()  # the conversation is still there
    visit.finish()


def test_a_page_that_is_not_allowed_keeps_what_it_said_itself(
    browser: Browser, assistant: Assistant, intranet: Intranet
) -> None:
    with running(create_app(assistant)) as other:
        intranet.embed(other, f'<vraagbaak-chat server="{other}">Bel het KCC.</vraagbaak-chat>')
        page = browser.new_context().new_page()
        with page.expect_event("requestfailed"):
            page.goto(intranet.address)
        expect(page.get_by_text("Bel het KCC.")).to_be_visible()
        page.context.close()


def test_an_attribute_that_makes_no_sense_leaves_no_empty_box(
    browser: Browser, server: str, intranet: Intranet
) -> None:
    intranet.embed(
        server,
        '<vraagbaak-chat examples="5">Bel het KCC.</vraagbaak-chat>'
        '<vraagbaak-chat texts="{" mode="inline"></vraagbaak-chat>',
    )
    page = browser.new_context().new_page()
    with page.expect_console_message(lambda message: "attribute texts is no JSON" in message.text):
        page.goto(intranet.address)
    expect(page.get_by_text("Bel het KCC.")).to_be_visible()
    expect(page.locator("#question")).to_have_count(1)  # with the texts of the service
    page.context.close()


@pytest.mark.parametrize("origin", [None, "{intranet}", "https://evil.example", "null"])
@pytest.mark.parametrize("path", ["widget.js", "static/element.js", "api/v1/texts", "api/v1/documents/none"])
def test_only_origins_that_were_named_may_read(
    server: str, intranet: Intranet, path: str, origin: str | None
) -> None:
    allowed = origin == "{intranet}"
    headers = {"Origin": origin.format(intranet=intranet.address)} if origin else {}
    response = httpx.get(f"{server}/{path}", headers=headers)
    assert response.status_code == (404 if path.endswith("none") else 200)
    assert response.headers.get("access-control-allow-origin") == (intranet.address if allowed else None)
    assert "access-control-allow-credentials" not in response.headers


def test_the_same_pages_may_show_the_chat_page_in_a_frame(server: str, intranet: Intranet) -> None:
    policy = httpx.get(server).headers["content-security-policy"]
    assert f"frame-ancestors 'self' {intranet.address};" in policy
    assert "require-trusted-types-for 'script'" in policy


def test_a_question_of_another_origin_is_asked_for_first(server: str, intranet: Intranet) -> None:
    asking = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    for origin, status in ((intranet.address, 200), ("https://evil.example", 400)):
        response = httpx.options(f"{server}/api/v1/ask", headers={"Origin": origin, **asking})
        assert response.status_code == status
        assert ("access-control-allow-origin" in response.headers) == (status == 200)


def test_two_chats_on_one_page_know_nothing_of_each_other(
    browser: Browser, server: str, intranet: Intranet
) -> None:
    own = html.escape(json.dumps({"title": "Vraag het HR", "heading": "Waarmee helpen we u?"}))
    examples = html.escape(json.dumps(["Hoeveel weken verlof krijg ik?"]))
    intranet.embed(
        server,
        f'<vraagbaak-chat id="one" mode="inline" texts="{own}" examples="{examples}"></vraagbaak-chat>'
        '<vraagbaak-chat id="two" mode="inline" theme="dark"></vraagbaak-chat>',
    )
    visit = Visit(browser, intranet.address, server=server)
    one, two = visit.page.locator("#one"), visit.page.locator("#two")
    expect(one.get_by_role("heading", name="Vraag het HR")).to_be_visible()
    expect(one.get_by_role("button", name="Hoeveel weken verlof krijg ik?")).to_be_visible()
    expect(two.get_by_role("heading", name="Vraagbaak")).to_be_visible()
    two.get_by_role("button", name=QUESTION).click()
    expect(two.locator(".answer")).to_be_visible()
    two.locator(".cite").first.click()
    expect(two.locator(".viewer img")).to_be_visible()
    expect(one.locator(".answer, .viewer:visible")).to_have_count(0)
    ink = "chat => getComputedStyle(chat.shadowRoot.querySelector('.shell')).color"
    assert one.evaluate(ink) != two.evaluate(ink)
    assert len([request for request in visit.requests if request.url.endswith("/element.js")]) == 1
    visit.finish()


def test_a_page_around_it_dresses_it_only_where_it_is_asked_to(
    browser: Browser, server: str, intranet: Intranet
) -> None:
    intranet.embed(server, '<vraagbaak-chat mode="inline"></vraagbaak-chat>')
    intranet.policy = ""
    intranet.html = intranet.html.replace(
        "</head>",
        "<style>html { font-size: 10px } * { color: red !important; font-size: 40px !important }"
        "button { border: 9px solid red } vraagbaak-chat { --vraagbaak-accent: rgb(1, 2, 3) }"
        "vraagbaak-chat::part(header) { background: rgb(4, 5, 6) }</style></head>",
    )
    visit = Visit(browser, intranet.address, server=server)

    def style(selector: str, name: str) -> str:
        found: str = visit.page.locator(selector).first.evaluate(
            "(one, name) => getComputedStyle(one)[name]", name
        )
        return found

    assert style("#send", "backgroundColor") == "rgb(1, 2, 3)"
    assert style(".bar", "backgroundColor") == "rgb(4, 5, 6)"
    assert style(".notice", "fontSize") == "16px"
    assert style(".notice", "color") != "rgb(255, 0, 0)"
    assert style("#send", "borderTopWidth") == "0px"
    visit.finish()


def test_a_button_on_a_small_screen_opens_over_the_whole_of_it(
    browser: Browser, server: str, intranet: Intranet
) -> None:
    intranet.embed(server, f'<vraagbaak-chat server="{server}"></vraagbaak-chat>')
    visit = Visit(
        browser, intranet.address, server=server, viewport={"width": 320, "height": 600}, has_touch=True
    )
    visit.page.get_by_role("button", name="Stel een vraag").tap()
    visit.ask(QUESTION)
    expect(visit.page.locator(".answer")).to_be_visible()
    assert visit.page.locator(".shell").bounding_box() == {"x": 0, "y": 0, "width": 320, "height": 600}
    assert visit.sticking_out() == []
    visit.page.get_by_role("button", name="Sluit het gesprek").tap()
    expect(visit.page.locator(".shell")).to_be_hidden()
    visit.finish()


def test_all_of_it_weighs_less_than_60_kilobytes() -> None:
    files = [path for path in STATIC.iterdir() if path.suffix in (".js", ".css")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) < 60_000 / 2
    assert [path.name for path in files if len(path.read_text(encoding="utf-8").splitlines()) > 250] == []


def test_every_text_that_is_said_exists() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.js"))
    said = set(re.findall(r"""say\((?:\w+ \? )?"(\w+)"(?: : "(\w+)")?""", code))
    keys = {key for pair in said for key in pair if key}
    assert len(keys) > 20
    assert {key for key in keys if f"page.{key}" not in all_texts()} == set()
