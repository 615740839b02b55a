"""The real embedders, and what a folder must hold to be one."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from index.embedders import SentenceEmbedder, Vectors
from index.errors import BadConfiguration
from tests.fakes import HashingEmbedder
from vraagbaak.models.store import default_models_folder

NAMES = ("embeddinggemma-300m", "multilingual-e5-small")
each_model = pytest.mark.parametrize("name", NAMES)
TEXTS = (
    "De omzet van de bedrijven steeg in dat jaar met drie procent.",
    "Kort.",
    "In de haven van Delfzijl werd een kade van tweehonderd meter aangelegd, met ruimte voor twee kranen, "
    "een loods en een spoorlijn naar het achterland.",
    "Wie vaker thuiswerkt, reist minder.",
)


@cache
def embedder(name: str) -> SentenceEmbedder:
    folder = default_models_folder() / name
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there: vraagbaak models fetch {name}")
    return SentenceEmbedder(folder, threads=2)


def lengths(vectors: Vectors) -> list[float]:
    return [float(length) for length in np.linalg.norm(vectors, axis=1)]


def test_the_embedder_of_the_tests_keeps_the_contract() -> None:
    fake = HashingEmbedder()
    vectors = fake.embed_passages(TEXTS)
    assert vectors.shape == (4, 512) and vectors.dtype == np.float32
    assert lengths(vectors) == pytest.approx([1] * 4, abs=1e-5)
    assert np.array_equal(vectors[1], fake.embed_query(TEXTS[1]))


@pytest.mark.slow
@each_model
def test_rows_are_of_unit_length_in_the_order_of_the_texts(name: str) -> None:
    real = embedder(name)
    done: list[int] = []
    vectors = real.embed_passages(TEXTS, done.append)
    assert vectors.shape == (4, real.dimension) and vectors.dtype == np.float32
    assert real.name == name and real.dimension == {NAMES[0]: 768, NAMES[1]: 384}[name]
    assert lengths(vectors) == pytest.approx([1] * 4, abs=1e-5)
    assert sum(done) == 4
    query = real.embed_query("Hoeveel steeg de omzet?")
    assert query.shape == (real.dimension,) and query.dtype == np.float32
    assert float(np.linalg.norm(query)) == pytest.approx(1, abs=1e-5)
    assert int(np.argmax(vectors @ query)) == 0
    assert real.embed_passages(()).shape == (0, real.dimension)


@pytest.mark.slow
@each_model
def test_a_text_has_the_same_vector_in_any_batch(name: str) -> None:
    """Up to the rounding of bfloat16, where that is used: no inner product is off by 0.005."""
    real = embedder(name)
    together = real.embed_passages(TEXTS)
    alone = np.concatenate([real.embed_passages([text]) for text in TEXTS])
    turned = real.embed_passages(TEXTS[::-1])[::-1]
    assert (together * alone).sum(axis=1).min() > 0.9998
    assert np.abs(together @ together.T - alone @ alone.T).max() < 5e-3
    assert np.abs(together - turned).max() < 1e-5


@pytest.mark.slow
@each_model
def test_in_float32_batches_make_no_difference(name: str) -> None:
    embedder(name)
    full = SentenceEmbedder(default_models_folder() / name, threads=2, precision="float32")
    alone = np.concatenate([full.embed_passages([text]) for text in TEXTS])
    assert np.abs(full.embed_passages(TEXTS) - alone).max() < 1e-5


@pytest.mark.slow
@each_model
def test_a_dutch_paraphrase_is_nearer_than_something_else(name: str) -> None:
    real = embedder(name)
    texts = (
        "Ondernemingen verdienden drie procent meer dan het jaar ervoor.",
        "De kat slaapt de hele dag op de bank.",
        "De omzet van de bakker op de hoek daalt.",
    )
    first, *others = real.embed_passages((TEXTS[0], *texts))
    near, far, word = (float(first @ other) for other in others)
    assert near > word > far


@pytest.mark.slow
@each_model
def test_both_precisions_of_a_model_mean_the_same(name: str) -> None:
    folder = default_models_folder() / name
    embedder(name)
    half, full = (
        SentenceEmbedder(folder, threads=2, precision=precision) for precision in ("bfloat16", "float32")
    )
    cosines = (half.embed_passages(TEXTS) * full.embed_passages(TEXTS)).sum(axis=1)
    assert cosines.mean() > 0.999


@pytest.mark.slow
def test_threads_may_ask_at_the_same_time() -> None:
    real = embedder(NAMES[1])
    queries = [f"Wat is punt {number} {'van de lijst ' * (number % 5)}?" for number in range(24)]
    alone = [real.embed_query(query) for query in queries]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(real.embed_query, queries))
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=True))


@pytest.mark.parametrize("content", [{}, {"modules.json": "[]x"}, {"config.json": "{}"}])
def test_a_folder_without_a_model_is_refused(tmp_path: Path, content: dict[str, str]) -> None:
    for name, text in content.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BadConfiguration, match="is not a sentence-transformers model"):
        SentenceEmbedder(tmp_path)
