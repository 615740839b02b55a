import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination
from selectolax.lexbor import LexborHTMLParser

from tests.reading import read_document

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
DOCUMENTS = json.loads((CORPUS / "manifest.json").read_text(encoding="utf-8"))["documents"]
FILES = {Path(document["file"]).stem: CORPUS / document["file"] for document in DOCUMENTS}
PDFS = sorted(path.name for path in FILES.values() if path.suffix == ".pdf")
QUESTIONS = [
    json.loads(line)
    for path in sorted((ROOT / "eval" / "questions").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


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


def test_question_ids_are_unique() -> None:
    ids = [question["id"] for question in QUESTIONS]
    assert len(ids) == len(set(ids))


def test_a_quarter_of_the_questions_has_no_answer() -> None:
    unanswerable = sum(not question["answerable"] for question in QUESTIONS)
    assert 0.15 <= unanswerable / len(QUESTIONS) <= 0.35


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_facts_stand_on_the_gold_pages(question: dict[str, object]) -> None:
    gold, facts = question["gold"], question["facts"]
    assert isinstance(gold, list)
    assert isinstance(facts, list)
    if not question["answerable"]:
        assert gold == []
        assert facts == []
        return
    assert gold
    assert facts
    texts = [pages(place["doc"])[place["page"] - 1] for place in gold]
    for fact in facts:
        assert any(re.search(way, text, re.IGNORECASE) for way in fact for text in texts), fact
    for place, text in zip(gold, texts, strict=True):
        assert any(re.search(way, text, re.IGNORECASE) for fact in facts for way in fact), place


def test_sources_give_the_committed_pdfs(tmp_path: Path) -> None:
    build = [sys.executable, str(CORPUS / "src" / "build.py"), str(tmp_path)]
    subprocess.run(build, check=True, capture_output=True)
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert sorted(built) == PDFS
    assert all((CORPUS / name).read_bytes() == content for name, content in built.items())
