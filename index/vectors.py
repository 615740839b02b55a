"""Vector indexes: the rows whose inner product with a query is largest."""

from pathlib import Path
from typing import Any, Protocol, Self

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedders import Vectors

Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


class VectorIndex(Protocol):
    """Finds rows by inner product."""

    def __len__(self) -> int:
        """Return the number of rows."""

    def search(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """Return rows (m,) and scores (m,), best first, ties by row.

        `query` is (dimension,); `allowed` (n,) leaves out rows before ranking; m is the smaller of k and
        the number of allowed rows. Never a row of -1.
        """

    def save(self, path: Path) -> None:
        """Write the index to one file."""


class ExactVectors:
    """All inner products with NumPy: the oracle for every other implementation."""

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = np.ascontiguousarray(vectors, dtype=np.float32)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        return cls(np.load(path, allow_pickle=False))

    def __len__(self) -> int:
        return len(self._vectors)

    def search(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """See VectorIndex.search."""
        scores = self._vectors @ query
        rows = np.arange(len(scores)) if allowed is None else np.flatnonzero(allowed)
        best = rows[np.lexsort((rows, -scores[rows]))[:k]]
        return best.astype(np.int64), scores[best].astype(np.float32)

    def save(self, path: Path) -> None:
        """Write the vectors as a NumPy file."""
        with path.open("wb") as file:
            np.save(file, self._vectors, allow_pickle=False)


class FaissVectors:
    """FAISS, flat: exact, with the processor's widest instructions, over memory that FAISS owns."""

    def __init__(self, vectors: Vectors) -> None:
        self._index: Any = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(np.ascontiguousarray(vectors, dtype=np.float32))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote. The caller has checked the file: FAISS loads damaged files silently."""
        loaded = cls.__new__(cls)
        loaded._index = faiss.read_index(str(path))
        return loaded

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: Vectors, k: int, allowed: Mask | None = None) -> tuple[Rows, Vectors]:
        """See VectorIndex.search."""
        selected = None if allowed is None else np.flatnonzero(allowed).astype(np.int64)
        k = min(k, len(self) if selected is None else len(selected))
        if k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        parameters = None
        if selected is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(selected))
        scores, rows = self._index.search(query[None, :].astype(np.float32), k, params=parameters)
        order = np.lexsort((rows[0], -scores[0]))
        return rows[0][order], scores[0][order]

    def save(self, path: Path) -> None:
        """Write the index in FAISS's own format."""
        # Through Python's file: on a full disk FAISS's own leaves a short one behind without a word.
        with path.open("wb") as file:
            faiss.write_index(self._index, faiss.PyCallbackIOWriter(file.write))
