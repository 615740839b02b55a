"""Entail: a model of natural language inference reads a quote and a sentence, for where one can be had."""

from pathlib import Path
from threading import Lock
from typing import Protocol

from index.errors import BadConfiguration
from rag.cross_encoder import load_cross_encoder

LEAST = 0.5
"""Probability of entailment from which a sentence holds: likelier than contradiction and neither together."""


class Entailment(Protocol):
    """Says whether a quote says what a sentence does."""

    @property
    def name(self) -> str:
        """What judges."""

    def holds(self, quote: str, sentence: str) -> bool:
        """Say whether the sentence follows from the quote."""


class CrossEncoderEntailment:
    """A sentence-transformers cross-encoder for NLI from a local folder.

    It reads quote and sentence and weighs labels, of which one begins with "entail" (Williams, Nangia
    and Bowman, MultiNLI, 2018).
    """

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

    def holds(self, quote: str, sentence: str) -> bool:
        """See Entailment.holds."""
        with self._turn:
            judged = self._model.predict([(quote, sentence)], apply_softmax=True, show_progress_bar=False)
        return float(judged[0][self._entails]) >= LEAST
