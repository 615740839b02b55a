"""The store: what goes in comes out, all or nothing, and damage is told."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from index.documents import Heading, Notice, Page
from index.errors import IndexBusy, IndexMismatch, IndexUnavailable, UnknownDocument
from index.reading.manifest import About
from index.reading.reading import Reading
from index.store import Entry, Refusal, Store

TEXT = "Kop\nEen zin met € en ’n — streep.\n"
SHA = "ab" * 32
PLACES = np.arange(len(TEXT) * 4, dtype=np.uint16).reshape(-1, 4)
READING = Reading(
    TEXT,
    (Page(1, "i", 0, 10, 595.28, 841.89), Page(2, None, 10, len(TEXT))),
    (Heading(1, 0, 3),),
    "Ti'tel",
    metadata_date="2020-04",
    notices=(Notice("scan", (2,)),),
    boxes=PLACES,
)


def entry(document_id: str = "nota", sha256: str = SHA) -> Entry:
    about = About(date="2019", source="x.nl")
    return Entry(document_id, (f"/folder/{document_id}.pdf",), "no ta.pdf", about, sha256, "reader-1")


def put(store: Store, *entries: Entry, generation: str = "generation-000001") -> None:
    with store.transaction():
        store.put_entries(generation, entries)
        for one in entries:
            store.put_reading(one.sha256, one.reader, READING)
        store.generation = generation


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path, create=True)) as opened:
        yield opened


def test_documents_come_out_as_they_went_in(store: Store, tmp_path: Path) -> None:
    entries = (entry("a"), entry("b"))
    put(store, *reversed(entries))
    with closing(Store(tmp_path)) as again:
        assert again.entries() == entries
        document = again.document(entries[0])
        placed = again.document(entries[0], placed=True)
    assert document == placed == READING.named("a", "no ta.pdf", About(date="2019", source="x.nl"))
    assert (document.title, document.date, document.source) == ("Ti'tel", "2020-04", "x.nl")
    assert document.dates == {"metadata": "2020-04", "manifest": "2019"}
    assert document.boxes is None and placed.boxes is not None and np.array_equal(placed.boxes, PLACES)


def test_each_generation_has_its_documents(store: Store) -> None:
    put(store, entry("a", "1"), entry("b", "2"))
    put(store, entry("a", "3"), generation="generation-000002")
    assert store.generations() == ("generation-000002", "generation-000001")
    assert [(one.id, one.sha256) for one in store.entries()] == [("a", "3")]
    assert [one.sha256 for one in store.entries("generation-000001")] == ["1", "2"]
    assert store.ids() == {"a", "b"} and store.hashes() == {"1", "2", "3"}


def test_what_no_generation_needs_is_forgotten(store: Store) -> None:
    put(store, entry("a", "1"), entry("b", "2"))
    put(store, entry("a", "3"), generation="generation-000002")
    store.keep_generations(["generation-000002"])
    assert store.generations() == ("generation-000002",) and store.read_already("reader-1") == {"3"}


def test_removing_is_from_every_generation(store: Store) -> None:
    put(store, entry("a", "1"), entry("b", "1"), entry("c", "2"))
    put(store, entry("a", "3"), entry("c", "2"), generation="generation-000002")
    store.remove(store.entries()[:1], unless={"1"})
    assert store.ids() == {"b", "c"} and store.read_already("reader-1") == {"1", "2"}
    store.remove(store.entries("generation-000001"), unless={"2"})
    assert store.ids() == set() and store.read_already("reader-1") == {"2"}
    with pytest.raises(UnknownDocument, match=r"no ta\.pdf"):
        store.document(entry("a", "3"))


def test_refusals_are_kept_until_they_are_dropped(store: Store) -> None:
    first, second = Refusal("/a.pdf", "a.pdf", "1", "r", "leeg"), Refusal("/b.pdf", "b.pdf", "2", "r", "stuk")
    for refusal in (second, replace(first, reason="anders"), first):
        store.put_refusal(refusal)
    assert store.refusals() == (first, second)
    store.drop_refusals(["/a.pdf", "/c.pdf"])
    assert store.refusals() == (second,)


def test_a_transaction_that_fails_changes_nothing(store: Store) -> None:
    put(store, entry("a"))
    with pytest.raises(KeyboardInterrupt), store.transaction():
        store.remove([entry("a")], unless=())
        store.put_entries("generation-000002", [entry("b")])
        store.generation = "generation-000002"
        raise KeyboardInterrupt
    assert [one.id for one in store.entries()] == ["a"]
    assert store.generation == "generation-000001"


def test_a_snapshot_does_not_see_what_another_commits_meanwhile(store: Store, tmp_path: Path) -> None:
    put(store, entry("a"))
    with closing(Store(tmp_path)) as reader:
        with reader.snapshot():
            assert reader.generation == "generation-000001"
            put(store, entry("a"), entry("b"), generation="generation-000002")
            assert [one.id for one in reader.entries()] == ["a"]
        assert (len(reader.entries()), reader.generation) == (2, "generation-000002")


def test_tables_of_another_version_are_told(store: Store, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "vraagbaak.sqlite")) as database:
        database.execute("PRAGMA user_version = 3")
    for create in (False, True):
        with pytest.raises(IndexMismatch, match=r"another version.*move that folder away"):
            Store(tmp_path, create=create)


def test_what_is_deleted_is_overwritten(store: Store, tmp_path: Path) -> None:
    put(store, entry("a"))
    database = tmp_path / "vraagbaak.sqlite"
    store.overwrite_log()
    assert "met € en".encode() in database.read_bytes()
    store.remove([entry("a")], unless=())
    store.overwrite_log()
    assert all("met € en".encode() not in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())


def test_one_process_updates_at_a_time(store: Store, tmp_path: Path) -> None:
    with closing(Store(tmp_path)) as other:
        with store.alone(), pytest.raises(IndexBusy, match="wait until it is done"), other.alone():
            pass
        with other.alone():
            pass


def test_a_connection_belongs_to_its_thread(store: Store) -> None:
    seen: list[Exception] = []

    def read() -> None:
        try:
            store.entries()
        except sqlite3.ProgrammingError as error:
            seen.append(error)

    thread = Thread(target=read)
    thread.start()
    thread.join()
    assert len(seen) == 1


def test_embeddings_are_kept_in_half_precision(store: Store) -> None:
    vectors = np.random.default_rng(1).standard_normal((1200, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keys = [f"{number:04d}".encode() for number in range(1200)]
    store.put_embeddings(keys, vectors, used=1)
    found = store.embeddings([*keys, b"other"], 8)
    assert list(sorted(found)) == keys and store.embedded([*keys, b"other"], 8) == set(keys)
    assert all(vector.dtype == np.float32 for vector in found.values())
    assert np.abs(np.array([found[key] for key in keys]) - vectors).max() < 5e-4


def test_vectors_of_another_length_are_not_found(store: Store) -> None:
    store.put_embeddings([b"a"], np.ones((1, 8), np.float32), used=1)
    assert store.embeddings([b"a"], 4) == {}


def test_vectors_that_no_generation_uses_are_dropped(store: Store) -> None:
    keys = [bytes([number]) for number in range(4)]
    store.put_embeddings(keys, np.ones((4, 8), np.float32), used=1)
    store.use_embeddings(keys[:2], used=3)
    store.use_embeddings(keys[1:3], used=2)
    store.drop_embeddings(before=2)
    assert store.embedded(keys, 8) == set(keys[:3])
    store.drop_embeddings(before=3)
    assert store.embedded(keys, 8) == set(keys[:2])


def test_where_nothing_is_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="make one with `vraagbaak index PATH`"):
        Store(tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("content", [b"", b"no database at all, but long enough to be one" * 50])
def test_what_is_no_database_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "vraagbaak.sqlite").write_bytes(content)
    with pytest.raises(IndexUnavailable, match=r"vraagbaak\.sqlite cannot be read .*restore it"):
        Store(tmp_path)


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    with closing(Store(tmp_path, create=True)) as store:
        for number in range(200):
            put(store, entry(f"d{number}", str(number)), generation=f"g{number}")
    path = tmp_path / "vraagbaak.sqlite"
    content = bytearray(path.read_bytes())
    content[5 * 4096 :] = b"\xff" * (len(content) - 5 * 4096)
    path.write_bytes(content)
    with (
        pytest.raises(IndexUnavailable, match="cannot be read"),
        closing(Store(tmp_path)) as store,
        store.snapshot(),
    ):
        store.entries()
