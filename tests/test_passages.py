"""What must hold for the passages of any document, on all sample documents; and the rules by hand."""

import re
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from index.documents import Document, Heading, Page, Passage
from index.passages import passages_of
from index.sentences import LONGEST
from tests.reading import read_document

CORPUS = Path(__file__).parent.parent / "corpus"
FILES = sorted(path.name for path in CORPUS.iterdir() if path.suffix in {".pdf", ".html"})
each_file = pytest.mark.parametrize("name", FILES)


@cache
def document_of(name: str) -> Document:
    return read_document(CORPUS / name, id=Path(name).stem, file=name)


@cache
def passages(name: str) -> tuple[Passage, ...]:
    return passages_of(document_of(name))


def made(text: str, *headings: tuple[int, str]) -> Document:
    spans = [(level, text.index(title), text.index(title) + len(title)) for level, title in headings]
    return Document(
        "d", "D", "d.txt", text, (Page(1, None, 0, len(text)),), tuple(Heading(*span) for span in spans)
    )


def focuses(document: Document) -> list[str]:
    return [document.text[slice(*passage.focus)] for passage in passages_of(document)]


@each_file
def test_passages_surround_their_sentence_in_reading_order(name: str) -> None:
    found = passages(name)
    assert len(found) > 10
    for passage in found:
        assert passage.start <= passage.focus[0] < passage.focus[1] <= passage.end
        assert passage.document_id == document_of(name).id
    assert all(before.focus[1] <= after.focus[0] for before, after in pairwise(found))
    assert len({passage.id for passage in found}) == len(found)


@each_file
def test_passages_stay_within_their_section(name: str) -> None:
    document = document_of(name)
    for passage in passages(name):
        inside = [h for h in document.headings if passage.start < h.end and h.start < passage.end]
        assert not inside or [(h.start, h.end) for h in inside] == [passage.focus]
        assert passage.headings == document.headings_at(passage.start)


@each_file
def test_every_word_of_the_body_is_in_exactly_one_focus(name: str) -> None:
    document = document_of(name)
    covered: Counter[int] = Counter()
    for passage in passages(name):
        covered.update(range(*passage.focus))
    assert set(covered.values()) == {1}
    headings = {at for heading in document.headings for at in range(heading.start, heading.end)}
    lost = []
    position = 0
    for line in document.text.split("\n"):
        for word in re.finditer(r"[^\W\d_⁰¹²³⁴-⁹]{2,}", line):
            places = range(position + word.start(), position + word.end())
            if not headings.intersection(places) and not all(at in covered for at in places):
                lost.append(line)
                break
        position += len(line) + 1
    # Only the lines of a table of contents are left out: they say of every subject where it is, and no more.
    assert all(re.search(r"…\s*\S{1,5}$", line) for line in lost), lost


@each_file
def test_sentences_are_quotable(name: str) -> None:
    for passage in passages(name):
        focus = document_of(name).text[slice(*passage.focus)]
        assert focus == focus.strip() and len(focus) <= LONGEST
        assert document_of(name).pages_of(*passage.focus)


def test_a_passage_is_a_sentence_with_its_neighbours() -> None:
    document = made("Kop\nEen is een. Twee is twee.\nDrie is drie. Vier is vier.", (1, "Kop"))
    texts = [document.text[passage.start : passage.end] for passage in passages_of(document)]
    assert focuses(document) == ["Een is een.", "Twee is twee.", "Drie is drie.", "Vier is vier."]
    assert texts == [
        "Een is een. Twee is twee.",
        "Een is een. Twee is twee.\nDrie is drie.",
        "Twee is twee.\nDrie is drie. Vier is vier.",
        "Drie is drie. Vier is vier.",
    ]
    assert {passage.headings for passage in passages_of(document)} == {("Kop",)}


def test_a_heading_ends_a_passage() -> None:
    document = made("Een is een.\nKop\nTwee is twee.", (1, "Kop"))
    assert [(p.start, p.end, p.headings) for p in passages_of(document)] == [(0, 11, ()), (16, 29, ("Kop",))]


def test_short_blocks_are_taken_together() -> None:
    document = made("Omzet\n2020\n12 miljard\nDe omzet groeide daarna nog verder door.")
    assert focuses(document) == ["Omzet\n2020\n12 miljard", "De omzet groeide daarna nog verder door."]


def test_list_marks_belong_to_no_sentence() -> None:
    document = made("• Meer geld voor scholing van mensen.\n2) Minder regels voor alle bedrijven.")
    assert focuses(document) == ["Meer geld voor scholing van mensen.", "Minder regels voor alle bedrijven."]


def test_a_title_with_nothing_below_it_can_be_found() -> None:
    assert focuses(made("Jaarverslag", (1, "Jaarverslag"))) == ["Jaarverslag"]
    document = made("Bijlage\nDeel\nDit is de tekst van dit deel.", (1, "Bijlage"), (2, "Deel"))
    assert focuses(document) == ["Dit is de tekst van dit deel."]


def test_a_document_without_text_has_no_passages() -> None:
    assert passages_of(Document("d", "D", "d.pdf", "", (Page(1, None, 0, 0),))) == ()
