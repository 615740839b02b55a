"""Whether a sentence stands where its boxes say, looked up in the original file: from box to text again."""

# mypy: disable-error-code="no-untyped-call,attr-defined"
# pypdfium2 has no types, and makes its raw functions while it is imported.

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from eval.literal import fold
from index.documents import Document, Rectangle
from index.reading.pdf.glyphs import PDFIUM
from index.sentences import sentence_spans

_FINE = 100  # PDFium takes whole device units: a hundred of them to the point.
_MARGIN = 0.1
"""Part of a line's height that is left off all around: boxes are as high as the line, and lines may touch."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a document: the span of it in `Document.text`."""

    document: Document
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sentence as a reader of the running text sees it."""
        return self.document.text[self.start : self.end]


def random_sentences(documents: Sequence[Document], count: int, seed: int) -> tuple[Sentence, ...]:
    """Return `count` sentences from anywhere in the documents, each as likely as any other."""
    sentences: list[Sentence] = []
    for document in documents:
        position = 0
        for block in document.text.split("\n"):
            spans = sentence_spans(document.text, position, position + len(block))
            sentences.extend(Sentence(document, *span) for span in spans)
            position += len(block) + 1
    return tuple(Random(seed).sample(sentences, min(count, len(sentences))))


def misplaced(sentence: Sentence, file: Path) -> tuple[str, str] | None:
    """Return what a sentence says and what stands in its boxes on its pages, folded; None where they agree.

    White space and hyphens are no matter (`eval/literal.py`), and what the reader itself put between two
    cells or words has no box and is not looked for.
    """
    document, boxes = sentence.document, sentence.document.boxes
    if boxes is None:
        raise ValueError(f"{document.file} has no places")
    drawn = (at for at in range(sentence.start, sentence.end) if boxes[at].any())
    wanted = fold("".join(document.text[at] for at in drawn))
    places = document.rectangles(sentence.start, sentence.end)
    found = fold("".join(_texts_in(file, places)))
    return None if wanted and wanted == found else (wanted, found)


def _texts_in(file: Path, places: Sequence[Rectangle]) -> list[str]:
    with PDFIUM, pdfium.PdfDocument(file) as pdf:
        return [_text_in(pdf[place.page - 1], place) for place in places]


def _text_in(page: pdfium.PdfPage, place: Rectangle) -> str:
    margin = _MARGIN * min(place.right - place.left, place.bottom - place.top)
    corners = (
        _on_page(page, place.left + margin, place.top + margin),
        _on_page(page, place.right - margin, place.bottom - margin),
    )
    (left, right), (bottom, top) = (sorted(sides) for sides in zip(*corners, strict=True))
    rotation = page.get_rotation()
    page.set_rotation(0)  # PDFium sorts text as it would be shown.
    text: str = page.get_textpage().get_text_bounded(left, bottom, right, top)
    page.set_rotation(rotation)
    return text


def _on_page(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    """Return a place that is measured from the top left corner as shown in the PDF's own coordinates."""
    width, height = page.get_size()
    size = round(width * _FINE), round(height * _FINE)
    page_x, page_y = ctypes.c_double(), ctypes.c_double()
    raw.FPDF_DeviceToPage(page, 0, 0, *size, 0, round(x * _FINE), round(y * _FINE), page_x, page_y)
    return page_x.value, page_y.value
