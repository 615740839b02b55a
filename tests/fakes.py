"""Honest small implementations of the seams: they do the real thing, with little."""

import re
import zlib
from collections.abc import Sequence

import numpy as np

from index.embedders import Progress, Vectors


class HashingEmbedder:
    """Texts that share words, or the beginnings of words, are near each other.

    Counts the texts of passages that it embeds, and breaks off before text number `patience`, if it has one.
    """

    def __init__(
        self, *, name: str = "hashing-512", dimension: int = 512, patience: int | None = None
    ) -> None:
        self.name = name
        self.dimension = dimension
        self.embedded: list[str] = []
        self._patience = patience

    def embed_query(self, text: str) -> Vectors:
        vector = np.full(self.dimension, 1e-6, dtype=np.float32)
        for word in re.findall(r"\w{3,}", text.lower()):
            for part in (word, word[:5]):
                vector[zlib.crc32(part.encode()) % self.dimension] += len(word)
        return vector / np.float32(np.linalg.norm(vector))

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if self._patience is not None and len(self.embedded) + len(texts) > self._patience:
            raise InterruptedError(f"broke off after {len(self.embedded)} texts")
        self.embedded.extend(texts)
        return np.stack([self.embed_query(text) for text in texts])
