import pytest

from index.reading.tables import Cell, row_text, table_rows


def cells(rows: list[list[str | Cell]]) -> list[list[Cell]]:
    return [[Cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]


@pytest.mark.parametrize(
    ("rows", "headers", "expected"),
    [
        ([["a", "b"], ["", "c"], ["", ""]], 0, ["a | b", "c"]),
        ([["Jaar", "Som"], ["2020", "€ 5"]], 1, ["Jaar: 2020 | Som: € 5"]),
        ([["Jaar", "Som"], ["2020", ""], ["", ""]], 1, ["Jaar: 2020"]),
        ([["", "Som"], ["2020", "€ 5", "los"]], 1, ["2020 | Som: € 5 | los"]),
        ([["Jaar:", "Som :"], ["2020", "€ 5"]], 1, ["Jaar: 2020 | Som : € 5"]),
        ([["Jaar", "Som"]], 1, ["Jaar | Som"]),
        ([["Jaar", "Som"], ["", ""]], 1, ["Jaar | Som"]),
        ([["Jaar", "Som"], ["2020", "5"], ["Jaar", "Som"], ["2021", "6"]], 1,
         ["Jaar: 2020 | Som: 5", "Jaar: 2021 | Som: 6"]),
        ([[Cell("Tarieven", columns=2)], ["Jaar", "Som"], ["2020", "5"]], 2,
         ["Tarieven", "Jaar: 2020 | Som: 5"]),
        ([[Cell("Naam", rows=2), Cell("2020", columns=2)], ["in", "uit"], ["FME", "1", "2"]], 2,
         ["Naam: FME | 2020 in: 1 | 2020 uit: 2"]),
        ([["Dag", "Van", "Tot"], ["ma", "9", "5"], ["zo", Cell("gesloten", columns=2)]], 1,
         ["Dag: ma | Van: 9 | Tot: 5", "Dag: zo | Van Tot: gesloten"]),
        ([["Naam", "Rol"], [Cell("Bestuur", columns=2)], ["Els", "lid"]], 1,
         ["Bestuur", "Naam: Els | Rol: lid"]),
        ([["Regio", "Jaar"], [Cell("Oost", rows=2), "2020"], ["2021"], ["West", "2020"]], 1,
         ["Regio: Oost | Jaar: 2020", "Regio: Oost | Jaar: 2021", "Regio: West | Jaar: 2020"]),
        ([["a", Cell("b", rows=9)], [Cell("c", columns=0, rows=0)]], 0, ["a | b", "c | b"]),
        ([[Cell("a", rows=3)], [Cell("b", rows=2)], ["c"]], 0, ["a", "a | b", "a | b | c"]),
        ([], 0, []),
        ([], 1, []),
        ([[]], 3, []),
    ],
)  # fmt: skip
def test_rows_are_read_with_the_names_of_their_columns(
    rows: list[list[str | Cell]], headers: int, expected: list[str]
) -> None:
    assert [row_text(row) for row in table_rows(cells(rows), headers)] == expected


def test_each_piece_leads_to_its_cell() -> None:
    given = cells([["Naam", Cell("2020", columns=2)], ["", "in", "uit"], ["FME", "1", "2"]])
    (row,) = table_rows(given, 2)
    assert [(piece.text, piece.cell) for piece in row] == [
        ("Naam", (0, 0)), (": ", None), ("FME", (2, 0)), (" | ", None),
        ("2020", (0, 1)), (" ", None), ("in", (1, 1)), (": ", None), ("1", (2, 1)), (" | ", None),
        ("2020", (0, 1)), (" ", None), ("uit", (1, 2)), (": ", None), ("2", (2, 2)),
    ]  # fmt: skip
    assert all(given[piece.cell[0]][piece.cell[1]].text == piece.text for piece in row if piece.cell)


def test_a_grid_that_grows_without_end_is_cut() -> None:
    rows = table_rows([[Cell("x", rows=10_000)] for _ in range(3000)])
    assert max(len(row) for row in rows) < 1000
