"""Evidence: one sentence of a document, which may answer a question."""

import re
from dataclasses import dataclass

from index.documents import Document, Hit, Page
from index.lexical import stems
from index.sentences import LONGEST

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
"""A number as Dutch text writes it."""
_CLOSING = ' "’”)]»¹²³⁴⁵⁶⁷⁸⁹⁰'


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sentence of a document, found by `hit`: document.text[start:end]."""

    hit: Hit
    start: int
    end: int

    @property
    def document(self) -> Document:
        """The document it stands in."""
        return self.hit.document

    @property
    def page(self) -> Page:
        """The page on which it begins."""
        return self.document.page_at(self.start)

    @property
    def place(self) -> tuple[str, int]:
        """The document and the number of that page."""
        return self.document.id, self.page.number

    @property
    def text(self) -> str:
        """The sentence, literally."""
        return self.document.text[self.start : self.end]

    @property
    def tells(self) -> bool:
        """Whether the words state something: no question, no title, nothing that only announces.

        A label tells something when it has a figure or is long.
        """
        sentence = self.text.rstrip(_CLOSING)
        said, title = set(stems(sentence)), set(stems(self.document.title))
        if sentence.endswith(("?", ":")) or said <= title:
            return False
        if sentence.endswith((".", "!", ";")):
            return True
        figures = set(NUMBER.findall(sentence)) - self.document.years
        return (len(sentence.split()) >= 8 or bool(figures)) and len(said & title) < len(said) / 2

    @property
    def score(self) -> float:
        """How near it is to the question, see Hit."""
        return self.hit.score


def evidence_of(hit: Hit) -> Evidence:
    """Return the sentence in the middle of a passage, with the items of the list that it announces."""
    start, end = hit.passage.focus
    return Evidence(hit, start, _end_of_list(hit.document, start, end))


def _end_of_list(document: Document, start: int, end: int) -> int:
    """Return where a quote ends that announces a list: after the items that fit, else at `end`."""
    rest_of_line = document.text[end:].partition("\n")[0]
    if not document.text[start:end].endswith(":") or rest_of_line.strip(_CLOSING):
        return end
    section = next(
        (heading.start for heading in document.headings if heading.start >= end), len(document.text)
    )
    finish, position = end, end
    for line in document.text[end:section].split("\n")[1:]:
        position += 1 + len(line)
        if position - start > LONGEST or not line.strip():
            break
        finish = position
    return finish
