"""The file that keeps the state after the beginning of all prompts; llama.cpp takes it up in test_llama."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import GenerationFailed
from rag.generators import Prompt
from rag.generators.prompt_cache import PromptCache

STATE = bytes(range(256)) * 40


@pytest.fixture
def cache(tmp_path: Path) -> PromptCache:
    cache = PromptCache(Prompt("Wees kort.", (), "Bronnen"), tmp_path / "model.prompt-cache")
    cache.store("key", lambda: STATE)
    return cache


def test_what_was_stored_comes_back_and_nobody_else_can_read_it(cache: PromptCache) -> None:
    assert cache.load("key") == STATE
    assert cache.file.stat().st_mode & 0o777 == 0o600
    assert list(cache.file.parent.iterdir()) == [cache.file]


def test_a_state_of_another_model_or_prompt_is_none(cache: PromptCache) -> None:
    assert cache.load("key of another") is None


def flipped(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


@pytest.mark.parametrize(
    "spoil",
    [
        flipped,
        lambda content: flipped(content[::-1])[::-1],
        lambda content: content[:-1],
        lambda content: content + b"\0",
        lambda content: content[:64],
        lambda content: content[:10],
        lambda _: b"",
    ],
    ids=["state altered", "digest altered", "cut off", "longer", "no state", "no digest", "empty"],
)
def test_a_damaged_file_is_as_good_as_none(cache: PromptCache, spoil: Callable[[bytes], bytes]) -> None:
    cache.file.write_bytes(spoil(cache.file.read_bytes()))
    assert cache.load("key") is None


@pytest.mark.parametrize("missing", [Path.unlink, lambda file: (file.unlink(), file.mkdir())])
def test_a_missing_file_is_none(cache: PromptCache, missing: Callable[[Path], object]) -> None:
    missing(cache.file)
    assert cache.load("key") is None


def test_a_reading_that_fails_leaves_what_was_there(cache: PromptCache) -> None:
    def fails() -> bytes:
        raise GenerationFailed("no")

    with pytest.raises(GenerationFailed):
        cache.store("another key", fails)
    assert cache.load("key") == STATE
    assert list(cache.file.parent.iterdir()) == [cache.file]


def test_nothing_is_read_where_nothing_can_be_kept(tmp_path: Path) -> None:
    def read() -> bytes:
        raise AssertionError("read in vain")

    cache = PromptCache(Prompt("", (), ""), tmp_path / "missing" / "model.prompt-cache")
    with pytest.raises(OSError, match="missing"):
        cache.store("key", read)
