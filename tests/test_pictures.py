"""The pages in a report, drawn once and marked where the quotes stand; looked at with a browser."""

import base64
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from selectolax.lexbor import LexborHTMLParser

from eval.measures import metrics_of
from eval.pictures import WIDTH, draw_pages, pages_of
from eval.questions import KnownQuestion, read_questions
from eval.report import Run
from eval.run import Outcome, evaluate
from rag.assistant import Assistant
from tests.server import CORPUS, DOCUMENTS, build_assistant

QUESTIONS = CORPUS.parent / "eval" / "questions" / "herstel-2020.jsonl"


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return build_assistant(tmp_path_factory.mktemp("index"), DOCUMENTS)


@pytest.fixture(scope="module")
def run(assistant: Assistant) -> Run:
    outcomes = evaluate(assistant, read_questions([QUESTIONS]))
    quoted = [one for one in outcomes if one.cited]
    return replace(Run.of(assistant, quoted, [QUESTIONS]), metrics=metrics_of(quoted))


def of_page(run: Run, *, gold: bool) -> Outcome:
    """An outcome of which a page is cited that is gold; or one that went wrong, and no gold page is cited."""
    return next(
        one
        for one in run.outcomes
        if one.question.gold
        and bool(set(one.cited) & set(one.question.gold)) == gold
        and (gold or one.trouble)
    )


def test_each_page_is_drawn_once_those_of_most_questions_first(assistant: Assistant, run: Run) -> None:
    found = draw_pages(assistant.index, run.outcomes)
    wanted = {page for one in run.outcomes for page in pages_of(one)}
    assert set(found.drawn) == {page for page in wanted if page[0] == "herstel-2020"}
    for picture in found.drawn.values():
        image = Image.open(BytesIO(base64.b64decode(picture)))
        assert (image.format, image.width) == ("WEBP", WIDTH)
        assert len(picture) < 120_000
    counts = [sum(page in pages_of(one) for one in run.outcomes) for page in found.drawn]
    assert counts == sorted(counts, reverse=True)
    html = run.as_html(pictures=found)
    assert all(html.count(picture) == 1 for picture in found.drawn.values())


def test_pictures_stay_within_their_budget(
    assistant: Assistant, run: Run, caplog: pytest.LogCaptureFixture
) -> None:
    some = draw_pages(assistant.index, run.outcomes, budget=150_000)
    assert 0 < sum(len(base64.b64decode(picture)) for picture in some.drawn.values()) <= 150_000
    assert f"The report has pictures of {len(some.drawn)} of " in caplog.text


def test_gold_pages_are_shown_only_where_something_went_wrong(run: Run) -> None:
    wrong = of_page(run, gold=False)
    assert wrong.trouble and set(pages_of(wrong)) > set(wrong.cited)
    right = next(one for one in run.outcomes if not one.trouble)
    assert set(pages_of(right)) == set(right.cited)


def test_a_quote_is_marked_where_it_stands(assistant: Assistant, run: Run) -> None:
    outcome = of_page(run, gold=True)
    html = replace(run, outcomes=(outcome,)).as_html(pictures=draw_pages(assistant.index, [outcome]))
    page = LexborHTMLParser(html)
    citation = next(one for one in outcome.answer.citations if one.document.id == "herstel-2020")
    document = assistant.index.document("herstel-2020", placed=True)
    place = document.rectangles(citation.start, citation.end)[0]
    size = document.page(citation.page)
    assert size.width and size.height
    styles = [mark.attributes["style"] or "" for mark in page.css("i.quote")]
    wanted = f"left:{place.left / size.width:.2%};top:{place.top / size.height:.2%};"
    assert any(style.startswith(wanted) for style in styles)


def test_facts_are_marked_on_the_gold_page_that_was_not_cited(assistant: Assistant) -> None:
    cited = assistant.ask("Hoeveel leden had FME in 2020 en wat was hun omzet?", documents=["herstel-2020"])
    said = "Innovatiebox"
    assert said in assistant.index.document("begroting-2019").text and said not in cited.text
    gold = ("begroting-2019", 1)
    question = KnownQuestion("q", "?", "factoid", "chat", True, (gold,), ((re.compile(said),),), ())
    outcome = Outcome(question, cited, ())
    pictures = draw_pages(assistant.index, [outcome])
    page = LexborHTMLParser(Run.of(assistant, [outcome], [QUESTIONS]).as_html(pictures=pictures))
    captions = [caption.text() for caption in page.css("figcaption")]
    assert captions[-1] == "gold, not cited begroting-2019, p. 1"
    assert gold not in pictures.drawn  # it has no pages: the text around the fact is shown
    assert [mark.text() for mark in page.css("mark.fact")] == [said]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "the tests of the report need Debian's chromium"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_report_can_be_read_on_any_screen(
    browser: Browser, assistant: Assistant, run: Run, tmp_path: Path, width: int
) -> None:
    file = tmp_path / "report.html"
    file.write_text(run.as_html(pictures=draw_pages(assistant.index, run.outcomes)), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    outcome = of_page(run, gold=True)
    page.goto(f"{file.as_uri()}#{outcome.question.id}")
    entry = page.locator(f"[id='{outcome.question.id}']")
    assert entry.evaluate("entry => entry.open")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    window = entry.locator(".window").first
    shown = window.bounding_box()
    assert shown
    places = [mark.bounding_box() for mark in window.locator("i.quote").all()]
    highest = min(place["y"] for place in places if place)
    assert shown["y"] <= highest <= shown["y"] + shown["height"] / 2
    window.click()
    whole = window.bounding_box()
    assert whole and whole["height"] > 1.3 * whole["width"] and whole["height"] > shown["height"]
    assert not complaints
    page.close()
