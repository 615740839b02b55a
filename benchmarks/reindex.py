"""What it costs to index a folder again when one page of one document changed.

    python -m benchmarks.reindex [FOLDER]

Indexes a copy of the folder (corpus/) from nothing, then puts another page, of twenty new sentences, in the
place of the middle page of its longest PDF, and indexes again; the model is loaded before the clock runs. A
table goes to stderr, one JSON object to stdout. Work of others on the machine shows in the seconds and, less,
in the share.
"""

import argparse
import json
import os
import shutil
import sys
import time
from contextlib import closing
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from pypdf import PdfReader, PdfWriter

from index.build import Summary, update
from index.sandbox import Sandbox
from index.store import Store
from tests.pdfs import handmade, paragraph
from vraagbaak.assembly import make_embedder
from vraagbaak.settings import read_settings

ROOT = Path(__file__).parent.parent
NEW = [f"Op deze nieuwe bladzijde staat zin {number}, die er eerder niet stond." for number in range(20)]


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "corpus", help="with PDFs (corpus/)")
    given = parser.parse_args()
    with TemporaryDirectory() as place:
        papers = Path(place) / "papers"
        shutil.copytree(given.folder, papers)
        embedder = make_embedder(read_settings(data=Path(place) / "data"))
        embedder.embed_query("klaar")
        with closing(Store(Path(place) / "data", create=True)) as store, Sandbox() as sandbox:

            def timed() -> tuple[float, Summary]:
                began = time.perf_counter()
                summary = update(store, [papers], embedder, sandbox)
                return time.perf_counter() - began, summary

            whole, first = timed()
            change_a_page(max(papers.glob("*.pdf"), key=lambda path: len(PdfReader(path).pages)))
            changed, second = timed()
            nothing, _ = timed()
    assert len(second.changed) == 1 and second.embedded < 2 * len(NEW)
    figures = {
        "seconds, from nothing": whole,
        "sentences embedded": first.embedded,
        "seconds, one page changed": changed,
        "share in %": 100 * changed / whole,
        "seconds, nothing changed": nothing,
    }
    for name, value in figures.items():
        sys.stderr.write(f"{name:<30}{value:>10,.1f}\n")
    print(json.dumps({"cores": os.cpu_count(), **figures}, indent=1))


def change_a_page(path: Path) -> None:
    """Put a page of new sentences in the place of the middle page of a PDF."""
    writer = PdfWriter(clone_from=path)
    middle = len(writer.pages) // 2
    writer.insert_page(PdfReader(BytesIO(handmade(paragraph(*NEW, size=6)))).pages[0], middle)
    writer.remove_page(middle + 1)
    path.chmod(0o644)
    writer.write(path)


if __name__ == "__main__":
    main()
