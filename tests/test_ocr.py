"""OCR of real scans: typeset pages drawn as pictures. Needs Tesseract with Dutch, as `make test` says."""

import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index.documents import Document, Notice
from index.reading.manifest import About
from index.reading.pdf.ocr import picture_scale, recognise, tesseract
from index.reading.readers import READER, read, reader_name
from tests.hostile import unnamed
from tests.pdfs import scanned, together, typeset

ROOT = Path(__file__).parent.parent
LETTER = typeset(
    """
= Verlof aanvragen
De medewerker vraagt het verlof ten minste twee weken van tevoren aan bij de leidinggevende. Deze beslist
binnen vijf werkdagen.

== Zorgverlof
Wie voor een zieke ouder, partner of kind zorgt, heeft recht op kortdurend zorgverlof. Dat is per jaar
hoogstens twee keer het aantal uren van een werkweek.
"""
)
SCAN = scanned(LETTER)


@pytest.fixture(scope="module")
def document() -> Document:
    return read(SCAN).named("d", "brief.pdf", About())


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def test_a_scan_reads_as_the_page_it_was_made_of(document: Document) -> None:
    assert words(document.text) == words(read(LETTER).text)
    assert document.notices == (Notice("ocr", (1,)),)
    assert 0.8 < document.pages[0].quality < 1


def test_headings_of_a_scan_are_found_by_their_size(document: Document) -> None:
    found = [document.text[heading.start : heading.end] for heading in document.headings]
    assert found == ["Verlof aanvragen", "Zorgverlof"]


@pytest.mark.parametrize("quote", ["leidinggevende", "binnen vijf werkdagen", "een zieke ouder"])
def test_a_quote_lies_where_it_stands_in_the_picture(quote: str, document: Document) -> None:
    original = read(LETTER).named("d", "brief.pdf", About())
    places = []
    for text in (document, original):
        start = text.text.index(quote)
        (place,) = text.rectangles(start, start + len(quote))
        places.append((place.left, (place.top + place.bottom) / 2, place.right))
    assert places[0] == pytest.approx(places[1], abs=3.0)  # Points.


def test_a_page_whose_letters_have_no_names_is_recognised() -> None:
    reading = read(unnamed(LETTER))
    assert words(reading.text) == words(read(LETTER).text)
    assert reading.notices == (Notice("ocr", (1,)),)


def test_the_few_words_of_a_cover_are_recognised() -> None:
    reading = read(scanned(typeset("#v(100pt)\n#align(center, text(24pt)[Jaarverslag])")))
    assert reading.text == "Jaarverslag"
    assert reading.notices == (Notice("ocr", (1,)),)


def test_only_pages_without_text_are_recognised() -> None:
    reading = read(together(LETTER, SCAN))
    assert reading.notices == (Notice("ocr", (2,)),)
    assert reading.pages[0].quality == 1.0 > reading.pages[1].quality


def test_a_picture_without_text_says_nothing() -> None:
    noise = np.random.default_rng(2).integers(0, 256, (600, 400), np.uint8)
    for picture in (Image.new("L", (400, 600), 255), Image.fromarray(noise)):
        found = recognise(picture, 1, 2.0)
        assert found is None or found.confidence < 0.5


def test_a_poster_is_drawn_smaller() -> None:
    assert picture_scale(595, 842) == pytest.approx(300 / 72)
    assert picture_scale(2384, 3370) ** 2 * 2384 * 3370 == pytest.approx(20_000_000)


def test_the_reader_is_named_by_what_recognises() -> None:
    assert tesseract() is not None
    assert reader_name() == f"{READER}, {tesseract()}"


def test_without_tesseract_a_scan_is_refused_and_the_reader_is_another(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(SCAN)
    code = """
from pathlib import Path
from index.errors import UnreadableDocument
from index.reading.readers import read, reader_name
print(reader_name())
try:
    read(Path("scan.pdf").read_bytes())
except UnreadableDocument as error:
    print(error.reason)
"""
    environment = {**os.environ, "PATH": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == [READER, "geen tekst gevonden (scan?)"], done.stderr
