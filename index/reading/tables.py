"""Tables: rows that are read one by one, each value behind the name of its column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

_WIDEST = 500
"""Columns. Cells over many rows that push each other to the right would make a grid without end."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the file has it: cleaned text on one line, and how many columns and rows it covers."""

    text: str
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a row's text: the whole text of a cell, or what stands between two cells (`cell` None).

    `cell` is a place in what was given: `rows[cell[0]][cell[1]].text == text`.
    """

    text: str
    cell: tuple[int, int] | None = None


Row = tuple[Piece, ...]
"""The pieces that make up the text of one row, in order."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell in columns `start` up to `end` of its table; `at` is its place in what was given."""

    text: str
    at: tuple[int, int]
    start: int
    end: int


def row_text(row: Row) -> str:
    """Return the text of a row."""
    return "".join(piece.text for piece in row)


def table_rows(rows: Sequence[Sequence[Cell]], headers: int = 0) -> tuple[Row, ...]:
    """Return the rows of a table as they are read: "Jaar: 2020 | Som: € 5", empty cells left out.

    The first `headers` rows name the columns; several are read as one name, "2020 Omzet". A cell over several
    rows is repeated in each; one over several columns stands once, behind all their names. A cell that fills
    its row by itself has no name; one that does so among the headers names the table and is kept as a row.
    A row that repeats the headers is left out; where there are no other rows, the headers are the rows.
    """
    grid = _grid(rows)
    width = max((cell.end for cell in chain(*grid)), default=0)
    alone = [len(row) == 1 and row[0].end - row[0].start == width > 1 for row in grid]
    heads = [row for row, single in zip(grid[:headers], alone, strict=False) if not single]
    said = {tuple(cell.text for cell in row) for row in heads}
    body = [number for number in range(headers, len(grid)) if tuple(c.text for c in grid[number]) not in said]
    names = _names(heads) if any(cell.text for number in body for cell in grid[number]) else {}
    shown = [number for number in range(min(headers, len(grid))) if alone[number] or not names]
    found = (
        _joined([_value(cell, {} if number < headers or alone[number] else names) for cell in grid[number]])
        for number in (*shown, *body)
    )
    return tuple(row for row in found if row)


def _grid(rows: Sequence[Sequence[Cell]]) -> list[list[_Placed]]:
    """Return for each row the cells that stand in it, also those that began in a row above."""
    grid: list[list[_Placed]] = [[] for _ in rows]
    for number, row in enumerate(rows):
        above = sorted(grid[number], key=lambda cell: cell.start)
        column = 0
        for index, cell in enumerate(row):
            while above and above[0].start <= column:
                column = max(column, above.pop(0).end)
            if column >= _WIDEST:
                break
            end = min(column + max(cell.columns, 1), _WIDEST)
            placed, column = _Placed(cell.text, (number, index), column, end), end
            for covered in grid[number : number + max(cell.rows, 1)]:
                covered.append(placed)
    return [sorted(row, key=lambda cell: cell.start) for row in grid]


def _names(heads: Sequence[Sequence[_Placed]]) -> Mapping[int, Sequence[_Placed]]:
    """Return the header cells over each column, the uppermost first."""
    names: dict[int, list[_Placed]] = {}
    for cell in chain(*heads):
        for column in range(cell.start, cell.end if cell.text else cell.start):
            names.setdefault(column, []).append(cell)
    return names


def _value(cell: _Placed, names: Mapping[int, Sequence[_Placed]]) -> list[Piece]:
    """Return the text of a cell behind the names of its columns; nothing for an empty cell."""
    if not cell.text:
        return []
    above = dict.fromkeys(chain(*(names.get(column, ()) for column in range(cell.start, cell.end))))
    pieces: list[Piece] = []
    for name in above:
        pieces += [Piece(name.text, name.at), Piece(" ")]
    if pieces and not pieces[-2].text.endswith(":"):
        pieces[-1] = Piece(": ")
    return [*pieces, Piece(cell.text, cell.at)]


def _joined(values: Sequence[Sequence[Piece]]) -> Row:
    row: list[Piece] = []
    for value in filter(None, values):
        row += [Piece(" | "), *value] if row else value
    return tuple(row)
