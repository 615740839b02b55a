"""A reading: what a file itself says, by its bytes alone. A document is a reading that was given a name."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.documents import Boxes, Document, Heading, Notice, Page, check_pages
from index.reading.dates import find_date
from index.reading.manifest import About


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a file with the way back to its pages, and what it tells about itself.

    `text`, `pages`, `headings`, `boxes` and `notices` are those of a Document. `metadata_date` is what the
    file's metadata say, `title_date` what stands on its title page or in its title.
    """

    text: str
    pages: tuple[Page, ...]
    headings: tuple[Heading, ...] = ()
    title: str | None = None
    metadata_date: str | None = None
    title_date: str | None = None
    notices: tuple[Notice, ...] = ()
    boxes: Boxes | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        check_pages(self.text, self.pages, self.boxes)

    def named(self, id: str, file: str, about: About) -> Document:  # noqa: A002
        """Return the document that this is under the file name `file`, with what a manifest says about it.

        A date in the metadata counts before one on the title page, that before one in the manifest, and
        that before one in the file name; `Document.dates` keeps them all.
        """
        said = {
            "metadata": self.metadata_date,
            "title": self.title_date,
            "manifest": about.date,
            "file": find_date(file),
        }
        dates: Mapping[str, str] = {source: date for source, date in said.items() if date}
        first = next((self.text[heading.start : heading.end] for heading in self.headings), None)
        return Document(
            id=id,
            title=about.title or self.title or first or Path(file).stem,
            file=file,
            text=self.text,
            pages=self.pages,
            headings=self.headings,
            date=next(iter(dates.values()), None),
            source=about.source,
            dates=dates,
            notices=self.notices,
            boxes=self.boxes,
        )


def _no_news(page: int, pages: int) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Options:
    """How to read: `skip` holds numbers of pages to leave out, `at_page` is told each page before it is read.

    `most_pages` and `most_text` (characters) are what a file may hold before it is refused.
    """

    skip: Collection[int] = ()
    at_page: Callable[[int, int], None] = _no_news
    most_pages: int = 5000
    most_text: int = 20_000_000
