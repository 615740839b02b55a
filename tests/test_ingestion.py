"""All bad documents at once, in a folder, while a service answers from the same data."""

import time
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest

from api.app import create_app
from index.build import update
from index.sandbox import Limits, Sandbox
from index.store import Store
from tests.fakes import HashingEmbedder
from tests.office import docx, zipped
from tests.server import CORPUS, build_assistant, running
from tests.test_bad_documents import BOMBS, READ, REFUSED

OTHERS = {
    "26 windows-1252.txt": "Het café in Azië kost € 5.".encode("cp1252"),
    "26 utf-16 no mark.txt": "Het café in België kost € 6, zegt de nota van vorig jaar.".encode("utf-16-le"),
    "26 no text.txt": bytes(range(256)) * 20,
    "27 unseen signs.txt": "De mo\u200blen \u202edraait\u202c in\u00ad de wind.\U000e0041".encode(),
    "28 bomb.docx": zipped({"[Content_Types].xml": "x", "word/document.xml": "0" * 300_000_000}),
    "28 sound.docx": docx("<w:p><w:r><w:t>De sluis is open.</w:t></w:r></w:p>"),
}
ASKED = "Hoeveel vraagt FME voor herstel?"


@pytest.mark.slow
def test_a_folder_of_bad_documents_ends_as_written_and_the_service_answers_meanwhile(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "bad"
    folder.mkdir()
    bombs = {case: make() for case, (make, _) in BOMBS.items()}
    files = {
        **{f"{case}.pdf": content for case, (content, _) in {**REFUSED, **READ}.items()},
        **{f"{case}.pdf": content for case, content in bombs.items()},
        **OTHERS,
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    assistant = build_assistant(data, [CORPUS / "herstel-2020.pdf"])
    answered: list[tuple[int, float]] = []
    done = Event()

    def ask(address: str) -> None:
        while not done.wait(0.2):
            began = time.monotonic()
            response = httpx.post(f"{address}/api/v1/search", json={"query": ASKED}, timeout=60)
            answered.append((response.status_code, time.monotonic() - began))

    with running(create_app(assistant)) as address:
        asking = Thread(target=ask, args=(address,))
        asking.start()
        try:
            with (
                closing(Store(data)) as store,
                store.alone(),
                Sandbox(Limits(page_seconds=8)) as sandbox,
            ):
                summary = update(store, [folder], HashingEmbedder(), sandbox)
                entries = {entry.file: store.document(entry) for entry in store.entries()}
                refused = {refusal.file: refusal.reason for refusal in store.refusals()}
        finally:
            done.set()
            asking.join()
        assert httpx.get(f"{address}/readyz").status_code == 200
    assert len(answered) > 20 and {status for status, _ in answered} == {200}
    for case, (_, reason) in REFUSED.items():
        assert refused[f"{case}.pdf"] == summary.refused[f"{case}.pdf"] == reason
    for case, (_, notices) in READ.items():
        assert entries[f"{case}.pdf"].notices == notices
    for case, (_, expected) in BOMBS.items():
        name = f"{case}.pdf"
        assert refused[name] == expected if isinstance(expected, str) else entries[name].notices == expected
    assert entries["26 windows-1252.txt"].text == "Het café in Azië kost € 5."
    assert entries["26 utf-16 no mark.txt"].text.startswith("Het café in België kost € 6,")
    assert entries["27 unseen signs.txt"].text == "De molen draait in de wind."
    assert entries["28 sound.docx"].text == "De sluis is open."
    assert {"26 no text.txt", "28 bomb.docx"} <= refused.keys()
    assert len(refused) + len(entries) == len(files) + 1 - len(summary.copies)
