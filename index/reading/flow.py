"""Text that flows: the blocks of documents that have no fixed pages, and the reading that these make."""

from collections.abc import Sequence
from dataclasses import dataclass

from index.documents import Heading, Notice, Page
from index.errors import UnreadableDocument
from index.reading.reading import Options, Reading
from index.texts import text


@dataclass(frozen=True, slots=True)
class Part:
    """A heading, paragraph, list item, table row or note, on one line. `level` is 0 for all but headings."""

    text: str
    level: int = 0


def reading_of(
    pages: Sequence[Sequence[Part]],
    options: Options,
    *,
    title: str | None = None,
    metadata_date: str | None = None,
    notices: tuple[Notice, ...] = (),
) -> Reading:
    """Return the reading of a document whose pages hold these parts: one page, or one for each slide.

    Raises UnreadableDocument when there is no text, or more than may be.
    """
    texts: list[str] = []
    headings: list[Heading] = []
    spans: list[Page] = []
    position = start = 0
    for number, parts in enumerate(pages, 1):
        for part in parts:
            if texts:
                position += 1
            if part.level:
                headings.append(Heading(part.level, position, position + len(part.text)))
            texts.append(part.text)
            position += len(part.text)
        # What parts two pages belongs to the page before it.
        end = max(start, position + (bool(parts) and any(pages[number:])))
        spans.append(Page(number, None, start, end))
        start = end
    running = "\n".join(texts)
    if not running:
        raise UnreadableDocument(text("read.no_text"))
    if len(running) > options.most_text:
        raise UnreadableDocument(text("read.long"))
    return Reading(running, tuple(spans), tuple(headings), title, metadata_date, notices)
