"""Markdown: made HTML as its own rules say, and read as that."""

import re

from markdown_it import MarkdownIt
from selectolax.lexbor import LexborHTMLParser

from index.reading.characters import clean_text
from index.reading.dates import find_date
from index.reading.encodings import decode
from index.reading.flow import reading_of
from index.reading.html import parts_of
from index.reading.reading import Options, Reading

_SIGNS = re.compile(
    r"^#{1,6}[ \t]+\S"  # a heading
    r"|^\S.*\n={3,}[ \t]*$"  # a heading, underlined
    r"|^(?:```|~~~)"  # code
    r"|^[ \t]*(?:\|[ \t]*)?:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+(?:\|[ \t]*)?$"  # in a table
    r"|(?<![\w*])\*\*\w[^*\n]*\*\*(?![\w*])",  # bold
    re.MULTILINE,
)
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_SAID = re.compile(
    r"^(title|titel|date|datum)[ \t]*:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE | re.IGNORECASE
)


class MarkdownReader:
    """Reads Markdown files (CommonMark, with tables)."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return a Markdown file as a reading of one page. Raises UnreadableDocument."""
        source = "\n".join(decode(data).splitlines()) + "\n"
        front = _FRONT.match(source)
        said = {name.lower(): value for name, value in _SAID.findall(front[1])} if front else {}
        html = MarkdownIt("commonmark").enable("table").render(source[front.end() if front else 0 :])
        parts, notices = parts_of(LexborHTMLParser(html))
        title = clean_text(said.get("title", said.get("titel", ""))) or None
        date = find_date(said.get("date", said.get("datum", "")))
        return reading_of([parts], options, title=title, metadata_date=date, notices=notices)


def is_markdown(source: str) -> bool:
    """Tell whether a text has marks that a plain text would not have.

    Links alone tell nothing: to read a plain text as Markdown loses words, the other way round loses none.
    """
    return _SIGNS.search(source) is not None or _FRONT.match(source) is not None
