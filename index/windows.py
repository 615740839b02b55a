"""Windows: the vector of a passage, made of those of its sentences."""

from collections.abc import Sequence

import numpy as np

from index.documents import Passage
from index.embedders import Vectors

SENTENCE_SHARE = 0.5
"""Share of the sentence's own vector in the vector of a passage; the rest is the mean of its window.

Embedding the windows themselves found no more (page MRR 0.793 against 0.788 on 69 questions) and took four
times as long (docs/evaluation.md)."""


def with_windows(own: Vectors, passages: Sequence[Passage]) -> Vectors:
    """Return, for each passage, its sentence's vector mixed with the mean direction of its window.

    `own` is float32 (n, dimension), row i the sentence of passage i. Inner products are linear, so that a
    search of these rows equals a search of sentences and of windows with the two scores added.
    """
    sums = np.concatenate([np.zeros((1, own.shape[1]), np.float32), np.cumsum(own, axis=0, dtype=np.float32)])
    places = [(passage.document_id, *passage.focus) for passage in passages]
    mixed = np.empty_like(own)
    for row, passage in enumerate(passages):
        first = last = row
        while first > 0 and _inside(places[first - 1], passage):
            first -= 1
        while last + 1 < len(places) and _inside(places[last + 1], passage):
            last += 1
        window = sums[last + 1] - sums[first]
        mixed[row] = SENTENCE_SHARE * own[row] + (1 - SENTENCE_SHARE) * window / (np.linalg.norm(window) or 1)
    return mixed


def _inside(place: tuple[str, int, int], passage: Passage) -> bool:
    document_id, start, end = place
    return document_id == passage.document_id and passage.start <= start and end <= passage.end
