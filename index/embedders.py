"""Embedders: texts to vectors whose inner product says how near two meanings are."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import BadConfiguration

Vectors = NDArray[np.float32]
BATCH = 16
"""Texts that are embedded at once. Sentences in bfloat16: 16 take 8 to 10 % less processor time than 32, a
third less than 128; what passes between the layers stays in the cache."""
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
    """A sentence-transformers model from a local folder, with the prompts of its own configuration.

    Threads may share it: they take turns. The name says nothing of the precision, because vectors of both
    precisions find the same pages (docs/evaluation.md), so that an index opens on another machine too.
    """

    def __init__(
        self,
        folder: Path,
        *,
        threads: int | None = None,
        precision: Literal["float32", "bfloat16"] | None = None,
    ) -> None:
        """Load the model, in the precision that this processor computes fastest unless one is given.

        Raises BadConfiguration when the folder holds no such model.
        """
        os.environ["HF_HUB_OFFLINE"] = "1"  # nothing is fetched while serving, whatever the folder asks for
        import torch  # seconds to import: only who embeds pays for it
        from sentence_transformers import SentenceTransformer

        if threads:
            torch.set_num_threads(threads)
        if precision is None:
            processor = torch.cpu.get_capabilities()
            fast = processor.get("avx512_bf16") or processor.get("amx_bf16")
            precision = "bfloat16" if fast else "float32"
        try:
            self._model = SentenceTransformer(
                str(folder),
                device="cpu",
                local_files_only=True,
                model_kwargs={"dtype": getattr(torch, precision)},
            )
        except (OSError, ValueError, KeyError) as error:
            raise BadConfiguration(f"{folder} is not a sentence-transformers model: {error}") from error
        self._turn = Lock()  # fast tokenizers fail ("Already borrowed") when threads use them at once
        self.name = folder.name
        self.dimension = int(self._model.get_embedding_dimension() or 0)

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Return float32 (n, dimension), rows of unit length, in the order of the texts."""
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        # Texts of equal length share a batch, so that no time goes into padding.
        order = sorted(range(len(texts)), key=lambda row: len(texts[row]))
        for begin in range(0, len(order), BATCH):
            rows = order[begin : begin + BATCH]
            with self._turn:
                vectors[rows] = self._model.encode_document(
                    [texts[row] for row in rows], batch_size=BATCH, show_progress_bar=False
                )
            if progress:
                progress(len(rows))
        return _units(vectors)

    def embed_query(self, text: str) -> Vectors:
        """Return float32 (dimension,) of unit length."""
        with self._turn:
            vectors: Vectors = self._model.encode_query([text], show_progress_bar=False)
        unit: Vectors = _units(vectors)[0]
        return unit


def _units(vectors: Vectors) -> Vectors:
    """Return the rows at unit length, computed here: in bfloat16 they would be off by half a percent."""
    units: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return units
