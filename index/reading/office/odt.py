"""ODT: what a reader of the document sees; deleted text, comments and tables of contents stay out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from index.documents import Notice
from index.errors import UnreadableDocument
from index.reading.characters import clean_text
from index.reading.flow import Part, reading_of
from index.reading.office.package import Package
from index.reading.reading import Options, Reading
from index.reading.tables import Cell, row_text, table_rows
from index.texts import text

_LEFT_OUT = frozenset({
    "text.tracked-changes", "text.table-of-content", "text.illustration-index", "text.table-index",
    "text.alphabetical-index", "text.user-index", "text.object-index", "text.note-citation",
    "office.annotation", "office.forms", "office.event-listeners", "text.sequence-decls", "text.ruby-text",
    "text.variable-decls", "text.user-field-decls", "office.scripts", "table.shapes", "office.binary-data",
})  # fmt: skip
"""What is no text of the document, or says what stands elsewhere."""
_BELOW = frozenset({"text.note-body", "draw.text-box"})
"""What stands in a paragraph but is read below it."""
_HIDING = frozenset({"text.hidden-text", "text.hidden-paragraph"})
_MOST = 100


class OdtReader:
    """Reads ODT files (LibreOffice Writer)."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return an ODT as a reading of one page. Raises UnreadableDocument."""
        package = Package(data)
        if any(True for _ in package.xml("META-INF/manifest.xml").iter("manifest.encryption-data")):
            raise UnreadableDocument(text("read.protected"))
        content, about = package.xml("content.xml"), package.xml("meta.xml").find("office.meta")
        document = _Document(_styles(package.xml("styles.xml"), content))
        try:
            parts = [part for body in content.iter("office.text") for part in document.parts(body)]
        except RecursionError as error:
            raise UnreadableDocument(text("read.damaged")) from error
        said = about if about is not None else Element("none")
        title = document.title or clean_text(said.findtext("dc.title", ""))
        date = said.findtext("dc.date", "")[:10]
        notices = (Notice("hidden"),) if document.hidden else ()
        return reading_of([parts], options, title=title or None, metadata_date=date or None, notices=notices)


@dataclass(frozen=True, slots=True)
class _Style:
    above: str
    hidden: bool


def _styles(*roots: Element) -> Mapping[str, _Style]:
    return {
        style.get("style.name", ""): _Style(
            style.get("style.parent-style-name", ""),
            any(each.get("text.display") == "none" for each in style),
        )
        for root in roots
        for style in root.iter("style.style")
    }


@dataclass(slots=True)
class _Document:
    styles: Mapping[str, _Style]
    title: str = ""
    hidden: bool = False
    below: list[Element] = field(default_factory=list)
    inside: int = 0  # How many tables stand around.

    def parts(self, container: Element) -> Iterator[Part]:
        """Yield the parts of a body, a section, a list, a cell, a note or a text box."""
        for child in container:
            if child.tag in _LEFT_OUT or self._is_unseen(child):
                continue
            if child.tag in ("text.p", "text.h"):
                yield from self._paragraph(child)
            elif child.tag == "table.table":
                yield from self._table(child)
            else:
                yield from self.parts(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Part]:
        words = clean_text("".join(self._inline(paragraph)))
        level = paragraph.get("text.outline-level", "1") if paragraph.tag == "text.h" else "0"
        titled = "title" in self._names(paragraph)
        if words:
            self.title = self.title or (words if titled else "")
            yield Part(words, min(int(level), 9) if level.isdecimal() and not titled else 1)
        if not self.inside:
            yield from self._below()

    def _below(self) -> Iterator[Part]:
        while self.below:
            yield from self.parts(self.below.pop(0))

    def _inline(self, element: Element) -> Iterator[str]:
        """Yield the text of a paragraph or of what stands in it; each element's tail stands behind it."""
        yield element.text or ""
        for child in element:
            if child.tag in _BELOW:
                self.below.append(child)
            elif child.tag in ("text.s", "text.tab", "text.line-break"):
                yield " "
            elif child.tag not in _LEFT_OUT and not self._is_unseen(child):
                yield from self._inline(child)
            yield child.tail or ""

    def _is_unseen(self, element: Element) -> bool:
        unseen = (
            element.tag in _HIDING
            or element.get("text.display") == "none"
            or any(name in self.styles and self.styles[name].hidden for name in self._chain(element))
        )
        self.hidden = self.hidden or (unseen and any(word.strip() for word in element.itertext()))
        return unseen

    def _chain(self, element: Element) -> list[str]:
        """Return the style of an element and those that it is based on."""
        chain: list[str] = []
        name = element.get("text.style-name", "")
        while name and name not in chain:
            chain.append(name)
            name = self.styles[name].above if name in self.styles else ""
        return chain

    def _names(self, element: Element) -> set[str]:
        return {name.replace("_20_", " ").lower() for name in self._chain(element)}

    def _table(self, table: Element) -> Iterator[Part]:
        rows = list(_through(table, "table.table-row"))
        cells = [list(_through(row, "table.table-cell")) for row in rows]
        self.inside += 1
        if table.find(".//table.table") is not None or all(len(row) < 2 for row in cells):
            for cell in (cell for row in cells for cell in row):  # It only arranges things on the page.
                yield from self.parts(cell)
        else:
            told = sum(1 for head in table.findall("table.table-header-rows") for _ in _through(head, _ROW))
            looks = bool(cells[0]) and all(self._is_heading(cell) for cell in cells[0])
            grid = [[self._cell(cell) for cell in row] for row in cells]
            for row in table_rows(grid, told or int(looks)):
                yield Part(row_text(row))
        self.inside -= 1
        if not self.inside:
            yield from self._below()

    def _is_heading(self, cell: Element) -> bool:
        """Tell whether a cell is set as LibreOffice sets the first row of a table."""
        return all("table heading" in self._names(paragraph) for paragraph in cell.iter("text.p"))

    def _cell(self, cell: Element) -> Cell:
        columns, rows, repeated = (
            min(int(value), _MOST) if (value := cell.get(f"table.number-{name}", "1")).isdecimal() else 1
            for name in ("columns-spanned", "rows-spanned", "columns-repeated")
        )
        words = " ".join(part.text for part in self.parts(cell))
        return Cell(words, columns if columns > 1 else repeated, rows)


_ROW = "table.table-row"


def _through(element: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table, those in groups too, or the cells of a row."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in ("table.table-header-rows", "table.table-rows", "table.table-row-group"):
            yield from _through(child, tag)
