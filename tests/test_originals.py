"""The originals: what is kept is what was hashed, under its hash."""

import hashlib
from pathlib import Path

import pytest

from index.errors import UnreadableDocument
from index.originals import Originals


@pytest.fixture
def originals(tmp_path: Path) -> Originals:
    made = Originals(tmp_path / "files")
    made.create()
    return made


def test_files_are_kept_as_long_as_they_are_needed(originals: Originals, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"een")
    (tmp_path / "b.txt").write_bytes(b"twee")
    kept, dropped = originals.keep(tmp_path / "a.txt"), originals.keep(tmp_path / "b.txt")
    assert originals.keep(tmp_path / "a.txt") == kept == hashlib.sha256(b"een").hexdigest()
    (tmp_path / "a.txt").unlink()
    assert originals.path(kept).read_bytes() == b"een" and originals.path(dropped).read_bytes() == b"twee"
    (tmp_path / "files" / "arriving").write_bytes(b"tw")  # left by an interrupted copy
    originals.keep_only({kept})
    assert [path.name for path in (tmp_path / "files").iterdir()] == [kept]


def test_a_file_that_is_not_there_or_is_none_is_refused(originals: Originals, tmp_path: Path) -> None:
    for path in (tmp_path / "weg.pdf", tmp_path):
        with pytest.raises(UnreadableDocument, match="niet gevonden of niet te openen"):
            originals.keep(path)


def test_where_nothing_can_be_written_the_file_is_not_blamed(originals: Originals, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"een")
    (tmp_path / "files" / "arriving").mkdir()
    with pytest.raises(OSError):
        originals.keep(tmp_path / "a.txt")
