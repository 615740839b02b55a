"""Tables of PDFs: rows as people read them, each character with the box of the cell it came from."""

from pathlib import Path

import pytest

from index.documents import Document
from tests.pdfs import Placed, handmade, typeset
from tests.reading import read_document

TABLE = "#table(columns: {columns}, stroke: 0.5pt, {cells})"
BEFORE = "Hier staat een zin boven de tabel."


def read(tmp_path: Path, data: bytes) -> Document:
    path = tmp_path / "tabel.pdf"
    path.write_bytes(data)
    return read_document(path, id="d", file="tabel.pdf")


def table(columns: int, *cells: str) -> str:
    return TABLE.format(columns=columns, cells=", ".join(f"[{cell}]" for cell in cells))


def rows(tmp_path: Path, source: str) -> list[str]:
    before, *blocks = read(tmp_path, typeset(f"{BEFORE}\n\n{source}")).text.split("\n")
    assert before == BEFORE
    return blocks


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        (2, ["*Jaar*", "*Bedrag*", "2020", "€ 5 mln", "2021", "€ 6 mln"],
         ["Jaar: 2020 | Bedrag: € 5 mln", "Jaar: 2021 | Bedrag: € 6 mln"]),
        (2, ["*Post*", "*2020*", "Huur", "5", "Zorg", "krimp"],
         ["Post: Huur | 2020: 5", "Post: Zorg | 2020: krimp"]),
        (2, ["Jaar", "Bedrag", "2020", "€ 5 mln", "2021", "€ 6 mln", "2022", "€ 7 mln"],
         ["Jaar: 2020 | Bedrag: € 5 mln", "Jaar: 2021 | Bedrag: € 6 mln", "Jaar: 2022 | Bedrag: € 7 mln"]),
        (2, ["#text(8pt)[Wie]", "#text(8pt)[Wat]", "Els", "voorzitter", "Jan", "lid"],
         ["Wie: Els | Wat: voorzitter", "Wie: Jan | Wat: lid"]),
        (3, ["*Naam*", "*In*", "*Uit*", "Els", "", "5", "Jan", "6", ""],
         ["Naam: Els | Uit: 5", "Naam: Jan | In: 6"]),
        (3, ["", "*In*", "*Uit*", "Els", "4", "5", "*Totaal*", "*4*", "*5*"],
         ["Els | In: 4 | Uit: 5", "Totaal | In: 4 | Uit: 5"]),
        (2, ["*Onderwerp*", "*Wat er gebeurt*", "Bouwen", "vergunning vragen en daarna met de buren praten"],
         ["Onderwerp: Bouwen | Wat er gebeurt: vergunning vragen en daarna met de buren praten"]),
    ],
)  # fmt: skip
def test_values_stand_behind_the_names_of_their_columns(
    columns: int, cells: list[str], expected: list[str], tmp_path: Path
) -> None:
    assert rows(tmp_path, table(columns, *cells)) == expected


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        (2, ["Voorzitter", "Els", "Leden", "2.200"], ["Voorzitter | Els", "Leden | 2.200"]),
        (2, ["Gebouwen", "50%", "Straten", "30%", "Pleinen", "20%", "Parken", "10%"],
         ["Gebouwen | 50%", "Straten | 30%", "Pleinen | 20%", "Parken | 10%"]),
        (2, ["*Els*", "*voorzitter*", "*Jan*", "*lid*"], ["Els | voorzitter", "Jan | lid"]),
        (2, ["*Els*", "voorzitter", "*Jan*", "lid"], ["Els | voorzitter", "Jan | lid"]),
    ],
)  # fmt: skip
def test_rows_stay_plain_where_no_row_is_sure_to_hold_names(
    columns: int, cells: list[str], expected: list[str], tmp_path: Path
) -> None:
    assert rows(tmp_path, table(columns, *cells)) == expected


