"""PPTX: each slide is a page with its title, its text, its tables and the notes of the speaker."""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from index.documents import Notice
from index.errors import UnreadableDocument
from index.reading.characters import clean_text
from index.reading.flow import Part, reading_of
from index.reading.office.package import Package
from index.reading.reading import Options, Reading
from index.reading.tables import Cell, row_text, table_rows
from index.texts import text

_TEXT = ("a.t", "m.t")
_TITLES = ("title", "ctrTitle")
_FURNITURE = ("dt", "ftr", "hdr", "sldNum", "sldImg")
"""What stands on every slide: date, foot, number; and on a page of notes the slide itself."""


class PptxReader:
    """Reads PPTX files (PowerPoint)."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return a PPTX as a reading of one page a slide. Raises UnreadableDocument.

        A hidden slide is an empty page, so that numbers are those that PowerPoint shows.
        """
        package = Package(data)
        main = package.main_part()
        root, relations = package.xml(main), package.relations(main)
        slides = [relations.get(slide.get("r.id", "")) for slide in root.findall("p.sldIdLst/p.sldId")]
        if len(slides) > options.most_pages:
            raise UnreadableDocument(text("read.long"))
        size = root.find("p.sldSz")
        deck = _Deck(package, _number(size, "cx"), _number(size, "cy"))
        pages: list[list[Part]] = []
        skipped = []
        for number, slide in enumerate(slides, 1):
            options.at_page(number, len(slides))
            element = package.xml(slide.target) if slide and number not in options.skip else Element("none")
            if element.get("show") in ("0", "false"):
                skipped.append(number)
                element = Element("none")
            try:
                pages.append(list(deck.parts(element, slide.target if slide else "")))
            except RecursionError as error:
                raise UnreadableDocument(text("read.damaged")) from error
        notices = ((Notice("hidden_slides", tuple(skipped)),) if skipped else ()) + (
            (Notice("hidden"),) if deck.hidden else ()
        )
        title, date = package.properties()
        return reading_of(pages, options, title=title, metadata_date=date, notices=notices)


@dataclass(slots=True)
class _Deck:
    """What the slides share: the package, the size of a slide in EMU, and whether something was hidden."""

    package: Package
    width: int
    height: int
    hidden: bool = False

    def parts(self, slide: Element, name: str) -> Iterator[Part]:
        """Yield the title of a slide, what else stands on it, and its notes.

        A slide without a title goes by its first text: what stands on it does not belong to the slide before.
        """
        tree = slide.find("p.cSld/p.spTree")
        if tree is None:
            return
        relations = self.package.relations(name)
        diagrams = {id: to.target for id, to in relations.items() if to.role == "diagramData"}  # noqa: A001
        shapes = list(self._shapes(tree))
        titles = [part for shape in shapes if _kind(shape) in _TITLES for part in _paragraphs(shape)]
        title = " ".join(part.text for part in titles)
        body = [
            part
            for shape in shapes
            if _kind(shape) not in (*_TITLES, *_FURNITURE)
            for part in self._read(shape, diagrams)
        ]
        for note in (to.target for to in relations.values() if to.role == "notesSlide"):
            page = self.package.xml(note).find("p.cSld/p.spTree")
            for shape in page if page is not None else ():
                body += _paragraphs(shape) if _kind(shape) == "body" else []
        if title or body:
            yield Part(title or body[0].text, 1)
        yield from body if title else body[1:]

    def _shapes(self, tree: Element) -> Iterator[Element]:
        """Yield the shapes that are seen, those in groups too, in the order in which they are read out."""
        for child in tree:
            if child.tag == "mc.AlternateContent":
                yield from self._shapes(child[0] if len(child) else child)
            elif self._is_hidden(child):
                self.hidden = self.hidden or any(_paragraphs(child))
            elif child.tag == "p.grpSp":
                yield from self._shapes(child)
            elif child.tag in ("p.sp", "p.graphicFrame"):
                yield child

    def _is_hidden(self, shape: Element) -> bool:
        """Tell whether a shape is hidden, or stands beside the slide. Shapes in groups have no such place."""
        if any(about.get("hidden") in ("1", "true") for about in shape.findall("*/p.cNvPr")):
            return True
        place = shape.find("p.spPr/a.xfrm")
        if place is None:
            place = shape.find("p.xfrm")
        offset, extent = (place.find("a.off"), place.find("a.ext")) if place is not None else (None, None)
        if offset is None or extent is None or not self.width or not self.height:
            return False
        left, top = _number(offset, "x"), _number(offset, "y")
        return (
            left >= self.width
            or top >= self.height
            or left + _number(extent, "cx") <= 0
            or top + _number(extent, "cy") <= 0
        )

    def _read(self, shape: Element, diagrams: dict[str, str]) -> Iterator[Part]:
        table = shape.find("a.graphic/a.graphicData/a.tbl")
        if table is not None:
            yield from _table(table)
            return
        yield from _paragraphs(shape)
        for ids in shape.iter("dgm.relIds"):
            yield from _paragraphs(self.package.xml(diagrams.get(ids.get("r.dm", ""), "")))


def _kind(shape: Element) -> str:
    """Return the kind of placeholder that a shape is; "" for one that is none."""
    found = shape.find("p.nvSpPr/p.nvPr/p.ph")
    return found.get("type", "body") if found is not None else ""


def _paragraphs(element: Element) -> list[Part]:
    found = []
    for paragraph in element.iter("a.p"):
        said = "".join(
            " "
            if child.tag == "a.br"
            else "".join(each.text or "" for each in child.iter() if each.tag in _TEXT)
            for child in paragraph
        )
        if words := clean_text(said):
            found.append(Part(words))
    return found


def _table(table: Element) -> Iterator[Part]:
    properties = table.find("a.tblPr")
    headers = properties is not None and properties.get("firstRow") in ("1", "true")
    grid = [
        [
            Cell(
                " ".join(part.text for part in _paragraphs(cell)),
                max(_number(cell, "gridSpan"), 1),
                max(_number(cell, "rowSpan"), 1),
            )
            for cell in row.findall("a.tc")
            if not {"1", "true"} & {cell.get("hMerge"), cell.get("vMerge")}
        ]
        for row in table.findall("a.tr")
    ]
    yield from (Part(row_text(row)) for row in table_rows(grid, int(headers)))


def _number(element: Element | None, name: str) -> int:
    try:
        return int(element.get(name, "0")) if element is not None else 0
    except ValueError:
        return 0
