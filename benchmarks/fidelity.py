"""How faithful the text of PDFs is: words against pages written by hand, and sentences in their boxes.

    python benchmarks/fidelity.py [FOLDER] [--gold FOLDER] [--sentences N] [--seed N]

Reads the PDFs in FOLDER (corpus/) and holds them against the pages in the gold folder (tests/gold/), beside
the plain text of pypdf and PDFium. Every sentence that does not stand in its boxes is printed.
"""

import argparse
from pathlib import Path

import pypdfium2
from pypdf import PdfReader
from rich import box
from rich.console import Console
from rich.table import Table

from eval.places import misplaced, random_sentences
from eval.word_errors import gold_pages, word_error_rate, word_errors
from index.documents import Document
from index.reading.manifest import About
from index.reading.readers import read

ROOT = Path(__file__).parent.parent


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "corpus", help="where the PDFs are")
    parser.add_argument("--gold", type=Path, default=ROOT / "tests" / "gold", help="pages written down")
    parser.add_argument("--sentences", type=int, default=100, help="how many to look up (100)")
    parser.add_argument("--seed", type=int, default=20, help="which ones")
    given = parser.parse_args()
    files = {path.stem: path for path in sorted(given.folder.glob("*.pdf"))}
    documents = {
        name: read(path.read_bytes()).named(name, path.name, About()) for name, path in files.items()
    }
    console = Console(width=100)
    console.print(words_table(given.gold, files, documents))
    sentences = random_sentences(tuple(documents.values()), given.sentences, given.seed)
    right = 0
    for sentence in sentences:
        told = misplaced(sentence, files[sentence.document.id])
        right += told is None
        if told:
            console.print(
                f"{sentence.document.file}: «{sentence.text}»\n  said  {told[0]}\n  found {told[1]}"
            )
    console.print(f"{right} of {len(sentences)} sentences stand in their boxes")


def words_table(folder: Path, files: dict[str, Path], documents: dict[str, Document]) -> Table:
    """Return the word errors of the three readers, by page and over all pages."""
    pages = [page for page in gold_pages(folder) if page.file in files]
    errors: list[tuple[int, int, int]] = []
    table = Table("page", "words", "Vraagbaak", "pypdf", "PDFium", title="Word errors", box=box.SIMPLE_HEAD)
    for page in pages:
        place, document = documents[page.file].page(page.number), documents[page.file]
        with pypdfium2.PdfDocument(files[page.file]) as pdf:
            plain = pdf[page.number - 1].get_textpage().get_text_range()
        other = PdfReader(files[page.file]).pages[page.number - 1].extract_text()
        texts = document.text[place.start : place.end], other, plain
        errors.append(tuple(word_errors(page, text) for text in texts))
        table.add_row(f"{page.file} {page.number}", str(page.words), *map(str, errors[-1]))
    rates = [word_error_rate(column, [page.words for page in pages]) for column in zip(*errors, strict=True)]
    shown = (f"{rate.mean:.2%} ({rate.low:.2%}-{rate.high:.2%})" for rate in rates)
    table.add_row("all", str(sum(page.words for page in pages)), *shown, style="bold")
    return table


if __name__ == "__main__":
    main()
