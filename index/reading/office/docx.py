"""DOCX: what a reader of it sees, tracked changes accepted; headers, comments and macros stay out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from index.documents import Notice
from index.errors import UnreadableDocument
from index.reading.characters import clean_text
from index.reading.flow import Part, reading_of
from index.reading.office.docx_tables import grid_of, headers_of, rows_of
from index.reading.office.package import Package
from index.reading.office.styles import Style, is_on, outline_level, read_styles, value_of
from index.reading.reading import Options, Reading
from index.reading.tables import row_text, table_rows
from index.texts import text

_THROUGH = frozenset({
    "w.hyperlink", "w.ins", "w.moveTo", "w.smartTag", "w.sdtContent", "w.fldSimple", "w.bdo", "w.dir",
    "w.customXml", "w.ruby", "w.rubyBase", "w.body",
})  # fmt: skip
"""What stands around runs and paragraphs. Deleted text, and what was moved from a place, is not here."""
_CHARACTERS = {"w.tab": " ", "w.br": " ", "w.cr": " ", "w.ptab": " ", "w.noBreakHyphen": "-"}
_UNREADABLE = 4
"""Half points: letters of two points and less are not seen."""
_PLAIN = Style()


class DocxReader:
    """Reads DOCX files (Word), and what Word calls templates and documents with macros."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return a DOCX as a reading of one page. Raises UnreadableDocument."""
        package = Package(data)
        main = package.main_part()
        document = _Document.of(package, main)
        try:
            parts = list(document.parts(package.xml(main)))
        except RecursionError as error:
            raise UnreadableDocument(text("read.damaged")) from error
        title, date = package.properties()
        notices = (Notice("hidden"),) if document.hidden else ()
        return reading_of(
            [parts], options, title=document.title or title, metadata_date=date, notices=notices
        )


