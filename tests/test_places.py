from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from eval.places import misplaced, random_sentences
from index.documents import Document, Page
from tests.pdfs import rewritten
from tests.reading import read_document

CORPUS = Path(__file__).parent.parent / "corpus"
FILES = sorted(CORPUS.glob("*.pdf"))
SEED = 20


@pytest.fixture(scope="module")
def documents() -> tuple[Document, ...]:
    return tuple(read_document(file, id=file.stem, file=file.name) for file in FILES)


def test_a_hundred_sentences_stand_in_their_boxes(documents: tuple[Document, ...]) -> None:
    sentences = random_sentences(documents, 100, SEED)
    wrong = [
        (sentence.text, *told)
        for sentence in sentences
        if (told := misplaced(sentence, CORPUS / sentence.document.file))
    ]
    assert wrong == []
    assert len({sentence.document.page_at(sentence.start) for sentence in sentences}) > 25


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_sentences_of_pages_that_lie_on_their_side_stand_in_their_boxes(turn: int, tmp_path: Path) -> None:
    file = tmp_path / "liggend.pdf"
    file.write_bytes(rewritten(FILES[-1].read_bytes(), turn=turn))
    sentences = random_sentences([read_document(file, id="d", file=file.name)], 50, SEED)
    assert [sentence.text for sentence in sentences if misplaced(sentence, file)] == []


def test_a_box_that_is_a_line_off_is_found(documents: tuple[Document, ...]) -> None:
    document = documents[-1]
    assert document.boxes is not None
    down = document.boxes + np.array([0, 130, 0, 130], np.uint16) * document.boxes.any(axis=1, keepdims=True)
    moved = replace(document, boxes=down.astype(np.uint16))
    sentences = random_sentences([moved], 20, SEED)
    assert all(misplaced(sentence, CORPUS / moved.file) for sentence in sentences)


def test_sentences_are_drawn_from_all_blocks_and_the_same_each_time() -> None:
    text = "Kop\nEen zin. Nog een zin.\nSlot."
    document = Document("d", "Nota", "nota.txt", text, (Page(1, None, 0, len(text)),))
    drawn = random_sentences([document], 10, SEED)
    assert sorted(sentence.text for sentence in drawn) == ["Een zin.", "Kop", "Nog een zin.", "Slot."]
    assert random_sentences([document], 2, SEED) == random_sentences([document], 2, SEED)
    with pytest.raises(ValueError, match=r"nota\.txt has no places"):
        misplaced(drawn[0], CORPUS / "nota.txt")
