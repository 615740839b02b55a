"""Plain text and Markdown: blocks are what empty lines part."""

import re

from index.documents import Heading, Page
from index.errors import UnreadableDocument
from index.reading.characters import clean_text
from index.reading.html import decode
from index.reading.reading import Options, Reading
from index.texts import text

_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s")


class PlainReader:
    """Reads plain text and Markdown files."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return a text file as a reading of one page. Raises UnreadableDocument."""
        blocks: list[str] = []
        levels: list[int] = []
        fresh = True
        for line in decode(data).splitlines():
            cleaned, heading = clean_text(line), _HEADING.match(line)
            if heading or _ITEM.match(line) or (cleaned and fresh):
                blocks.append(clean_text(heading[2]) if heading else cleaned)
                levels.append(len(heading[1]) if heading else 0)
            elif cleaned:
                blocks[-1] += f" {cleaned}"
            fresh = not cleaned or heading is not None
        if not blocks:
            raise UnreadableDocument(text("read.no_text"))
        headings, position = [], 0
        for level, block in zip(levels, blocks, strict=True):
            if level:
                headings.append(Heading(level, position, position + len(block)))
            position += len(block) + 1
        running = "\n".join(blocks)
        return Reading(running, (Page(1, None, 0, len(running)),), tuple(headings))
