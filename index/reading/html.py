"""HTML as browsers read it: the text of the page, without navigation and notices."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from index.documents import Heading, Page
from index.errors import UnreadableDocument
from index.reading.characters import clean_text
from index.reading.dates import find_date
from index.reading.reading import Options, Reading
from index.texts import text

_DROPPED = (
    "nav, aside, script, style, template, form, noscript, iframe, svg, button, select, dialog, [hidden], "
    "[aria-hidden=true], [role=navigation], [role=banner], [role=contentinfo], [role=search], "
    "[role=complementary], [role=dialog], [id*=cookie], [class*=cookie], [id*=consent], [class*=consent]"
)
_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "br", "caption", "center", "dd", "details",
    "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul",
))  # fmt: skip
_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)


class HtmlReader:
    """Reads HTML files."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return an HTML file as a reading of one page. Raises UnreadableDocument."""
        tree = LexborHTMLParser(decode(data))
        title, date = _title(tree), _date(tree)
        try:
            blocks = list(_blocks(_content(tree)))
        except RecursionError as error:  # Nested deeper than any page that people write.
            raise UnreadableDocument(text("read.damaged")) from error
        if not blocks:
            raise UnreadableDocument(text("read.no_text"))
        headings, position = [], 0
        for level, block in blocks:
            if level:
                headings.append(Heading(level, position, position + len(block)))
            position += len(block) + 1
        running = "\n".join(block for _, block in blocks)
        return Reading(
            running,
            (Page(1, None, 0, len(running)),),
            tuple(headings),
            title,
            metadata_date=date,
        )


def decode(data: bytes) -> str:
    """Return `data` as text: by its byte order mark, the charset it names, UTF-8, or else Windows-1252."""
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be"),
    ):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    named = _CHARSET.search(data[:4096])
    for encoding in (named[1].decode("ascii") if named else "utf-8", "utf-8"):
        try:
            # Browsers read the labels of Latin-1 and ASCII as Windows-1252.
            return data.decode(
                "cp1252" if encoding.lower() in ("iso-8859-1", "latin1", "us-ascii") else encoding
            )
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("cp1252", "replace")


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
    """Return the part of the page that holds its text, navigation and notices taken out."""
    for node in tree.css(_DROPPED):
        if node.tag not in ("html", "body", "main"):
            node.decompose()
    main = tree.css_first("main") or tree.css_first("[role=main]") or tree.css_first("article")
    if main is not None and len(clean_text(main.text())) > 40:
        return main
    for node in tree.css("body header, body footer"):
        node.decompose()
    return tree.body


def _blocks(root: LexborNode | None) -> Iterator[tuple[int, str]]:
    """Yield heading level (0 for other blocks) and text of each block under `root`."""
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
            yield from _blocks(child)
    yield from _flush(gathered)


def _holds_blocks(node: LexborNode) -> bool:
    return any(child.tag in _BLOCKS for child in node.traverse())


def _flush(gathered: list[str], level: int = 0) -> Iterator[tuple[int, str]]:
    joined = clean_text("".join(gathered))
    if joined:
        yield level, joined


def _table(table: LexborNode) -> Iterator[tuple[int, str]]:
    """Yield the caption, then each row with its cells as they stand on the page: "2020 | € 5"."""
    caption = table.css_first("caption")
    if caption is not None:
        yield from _flush([caption.text()])
    for row in table.css("tr"):
        cells = [clean_text(cell.text(separator=" ")) for cell in row.iter() if cell.tag in ("td", "th")]
        yield from _flush([" | ".join(cell for cell in cells if cell)])
