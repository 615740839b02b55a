"""Embedders: texts to vectors whose inner product says how near two meanings are."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import BadConfiguration

Vectors = NDArray[np.float32]
Progress = Callable[[int], None]
"""Called with the number of texts just embedded."""


class Embedder(Protocol):
    """Turns texts into vectors of unit length."""

    @property
    def name(self) -> str:
        """What made the vectors: model, and everything else that changes them."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return float32 (n, dimension), rows of unit length, in the order of the texts."""

    def embed_query(self, text: str) -> Vectors:
        """Return float32 (dimension,) of unit length."""


class SentenceEmbedder:
    """A sentence-transformers model from a local folder, with the prompts of its own configuration."""

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        """Load the model. Raises BadConfiguration when the folder holds no such model."""
        os.environ["HF_HUB_OFFLINE"] = "1"  # nothing is fetched while serving, whatever the folder asks for
        import torch  # seconds to import: only who embeds pays for it
        from sentence_transformers import SentenceTransformer

        if threads:
            torch.set_num_threads(threads)
        try:
            self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except (OSError, ValueError, KeyError) as error:
            raise BadConfiguration(f"{folder} is not a sentence-transformers model: {error}") from error
        self.name = folder.name
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return float32 (n, dimension), rows of unit length, in the order of the texts."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # Texts of equal length share a batch, so that no time goes into padding.
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for begin in range(0, len(order), 32):
            rows = order[begin : begin + 32]
            vectors[rows] = self._model.encode_document(
                [texts[row] for row in rows], normalize_embeddings=True, show_progress_bar=False
            )
            if progress:
                progress(len(rows))
        return vectors

    def embed_query(self, text: str) -> Vectors:
        """Return float32 (dimension,) of unit length."""
        vector: Vectors = self._model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return vector
