from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import typst
from PIL import Image, ImageChops

from index.documents import Document, Heading, Page
from index.errors import UnknownPage
from index.images import LARGEST, MARKER, WIDTH, page_image
from index.reading.pdf.glyphs import PDFIUM
from index.typeset import _font
from tests.reading import SANDBOX, read_document

CORPUS = Path(__file__).parent.parent / "corpus"
REPORT = CORPUS / "herstel-2020.pdf"

Box = tuple[int, int, int, int]


@pytest.fixture(scope="module")
def report() -> Document:
    return read_document(REPORT, id="herstel", file=REPORT.name)


def typeset_pdf(folder: Path, source: str) -> tuple[Path, Document]:
    path = folder / "page.pdf"
    path.write_bytes(typst.compile(source.encode()))
    return path, read_document(path, id="page", file=path.name)


def picture(path: Path, document: Document, number: int, quote: tuple[int, int] | None = None) -> Image.Image:
    return Image.open(BytesIO(page_image(SANDBOX, path, document, number, quote))).convert("RGB")


def has_marks(image: Image.Image) -> bool:
    return MARKER in {colour for _, colour in image.getcolors(1 << 20) or []}


def changed(one: Image.Image, other: Image.Image) -> Box | None:
    return ImageChops.difference(one, other).getbbox()


def place_by_pdfium(path: Path, number: int, words: str) -> Box:
    """Where PDFium's own search finds words on a page, in pixels of our picture: left, top, right, bottom."""
    with PDFIUM, pypdfium2.PdfDocument(path) as pdf:
        page = pdf[number - 1]
        textpage = page.get_textpage()
        at, count = textpage.search(words).get_next()
        boxes = [textpage.get_charbox(index) for index in range(at, at + count)]
        width, height = page.get_size()
    scale = WIDTH / width
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    top, bottom = max(box[3] for box in boxes), min(box[1] for box in boxes)
    return int(left * scale), int((height - top) * scale), int(right * scale), int((height - bottom) * scale)


def test_the_mark_lies_where_pdfium_itself_finds_the_words(report: Document) -> None:
    words = next(
        line.strip()[:40]
        for line in report.text[report.pages[3].start : report.pages[3].end].split("\n")
        if len(line) > 80
    )
    start = report.text.index(words, report.pages[3].start)
    plain, marked = picture(REPORT, report, 4), picture(REPORT, report, 4, (start, start + len(words)))
    found, expected = changed(plain, marked), place_by_pdfium(REPORT, 4, words)
    assert found is not None
    assert all(abs(mine - theirs) <= 8 for mine, theirs in zip(found, expected, strict=True)), (
        found,
        expected,
    )


def test_words_under_the_mark_stay_as_dark_as_they_were(report: Document) -> None:
    page = report.page(4)
    plain, marked = picture(REPORT, report, 4), picture(REPORT, report, 4, (page.start, page.end))
    darkest = [sum(image.convert("L").histogram()[:40]) for image in (plain, marked)]
    assert darkest[1] >= darkest[0] > 1000
    assert has_marks(marked)
    assert not has_marks(plain)


def test_a_quote_over_a_page_border_is_marked_on_both_pages_and_nowhere_else(report: Document) -> None:
    border = report.page(4).end
    quote = (border - 120, border + 120)
    for number, expected in ((3, False), (4, True), (5, True), (6, False)):
        difference = changed(picture(REPORT, report, number), picture(REPORT, report, number, quote))
        assert (difference is not None) is expected, number


def test_a_page_that_does_not_exist_is_an_error(report: Document) -> None:
    for number in (0, len(report.pages) + 1):
        with pytest.raises(UnknownPage):
            page_image(SANDBOX, REPORT, report, number)


def test_light_words_on_a_dark_ground_are_marked_visibly(tmp_path: Path) -> None:
    path, document = typeset_pdf(
        tmp_path, '#set page(fill: rgb("#102040"))\n#set text(fill: white)\nWit op donker, een hele zin.'
    )
    plain, marked = picture(path, document, 1), picture(path, document, 1, (0, 20))
    difference = ImageChops.difference(plain, marked).convert("L")
    assert max(value for value, count in enumerate(difference.histogram()) if count > 100) > 80


