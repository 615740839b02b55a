from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfWriter, Transformation
from pypdf.generic import RectangleObject

from index.documents import Document
from tests.pdfs import Placed, handmade, paragraph, rewritten, typeset
from tests.reading import read_document

REPORT = """
#set document(title: "Jaarverslag")
#set page(
  columns: 2, width: 420pt, height: 460pt,
  header: context align(right, text(8pt)[Jaarverslag van de afdeling]),
  footer: context align(center, text(8pt)[#counter(page).display()]),
)
#set par(justify: true)
#set heading(numbering: "1.1")
= Efficiënte afhandeling
De efficiëntie van de financiële afwikkeling hangt af van de verantwoordelijkheidsverdeling tussen de
afdelingen.#footnote[Zie het onderzoeksrapport over de verdeling van taken.] De ruimte is 12 m#super[2].
#for nummer in range(14) [Regel #nummer beschrijft hoe medewerkers hun onkostenvergoeding aanvragen. ]
== Bedragen
#table(columns: 3, [Jaar], [Aantal], [Bedrag], [2023], [1.200 in totaal], [€ 3,5 mln])
- eerste punt van een lijst die over meer dan een regel loopt
- tweede punt
#for nummer in range(44) [Zin #nummer gaat over het personeelsbeleid en de arbeidsomstandigheden. ]
Dit is het einde.
"""


def read(tmp_path: Path, data: bytes) -> Document:
    path = tmp_path / "nota.pdf"
    path.write_bytes(data)
    return read_document(path, id="d", file="nota.pdf")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Document:
    return read(tmp_path_factory.mktemp("report"), typeset(REPORT))


def test_justified_columns_read_as_written(report: Document) -> None:
    blocks = report.text.split("\n")
    assert (
        "De efficiëntie van de financiële afwikkeling hangt af van de verantwoordelijkheidsverdeling tussen"
        " de afdelingen.¹ De ruimte is 12 m²." in report.text
    )
    for number in range(14):
        assert f"Regel {number} beschrijft hoe medewerkers hun onkostenvergoeding aanvragen." in report.text
    for number in range(44):
        assert f"Zin {number} gaat over het personeelsbeleid en de arbeidsomstandigheden." in report.text
    assert "Jaar | Aantal | Bedrag" in blocks
    assert "2023 | 1.200 in totaal | € 3,5 mln" in blocks
    assert "• eerste punt van een lijst die over meer dan een regel loopt" in blocks
    assert "• tweede punt" in blocks
    assert any(block.startswith("¹") and block.endswith("verdeling van taken.") for block in blocks)


def test_heads_feet_and_page_numbers_are_out_but_known(report: Document) -> None:
    assert len(report.pages) == 3
    assert "Jaarverslag van de afdeling" not in report.text
    assert [page.label for page in report.pages] == [str(page.number) for page in report.pages]
    assert report.title == "Jaarverslag"


def test_headings_have_levels(report: Document) -> None:
    found = [(heading.level, report.text[heading.start : heading.end]) for heading in report.headings]
    assert found == [(1, "1 Efficiënte afhandeling"), (2, "1.1 Bedragen")]


def test_a_sentence_over_a_page_border_is_whole(report: Document) -> None:
    borders = [page.end for page in report.pages[:-1]]
    inside = [border for border in borders if report.text[border - 1] != "\n" and report.text[border] != "\n"]
    assert inside, "the report is meant to break a page within a paragraph"
    for border in inside:
        assert report.pages_of(border - 1, border + 1) == (
            report.page_at(border - 1).number,
            report.page_at(border).number,
        )


def test_every_letter_has_a_place_on_its_page(report: Document) -> None:
    assert report.boxes is not None
    for page in report.pages:
        boxes = report.boxes[page.start : page.end].astype(int)
        letters = np.array([character.isalnum() for character in report.text[page.start : page.end]])
        assert (boxes[letters, 2] > boxes[letters, 0]).all()
        assert (boxes[letters, 3] > boxes[letters, 1]).all()
        assert boxes[:, 2].max() <= page.width * 10 and boxes[:, 3].max() <= page.height * 10


