"""How a place in a document is named to people: by its page, or by the headings above it."""

from collections.abc import Sequence

from index.documents import Document
from index.texts import text


def place_name(document: Document, page: int, headings: Sequence[str] = ()) -> str:
    """Return title, date and page; where there are no pages, the headings in place of the page."""
    label = document.page(page).label
    if not document.paged:
        path = [" ".join(heading.split()) for heading in headings if heading != document.title]
        shown = text("page.section", section=" › ".join(path)) if path else ""
    elif label and label != str(page):
        shown = text("page.page_label", label=label, page=page)
    else:
        shown = text("page.page", page=page)
    return ", ".join(part for part in (document.title, document.date, shown) if part)
