"""Probe: orders that no pattern tells (rag/orders.py), told by the vectors of their sentences."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from index.embedders import Embedder, Vectors
from rag.orders import as_read, pieces

DEFAULT = Path(__file__).with_name("probe.toml")
SHORTEST = 4
"""Words of a sentence or a cell; what is shorter is not looked at."""
_WORD = re.compile(r"[^\W_]+")
KEPT = 4096
"""Sentences of which the answer is remembered."""


class Probe:
    """A linear classifier over vectors (Alain and Bengio, Understanding intermediate layers, 2016).

    Fitted by `python -m benchmarks.probe` to sentences on many subjects, so that it tells what a sentence
    does from what it is about; docs/evaluation.md says how well.
    """

    def __init__(self, embedder: Embedder, weights: Vectors, bias: float) -> None:
        """Take the embedder and what was fitted to its vectors: an order has weights @ vector + bias > 0."""
        self._embedder = embedder
        self._weights = weights
        self._bias = bias
        self._known: dict[str, bool] = {}

    def orders_in(self, texts: Iterable[str]) -> frozenset[str]:
        """Return the sentences and cells of the texts that speak to a program, without spaces around them."""
        said = looked_at(texts)
        known = self._known if len(self._known) < KEPT else {}
        if new := sorted({read for read in said.values() if read not in known}):
            orders = self._embedder.embed_passages(new) @ self._weights + self._bias > 0
            known.update(zip(new, orders.tolist(), strict=True))
        self._known = known
        return frozenset(piece for piece, read in said.items() if known[read])


def looked_at(texts: Iterable[str]) -> dict[str, str]:
    """Return the sentences and cells of texts that are long enough for an order, each as people read it."""
    said = (piece for text in texts for piece in pieces(text))
    return {piece.strip(): as_read(piece) for piece in said if len(_WORD.findall(piece)) >= SHORTEST}


def read_probe(embedder: Embedder, file: Path = DEFAULT) -> Probe | None:
    """Return the probe that was fitted to the vectors of this embedder; None where none was."""
    fitted = tomllib.loads(file.read_text(encoding="utf-8"))
    if fitted["embedder"] != embedder.name:
        return None
    return Probe(embedder, np.array(fitted["weights"], np.float32), float(fitted["bias"]))