def test_each_character_of_a_row_has_the_box_of_its_cell(tmp_path: Path) -> None:
    cells = ["*Jaar*", "*Bedrag*", "2020", "€ 5 mln", "2021", "€ 6 mln"]
    document = read(tmp_path, typeset(table(2, *cells)))
    assert document.text == "Jaar: 2020 | Bedrag: € 5 mln\nJaar: 2021 | Bedrag: € 6 mln"
    (name, year, sum_name, value) = document.rectangles(0, document.text.index("\n"))
    assert name.bottom <= year.top and sum_name.bottom <= value.top
    assert abs(name.left - year.left) < 1 and abs(sum_name.left - value.left) < 1
    again = document.text.rindex("Jaar")
    assert document.rectangles(again, again + 4) == (name,)
    assert document.boxes is not None
    made = [at for at, character in enumerate(document.text) if character in ":|\n "]
    assert not document.boxes[made].any()


NUMBERED = [f"Nummer: {number} | Bedrag: {number * 1000} euro" for number in range(1, 41)]
CELLS = ", ".join(f"[{number}], [{number * 1000} euro]" for number in range(1, 41))


def test_names_hold_for_the_rest_of_a_table_on_the_next_page(tmp_path: Path) -> None:
    document = read(tmp_path, typeset(f"#table(columns: 2, [*Nummer*], [*Bedrag*], {CELLS})"))
    assert len(document.pages) > 2
    assert document.text.split("\n") == NUMBERED
    second = document.pages[1]
    row = document.text[second.start : second.end].split("\n")[0]
    assert row.startswith("Nummer: ")
    # The name stands on the page before: it is read here, but has no place here.
    assert document.rectangles(second.start, second.start + 6) == ()
    assert {place.page for place in document.rectangles(second.start, second.start + len(row))} == {2}


def test_a_row_of_names_on_each_page_is_no_row(tmp_path: Path) -> None:
    header = "table.header([*Nummer*], [*Bedrag*])"
    document = read(tmp_path, typeset(f"#table(columns: 2, {header}, {CELLS})"))
    assert document.text.split("\n") == NUMBERED
    assert all(document.rectangles(page.start, page.start + 6) for page in document.pages)


def test_cells_that_repeat_at_the_foot_of_pages_are_no_labels(tmp_path: Path) -> None:
    cells = ", ".join(f"[Vraag {number}], [{'nee' if number % 2 else 'ja'}]" for number in range(1, 41))
    document = read(tmp_path, typeset(f"#table(columns: 2, {cells})"))
    assert len(document.pages) > 2
    assert document.text.split("\n") == [
        f"Vraag {number} | {'nee' if number % 2 else 'ja'}" for number in range(1, 41)
    ]


def test_a_caption_stands_before_its_rows(tmp_path: Path) -> None:
    figure = table(2, "*Jaar*", "*Som*", "2020", "5", "2021", "6")
    source = (
        f"Hier staat een hele zin.\n#figure(supplement: [Tabel], caption: [Sommen per jaar])[{figure}]\nSlot."
    )
    for caption in ("top", "bottom"):
        blocks = read(
            tmp_path, typeset(f"#show figure: set figure.caption(position: {caption})\n{source}")
        ).text.split("\n")
        at = blocks.index("Jaar: 2020 | Som: 5")
        assert "Sommen per jaar" in blocks[at - 1], caption


def test_a_line_between_rows_does_not_end_the_table(tmp_path: Path) -> None:
    cells = "[*Naam*], [*Rol*], [Els], [lid], table.cell(colspan: 2)[Bestuur], [Jan], [chef]"
    assert rows(tmp_path, f"#table(columns: 2, {cells})") == [
        "Naam: Els | Rol: lid",
        "Bestuur",
        "Naam: Jan | Rol: chef",
    ]


def test_values_of_a_chart_stand_with_their_names(tmp_path: Path) -> None:
    drawn: list[Placed] = [
        (50, 280, 8, "2,27%"), (152, 320, 8, "3,0%"), (40, 200, 8, "Nederland"), (150, 200, 8, "Norm"),
    ]  # fmt: skip
    assert read(tmp_path, handmade(drawn)).text == "Nederland: 2,27% | Norm: 3,0%"


def test_a_cell_of_two_lines_may_stand_around_the_line_beside_it(tmp_path: Path) -> None:
    drawn: list[Placed] = [(40, 300, 10, "Duitsland"), (140, 306, 10, "meer"), (140, 294, 10, "dan 10%")]
    assert read(tmp_path, handmade(drawn)).text == "Duitsland | meer dan 10%"