def test_a_turned_page_is_marked_where_it_is_seen(tmp_path: Path) -> None:
    path, _ = typeset_pdf(tmp_path, "Een zin die gedraaid op het papier staat, van boven naar beneden.")
    with PDFIUM, pypdfium2.PdfDocument(path) as pdf:
        pdf[0].set_rotation(90)
        pdf.save(path.with_name("turned.pdf"))
    path = path.with_name("turned.pdf")
    document = read_document(path, id="turned", file=path.name)
    found = changed(picture(path, document, 1), picture(path, document, 1, (0, 30)))
    ink = ImageChops.invert(picture(path, document, 1)).getbbox()
    assert found and ink
    assert found[0] >= ink[0] - 10 and found[2] <= ink[2] + 10 and found[1] >= ink[1] - 10


def test_a_giant_page_costs_no_giant_picture(tmp_path: Path) -> None:
    path, document = typeset_pdf(tmp_path, "#set page(width: 400pt, height: 9000pt)\nEen lange strook.")
    image = picture(path, document, 1, (0, 3))
    assert image.width * image.height <= LARGEST * 1.01
    assert changed(image, picture(path, document, 1)) is not None


def test_many_threads_get_the_same_picture(report: Document) -> None:
    expected = page_image(SANDBOX, REPORT, report, 2)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: page_image(SANDBOX, REPORT, report, 2), range(16))) == {expected}


def note(*blocks: str) -> Document:
    text = "\n".join(blocks)
    return Document(
        "note",
        "Vergoeding",
        "note.txt",
        text,
        (Page(1, None, 0, len(text)),),
        (Heading(1, 0, len(blocks[0])),),
    )


def test_a_web_page_is_set_as_a_page_with_the_quote_marked() -> None:
    page = CORPUS / "begroting-2019.html"
    document = read_document(page, id="begroting", file=page.name)
    middle = len(document.text) // 2
    plain, marked = picture(page, document, 1), picture(page, document, 1, (middle, middle + 150))
    assert marked.width == WIDTH and marked.height <= WIDTH * 1.5
    assert has_marks(marked)
    assert not has_marks(plain)


def test_a_quote_far_down_a_long_note_is_in_sight() -> None:
    document = note("Kop", *(f"Alinea {number} met genoeg woorden voor een regel." for number in range(3000)))
    for number in (0, 1, 1500, 2999):
        start = document.text.index(f"Alinea {number} ")
        image = picture(Path("unused"), document, 1, (start, start + 30))
        assert has_marks(image), number


@pytest.mark.parametrize("blocks", [("",), ("x" * 5000,), ("a",), (" ", "\t", "b"), ("w " * 4000,)])
def test_strange_texts_are_set_too(blocks: tuple[str, ...]) -> None:
    document = note(*blocks)
    assert picture(Path("unused"), document, 1, (0, len(document.text))).width == WIDTH


def test_a_quote_is_marked_as_wide_as_its_words() -> None:
    document = note("Kop", "iiii mmmm")
    start = document.text.index("mmmm")
    boxes = [
        changed(picture(Path("unused"), document, 1), picture(Path("unused"), document, 1, span))
        for span in ((start - 5, start - 1), (start, start + 4))
    ]
    narrow, wide = (box[2] - box[0] for box in boxes if box)
    assert wide > 3 * narrow > 0


@pytest.mark.parametrize("name", ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"])
def test_the_letters_of_dutch_are_in_the_font(name: str) -> None:
    font = _font(name, 28)
    missing = bytes(font.getmask("\uffff"))
    for letter in "éëïöüàçñÉËÏÖÜß€£–—‘’“”„…•·°²³½≤≥→✓☐ﬁĳŠłαΩЖ":
        assert bytes(font.getmask(letter)) != missing, letter
