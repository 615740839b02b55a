"""Tables of a page: rows that follow each other, their cells in columns, and the rows that name these."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from index.reading.pdf.lines import Line

Lines = tuple[Line, ...]

_SHORT = 60  # Characters: more is no name of a column.
_HEADS = 3  # Rows of names, at most.
_SURE = 3  # Rows of numbers under a row without any, to take that one for names.
_APART = 3.0
"""Type sizes between the last line of a row and the next row. Further down another table begins."""
_NUMBER = re.compile(r"[(€$£+−–-]*\s?\d")


@dataclass(frozen=True, slots=True)
class Row:
    """A table row as drawn: its cells from left to right, each with its lines from top to bottom.

    `names` holds what stands under the values of a column chart, one name for each value.
    """

    cells: tuple[Lines, ...]
    names: tuple[Lines, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """The lines of a cell, none for an empty one, and how many columns it covers."""

    lines: Lines
    columns: int = 1

    @property
    def text(self) -> str:
        """The lines as they stand, for looking at shapes: words are not joined yet."""
        return " ".join(line.text.strip() for line in self.lines)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Rows of cells; the first `headers` rows name the columns, of which `edges` are left and right."""

    rows: tuple[tuple[Cell, ...], ...]
    headers: int = 0
    edges: tuple[tuple[float, float], ...] = ()

    @property
    def lines(self) -> Lines:
        """The lines of the table on its own page, row by row: names may come from the page before."""
        lines = [line for row in self.rows for cell in row for line in cell.lines]
        return tuple(line for line in lines if line.page == lines[-1].page)


def tables_of(items: Sequence[Line | Row]) -> Iterator[Line | Table]:
    """Yield the lines and rows of a page, with rows that follow each other made a table."""
    rows: list[Row] = []
    for item in items:
        if isinstance(item, Row) and not item.names and (not rows or _goes_on(rows[-1], item)):
            rows.append(item)
            continue
        if rows:
            yield _table(rows)
        rows = [item] if isinstance(item, Row) else []
        if isinstance(item, Line):
            yield item
    if rows:
        yield _table(rows)


def continued(table: Table, before: Table) -> Table:
    """Return `table` with the names of the columns of `before`, if it has the same columns and no names."""
    same = len(table.edges) == len(before.edges) > 0 and all(
        left < end and begin < right
        for (left, right), (begin, end) in zip(table.edges, before.edges, strict=True)
    )
    if table.headers or not same:
        return table
    return replace(table, rows=(*before.rows[: before.headers], *table.rows), headers=before.headers)


def _goes_on(row: Row, following: Row) -> bool:
    if row.names:
        return False
    last = max((cell[-1] for cell in row.cells), key=lambda line: line.baseline)
    return 0 < following.cells[0][0].baseline - last.baseline < _APART * last.size


def _table(rows: Sequence[Row]) -> Table:
    if rows[0].names:
        return Table((tuple(map(Cell, rows[0].names)), tuple(map(Cell, rows[0].cells))), headers=1)
    edges = _edges(rows)
    grid = [cells for row in rows if (cells := _in_columns(row, edges))]
    if len(grid) < len(rows):  # The cells stand in no columns.
        return Table(tuple(tuple(map(Cell, row.cells)) for row in rows))
    return Table(tuple(grid), _headers(grid), edges)


def _edges(rows: Sequence[Row]) -> tuple[tuple[float, float], ...]:
    """Return left and right of each column: those of the rows with the most cells, taken together."""
    most = max(len(row.cells) for row in rows)
    full = [row.cells for row in rows if len(row.cells) == most]
    return tuple(
        (min(line.left for line in column), max(line.right for line in column))
        for column in ([line for cells in full for line in cells[at]] for at in range(most))
    )


def _in_columns(row: Row, edges: Sequence[tuple[float, float]]) -> tuple[Cell, ...]:
    """Return a row with an empty cell where a column has none; nothing if its cells are not in columns."""
    cells: list[Cell] = []
    position = 0
    for lines in row.cells:
        left, right = min(line.left for line in lines), max(line.right for line in lines)
        over = [at for at, (begin, end) in enumerate(edges) if left < end and begin < right]
        if not over or over[0] < position:
            return ()
        cells += [Cell(())] * (over[0] - position)
        cells.append(Cell(lines, len(over)))
        position = over[-1] + 1
    return (*cells, *[Cell(())] * (len(edges) - position))


def _headers(rows: Sequence[Sequence[Cell]]) -> int:
    """Return how many of the first rows name the columns: 0 where that is not sure.

    Names are short and set apart by weight or size; or they stand over columns of numbers and hold none.
    """
    count = len(list(takewhile(lambda row: _every(row, lambda line: line.bold), rows)))
    sizes = {round(line.size, 1) for row in rows[1:] for cell in row for line in cell.lines}
    if not count and _every(rows[0], lambda line: round(line.size, 1) not in sizes):
        count = 1
    if not count and _names_numbers(rows[0], rows[1:]):
        count = 1
    short = all(len(cell.text) <= _SHORT for row in rows[:count] for cell in row)
    return count if short and count <= _HEADS and count < len(rows) else 0


def _every(row: Sequence[Cell], holds: Callable[[Line], bool]) -> bool:
    return all(holds(line) for cell in row for line in cell.lines)


def _names_numbers(head: Sequence[Cell], rows: Sequence[Sequence[Cell]]) -> bool:
    if len(rows) < _SURE or any(not cell.lines or re.search(r"\d", cell.text) for cell in head):
        return False
    columns = zip(*rows, strict=True) if all(len(row) == len(head) for row in rows) else ()
    return any(all(_NUMBER.match(cell.text) for cell in column) for column in columns)
