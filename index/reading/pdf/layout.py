"""Reading order: which lines of a page stand side by side, as table rows or as columns."""

import re
from collections.abc import Iterator, Sequence

from index.reading.pdf.grid import Row, Table, tables_of
from index.reading.pdf.lines import Line, joined
from index.reading.pdf.shapes import opens_lower

_TALLEST_CELL = 8  # Lines.
_VALUE = re.compile(r"[€−–-]?\s?\d[\d.,]*(?:\s?\S{1,4})?")
_NUMBER = re.compile(r"\d{1,2}\.?")


def reading_order(lines: Sequence[Line]) -> tuple[Line | Table, ...]:
    """Return the lines of a page, in the order drawn, with tables recognised.

    PDFs are drawn column by column. Where lines of two columns are drawn by turns, they first look like
    rows; rows of running text are put back into columns.
    """
    found: list[Line | Row] = []
    position = 0
    while position < len(lines):
        row, length = _row_at(lines, position)
        if row is None:
            found.append(lines[position])
        else:
            found.extend(_numbered(row) or (_with_values(row, found),))
        position += length
    return tuple(tables_of(list(_columns_apart(found))))


def _row_at(lines: Sequence[Line], start: int) -> tuple[Row | None, int]:
    cells: list[list[Line]] = [[lines[start]]]
    position = start + 1
    while position < len(lines):
        line = lines[position]
        if _beside(line, cells) or _around(lines[position : position + 2], cells):
            cells.append([line])
        elif len(cells[-1]) < _TALLEST_CELL and _below(line, cells[-1], outdent=len(cells) == 1):
            cells[-1].append(line)
        else:
            break
        position += 1
    if len(cells) == 1:
        return None, 1
    if len(cells) == 2 and all(len(cell) > 2 for cell in cells) and _is_prose(cells):
        return None, 1
    return Row(tuple(tuple(cell) for cell in cells)), position - start


def _numbered(row: Row) -> tuple[Line, ...] | None:
    """Return the lines of a numbered heading or entry, whose number stands far off as a cell would."""
    (number, *more), (text, *rest) = row.cells[0], row.cells[1]
    gap = text.left - number.right
    if len(row.cells) == 2 and not more and gap < 3 * text.size and _NUMBER.fullmatch(number.text):
        return joined(number, text), *rest
    return None


def _with_values(row: Row, before: list[Line | Row]) -> Row:
    """Take the values of a column chart, drawn above their bars, for the row of names under them."""
    values = before[-len(row.cells) :]
    if len(values) < len(row.cells) or not all(
        isinstance(value, Line) and _VALUE.fullmatch(value.text) and _centred(value, cell)
        for value, cell in zip(values, row.cells, strict=True)
    ):
        return row
    del before[-len(row.cells) :]
    return Row(tuple((value,) for value in values if isinstance(value, Line)), names=row.cells)


def _centred(value: Line, cell: Sequence[Line]) -> bool:
    left, right = min(line.left for line in cell), max(line.right for line in cell)
    return abs(value.left + value.right - left - right) < 2 * value.size


def _beside(line: Line, cells: list[list[Line]]) -> bool:
    """Tell whether `line` begins the next cell: right of all cells, level with the start of the row."""
    right = max(part.right for part in cells[-1])
    first = cells[0]
    near = 0.35 * max(line.size, first[0].size)
    level = abs(line.baseline - first[0].baseline) <= near or (
        len(first) > 1 and first[0].baseline < line.baseline < first[1].baseline - near
    )
    return level and line.left > right + 0.2 * line.size


def _around(lines: Sequence[Line], cells: list[list[Line]]) -> bool:
    """Tell whether two lines are the next cell of a row whose first cell is one line, level with both."""
    if len(lines) < 2 or len(cells[0]) > 1:
        return False
    (line, following), first = lines, cells[0][0]
    above, below = first.baseline - line.baseline, following.baseline - first.baseline
    near = 0.35 * first.size
    right = line.left > max(part.right for part in cells[-1]) + 0.2 * line.size
    return right and above > near and abs(above - below) < near and _below(following, [line], outdent=False)


def _below(line: Line, cell: list[Line], outdent: bool) -> bool:
    above = cell[-1]
    step = line.baseline - above.baseline
    aligned = line.left < above.right and above.left < line.right
    if not outdent:
        aligned = aligned and line.left > min(part.left for part in cell) - 0.8 * line.size
    return 0 < step < 1.45 * above.size and aligned and abs(line.size - above.size) < 0.1 * above.size


def _is_prose(cells: Sequence[Sequence[Line]]) -> bool:
    return all(sum(len(line.text) for line in cell) / len(cell) > 25 for cell in cells)


def _columns_apart(items: Sequence[Line | Row]) -> Iterator[Line | Row]:
    position = 0
    while position < len(items):
        end = position
        while end < len(items) and _alike(items[position], items[end]):
            end += 1
        rows = [item for item in items[position:end] if isinstance(item, Row)]
        if len(rows) >= 3 and _run_on(rows):
            for column in range(len(rows[0].cells)):
                for row in rows:
                    yield from row.cells[column]
        else:
            yield from items[position : max(end, position + 1)]
        position = max(end, position + 1)


def _run_on(rows: Sequence[Row]) -> bool:
    """Tell whether the cells of each column read on from row to row, as lines of text do."""
    for column in range(len(rows[0].cells)):
        lines = [line for row in rows for line in row.cells[column]]
        going_on = sum(opens_lower(line) for line in lines[1:])
        if going_on < 0.4 * (len(lines) - 1) or sum(len(line.text) for line in lines) < 18 * len(lines):
            return False
    return True


def _alike(first: Line | Row, other: Line | Row) -> bool:
    if not isinstance(first, Row) or not isinstance(other, Row) or len(first.cells) != len(other.cells):
        return False
    return all(
        abs(cell[0].left - mine[0].left) < mine[0].size
        for cell, mine in zip(first.cells, other.cells, strict=True)
    )
