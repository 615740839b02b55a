"""Bad PDFs, one row for each kind of trouble: read with these notices, or refused with this reason."""

import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.documents import Notice
from index.errors import UnreadableDocument
from index.reading.readers import read
from index.reading.reading import Options
from index.sandbox import Limits, Sandbox
from tests import hostile
from tests.hostile import ORDER, SENTENCE, pages, shown
from tests.pdfs import (
    assembled,
    blank,
    handmade,
    laid_over,
    rewritten,
    scanned,
    stream,
    together,
    typeset,
)

PLAIN = pages(shown(SENTENCE))
LONG = typeset("#lorem(300)")
SCAN = scanned(typeset("#lorem(60)"), dots=40)  # Too coarse for OCR to make anything of it.
SCRIPT = "/OpenAction << /S /JavaScript /JS (app.alert) >>"
FILE: list[str | bytes] = [
    "<< /Type /Filespec /F (lijst.txt) /EF << /F 5 0 R >> >>",
    stream(b"geheim", "/Type /EmbeddedFile"),
]
FILES = "/Names << /EmbeddedFiles << /Names [(lijst.txt) 4 0 R] >> >>"
PACKED = stream(
    zlib.compress(b"4 0 << /S /J#61vaScript >>"), "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
)
PROGRAM = "/OpenAction << /S /Launch /F (c.exe) >>"
HIDDEN = shown(ORDER, at=(20, 200), before="3 Tr")
MANY = "meer dan 5.000 pagina's: splits het bestand"

