"""One contract for every vector index; the exact one is the oracle of the others."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.embedders import Vectors
from index.vectors import ExactVectors, FaissVectors, VectorIndex

KINDS = [ExactVectors, FaissVectors]
Kind = type[ExactVectors] | type[FaissVectors]
pytestmark = pytest.mark.parametrize("kind", KINDS)


def units(rows: int, dimension: int = 48, seed: int = 3) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((rows, dimension)).astype(np.float32)
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def check(index: VectorIndex, vectors: Vectors, query: Vectors, k: int, allowed: np.ndarray | None) -> None:
    """The definition: the rows with the highest inner products, in double precision."""
    rows, scores = index.search(query, k, allowed)
    products = vectors.astype(np.float64) @ query.astype(np.float64)
    open_rows = np.arange(len(vectors)) if allowed is None else np.flatnonzero(allowed)
    expected = sorted(open_rows.tolist(), key=lambda row: (-products[row], row))[:k]
    assert rows.tolist() == expected
    assert scores == pytest.approx(products[expected], abs=1e-6)
    assert rows.dtype == np.int64 and scores.dtype == np.float32


@pytest.mark.parametrize("k", [1, 7, 300])
def test_finds_the_rows_with_the_highest_inner_products(kind: Kind, k: int) -> None:
    vectors = units(1000)
    for query in units(20, seed=4):
        check(kind(vectors), vectors, query, k, None)


@pytest.mark.parametrize("share", [0.5, 0.01])
def test_leaves_rows_out_before_ranking(kind: Kind, share: float) -> None:
    vectors, random = units(1000), np.random.default_rng(5)
    for query in units(10, seed=6):
        check(kind(vectors), vectors, query, 20, random.random(1000) < share)


def test_gives_all_there_is_when_k_is_larger(kind: Kind) -> None:
    vectors = units(5)
    check(kind(vectors), vectors, units(1)[0], 100, None)
    check(kind(vectors), vectors, units(1)[0], 100, np.array([True, False, True, False, False]))


def test_gives_nothing_when_nothing_is_allowed_or_asked_for(kind: Kind) -> None:
    index = kind(units(5))
    for rows, scores in (
        index.search(units(1)[0], 3, np.zeros(5, dtype=bool)),
        index.search(units(1)[0], 0),
        kind(np.empty((0, 48), dtype=np.float32)).search(units(1)[0], 3),
    ):
        assert rows.shape == scores.shape == (0,)


def test_one_row_is_found(kind: Kind) -> None:
    rows, scores = kind(units(1)).search(units(1)[0], 10)
    assert rows.tolist() == [0] and scores == pytest.approx([1.0])


def test_a_zero_query_ties_every_row(kind: Kind) -> None:
    rows, scores = kind(units(6)).search(np.zeros(48, dtype=np.float32), 4)
    assert rows.tolist() == [0, 1, 2, 3] and scores.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(("distinct", "k"), [(1, 5), (7, 23), (40, 150), (40, 300)])
def test_ties_go_by_row(kind: Kind, distinct: int, k: int) -> None:
    """Of equal rows the first are found, also where k cuts a tie."""
    vectors = np.tile(units(distinct), (2000 // distinct + 1, 1))[:2000]
    query = units(1, seed=8)[0]
    rows, scores = kind(vectors).search(query, k)
    products = units(distinct).astype(np.float64) @ query
    expected = sorted(range(2000), key=lambda row: (-products[row % distinct], row))[:k]
    assert rows.tolist() == expected
    assert (np.diff(scores) <= 0).all()


def test_what_was_saved_finds_the_same(kind: Kind, tmp_path: Path) -> None:
    index, path = kind(units(200)), tmp_path / "vectors"
    index.save(path)
    assert [file.name for file in tmp_path.iterdir()] == ["vectors"]
    loaded = kind.load(path)
    assert len(loaded) == len(index) == 200
    for query in units(5, seed=9):
        (rows, scores), (same_rows, same_scores) = index.search(query, 50), loaded.search(query, 50)
        assert rows.tolist() == same_rows.tolist() and scores.tolist() == same_scores.tolist()


def test_searches_at_the_same_time_do_not_mix(kind: Kind) -> None:
    index, queries = kind(units(2000)), units(40, seed=10)
    alone = [index.search(query, 30)[0].tolist() for query in queries]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda query: index.search(query, 30)[0].tolist(), queries))
    assert together == alone
