"""A reading: what a file itself says, by its bytes alone. A document is a reading that was given a name."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from index.documents import Boxes, Document, Heading, Notice, Page, Statement, check_pages
from index.reading.dates import find_date, plausible, title_date
from index.reading.manifest import About
from index.reading.statements import find_statements


@dataclass(frozen=True, slots=True)
class Reading:
    """The text of a file with the way back to its pages, and what it tells about itself.

    `text`, `pages`, `headings`, `boxes` and `notices` are those of a Document. `metadata_date` is what the
    file's metadata say, as it stands there. A document without `title` is called by its first heading.
    """

    text: str
    pages: tuple[Page, ...]
    headings: tuple[Heading, ...] = ()
    title: str | None = None
    metadata_date: str | None = None
    notices: tuple[Notice, ...] = ()
    boxes: Boxes | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        check_pages(self.text, self.pages, self.boxes)

    def named(self, id: str, file: str, about: About, today: date | None = None) -> Document:  # noqa: A002
        """Return the document that this is under the file name `file`, with what a manifest says about it.

        A date in the metadata counts before one on the title page, that before one in the manifest, and
        that before one in the file name; `Document.dates` keeps them all. None lies after next year (of
        `today`, else of the clock): papers are written for next year, and aim at later ones.
        """
        today = today or date.today()
        latest = today.year + 1
        first_page = next((page for page in self.pages if page.end > page.start), self.pages[0])
        heading = next((self.text[heading.start : heading.end] for heading in self.headings), None)
        title = self.title or heading
        said = {
            "metadata": plausible(self.metadata_date, today.isoformat()),
            "title": title_date(title or "", self.text[: first_page.end], latest),
            "manifest": about.date,
            "file": find_date(Path(file).stem, latest),
        }
        dates: Mapping[str, str] = {source: found for source, found in said.items() if found}
        years = {found[:4] for source, found in dates.items() if source != "file"}
        title = about.title or title or Path(file).stem
        statements = find_statements(title, self.text, first_page.start, first_page.end)
        return Document(
            id=id,
            title=title,
            file=file,
            text=self.text,
            pages=self.pages,
            headings=self.headings,
            date=next(iter(dates.values()), None),
            source=about.source,
            dates=dates,
            notices=(*self.notices, *((Notice("dates"),) if len(years) > 1 else ())),
            statements=(*_of_manifest(about), *_not_denied(statements, about)),
            boxes=self.boxes,
        )


def _of_manifest(about: About) -> Iterator[Statement]:
    if about.replaces:
        yield Statement("replaces", about.replaces)
    if about.withdrawn:
        yield Statement("withdrawn", "" if about.withdrawn is True else about.withdrawn)


def _not_denied(statements: Sequence[Statement], about: About) -> Iterator[Statement]:
    return (said for said in statements if said.kind != "withdrawn" or about.withdrawn is not False)


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
