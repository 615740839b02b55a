"""The sandbox: readings cross unchanged, and whatever a file does to the child, the next file is read."""

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Timer

import pytest

from index.documents import Notice
from index.errors import UnreadableDocument
from index.reading.packed import pack, unpack
from index.reading.readers import read
from index.sandbox import Limits, Sandbox
from tests.pdfs import handmade, paragraph

CORPUS = Path(__file__).parent.parent / "corpus"
LETTER = handmade(paragraph("Beste collega, de kantine is op vrijdag gesloten."))


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "brief.pdf"
    path.write_bytes(LETTER)
    return path


@pytest.mark.parametrize("name", ["herstel-2020.pdf", "begroting-2019.html"])
def test_a_reading_crosses_unchanged(sandbox: Sandbox, name: str) -> None:
    here = read((CORPUS / name).read_bytes())
    there = sandbox.read(CORPUS / name)
    assert there == here
    assert (there.boxes is None) == (here.boxes is None)
    assert here.boxes is None or (there.boxes == here.boxes).all()  # type: ignore[union-attr]


def test_every_field_is_packed() -> None:
    reading = replace(read(LETTER), title="Brief", metadata_date="2020", notices=(Notice("scan", (1,)),))
    assert unpack(*pack(reading)) == reading


@pytest.mark.parametrize("packed", [b"", b"{}", b"[]", b'{"text": 1}', b"\xff"])
def test_what_is_no_reading_is_told(packed: bytes) -> None:
    with pytest.raises(ValueError, match="no reading"):
        unpack(packed, b"")


def test_pages_that_do_not_fit_the_text_are_told() -> None:
    packed, boxes = pack(read(LETTER))
    content = json.loads(packed) | {"text": "kort"}
    with pytest.raises(ValueError, match="the pages end at"):
        unpack(json.dumps(content).encode(), boxes)


def test_a_refusal_keeps_its_reason_and_the_child_its_life(sandbox: Sandbox, letter: Path) -> None:
    sandbox.read(letter)
    child = sandbox.child
    bad = letter.with_name("bad.pdf")
    bad.write_bytes(b"%PDF-1.4 broken")
    with pytest.raises(UnreadableDocument, match="beschadigd of onvolledig"):
        sandbox.read(bad)
    assert sandbox.read(letter).text.startswith("Beste collega") and sandbox.child == child


def test_a_child_that_was_killed_is_replaced(sandbox: Sandbox, letter: Path) -> None:
    first = sandbox.read(letter)
    child = sandbox.child
    assert child is not None
    os.kill(child, signal.SIGKILL)
    assert sandbox.read(letter) == first
    assert sandbox.child != child


def test_a_child_that_is_killed_at_work_is_replaced(sandbox: Sandbox) -> None:
    sandbox.read(CORPUS / "begroting-2019.html")
    child = sandbox.child
    assert child is not None
    killer = Timer(0.2, os.kill, (child, signal.SIGKILL))
    killer.start()
    assert len(sandbox.read(CORPUS / "formatie-2023.pdf").pages) == 26
    killer.join()
    assert sandbox.child != child


def test_a_file_that_takes_too_long_is_refused_and_the_next_is_read(letter: Path) -> None:
    with Sandbox(Limits(page_seconds=0.0)) as hasty:
        with pytest.raises(UnreadableDocument, match="duurt te lang"):
            hasty.read(letter)
        hasty.limits = Limits()
        assert hasty.read(letter).pages


def test_a_file_that_needs_too_much_memory_is_refused_and_the_next_is_read(letter: Path) -> None:
    """The text of this page takes more than what is left of the memory; a letter does not."""
    long = letter.with_name("lang.txt")
    long.write_text("Zin. " * 8_000_000, encoding="utf-8")
    with Sandbox(Limits(memory=400 * 2**20)) as small:
        with pytest.raises(UnreadableDocument, match="geheugen"):
            small.read(long)
        assert small.read(letter).pages


def test_a_file_that_is_too_large_is_not_even_opened(letter: Path) -> None:
    with Sandbox(Limits(size=100)) as small:
        with pytest.raises(UnreadableDocument, match="groter dan"):
            small.read(letter)
        assert small.child is None


def test_threads_take_turns(sandbox: Sandbox, letter: Path) -> None:
    expected = sandbox.read(letter)
    with ThreadPoolExecutor(4) as pool:
        assert all(reading == expected for reading in pool.map(sandbox.read, [letter] * 12))


def test_nothing_is_left_running(letter: Path) -> None:
    with Sandbox() as sandbox:
        sandbox.read(letter)
        child = sandbox.child
        assert child is not None
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
