"""Pages in the report: the part around a quote, with the quote marked; the whole page at a touch."""

from collections.abc import Sequence
from html import escape

from eval.metrics import Page
from eval.pictures import Pictures, pages_of
from eval.questions import KnownQuestion
from eval.run import Outcome
from index.documents import Document

ABOVE = 0.08
"""What is shown of a page above the first mark, as a part of the page's width."""
AROUND = 220
"""Characters shown around a quote where a document has no pages to be drawn."""

Span = tuple[int, int]


def page_rules(pictures: Pictures) -> str:
    """Return CSS with each picture once, however many questions show it."""
    return "".join(
        f".{_class(pictures, page)}{{background-image:url(data:image/webp;base64,{picture})}}"
        for page, picture in pictures.drawn.items()
    )


def sheets(outcome: Outcome, pictures: Pictures) -> str:
    """Return the pages that an answer cites, its quotes marked, and the gold pages it does not cite.

    On those the words are marked that state a fact, so that one sees where the answer stood.
    """
    quotes: dict[Page, list[Span]] = {}
    for page, citation in zip(outcome.cited, outcome.answer.citations, strict=True):
        quotes.setdefault(page, []).append((citation.start, citation.end))
    found = []
    for page in pages_of(outcome):
        document = pictures.documents.get(page[0])
        if document is None or page[1] > len(document.pages):
            continue
        gold = page in outcome.question.gold
        role = f"cited, {'gold' if gold else 'not gold'}" if page in quotes else "gold, not cited"
        spans = quotes.get(page) or _facts(document, page[1], outcome.question)
        tone = "quote" if page in quotes else "fact"
        looks = _sheet if page in pictures.drawn else _excerpt
        shown = looks(pictures, page, spans, tone)
        found.append(
            f'<figure>{shown}<figcaption><b class="{"good" if gold else "bad"}">{role}</b> '
            f"{escape(page[0])}, p. {page[1]}</figcaption></figure>"
        )
    return f'<div class="sheets">{"".join(found)}</div>' if found else ""


def _class(pictures: Pictures, page: Page) -> str:
    return f"p{list(pictures.drawn).index(page)}"


def _facts(document: Document, number: int, question: KnownQuestion) -> list[Span]:
    page = document.page(number)
    text = document.text[page.start : page.end]
    return [
        (page.start + match.start(), page.start + match.end())
        for fact in question.facts
        for pattern in fact
        for match in pattern.finditer(text)
        if match.group()
    ]


def _sheet(pictures: Pictures, page: Page, spans: Sequence[Span], tone: str) -> str:
    document, number = pictures.documents[page[0]], page[1]
    format_ = document.page(number)
    assert format_.width and format_.height
    wide, high = format_.width, format_.height
    places = [place for span in spans for place in document.rectangles(*span) if place.page == number]
    marks = "".join(
        f'<i class="{tone}" style="left:{place.left / wide:.2%};top:{place.top / high:.2%};'
        f'width:{(place.right - place.left) / wide:.2%};height:{(place.bottom - place.top) / high:.2%}"></i>'
        for place in places
    )
    top = max(0.0, min((place.top for place in places), default=0.0) / wide - ABOVE)
    return (
        f'<div class="window" tabindex="0" role="button" aria-label="Show the whole page"><div class="strip">'
        f'<div class="sheet {_class(pictures, page)}" role="img" aria-label="page {number}" '
        f'style="aspect-ratio:{wide:.0f}/{high:.0f};--top:{-top:.2%}">{marks}</div></div></div>'
    )


def _excerpt(pictures: Pictures, page: Page, spans: Sequence[Span], tone: str) -> str:
    document = pictures.documents[page[0]]
    bounds = document.page(page[1])
    start, end = min(spans, default=(bounds.start, bounds.start))
    before = document.text[max(bounds.start, start - AROUND) : start]
    after = document.text[end : min(bounds.end, end + AROUND)]
    marked = f'<mark class="{tone}">{escape(document.text[start:end])}</mark>' if spans else ""
    return f'<p class="excerpt" lang="nl">… {escape(before)}{marked}{escape(after)} …</p>'