@pytest.mark.parametrize(
    ("turn", "corner", "size"),
    [
        (0, (40, 50), (300, 400)),
        (90, (350, 40), (400, 300)),
        (180, (260, 350), (300, 400)),
        (270, (50, 260), (400, 300)),
    ],
)
def test_places_are_those_of_the_page_as_shown(
    turn: int, corner: tuple[float, float], size: tuple[float, float], tmp_path: Path
) -> None:
    document = read(tmp_path, rewritten(handmade(paragraph("Hamer en aambeeld")), turn=turn))
    assert (document.pages[0].width, document.pages[0].height) == size
    assert document.text == "Hamer en aambeeld"
    assert document.boxes is not None
    left, top, right, bottom = (document.boxes[0] / 10).tolist()
    # `corner` is where the first letter starts on its baseline; its box is 12 points high at most.
    assert left - 12 <= corner[0] <= right + 12 and top - 12 <= corner[1] <= bottom + 12


def drawn(pdf: bytes, turn: int) -> bytes:
    """Return `pdf` with what is drawn on its pages turned to the left, the pages themselves upright."""
    writer = PdfWriter(clone_from=BytesIO(pdf))
    for page in writer.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        move = {90: (height, 0.0), 180: (width, height), 270: (0.0, width)}[turn]
        page.add_transformation(Transformation().rotate(turn).translate(*move))
        if turn != 180:
            page.mediabox = page.cropbox = RectangleObject((0, 0, height, width))
    made = BytesIO()
    writer.write(made)
    return made.getvalue()


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_reads_the_same_whichever_way_it_lies(turn: int, report: Document, tmp_path: Path) -> None:
    pdf = typeset(REPORT)
    assert read(tmp_path, rewritten(pdf, turn=turn)).text == report.text
    standing = read(tmp_path, drawn(pdf, turn))
    assert standing.text == report.text
    for page in standing.pages:
        lines = standing.rectangles(page.start, page.end)
        assert len(lines) < 120  # One for each line, not one for each letter.
        for line in lines:
            assert 0 <= line.left < line.right <= page.width and 0 <= line.top < line.bottom <= page.height


def numbered(page: int, *lines: str) -> list[Placed]:
    return [(140, 20, 8, str(page + 6)), (40, 380, 8, "Nota reiskosten"), *paragraph(*lines)]


def test_printed_numbers_are_labels(tmp_path: Path) -> None:
    texts = ("De eerste bladzijde is kort.", "De tweede ook, in 2020.", "En de derde is het laatst.")
    document = read(tmp_path, handmade(*(numbered(page, text) for page, text in enumerate(texts))))
    assert document.text == "\n".join(texts)
    assert [page.label for page in document.pages] == ["6", "7", "8"]


LEFT = (
    "De linker kolom gaat over",
    "het vergoeden van reizen en",
    "over wie daarvoor tekent. Dat",
    "is de chef.",
)
RIGHT = (
    "Rechts staat hoe je een dag",
    "vrij neemt. Vraag het aan je",
    "chef, en zet het daarna zelf",
    "in het rooster.",
)


def across(left: Sequence[str], right: Sequence[str]) -> list[Placed]:
    """Return two columns as some programs draw them: line by line over the whole page."""
    pairs = zip(paragraph(*left), paragraph(*right, left=180), strict=True)
    return [placed for pair in pairs for placed in pair]


@pytest.mark.parametrize("count", [3, 4])
def test_columns_drawn_by_turns_are_read_one_after_the_other(count: int, tmp_path: Path) -> None:
    left, right = LEFT[-count:], RIGHT[-count:]
    blocks = read(tmp_path, handmade(across(left, right))).text.split("\n")
    assert blocks == [" ".join(left), " ".join(right)]


def test_columns_of_next_to_nothing_are_not_mixed(tmp_path: Path) -> None:
    drawn = across(["Links regel een", "Links regel twee"], ["Rechts regel een", "Rechts regel twee"])
    assert read(tmp_path, handmade(drawn)).text.split("\n") == [
        "Links regel een | Rechts regel een",
        "Links regel twee | Rechts regel twee",
    ]


def test_words_read_as_they_are_spelled_however_they_are_drawn(tmp_path: Path) -> None:
    text = (
        "De coo\u0308peratie vergoedt e\ufb03cie\u0308nte \ufb01ets\u00adritten in \u0132sland, met \u0133s."
    )
    long = "Zij kijkt naar arbeidsmarktproblematiek en verantwoordelijkheidsverdeling."
    source = f"#set text(hyphenate: true)\n#set par(justify: true)\n{text} {long}"
    assert read(tmp_path, typeset(source)).text == (
        f"De coöperatie vergoedt efficiënte fietsritten in IJsland, met ijs. {long}"
    )


