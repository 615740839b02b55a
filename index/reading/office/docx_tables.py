"""Tables of a DOCX: their rows, the cells that were merged, and which rows name the columns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from xml.etree.ElementTree import Element

from index.reading.office.styles import Style, is_on, value_of
from index.reading.tables import Cell

_AROUND = frozenset({"w.sdt", "w.sdtContent", "w.customXml", "w.ins"})
_PLAIN = Style()
_FIRST_ROW = 0x20
_MOST = 1000


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table and its cells, as the file has them."""

    element: Element
    cells: tuple[Element, ...]


def rows_of(table: Element) -> list[TableRow]:
    """Return the rows of a table, deleted ones left out."""
    rows = (row for row in _through(table, "w.tr") if row.find("w.trPr/w.del") is None)
    return [TableRow(row, tuple(_through(row, "w.tc"))) for row in rows]


def grid_of(rows: Sequence[TableRow], text_of: Callable[[Element], str]) -> list[list[Cell]]:
    """Return the cells of rows as `table_rows` takes them."""
    grid: list[list[Cell]] = []
    begun: dict[int, tuple[int, int]] = {}  # By column, where a cell over several rows began.
    for number, row in enumerate(rows):
        column = _count(value_of(row.element, "w.trPr/w.gridBefore"), 0)
        grid.append([Cell("", column)] if column else [])
        for cell in row.cells:
            merge = value_of(cell, "w.tcPr/w.vMerge")
            columns = _count(value_of(cell, "w.tcPr/w.gridSpan"), 1)
            if merge is not None and merge != "restart" and column in begun:
                above, index = begun[column]
                first = grid[above][index]
                grid[above][index] = Cell(first.text, first.columns, number - above + 1)
            else:
                begun[column] = (number, len(grid[-1]))
                grid[-1].append(Cell(text_of(cell), columns))
            column += columns
    return grid


def headers_of(table: Element, rows: Sequence[TableRow], styles: Mapping[str, Style]) -> int:
    """Return how many rows name the columns: those that each page repeats, or a first row that looks so.

    Nearly every table says that its first row may look different; only some styles then make it so.
    """
    told = list(takewhile(lambda row: is_on(row.element, "w.trPr/w.tblHeader"), rows))
    if told:
        return len(told)
    look = table.find("w.tblPr/w.tblLook")
    style = styles.get(value_of(table, "w.tblPr/w.tblStyle") or "", _PLAIN)
    if style.names_columns and look is not None and _sets_first_row_apart(look):
        return 1
    return int([all(_is_bold(cell, styles) for cell in row.cells) for row in rows[:2]] == [True, False])


def _sets_first_row_apart(look: Element) -> bool:
    try:
        return look.get("w.firstRow") in ("1", "true") or bool(int(look.get("w.val", "0"), 16) & _FIRST_ROW)
    except ValueError:
        return False


def _is_bold(cell: Element, styles: Mapping[str, Style]) -> bool:
    for paragraph in cell.iter("w.p"):
        style = styles.get(value_of(paragraph, "w.pPr/w.pStyle") or "", _PLAIN)
        for run in paragraph.iter("w.r"):
            own = styles.get(value_of(run, "w.rPr/w.rStyle") or "", _PLAIN)
            told = run.find("w.rPr/w.b") is not None
            bold = is_on(run, "w.rPr/w.b") if told else own.bold or style.bold
            if run.find("w.t") is not None and not bold:
                return False
    return True


def _through(element: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also those in content controls."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _AROUND:
            yield from _through(child, tag)


def _count(value: str | None, otherwise: int) -> int:
    return min(int(value), _MOST) if value is not None and value.isdecimal() else otherwise
