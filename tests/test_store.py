"""The store: what goes in comes out, all or nothing, and damage is told."""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from index.documents import Document, Heading, Page
from index.errors import IndexBusy, IndexUnavailable, UnknownDocument
from index.store import Entry, Store

TEXT = "Kop\nEen zin met € en ’n — streep.\n"


def entry(document_id: str = "nota", *, boxes: bool = True, date: str | None = "2020-04") -> Entry:
    places = np.arange(len(TEXT) * 4, dtype=np.uint16).reshape(-1, 4) if boxes else None
    pages = (Page(1, "i", 0, 10, 595.28, 841.89), Page(2, None, 10, len(TEXT)))
    document = Document(
        document_id,
        "Ti'tel",
        "no ta.pdf",
        TEXT,
        pages,
        (Heading(1, 0, 3),),
        date,
        "https://x.nl",
        boxes=places,
    )
    return Entry(document, f"/folder/{document_id}.pdf", "ab" * 32, "reader-1 About()")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(tmp_path, create=True)) as opened:
        yield opened


def test_documents_come_out_as_they_went_in(store: Store, tmp_path: Path) -> None:
    entries = (entry("a"), entry("b", boxes=False, date=None))
    for one in reversed(entries):
        store.put(one)
    with closing(Store(tmp_path)) as again:
        assert again.entries() == entries
        first, second = (one.document.boxes for one in again.entries())
    assert second is None and first is not None
    assert np.array_equal(first, entries[0].document.boxes)  # type: ignore[arg-type]


def test_putting_a_document_again_replaces_it(store: Store) -> None:
    store.put(entry("a", date="2020"))
    store.put(entry("a", date="2023"))
    assert [one.document.date for one in store.entries()] == ["2023"]


def test_removing(store: Store) -> None:
    store.put(entry("a"))
    store.remove("a")
    assert store.entries() == ()
    with pytest.raises(UnknownDocument, match="«a»"):
        store.remove("a")


def test_a_transaction_that_fails_changes_nothing(store: Store) -> None:
    store.put(entry("a"))
    store.generation = "generation-000001"
    with pytest.raises(KeyboardInterrupt), store.transaction():
        store.remove("a")
        store.put(entry("b"))
        store.generation = "generation-000002"
        raise KeyboardInterrupt
    assert [one.document.id for one in store.entries()] == ["a"]
    assert store.generation == "generation-000001"


def test_a_snapshot_does_not_see_what_another_commits_meanwhile(store: Store, tmp_path: Path) -> None:
    store.put(entry("a"))
    store.generation = "generation-000001"
    with closing(Store(tmp_path)) as reader:
        with reader.snapshot():
            assert reader.generation == "generation-000001"
            with store.transaction():
                store.put(entry("b"))
                store.generation = "generation-000002"
            assert [one.document.id for one in reader.entries()] == ["a"]
        assert (len(reader.entries()), reader.generation) == (2, "generation-000002")


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


def test_originals_are_kept_as_long_as_a_document_needs_them(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"een")
    (tmp_path / "b.txt").write_bytes(b"twee")
    kept, dropped = store.keep_file(tmp_path / "a.txt"), store.keep_file(tmp_path / "b.txt")
    assert store.keep_file(tmp_path / "a.txt") == kept == hashlib.sha256(b"een").hexdigest()
    (tmp_path / "a.txt").unlink()
    assert store.file(kept).read_bytes() == b"een"
    store.put(Entry(entry().document, "/a.txt", kept, ""))
    (tmp_path / "files" / f"{dropped}.partial").write_bytes(b"tw")  # left by an interrupted copy
    store.drop_files()
    assert [path.name for path in (tmp_path / "files").iterdir()] == [kept]


def test_embeddings_are_kept_in_half_precision(store: Store) -> None:
    vectors = np.random.default_rng(1).standard_normal((1200, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    keys = [f"{number:04d}" for number in range(1200)]
    store.put_embeddings(keys, vectors)
    found = store.embeddings([*keys, "other"], 8)
    assert list(sorted(found)) == keys
    assert all(vector.dtype == np.float32 for vector in found.values())
    assert np.abs(np.array([found[key] for key in keys]) - vectors).max() < 5e-4


def test_vectors_of_another_length_are_not_found(store: Store) -> None:
    store.put_embeddings(["a"], np.ones((1, 8), np.float32))
    assert store.embeddings(["a"], 4) == {}


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
            store.put(entry(f"d{number}"))
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
