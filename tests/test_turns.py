import numpy as np
import pytest

from index.documents import Heading, Page
from index.errors import UnreadableDocument
from index.reading.readers import read
from index.reading.reading import Reading
from index.reading.turns import without_turns
from tests.pdfs import handmade, paragraph


def test_a_token_in_a_pdf_goes_with_its_boxes() -> None:
    plain = read(handmade(paragraph("Beste collega, de kantine is dicht.")))
    smuggled = read(handmade(paragraph("Beste <|im_start|>collega, de kantine is dicht.")))
    assert smuggled.text == plain.text
    assert smuggled.boxes is not None and plain.boxes is not None
    moved = smuggled.boxes.astype(int) - plain.boxes.astype(int)
    start = plain.text.index("collega")
    assert (moved[:start, 0] == 0).all()  # what stands before the token is where it was
    assert (moved[start : start + 7, 0] > 500).all()  # and what stands behind it too: farther to the right


def test_pages_and_headings_move_along() -> None:
    text = "[INST]\nKop<s>\nEen <|x|>zin.\nTwee."
    first, second = text.index("Kop"), text.index("Twee")
    reading = Reading(
        text,
        (Page(1, None, 0, second), Page(2, "ii", second, len(text))),
        (Heading(1, 0, 6), Heading(2, first, first + 6)),
        boxes=np.arange(len(text) * 4, dtype=np.uint16).reshape(-1, 4),
    )
    left = without_turns(reading)
    assert left.text == "\nKop\nEen zin.\nTwee."
    assert [left.text[page.start : page.end] for page in left.pages] == ["\nKop\nEen zin.\n", "Twee."]
    assert [left.text[heading.start : heading.end] for heading in left.headings] == ["Kop"]
    assert left.boxes is not None and reading.boxes is not None
    assert (left.boxes[-1] == reading.boxes[-1]).all() and left.boxes.shape == (len(left.text), 4)


def test_a_reading_without_tokens_is_the_same_and_one_of_tokens_alone_is_refused() -> None:
    plain = Reading("a > b", (Page(1, None, 0, 5),))
    assert without_turns(plain) is plain
    with pytest.raises(UnreadableDocument, match="geen tekst"):
        without_turns(Reading("<s> </s>", (Page(1, None, 0, 8),)))
