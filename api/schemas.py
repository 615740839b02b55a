"""The JSON that comes out."""

from urllib.parse import quote

from pydantic import BaseModel

from index import documents
from rag import answers


class DocumentBody(BaseModel):
    """A document; where it is not `paged`, a heading says where something stands, and no page number."""

    id: str
    title: str
    file: str
    date: str | None
    pages: int
    paged: bool

    @classmethod
    def of(cls, document: documents.Document) -> "DocumentBody":
        """Describe a document."""
        return cls(
            id=document.id,
            title=document.title,
            file=document.file,
            date=document.date,
            pages=len(document.pages),
            paged=document.paged,
        )


class DocumentDetails(DocumentBody):
    """A document, with where it came from and the number printed on each of its pages."""

    source: str | None
    labels: list[str | None]

    @classmethod
    def of(cls, document: documents.Document) -> "DocumentDetails":
        """Describe a document."""
        labels = [page.label for page in document.pages]
        return cls(**DocumentBody.of(document).model_dump(), source=document.source, labels=labels)


class PageBody(BaseModel):
    """The text of one page: the characters from `start` on of the document's text."""

    number: int
    label: str | None
    start: int
    text: str

    @classmethod
    def of(cls, document: documents.Document, number: int) -> "PageBody":
        """Describe page `number`. Raises UnknownPage."""
        page = document.page(number)
        words = document.text[page.start : page.end]
        return cls(number=number, label=page.label, start=page.start, text=words)


class DocumentsBody(BaseModel):
    """All documents."""

    documents: list[DocumentBody]


class HitBody(BaseModel):
    """A passage that was found: text[start:end] of the document; `url` and `top` as in a citation."""

    rank: int
    score: float
    document: DocumentBody
    pages: list[int]
    text: str
    heading: list[str]
    start: int
    end: int
    url: str
    top: float

    @classmethod
    def of(cls, hit: documents.Hit) -> "HitBody":
        """Describe a hit."""
        return cls(
            rank=hit.rank,
            score=hit.score,
            document=DocumentBody.of(hit.document),
            pages=list(hit.pages),
            text=hit.text,
            heading=list(hit.passage.headings),
            start=hit.passage.start,
            end=hit.passage.end,
            url=page_url(hit.document.id, min(hit.pages, default=1), hit.passage.start, hit.passage.end),
            top=_top(hit.document, hit.passage.start, hit.passage.end),
        )


class HitsBody(BaseModel):
    """What a search found."""

    query: str
    hits: list[HitBody]


class CitationBody(BaseModel):
    """A literal quote, the page on which it begins and the headings above it, the highest level first.

    `url` is that page's image with the quote marked; `top` is how far down that page it begins (0 to 1).
    """

    number: int
    document: DocumentBody
    page: int
    page_label: str | None
    heading: list[str]
    quote: str
    start: int
    end: int
    url: str
    top: float

    @classmethod
    def of(cls, citation: answers.Citation) -> "CitationBody":
        """Describe a citation."""
        return cls(
            number=citation.number,
            document=DocumentBody.of(citation.document),
            page=citation.page,
            page_label=citation.page_label,
            heading=list(citation.document.headings_at(citation.start)),
            quote=citation.quote,
            start=citation.start,
            end=citation.end,
            url=page_url(citation.document.id, citation.page, citation.start, citation.end),
            top=_top(citation.document, citation.start, citation.end),
        )


class SourcesBody(BaseModel):
    """What was found, the best quote, and for what question: the event `sources`."""

    standalone_question: str
    hits: list[HitBody]
    quote: CitationBody | None

    @classmethod
    def of(cls, sources: answers.Sources) -> "SourcesBody":
        """Describe the sources of an answer to come."""
        return cls(
            standalone_question=sources.standalone_question,
            hits=[HitBody.of(hit) for hit in sources.hits],
            quote=CitationBody.of(sources.quote) if sources.quote else None,
        )


class SentenceBody(BaseModel):
    """A sentence of an answer, and the numbers of its citations."""

    text: str
    citations: list[int]
    verified: bool


class ModelBody(BaseModel):
    """The models that made an answer."""

    embedder: str
    generator: str


class AnswerBody(BaseModel):
    """An answer; the markers [1] in `text` point to `citations`. `notices` tell what did not go well."""

    id: str
    question: str
    standalone_question: str
    status: answers.Status
    text: str
    sentences: list[SentenceBody]
    citations: list[CitationBody]
    hits: list[HitBody]
    confidence: float
    timings_ms: dict[str, float]
    model: ModelBody
    index: str
    notices: list[str]
    cached: bool

    @classmethod
    def of(cls, answer: answers.Answer) -> "AnswerBody":
        """Describe an answer."""
        return cls(
            id=answer.id,
            question=answer.question,
            standalone_question=answer.standalone_question,
            status=answer.status,
            text=answer.text,
            sentences=[
                SentenceBody(text=entry.text, citations=list(entry.citations), verified=entry.verified)
                for entry in answer.sentences
            ],
            citations=[CitationBody.of(citation) for citation in answer.citations],
            hits=[HitBody.of(hit) for hit in answer.hits],
            confidence=answer.confidence,
            timings_ms={name: round(value, 1) for name, value in answer.timings.items()},
            model=ModelBody(embedder=answer.embedder, generator=answer.generator),
            index=answer.index,
            notices=list(answer.notices),
            cached=answer.cached,
        )


def page_url(document_id: str, page: int, start: int, end: int) -> str:
    """Return the path of a page's image on which text[start:end] is marked."""
    return f"/api/v1/documents/{quote(document_id, safe='')}/pages/{page}.png?quote={start}-{end}"


def _top(document: documents.Document, start: int, end: int) -> float:
    """Return how far down its page text[start:end] begins; 0 where places are unknown."""
    height = document.page_at(start).height
    first = next(iter(document.rectangles(start, end)), None)
    return round(first.top / height, 4) if first and height else 0.0
