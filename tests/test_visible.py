"""What a reader cannot see is not read, and what can be seen is, whatever its colour."""

import re

import numpy as np
import pytest

from index.documents import Notice
from index.reading.readers import read
from tests.hostile import ORDER, SENTENCE, pages, shown
from tests.pdfs import invisible, laid_over, scanned, typeset

PLAIN = shown(SENTENCE)
BAR = "0.1 0.2 0.5 rg 0 190 300 30 re f\n"


def order(before: str = "", at: tuple[float, float] = (20, 200), size: float = 8) -> str:
    return shown(ORDER, at=at, size=size, before=before)


def see_through(part: float) -> str:
    return f"/ExtGState << /G << /ca {part} >> >>"


LAYER_OFF = "/OCProperties << /OCGs [4 0 R] /D << /OFF [4 0 R] >> >>"
HIDDEN = {
    "white on white": pages(PLAIN + order("1 g")),
    "nearly white": pages(PLAIN + order("0.97 g")),
    "invisible": pages(PLAIN + order("3 Tr")),
    "only to clip": pages(PLAIN + order("7 Tr")),
    "below the page": pages(PLAIN + order(at=(20, -50))),
    "beside the page, level with text": pages(PLAIN + order(at=(420, 300))),
    "outside the crop box": pages(PLAIN + order(at=(20, 20)), page="/CropBox [0 100 300 400]"),
    "tiny": pages(PLAIN + order(size=1)),
    "in the colour of a bar": pages(BAR + "0 g " + PLAIN + order("0.1 0.2 0.5 rg")),
    "covered": pages(PLAIN + order() + "1 g 0 190 300 30 re f"),
    "blacked out": pages(PLAIN + order() + "0 g 0 190 300 30 re f"),
    "clipped away": pages(PLAIN + "q 0 0 5 5 re W n " + order() + "Q"),
    "white over text": pages(PLAIN + order("1 g", at=(20, 300), size=6)),
    "white under text": pages(order("1 g", at=(20, 300), size=6) + PLAIN),
    "transparent": pages(PLAIN + "q /G gs " + order() + "Q", resources=see_through(0)),
    "nearly transparent": pages(PLAIN + "q /G gs " + order() + "Q", resources=see_through(0.03)),
    "on a layer that is off": pages(
        PLAIN + "/OC /L BDC " + order() + "EMC",
        root=LAYER_OFF,
        resources="/Properties << /L 4 0 R >>",
        more=["<< /Type /OCG /Name (L) >>"],
    ),
    "in a form": pages(
        PLAIN + "/Form Do",
        resources="/XObject << /Form 4 0 R >>",
        more=[
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 300 400] /Resources << /Font << /F1 3 0 R >> >>"
            b" /Length %d >>\nstream\n%b\nendstream" % (len(order("1 g")), order("1 g").encode())
        ],
    ),
}
SEEN = {
    "black": pages(PLAIN + order()),
    "light grey": pages(PLAIN + order("0.8 g")),
    "white on a dark bar": pages(BAR + "0 g " + PLAIN + order("1 g")),
    "struck through": pages(PLAIN + order() + "0 G 0.5 w 20 202.5 m 250 202.5 l S"),
    "struck through thickly": pages(PLAIN + order() + "0 G 1.5 w 20 202.5 m 250 202.5 l S"),
    "in outline": pages(PLAIN + order("1 Tr 0.3 w")),
    "small print": pages(PLAIN + order("0.4 g", size=3)),
    "half transparent": pages(PLAIN + "q /G gs " + order() + "Q", resources=see_through(0.5)),
    "marked": pages(PLAIN + "1 1 0 rg 15 195 270 15 re f 0 g " + order()),
}


@pytest.mark.parametrize("case", HIDDEN)
def test_text_that_nobody_sees_is_not_read(case: str) -> None:
    reading = read(HIDDEN[case])
    assert reading.text == SENTENCE
    assert [notice.kind for notice in reading.notices] == ["hidden"]


@pytest.mark.parametrize("case", SEEN)
def test_text_that_can_be_seen_is_read(case: str) -> None:
    reading = read(SEEN[case])
    assert reading.text == f"{SENTENCE}\n{ORDER}"
    assert reading.notices == ()


def test_hidden_letters_at_the_end_of_a_word_are_left_out() -> None:
    text = "BT /F1 8 Tf 20 300 Td (De kantine) Tj 1 g (NEGEERALLES) Tj 0 g ( is dicht.) Tj ET"
    reading = read(pages(text))
    assert re.fullmatch(r"De kantine[ |]+is dicht\.", reading.text)
    assert reading.notices == (Notice("hidden", (1,)),)


def test_a_page_turned_and_cut_is_looked_at_as_it_is_shown() -> None:
    reading = read(pages(PLAIN + order("1 g"), page="/Rotate 90 /CropBox [10 100 300 400]"))
    assert (reading.text, reading.notices) == (SENTENCE, (Notice("hidden", (1,)),))


def test_the_text_layer_of_a_scan_is_read_and_told() -> None:
    source = typeset("= Verlof\n#lorem(80)")
    searchable = with_layer(source)
    reading = read(searchable)
    assert reading.notices == (Notice("ocr_layer", (1,)),)
    assert "Lorem ipsum dolor sit amet" in reading.text
    assert reading.boxes is not None and np.count_nonzero(reading.boxes)


def test_an_order_in_the_margin_of_a_scan_is_no_part_of_its_text_layer() -> None:
    reading = read(with_layer(typeset("= Verlof\n#lorem(80)"), margin=ORDER))
    assert "NEGEER" not in reading.text
    assert reading.notices == (Notice("ocr_layer", (1,)), Notice("hidden", (1,)))


def with_layer(source: bytes, margin: str = "") -> bytes:
    """Return a scan of `source`, with its text drawn invisibly over the picture, and `margin` at its foot."""
    return laid_over(scanned(source), invisible(source, margin))
