"""Pictures of the pages that answers cite and of those they should have cited, each drawn once."""

import base64
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image

from eval.metrics import Page
from eval.run import Outcome, name_of
from index.documents import Document
from index.errors import UnreadableDocument
from index.images import page_image
from index.index import Index
from index.sandbox import Sandbox

logger = logging.getLogger(__name__)

WIDTH, QUALITY = 760, 30
"""Pixels, and WebP's quality: ten-point type is readable, and a page of text takes about 55 kB."""
BUDGET = 10_000_000
"""Bytes for all pictures of a report, which is then below 15 MB: in base64 they take a third more."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """The documents, with the places of their letters, by the name that question files give them; and pages
    as WebP in base64."""

    documents: Mapping[str, Document] = field(default_factory=dict)
    drawn: Mapping[Page, str] = field(default_factory=dict)


def draw_pages(index: Index, outcomes: Sequence[Outcome], budget: int = BUDGET) -> Pictures:
    """Draw the pages that these outcomes are about, those of most questions first, until the budget is spent.

    A document without fixed pages has none to draw: its text is shown instead.
    """
    wanted = Counter(page for outcome in outcomes for page in pages_of(outcome))
    names = {name for name, _ in wanted}
    documents = {
        name: index.document(document.id, placed=True)
        for document in index.documents
        if (name := name_of(document)) in names
    }
    drawn: dict[Page, str] = {}
    with Sandbox() as sandbox:
        for name, number in (page for page, _ in wanted.most_common()):
            document = documents.get(name)
            if document is None or number > len(document.pages) or not document.page(number).width:
                continue
            try:
                png = page_image(sandbox, index.file(document.id), document, number, width=WIDTH)
            except UnreadableDocument as error:
                logger.warning("Page %d of %s has no picture: %s", number, name, error)
                continue
            picture = BytesIO()
            Image.open(BytesIO(png)).save(picture, "WEBP", quality=QUALITY, method=4)
            budget -= len(picture.getvalue())
            if budget < 0:
                logger.warning("The report has pictures of %d of %d pages", len(drawn), len(wanted))
                break
            drawn[name, number] = base64.b64encode(picture.getvalue()).decode()
    return Pictures(documents, drawn)


def pages_of(outcome: Outcome) -> tuple[Page, ...]:
    """Return the pages an answer cites, and where something went wrong those that it should have cited."""
    return tuple(dict.fromkeys((*outcome.cited, *(outcome.question.gold if outcome.trouble else ()))))
