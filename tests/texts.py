"""Documents made of plain text, for tests that need no file."""

from index.documents import Document, Heading, Hit, Page
from index.passages import passages_of


def document(
    *pages: str, name: str = "nota", date: str | None = "2023", headings: tuple[str, ...] = ()
) -> Document:
    """Return a document with these pages; each of `headings` is a block of the text, of level 1."""
    text, spans = "", []
    for number, page in enumerate(pages, 1):
        start = len(text)
        text += page if number == len(pages) else page + "\n"
        spans.append(Page(number, str(number), start, len(text)))
    places = [(text.index(heading), heading) for heading in headings]
    return Document(
        name,
        f"Titel van {name}",
        f"{name}.pdf",
        text,
        tuple(spans),
        tuple(Heading(1, start, start + len(heading)) for start, heading in places),
        date,
    )


def hits(*documents: Document, scores: tuple[float, ...] = (), similarity: float = 0.6) -> tuple[Hit, ...]:
    """Return a hit for each passage of the documents, in reading order, or best first by `scores`."""
    passages = [(source, passage) for source in documents for passage in passages_of(source)]
    ordered = sorted(
        zip(passages, scores or range(len(passages), 0, -1), strict=True), key=lambda pair: -pair[1]
    )
    return tuple(
        Hit(passage, source, float(score), rank, similarity)
        for rank, ((source, passage), score) in enumerate(ordered, 1)
    )