@dataclass(slots=True)
class _Document:
    styles: Mapping[str, Style]
    notes: Mapping[tuple[str, str], Element]
    title: str = ""
    hidden: bool = False  # Whether there was text that nobody sees.
    carried: str = ""  # The text of a paragraph whose end was deleted.
    beside: list[Element] = field(
        default_factory=list
    )  # Notes and text boxes, which go below what holds them.
    inside: int = 0  # How many tables and text boxes stand around: they may have a colour of their own.
    fields: list[bool] = field(default_factory=list)  # For each open field, whether its result has begun.

    @classmethod
    def of(cls, package: Package, main: str) -> "_Document":
        roles = {to.role: to.target for to in package.relations(main).values()}
        notes = {
            (kind, note.get("w.id", "")): note
            for kind in ("footnote", "endnote")
            for note in package.xml(roles.get(f"{kind}s", ""))
            if note.get("w.type", "normal") == "normal"
        }
        return cls(read_styles(package.xml(roles.get("styles", ""))), notes)

    def parts(self, container: Element) -> Iterator[Part]:
        """Yield the parts of a body, a cell, a note or a text box."""
        for child in container:
            if child.tag == "w.p":
                yield from self._paragraph(child)
            elif child.tag == "w.tbl":
                yield from self._table(child)
            elif child.tag in _THROUGH or (child.tag == "w.sdt" and not _is_filler(child)):
                yield from self.parts(child)

    def _paragraph(self, paragraph: Element) -> Iterator[Part]:
        style = self.styles.get(value_of(paragraph, "w.pPr/w.pStyle") or "", _PLAIN)
        if style.is_contents:
            return
        self.fields = []
        raw = self.carried + "".join(self._inline(paragraph, style))
        self.carried = raw if paragraph.find("w.pPr/w.rPr/w.del") is not None else ""
        level = outline_level(value_of(paragraph, "w.pPr/w.outlineLvl"))
        if not self.carried and (words := clean_text(raw)):
            if style.is_title and not self.title:
                self.title = words
            yield Part(words, style.level if level is None else level)
        if not self.inside:
            yield from self._below()

    def _below(self) -> Iterator[Part]:
        self.inside += 1
        while self.beside:
            yield from self.parts(self.beside.pop(0))
        self.inside -= 1

    def _inline(self, element: Element, style: Style) -> Iterator[str]:
        """Yield the text of a paragraph, or of what stands around runs in it."""
        for child in element:
            if child.tag == "w.r":
                yield from self._run(child, style)
            elif child.tag in ("m.oMath", "m.oMathPara"):
                yield "".join(found.text or "" for found in child.iter("m.t"))
            elif child.tag in _THROUGH or (child.tag == "w.sdt" and not _is_filler(child)):
                yield from self._inline(child, style)

    def _run(self, run: Element, style: Style) -> Iterator[str]:
        seen = not self._is_hidden(run, style)
        for child in run:
            if child.tag == "w.fldChar":
                self._turn(child.get("w.fldCharType", ""))
            elif child.tag in ("w.footnoteReference", "w.endnoteReference"):
                note = self.notes.get((child.tag[2:-9], child.get("w.id", "")))
                self.beside += [note] if note is not None and seen else []
            elif child.tag in ("w.drawing", "w.pict", "w.object", "mc.AlternateContent"):
                self.beside += _boxes([child]) if seen else []
            elif child.tag == "w.ruby":
                yield from self._inline(child, style)
            elif child.tag in ("w.t", "w.sym", *_CHARACTERS) and all(self.fields):
                said = _CHARACTERS.get(child.tag) or child.text or _symbol(child.get("w.char", ""))
                if seen:
                    yield said
                self.hidden = self.hidden or (not seen and any(letter.isalnum() for letter in said))

    def _turn(self, kind: str) -> None:
        """Go from the code of a field to its result, or out of it."""
        if kind == "begin":
            self.fields.append(False)
        elif self.fields:
            self.fields.pop()
            self.fields += [True] if kind == "separate" else []

    def _is_hidden(self, run: Element, style: Style) -> bool:
        if run.find("w.rPr/w.vanish") is not None:
            return is_on(run, "w.rPr/w.vanish")
        own = self.styles.get(value_of(run, "w.rPr/w.rStyle") or "", _PLAIN)
        size = value_of(run, "w.rPr/w.sz") or ""
        white = value_of(run, "w.rPr/w.color") == "FFFFFF" and not self.inside and not style.shaded
        small = size.isdecimal() and int(size) <= _UNREADABLE
        return own.hidden or style.hidden or small or (white and run.find("w.rPr/w.shd") is None)

    def _table(self, table: Element) -> Iterator[Part]:
        rows = rows_of(table)
        self.inside += 1
        if table.find(".//w.tc//w.tbl") is not None or all(len(row.cells) < 2 for row in rows):
            for cell in (cell for row in rows for cell in row.cells):  # It only arranges things on the page.
                yield from self.parts(cell)
        else:
            grid = grid_of(rows, lambda cell: " ".join(part.text for part in self.parts(cell)))
            for row in table_rows(grid, headers_of(table, rows, self.styles)):
                yield Part(row_text(row))
        self.inside -= 1
        if not self.inside:
            yield from self._below()


def _boxes(elements: Iterable[Element]) -> Iterator[Element]:
    """Yield the text boxes of a drawing, each once, though it is stored for new and for old programs."""
    for element in elements:
        if element.tag == "w.txbxContent":
            yield element
        elif element.tag == "mc.AlternateContent":
            yield from _boxes(element[:1])
        else:
            yield from _boxes(element)


def _is_filler(control: Element) -> bool:
    """Tell whether a content control holds a table of contents, or only says what to fill in."""
    gallery = value_of(control, "w.sdtPr/w.docPartObj/w.docPartGallery")
    return gallery == "Table of Contents" or is_on(control, "w.sdtPr/w.showingPlcHdr")


def _symbol(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
