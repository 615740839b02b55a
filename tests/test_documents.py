"""Documents refuse to be inconsistent; pages, headings and places by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from index.documents import Document, Heading, Hit, Page, Passage, Rectangle
from index.errors import UnknownPage

TEXT = "Haven\nDe haven groeit. Dat is\nKade\nDe kade is lang."
PAGES = (Page(1, "i", 0, 25), Page(2, None, 25, 25), Page(3, "1", 25, len(TEXT)))
HEADINGS = (Heading(1, 0, 5), Heading(2, 30, 34))


def document(**changes: object) -> Document:
    fields: dict[str, object] = {
        "id": "haven",
        "title": "Haven",
        "file": "haven.pdf",
        "text": TEXT,
        "pages": PAGES,
        "headings": HEADINGS,
    }
    return Document(**(fields | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ((Page(1, None, 0, 25), Page(3, None, 25, 51)), "numbered 1 to 2"),
        ((Page(2, None, 0, 51),), "numbered 1 to 1"),
        ((Page(1, None, 0, 25), Page(2, None, 26, 51)), "page 2 starts at 26, not at 25"),
        ((Page(1, None, 0, 25), Page(2, None, 24, 51)), "page 2 starts at 24, not at 25"),
        ((Page(1, None, 0, 60), Page(2, None, 60, 51)), "page 2 starts at 60"),
        ((Page(1, None, 0, 50),), "the pages end at 50, the text at 51"),
        ((), "the pages end at 0"),
    ],
)
def test_pages_that_leave_gaps_are_refused(pages: tuple[Page, ...], message: str) -> None:
    assert len(TEXT) == 51
    with pytest.raises(ValueError, match=message):
        document(pages=pages)


def test_boxes_must_be_as_many_as_characters() -> None:
    with pytest.raises(ValueError, match=r"\(50, 4\) boxes for 51 characters"):
        document(boxes=np.zeros((50, 4), np.uint16))


def test_every_character_has_one_page_and_blank_pages_have_none() -> None:
    haven = document()
    assert [haven.page_at(position).number for position in (0, 24, 25, 50)] == [1, 1, 3, 3]
    for page in haven.pages:
        assert all(haven.page_at(position) == page for position in range(page.start, page.end))


def test_a_blank_first_page_holds_no_character() -> None:
    haven = document(pages=(Page(1, None, 0, 0), Page(2, None, 0, len(TEXT))))
    assert haven.page_at(0).number == 2 and haven.pages_of(0, 51) == (2,)


@pytest.mark.parametrize(
    ("start", "end", "pages"),
    [(0, 5, (1,)), (24, 25, (1,)), (24, 26, (1, 3)), (25, 30, (3,)), (0, 51, (1, 3)), (30, 30, (3,))],
)
def test_a_span_over_a_page_border_stands_on_both(start: int, end: int, pages: tuple[int, ...]) -> None:
    assert document().pages_of(start, end) == pages


@pytest.mark.parametrize("number", [0, -1, 4])
def test_a_page_that_is_not_there_is_refused_in_dutch(number: int) -> None:
    with pytest.raises(UnknownPage, match=f"geen pagina {number}: kies 1 tot en met 3"):
        document().page(number)


def test_headings_above_a_place_by_level() -> None:
    text = "Eén\na\nTwee\nb\nDrie\nc\nVier\nd"
    headings = tuple(
        Heading(level, text.index(name), text.index(name) + len(name))
        for level, name in ((1, "Eén"), (2, "Twee"), (3, "Drie"), (2, "Vier"))
    )
    report = document(text=text, pages=(Page(1, None, 0, len(text)),), headings=headings)
    above = {letter: report.headings_at(text.index(f"\n{letter}") + 1) for letter in "abcd"}
    assert above == {
        "a": ("Eén",),
        "b": ("Eén", "Twee"),
        "c": ("Eén", "Twee", "Drie"),
        "d": ("Eén", "Vier"),
    }
    assert report.headings_at(0) == () and report.headings_at(3) == ("Eén",)


def test_rectangles_join_the_characters_of_a_line() -> None:
    text = "ab cd\nef"
    boxes = np.array(
        [
            (100, 200, 150, 300),
            (150, 210, 200, 300),
            (0, 0, 0, 0),
            (220, 200, 260, 300),
            (260, 200, 300, 320),
            (0, 0, 0, 0),
            (100, 320, 150, 420),
            (100, 100, 150, 200),
        ],
        np.uint16,
    )
    pages = (Page(1, None, 0, 7), Page(2, None, 7, 8))
    placed = document(text=text, pages=pages, headings=(), boxes=boxes)
    assert placed.rectangles(0, 8) == (
        Rectangle(1, 10, 20, 30, 32),
        Rectangle(1, 10, 32, 15, 42),
        Rectangle(2, 10, 10, 15, 20),
    )
    assert placed.rectangles(1, 2) == (Rectangle(1, 15, 21, 20, 30),)
    assert placed.rectangles(2, 3) == placed.rectangles(4, 4) == ()


@pytest.mark.parametrize(
    ("turned", "first", "second"),
    [
        (lambda x, y: (x, y), (10, 20, 40, 30), (10, 32, 30, 42)),
        (lambda x, y: (100 - y, x), (70, 10, 80, 40), (58, 10, 68, 30)),
        (lambda x, y: (100 - x, 100 - y), (60, 70, 90, 80), (70, 58, 90, 68)),
        (lambda x, y: (y, 100 - x), (20, 60, 30, 90), (32, 70, 42, 90)),
    ],
)
def test_lines_have_one_rectangle_whichever_way_the_page_is_turned(
    turned: Callable[[int, int], tuple[int, int]],
    first: tuple[int, int, int, int],
    second: tuple[int, int, int, int],
) -> None:
    boxes = []
    for left, top in ((10, 20), (20, 20), (30, 20), (10, 32), (20, 32)):
        corners = (turned(left, top), turned(left + 10, top + 10))
        sides = [*map(min, *corners), *map(max, *corners)]
        boxes.append([side * 10 for side in sides])
    page = (Page(1, None, 0, 5),)
    turned_page = document(text="abcde", pages=page, headings=(), boxes=np.array(boxes, np.uint16))
    assert turned_page.rectangles(0, 5) == (Rectangle(1, *first), Rectangle(1, *second))


def test_a_document_without_places_has_no_rectangles() -> None:
    assert document().rectangles(0, 10) == ()


def test_a_hit_shows_its_text_and_pages() -> None:
    hit = Hit(Passage("haven:6-22", "haven", 6, 29, (6, 22)), document(), 1.0, 1, 0.9)
    assert hit.text == "De haven groeit. Dat is" and hit.pages == (1, 3)
