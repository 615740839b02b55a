"""Kept vectors: what the store holds of a sentence need not be embedded again."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from index.embedders import Embedder, Progress, Vectors
from index.ingest import keys_of
from index.store import Store


class KeptEmbedder:
    """An embedder for sentences of the index: the store holds their vectors, in half precision.

    To look them up takes a millisecond, to embed them some 40 for each.
    """

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        """Take the embedder that the index in `folder` was made with."""
        self._embedder = embedder
        self._folder = folder
        self.name = embedder.name

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._embedder.dimension

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return float32 (n, dimension), rows of unit length, in the order of the texts.

        `progress` counts those that had to be embedded. Raises IndexUnavailable, as Store does.
        """
        keys = keys_of(self._embedder, texts)
        with closing(Store(self._folder)) as store:
            known = store.embeddings(keys, self.dimension)
        if new := {key: text for key, text in zip(keys, texts, strict=True) if key not in known}:
            known.update(zip(new, self._embedder.embed_passages([*new.values()], progress), strict=True))
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, key in enumerate(keys):
            vectors[row] = known[key]
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Return float32 (dimension,) of unit length."""
        return self._embedder.embed_query(text)
