"""Entail: whether quotes say what a sentence does, in meaning, once figures and names were compared."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Protocol

from index.embedders import Embedder
from index.errors import BadConfiguration
from rag.cross_encoder import load_cross_encoder


class Entailment(Protocol):
    """Says how well quotes say what a sentence does."""

    @property
    def name(self) -> str:
        """What judges."""

    @property
    def least(self) -> float:
        """The score from which a sentence holds."""

    def scores(self, quotes: Sequence[str], sentence: str) -> Sequence[float]:
        """Return for each quote how well it says what the sentence does; higher is better."""


class Likeness:
    """The embedder as a judge: what a quote says is near to it in meaning, as inner products of unit vectors.

    It does not tell a sentence from its opposite, but does tell a sentence that joins what stands apart.
    """

    least = 0.75
    """See docs/evaluation.md, Answers."""

    def __init__(self, embedder: Embedder) -> None:
        """Take the embedder."""
        self._embedder = embedder
        self.name = embedder.name

    def scores(self, quotes: Sequence[str], sentence: str) -> Sequence[float]:
        """See Entailment.scores."""
        told, *quoted = self._embedder.embed_passages([sentence, *quotes])
        return [float(told @ quote) for quote in quoted]


class CrossEncoderEntailment:
    """A sentence-transformers cross-encoder for NLI from a local folder.

    It reads quote and sentence and weighs labels, of which one begins with "entail" (Williams, Nangia
    and Bowman, MultiNLI, 2018).
    """

    least = 0.5
    """Probability: likelier than contradiction and neither together."""

    def __init__(self, folder: Path) -> None:
        """Load the model. Raises BadConfiguration when the folder holds no such model."""
        self._model = load_cross_encoder(folder)
        labels = self._model.config.id2label
        entailing = [at for at, label in labels.items() if label.casefold().startswith("entail")]
        if len(entailing) != 1:
            raise BadConfiguration(
                f"{folder} weighs {list(labels.values())}: none, or not one, is entailment."
            )
        self._entails = int(entailing[0])
        self._turn = Lock()
        self.name = folder.name

    def scores(self, quotes: Sequence[str], sentence: str) -> Sequence[float]:
        """See Entailment.scores."""
        pairs = [(quote, sentence) for quote in quotes]
        with self._turn:
            judged = self._model.predict(pairs, apply_softmax=True, show_progress_bar=False)
        return [float(weights[self._entails]) for weights in judged]
