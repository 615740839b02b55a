"""The store of models: what it takes in, what it trusts, and what it refuses."""

import json
import os
from pathlib import Path

import pytest

from index.errors import ModelAltered, ModelUnavailable
from tests.tiny_model import CONTENT, PIECES, catalogue_of, sha256
from vraagbaak.models.store import ModelStore, default_models_folder


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    """An empty store whose catalogue has one model of one file in three pieces."""
    return ModelStore(tmp_path / "models", catalogue_of(tmp_path, {"tiny.gguf": CONTENT}, PIECES))


@pytest.mark.parametrize("place", ["tiny.gguf", "tiny/tiny.gguf"])
def test_a_local_folder_comes_first(store: ModelStore, tmp_path: Path, place: str) -> None:
    source = tmp_path / "stick" / place
    source.parent.mkdir(parents=True)
    source.write_bytes(CONTENT)
    assert store.fetch("tiny", local=tmp_path / "stick").read_bytes() == CONTENT
    assert source.exists()


def present(store: ModelStore, folder: Path) -> Path:
    (folder / "tiny.gguf").write_bytes(CONTENT)
    return store.fetch("tiny", local=folder)


def test_a_file_altered_later_is_refused_on_opening(store: ModelStore, tmp_path: Path) -> None:
    path = present(store, tmp_path)
    altered = CONTENT[:-1] + b"!"
    path.write_bytes(altered)
    assert store.state("tiny") == "altered"
    for check in (store.path, store.verify):
        with pytest.raises(ModelAltered) as refusal:
            check("tiny")
        for part in (str(path), sha256(CONTENT), sha256(altered), "vraagbaak models fetch tiny"):
            assert part in str(refusal.value)
    assert store.fetch("tiny", local=tmp_path).read_bytes() == CONTENT


def test_verify_hashes_what_opening_trusts(store: ModelStore, tmp_path: Path) -> None:
    path = present(store, tmp_path)
    times = path.stat()
    path.write_bytes(CONTENT[:-1] + b"!")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert store.path("tiny") == path
    with pytest.raises(ModelAltered):
        store.verify("tiny")


def test_a_model_of_another_catalogue_is_not_trusted(store: ModelStore, tmp_path: Path) -> None:
    present(store, tmp_path)
    newer = ModelStore(store.root, catalogue_of(tmp_path, {"tiny.gguf": b"another version"}, PIECES))
    assert newer.state("tiny") == "altered"


def test_a_file_too_many_is_refused(store: ModelStore, tmp_path: Path) -> None:
    present(store, tmp_path)
    (store.root / "tiny" / "adapter_config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelAltered, match=r"adapter_config\.json"):
        store.path("tiny")


def test_missing_files_are_named_with_the_command(store: ModelStore, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"tiny\.gguf is missing: run `vraagbaak models fetch tiny`"):
        store.path("tiny")
    present(store, tmp_path).unlink()
    with pytest.raises(ModelUnavailable, match=r"tiny\.gguf is missing"):
        store.verify("tiny")


@pytest.mark.parametrize("notes", ["", "[]", "{", '{"tiny.gguf": 3}', '{"tiny.gguf": [1, 2, "x"]}'])
def test_broken_notes_only_cost_a_hash(store: ModelStore, tmp_path: Path, notes: str) -> None:
    path = present(store, tmp_path)
    (store.root / "tiny.json").write_text(notes, encoding="utf-8")
    assert store.path("tiny") == path
    assert json.loads((store.root / "tiny.json").read_text())["tiny.gguf"][2] == sha256(CONTENT)


def test_a_path_is_a_model_of_ones_own(store: ModelStore, tmp_path: Path) -> None:
    own = str(tmp_path)
    assert store.path(own) == store.verify(own) == store.fetch(own) == tmp_path
    assert store.state(own) == "given"


def test_a_model_in_the_cache_of_the_hub_is_found_by_its_name(
    store: ModelStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    cached = tmp_path / "models--wij--klein"
    (cached / "snapshots" / "abc").mkdir(parents=True)
    (cached / "snapshots" / "abc" / "config.json").write_text("{}", encoding="utf-8")
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text("abc", encoding="utf-8")
    assert store.path("wij/klein") == cached / "snapshots" / "abc"
    assert store.state("wij/klein") == "given"
    with pytest.raises(ModelUnavailable, match="not in the hub's cache"):
        store.path("wij/groot")


def test_an_unknown_name_lists_the_known_ones(store: ModelStore) -> None:
    for ask in (store.path, store.verify, store.fetch, store.state):
        with pytest.raises(ModelUnavailable, match=r"'huge' is no model of the catalogue \(tiny\)"):
            ask("huge")


def test_one_fetch_at_a_time(store: ModelStore, tmp_path: Path) -> None:
    with store._alone(store.catalogue["tiny"]), pytest.raises(ModelUnavailable, match="another process"):
        present(store, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["embeddinggemma-300m", "qwen2.5-coder-1.5b-instruct-q4_k_m"])
def test_the_default_models_are_the_published_ones(name: str) -> None:
    store = ModelStore(Path(os.environ.get("VRAAGBAAK_MODELS") or default_models_folder()))
    assert store.verify(name).exists()
