"""Sentences of an index have their vectors there: looked up, where others are embedded."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexUnavailable
from index.kept import KeptEmbedder
from index.store import Store
from tests.fakes import HashingEmbedder
from tests.reading import update

KNOWN = "De haven groeit ieder jaar.", "De kade is lang."
NEW = "Een zin die nergens staat."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "haven.txt").write_text(" ".join(KNOWN), encoding="utf-8")
    with closing(Store(tmp_path / "data", create=True)) as store:
        update(store, [tmp_path / "haven.txt"], HashingEmbedder())
    return tmp_path / "data"


def test_only_what_does_not_stand_in_the_index_is_embedded_and_once(data: Path) -> None:
    embedder = HashingEmbedder()
    texts = [NEW, KNOWN[1], KNOWN[0], NEW]
    vectors = KeptEmbedder(embedder, data).embed_passages(texts)
    assert embedder.embedded == [NEW]
    assert vectors.dtype == np.float32
    assert np.allclose(vectors, HashingEmbedder().embed_passages(texts), atol=1e-3)


def test_vectors_of_another_model_are_not_taken_for_its_own(data: Path) -> None:
    other = HashingEmbedder(name="hashing-64", dimension=64)
    kept = KeptEmbedder(other, data)
    assert kept.embed_passages(KNOWN).shape == (2, kept.dimension) == (2, 64)
    assert other.embedded == [*KNOWN]


def test_of_no_sentences_there_are_no_vectors(data: Path) -> None:
    assert KeptEmbedder(HashingEmbedder(), data).embed_passages([]).shape == (0, 512)


def test_without_an_index_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable):
        KeptEmbedder(HashingEmbedder(), tmp_path).embed_passages(KNOWN)
