"""Plain text: blocks are what empty lines part, or the lines themselves where no line end was put by hand."""

import re
from collections.abc import Iterator

from index.reading.characters import clean_text
from index.reading.encodings import decode
from index.reading.flow import Part, reading_of
from index.reading.reading import Options, Reading

_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s")
_MEASURE = 120
"""Characters. A longer line was not broken by hand, so that each line is a paragraph."""


class PlainReader:
    """Reads plain text files."""

    def read(self, data: bytes, options: Options) -> Reading:
        """Return a text file as a reading of one page. Raises UnreadableDocument."""
        return reading_of([list(plain_parts(decode(data)))], options)


def plain_parts(source: str) -> Iterator[Part]:
    """Yield the paragraphs and list items of a plain text."""
    lines = source.splitlines()
    broken = all(len(line) <= _MEASURE for line in lines)
    gathered: list[str] = []
    for line in (*lines, ""):
        cleaned = clean_text(line)
        if gathered and not (cleaned and broken and not _ITEM.match(line)):
            yield Part(" ".join(gathered))
            gathered = []
        if cleaned:
            gathered.append(cleaned)
