from dataclasses import replace
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as new_document
from odfdo import Document as new_text
from odfdo import Header, Paragraph
from pptx import Presentation as new_deck

from eval.literal import missing_part
from index.documents import Document, Page
from index.sentences import sentence_spans
from rag.answers import Citation
from tests.office import docx
from tests.reading import read_document

SENTENCES = (
    "Twee dagen in de week mag u thuiswerken.",
    "De vergoeding is € 2,40 per dag & wordt «later» betaald.",
)


def word() -> bytes:
    document = new_document()
    document.add_heading("Thuiswerken", 1)
    for sentence in SENTENCES:
        document.add_paragraph(sentence)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def slides() -> bytes:
    deck = new_deck()
    for sentence in SENTENCES:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = "Thuiswerken"
        slide.notes_slide.notes_text_frame.text = sentence
    file = BytesIO()
    deck.save(file)
    return file.getvalue()


def writer() -> bytes:
    document = new_text("text")
    document.body.clear()
    document.body.append(Header(1, "Thuiswerken"))
    for sentence in SENTENCES:
        paragraph = Paragraph(sentence)
        paragraph.insert_note(
            after=sentence.split()[0], note_id=sentence[:2], citation="1", body="Zie de wet."
        )
        document.body.append(paragraph)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def letter() -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "Thuiswerken", "Els de Boer <els@example.org>"
    message["To"] = "allen@example.org"
    message.set_content("\n\n".join(SENTENCES))
    return message.as_bytes()


MADE = {
    "word.docx": word(),
    "slides.pptx": slides(),
    "writer.odt": writer(),
    "letter.eml": letter(),
    "markdown.md": f"# Kop\n\n{SENTENCES[0].replace('week', '**week**')}\n\n{SENTENCES[1]}\n".encode(),
    "page.html": f"<html><body><p>{SENTENCES[0]}</p><p>{SENTENCES[1]}</p></body></html>".encode(),
    "note.txt": "\n\n".join(SENTENCES).encode("utf-16-le"),
}


@pytest.mark.parametrize("name", MADE)
def test_every_sentence_of_every_format_stands_in_its_original_on_its_page(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(MADE[name])
    document = read_document(path, id="d", file=name)
    spans: list[tuple[int, int]] = []
    start = 0
    for block in document.text.split("\n"):
        spans += sentence_spans(document.text, start, start + len(block))
        start += len(block) + 1
    assert set(SENTENCES) <= {document.text[slice(*span)] for span in spans}
    assert [missing_part(Citation(1, document, *span), path) for span in spans] == [None] * len(spans)


def test_a_quote_of_another_slide_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "slides.pptx"
    path.write_bytes(MADE["slides.pptx"])
    document = read_document(path, id="d", file=path.name)
    end = len(document.text)
    moved = replace(document, pages=(Page(1, None, 0, end), Page(2, None, end, end)))
    start = document.text.index(SENTENCES[1])
    assert missing_part(Citation(1, document, start, end), path) is None
    assert missing_part(Citation(1, moved, start, end), path) == SENTENCES[1]


def test_deleted_words_and_codes_of_fields_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "word.docx"
    run = "<w:r><w:delText>weg</w:delText><w:instrText>DATE</w:instrText><w:t>blijft</w:t></w:r>"
    path.write_bytes(docx(f"<w:p>{run}</w:p>"))
    for quote, missing in (("blijft", None), ("weg", "weg"), ("DATE", "DATE")):
        document = Document("d", "D", path.name, quote, (Page(1, None, 0, len(quote)),))
        assert missing_part(Citation(1, document, 0, len(quote)), path) == missing