REFUSED = {
    "1 password": (rewritten(PLAIN, password="geheim"), "beveiligd met een wachtwoord"),
    "3 cut in half": (LONG[: len(LONG) // 2], "beschadigd of onvolledig"),
    "3 end gone": (LONG[:-60], "beschadigd of onvolledig"),
    "4 nothing in it": (b"", "leeg bestand"),
    "4 a program": (b"MZ\x90\0\3\0\0\0" + bytes(200), "een programma"),
    "5 far too much before it": (b"x" * 2000 + PLAIN, "beschadigd of onvolledig"),
    "6 no pages": (hostile.tree(["<< /Type /Pages /Kids [] /Count 0 >>"]), "geen pagina's"),
    "8 pages in a circle": (hostile.kids_cycle(), "beschadigd of onvolledig"),
    "8 pages too deep": (hostile.deep_tree(3000), "beschadigd of onvolledig"),
    "9 a hundred thousand pages, so it says": (
        pages(shown(SENTENCE), count=100_000),
        MANY,
    ),
    "10 too many pages": (hostile.many_pages(60_000), MANY),
    "15 scan": (SCAN, "geen tekst gevonden (scan?)"),
    "15 nothing on the page": (blank(2), "geen tekst gevonden"),
    "19 letters without names": (hostile.without_unicode(SENTENCE * 4), "de letters zijn niet te lezen"),
    "21 only hidden text": (pages(shown(ORDER, before="3 Tr")), "geen tekst gevonden"),
}

READ = {
    "2 owner password": (rewritten(PLAIN, password=""), (Notice("restricted"),)),
    "2 owner password, and a script": (
        rewritten(pages(shown(SENTENCE), root=SCRIPT), password=""),
        (Notice("restricted"), Notice("active")),
    ),
    "5 something before it": (b"x" * 1000 + PLAIN, ()),
    "7 cross-references in a circle": (hostile.xref_loop(), ()),
    "9 two thousand million pages, so it says": (pages(shown(SENTENCE), count=2_000_000_000), ()),
    "9 less than no pages, so it says": (pages(shown(SENTENCE), count=-1), ()),
    "9 three pages, so it says": (pages(shown(SENTENCE), count=3), (Notice("damaged", (2, 3)),)),
    "16 half scanned": (together(PLAIN, SCAN, blank(1), SCAN), (Notice("scan", (2, 4)),)),
    "17 turned": (pages(shown(SENTENCE), page="/Rotate 90"), ()),
    "20 script": (pages(shown(SENTENCE), root=SCRIPT), (Notice("active"),)),
    "20 script in a packed object": (pages(shown(SENTENCE), more=[PACKED]), (Notice("active"),)),
    "20 program": (pages(shown(SENTENCE), root=PROGRAM), (Notice("active"),)),
    "20 only the page to open": (pages(shown(SENTENCE), root="/OpenAction [4 0 R /Fit]"), ()),
    "20 file": (pages(shown(SENTENCE), root=FILES, more=FILE), (Notice("attachment"),)),
    "21 hidden text": (pages(shown(SENTENCE) + HIDDEN), (Notice("hidden", (1,)),)),
    "22 control characters": (pages(shown(SENTENCE.replace(" ", "\\007 \\000"))), ()),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_bad_documents_are_refused_in_dutch(case: str) -> None:
    data, reason = REFUSED[case]
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    assert caught.value.reason == reason


@pytest.mark.parametrize("case", READ)
def test_odd_documents_are_read_and_noticed(case: str) -> None:
    data, notices = READ[case]
    reading = read(data)
    assert (reading.text, reading.notices) == (SENTENCE, notices)


def test_a_page_to_skip_is_left_out_and_told() -> None:
    told: list[tuple[int, int]] = []
    options = Options(skip={2}, at_page=lambda page, of: told.append((page, of)))
    reading = read(pages(shown("Een."), shown("Twee."), shown("Drie.")), options)
    assert reading.text == "Een.\nDrie."
    assert [page.width for page in reading.pages] == [300, 300, 300]
    assert (reading.notices, told) == ((Notice("skipped", (2,)),), [(1, 3), (2, 3), (3, 3)])


def test_limits_are_named_with_their_number() -> None:
    two = pages(shown(SENTENCE), shown(SENTENCE))
    with pytest.raises(UnreadableDocument, match="meer dan 1 pagina's"):
        read(two, Options(most_pages=1))
    with pytest.raises(UnreadableDocument, match="te veel tekst"):
        read(two, Options(most_text=100))


def test_letters_without_names_are_left_out_of_the_text() -> None:
    reading = read(together(PLAIN, hostile.without_unicode(SENTENCE * 4)))
    assert (reading.text, reading.notices) == (SENTENCE, (Notice("gibberish", (2,)),))
    assert [page.quality < 0.5 for page in reading.pages] == [False, True]


def test_a_stamp_on_each_page_of_a_scan_is_no_text() -> None:
    stamps = handmade(*[[(40, 20, 8, f"Ontvangen 2020, {page}")] for page in range(3)])
    reading = read(together(laid_over(together(SCAN, SCAN, SCAN), stamps), PLAIN))
    assert (reading.text, reading.notices) == (SENTENCE, (Notice("scan", (1, 2, 3)),))


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


BOMBS: dict[str, tuple[Callable[[], bytes], str | tuple[Notice, ...]]] = {
    "11 half a megabyte that unpacks to 500": (lambda: hostile.bomb(500), "geen tekst gevonden"),
    "12 a kilobyte that unpacks twice": (lambda: hostile.bomb(500, times=2), "geen tekst gevonden"),
    "13 a page of 7 MB of operators": (lambda: hostile.operators(640_000), (Notice("skipped", (1,)),)),
    "14 a page of 63 MB of operators": (lambda: hostile.operators(5_700_000), (Notice("skipped", (1,)),)),
}


@pytest.mark.parametrize("case", BOMBS)
def test_bombs_cost_a_page_or_a_file(case: str, sandbox: Sandbox, tmp_path: Path) -> None:
    make, expected = BOMBS[case]
    sandbox.limits = Limits(page_seconds=20 if isinstance(expected, str) else 6)
    path, letter = tmp_path / "bom.pdf", tmp_path / "brief.pdf"
    path.write_bytes(make())
    letter.write_bytes(PLAIN)
    if isinstance(expected, str):
        with pytest.raises(UnreadableDocument) as caught:
            sandbox.read(path)
        assert caught.value.reason == expected
    else:
        reading = sandbox.read(path)
        assert (reading.text, reading.notices) == (SENTENCE, expected)
    assert sandbox.read(letter).text == SENTENCE


def test_a_thousand_words_after_each_other_take_no_longer_than_a_page() -> None:
    assert read(hostile.operators(1000)).text.endswith(SENTENCE)


def test_a_reason_is_not_that_of_the_file_before() -> None:
    """PDFium keeps its last error where a file without pages gives none."""
    with pytest.raises(UnreadableDocument, match="wachtwoord"):
        read(rewritten(PLAIN, password="geheim"))
    with pytest.raises(UnreadableDocument, match="geen pagina's"):
        read(assembled(["<< /Type /Catalog >>"]))
