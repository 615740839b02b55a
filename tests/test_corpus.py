import json
import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination
from selectolax.lexbor import LexborHTMLParser
from wordfreq import top_n_list

from eval.questions import KnownQuestion, read_questions, split
from index.lexical import stems, words
from tests.reading import read_document

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
DOCUMENTS = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))["documents"]
FILES = {Path(document["file"]).stem: CORPUS / document["file"] for document in DOCUMENTS}
PDFS = sorted(path.name for path in FILES.values() if path.suffix == ".pdf")
QUESTIONS = read_questions(sorted((ROOT / "eval" / "questions").glob("*.jsonl")))
ANSWERABLE = [question for question in QUESTIONS if question.answerable]
COMMON = frozenset(top_n_list("nl", 300))


@cache
def pages(name: str) -> tuple[str, ...]:
    path = FILES[name]
    if path.suffix == ".html":
        body = LexborHTMLParser(path.read_text(encoding="utf-8")).body
        assert body is not None
        return (plain(body.text(separator=" ")),)
    return tuple(plain(page.extract_text()) for page in PdfReader(path).pages)


def plain(text: str) -> str:
    joined = re.sub(r"[\u00ad-][ \t]*\n\s*", "", text).replace("\u00ad", "-")
    return re.sub(r"\s+", " ", joined)


def test_manifest_names_each_document_once() -> None:
    listed = [document["file"] for document in DOCUMENTS]
    present = [path.name for path in CORPUS.iterdir() if path.suffix in {".pdf", ".html"}]
    assert sorted(listed) == sorted(present)
    assert all(document["title"] and document["source"] for document in DOCUMENTS)
    assert all(re.fullmatch(r"\d{4}(-\d{2}(-\d{2})?)?", document["date"]) for document in DOCUMENTS)


@pytest.mark.parametrize(("file", "least"), [("formatie-2023.pdf", 24), ("herstel-2020.pdf", 12)])
def test_reports_are_long_and_light(file: str, least: int) -> None:
    assert len(PdfReader(CORPUS / file).pages) >= least
    assert (CORPUS / file).stat().st_size < 1_500_000


@pytest.mark.parametrize("file", PDFS)
def test_printed_page_numbers_differ_from_the_pdf_count(file: str) -> None:
    reader = PdfReader(CORPUS / file)
    labels = reader.page_labels
    assert labels[:2] == ["", "i"]
    first = labels.index("1")
    for position, label in enumerate(labels[first:], start=first):
        assert label == str(position - first + 1)
        assert plain(reader.pages[position].extract_text()).strip().endswith(label)


@pytest.mark.parametrize("file", PDFS)
def test_every_bookmark_is_found_as_a_heading(file: str) -> None:
    document = read_document(CORPUS / file, id="d", file=file)
    found = [document.text[heading.start : heading.end] for heading in document.headings]
    entries: list[object] = list(PdfReader(CORPUS / file).outline)
    titles = []
    while entries:
        entry = entries.pop(0)
        if isinstance(entry, list):
            entries = [*entry, *entries]
        elif isinstance(entry, Destination):
            titles.append(plain(str(entry.title)))
    assert len(titles) > 40
    assert [title for title in titles if title not in found] == []


@pytest.mark.parametrize("file", PDFS)
def test_sentences_run_over_page_borders(file: str) -> None:
    last_words = [re.sub(r"\s*\d+\s*$", "", page)[-1:] for page in pages(Path(file).stem)]
    assert sum(letter.isalpha() for letter in last_words) >= 3


def test_a_quarter_of_the_questions_has_no_answer() -> None:
    """Those about something else altogether (buiten.jsonl) are easier, and come on top."""
    near = [question for question in QUESTIONS if not question.id.startswith("bui-")]
    assert 0.2 <= 1 - len(ANSWERABLE) / len(near) <= 0.3


def test_people_ask_in_different_ways() -> None:
    styles = Counter(question.style for question in QUESTIONS)
    kinds = Counter(question.kind for question in QUESTIONS)
    assert len(QUESTIONS) >= 200
    assert min(styles.values()) >= 25
    assert kinds["followup"] >= 15
    assert kinds["crosslingual"] >= 8
    assert all((question.kind == "followup") == bool(question.history) for question in QUESTIONS)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_facts_stand_on_the_gold_pages(question: KnownQuestion) -> None:
    if not question.answerable:
        assert question.facts == ()
        return
    texts = [pages(file)[page - 1] for file, page in question.gold]
    for fact in question.facts:
        assert any(way.search(text) for way in fact for text in texts), fact
    for place, text in zip(question.gold, texts, strict=True):
        assert any(way.search(text) for fact in question.facts for way in fact), place


def test_the_reference_answer_states_every_fact_and_nothing_wrong() -> None:
    assert [question.id for question in QUESTIONS if not all(question.stated(question.reference))] == []
    assert [question.id for question in QUESTIONS if question.contradicted(question.reference)] == []


def test_no_question_gives_its_own_answer_away() -> None:
    assert [question.id for question in ANSWERABLE if all(question.stated(question.question))] == []


def content(text: str) -> frozenset[str]:
    return frozenset(stems(" ".join(word for word in words(text) if word not in COMMON)))


@cache
def everywhere() -> frozenset[str]:
    """Return the stems on more than a third of all pages, such as the name of the organisation."""
    all_pages = [content(page) for name in FILES for page in pages(name)]
    counts = Counter(stem for page in all_pages for stem in page)
    return frozenset(stem for stem, count in counts.items() if count > len(all_pages) / 3)


def shared_words(question: KnownQuestion) -> frozenset[str]:
    """Return the content words that a question has in common with a passage that answers it.

    A passage is a fact on a gold page and the 30 words on either side of it, about as much as is embedded
    together; of all such passages the one that shares most counts. Content words are Dutch stems, without
    stop words, the 300 commonest words of Dutch (wordfreq) and what stands on over a third of all pages.
    """
    asked = content(question.question) - everywhere()
    shared: frozenset[str] = frozenset()
    for file, page in question.gold:
        text = pages(file)[page - 1]
        for found in (found for fact in question.facts for way in fact for found in way.finditer(text)):
            before, after = text[: found.start()].split()[-30:], text[found.end() :].split()[:30]
            shared = max(shared, asked & content(" ".join([*before, found[0], *after])), key=len)
    return shared


def test_half_of_the_questions_share_at_most_one_word_with_their_passage() -> None:
    dutch = [question for question in ANSWERABLE if question.kind != "crosslingual"]
    hardly = [question for question in dutch if len(shared_words(question)) <= 1]
    assert len(hardly) >= len(dutch) / 2


def test_both_halves_of_the_questions_hold_answerable_and_unanswerable_ones() -> None:
    for answerable in (True, False):
        of_kind = [question for question in QUESTIONS if question.answerable is answerable]
        test = sum(split(question) == "test" for question in of_kind)
        assert 0.4 <= test / len(of_kind) <= 0.6


def test_sources_give_the_committed_pdfs(tmp_path: Path) -> None:
    build = [sys.executable, str(CORPUS / "src" / "build.py"), str(tmp_path)]
    subprocess.run(build, check=True, capture_output=True)
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(built) == PDFS
    assert all((CORPUS / name).read_bytes() == content for name, content in built.items())
