"""HTML as browsers read it: the text of the page, without navigation and notices."""

import re
from collections.abc import Iterator
from itertools import takewhile

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.documents import Notice
from index.errors import UnreadableDocument
from index.reading.characters import clean_text
from index.reading.dates import find_date
from index.reading.encodings import decode
from index.reading.flow import Part, reading_of
from index.reading.hidden import drop_hidden
from index.reading.reading import Options, Reading
from index.reading.tables import Cell, row_text, table_rows
from index.texts import text

_DROPPED = (
    "nav, aside, script, style, template, form, noscript, iframe, svg, button, select, dialog, "
    "[role=navigation], [role=banner], [role=contentinfo], [role=search], "
    "[role=complementary], [role=dialog], [id*=cookie], [class*=cookie], [id*=consent], [class*=consent]"
)
_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "br", "caption", "center", "dd", "details",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul",
))  # fmt: skip


class HtmlReader:
    """Reads HTML files."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return an HTML file as a reading of one page. Raises UnreadableDocument."""
        tree = LexborHTMLParser(decode(data))
        title, date = _title(tree), _date(tree)
        parts, notices = parts_of(tree)
        return reading_of([parts], options, title=title, metadata_date=date, notices=notices)


def parts_of(tree: LexborHTMLParser) -> tuple[list[Part], tuple[Notice, ...]]:
    """Return what a page says, and whether text in it was hidden. Raises UnreadableDocument."""
    for node in reversed(tree.css(_DROPPED)):  # The innermost first: nothing is looked at after it is gone.
        if node.tag not in ("html", "body", "main"):
            node.decompose()
    notices = (Notice("hidden"),) if drop_hidden(tree) else ()
    try:
        return list(_parts(_content(tree))), notices
    except RecursionError as error:  # Nested deeper than any page that people write.
        raise UnreadableDocument(text("read.damaged")) from error


def _title(tree: LexborHTMLParser) -> str | None:
    """Return the <title>, without the name of the site that the first heading shows to stand behind it."""
    found = [clean_text(node.text()) for name in ("title", "h1", "h2") for node in tree.css(name)[:1]]
    titles = [text for text in found if text]
    return next(
        (heading for heading in titles[1:] if titles[0].startswith(heading)), titles[0] if titles else None
    )


def _date(tree: LexborHTMLParser) -> str | None:
    for selector in (
        "meta[name=date]",
        "meta[property='article:published_time']",
        "meta[name='DCTERMS.issued']",
        "meta[name='dcterms.date']",
        "meta[itemprop=datePublished]",
    ):
        node = tree.css_first(selector)
        if node is not None and (date := find_date(node.attributes.get("content") or "")):
            return date
    node = tree.css_first("time[datetime]")
    return find_date(node.attributes.get("datetime") or "") if node is not None else None


def _content(tree: LexborHTMLParser) -> LexborNode | None:
    """Return the part of the page that holds its text."""
    main = tree.css_first("main") or tree.css_first("[role=main]") or tree.css_first("article")
    if main is not None and len(clean_text(main.text())) > 40:
        return main
    for node in reversed(tree.css("body header, body footer")):
        node.decompose()
    return tree.body


def _parts(root: LexborNode | None) -> Iterator[Part]:
    if root is None:
        return
    gathered: list[str] = []
    for child in root.iter(include_text=True):
        if child.tag == "-text":
            gathered.append(child.text(deep=False))
            continue
        if child.tag not in _BLOCKS and not _holds_blocks(child):
            gathered.append(child.text())
            continue
        yield from _flush(gathered)
        gathered = []
        if child.tag == "table":
            yield from _table(child)
        elif re.fullmatch("h[1-6]", child.tag or ""):
            yield from _flush([child.text()], int((child.tag or "h1")[1]))
        elif child.tag not in ("br", "hr"):
            yield from _parts(child)
    yield from _flush(gathered)


def _holds_blocks(node: LexborNode) -> bool:
    return any(child.tag in _BLOCKS for child in node.traverse())


def _flush(gathered: list[str], level: int = 0) -> Iterator[Part]:
    joined = clean_text("".join(gathered))
    if joined:
        yield Part(joined, level)


def _table(table: LexborNode) -> Iterator[Part]:
    """Yield the caption, then the rows; of a table that only arranges things on the page, what it holds."""
    rows = [row for row in table.css("tr") if _table_of(row) == table.mem_id]
    cells = [[cell for cell in row.iter() if cell.tag in ("td", "th")] for row in rows]
    layout = table.attributes.get("role") in ("presentation", "none") or table.css_first("table table")
    if layout or all(len(row) < 2 for row in cells):
        for child in table.iter():
            yield from _parts(child)
        return
    caption = table.css_first("caption")
    if caption is not None:
        yield from _flush([caption.text()])
    headers = list(takewhile(lambda pair: _names_columns(*pair), zip(rows, cells, strict=True)))
    for found in table_rows([[_cell(cell) for cell in row] for row in cells], len(headers)):
        yield Part(row_text(found))


def _table_of(row: LexborNode) -> int | None:
    above = row.parent
    while above is not None and above.tag != "table":
        above = above.parent
    return above.mem_id if above is not None else None


def _names_columns(row: LexborNode, cells: list[LexborNode]) -> bool:
    head = row.parent is not None and row.parent.tag == "thead"
    return bool(cells) and (head or all(cell.tag == "th" for cell in cells))


def _cell(cell: LexborNode) -> Cell:
    columns, rows = (
        int(value) if (value := cell.attributes.get(name) or "1").isdecimal() else 1
        for name in ("colspan", "rowspan")
    )
    return Cell(clean_text(cell.text(separator=" ")), columns, rows)