def test_words_that_lost_their_hyphen_are_whole(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        handmade(
            paragraph(
                "Het tekort aan vakmensen is groot. Er zijn veel open",
                "staande vacatures, en de maatschappe",
                "lijke opgaven vragen om een hogere in",
                "stroom van techniekstudenten dan ooit.",
            )
        ),
    )
    assert document.text == (
        "Het tekort aan vakmensen is groot. Er zijn veel openstaande vacatures, en de maatschappelijke"
        " opgaven vragen om een hogere instroom van techniekstudenten dan ooit."
    )


def test_a_note_does_not_stand_in_the_sentence_it_interrupts(tmp_path: Path) -> None:
    first = [
        *paragraph(
            "De regeling geldt voor alle medewerkers2 die vaker",
            "dan drie keer per week met de trein of met de",
        )
    ]
    note = [(40.0, 60.0, 7.0, "2. Ook voor stagiairs.")]
    document = read(tmp_path, handmade([*first, *note], paragraph("fiets naar het werk komen.")))
    assert document.text.split("\n") == [
        "2. Ook voor stagiairs.",
        "De regeling geldt voor alle medewerkers2 die vaker dan drie keer per week met de trein of met de"
        " fiets naar het werk komen.",
    ]
    assert document.pages_of(document.text.index("De regeling"), len(document.text)) == (1, 2)


LINES = (
    "De medewerker dient de aanvraag in bij de balie",
    "Personeel en krijgt binnen tien dagen bericht van",
    "de dienst die over de vergoeding gaat en haar elk",
    "jaar aanpast aan wat reizen met trein, bus en fiets",
)


def test_labels_of_a_chart_stand_in_no_sentence(tmp_path: Path) -> None:
    labels: list[Placed] = [(40, 260, 10, "Utrecht Zwolle"), (40, 242, 10, "Assen")]
    rest = paragraph("werkelijk kost, ook voor wie deels thuis werkt.")
    text = read(tmp_path, handmade([*paragraph(*LINES), *labels], rest)).text
    assert f"{' '.join(LINES)} werkelijk kost, ook voor wie deels thuis werkt." in text.split("\n")


def double_spaced(*lines: str) -> list[Placed]:
    return paragraph(*lines, step=24)


def test_a_title_stands_apart_from_the_full_line_above_it(tmp_path: Path) -> None:
    after = ("Verlof", "Elke medewerker heeft recht op vrije tijd per jaar.")
    blocks = read(
        tmp_path, handmade(double_spaced(*LINES, "werkelijk kost, ook voor wie deels thuis werkt.", *after))
    )
    assert "Verlof" in blocks.text.split("\n")


def test_the_first_of_double_spaced_lines_may_stand_close_under_its_title(tmp_path: Path) -> None:
    title: Placed = (40, 362, 10, "Reiskosten")
    document = read(tmp_path, handmade([title, *double_spaced(*LINES, "echt kost.")]))
    assert document.text.split("\n") == ["Reiskosten", f"{' '.join(LINES)} echt kost."]


def test_a_label_is_no_part_of_the_note_above_it(tmp_path: Path) -> None:
    body = paragraph("Zie ook de regeling2 voor alle medewerkers van de dienst.")
    under: list[Placed] = [
        (40, 80, 10, "2. Besluit van de raad uit 2020"),
        (40, 56, 10, "Verlof"),
        (40, 32, 10, "Reizen en thuis werken"),
    ]
    blocks = read(tmp_path, handmade([*body, *under])).text.split("\n")
    assert "2. Besluit van de raad uit 2020" in blocks


def test_blank_pages_are_kept(tmp_path: Path) -> None:
    document = read(
        tmp_path, handmade(paragraph("Voorkant van het verslag."), [], paragraph("Achterkant ervan."))
    )
    assert [(page.start, page.end) for page in document.pages] == [(0, 26), (26, 26), (26, 43)]


def test_a_line_that_runs_off_the_page_is_whole(tmp_path: Path) -> None:
    text = "Deze regel is zo lang dat hij rechts van de bladzijde af loopt en toch helemaal gelezen wordt."
    assert read(tmp_path, handmade(paragraph(text))).text == text
