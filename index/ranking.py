"""Ranking: what is known of each candidate passage, weighed into one score."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedders import Vectors
from index.errors import BadConfiguration
from index.lexical import Scores
from index.vectors import Rows

SIGNALS = ("dense", "terms", "grams", "page_dense", "page_grams", "year")
"""What is known of a candidate: how near the question is to the passage in meaning, in terms and in 4-grams;
how near it is to the page around it in meaning and in 4-grams; whether the document is of a year asked about.
All but the last are standardised over the candidates of a question."""
DEFAULT = Path(__file__).with_name("ranking.toml")

Weights = NDArray[np.float32]
"""Shape (len(SIGNALS),)."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages that may answer a question.

    `rows` (n,) are rows of the generation, `similarities` (n,) inner products with the question, `signals`
    (n, len(SIGNALS)).
    """

    rows: Rows
    similarities: Vectors
    signals: NDArray[np.float32]


def read_weights(file: Path) -> Weights:
    """Read the weight of each signal from a TOML file. Raises BadConfiguration.

    A linear ranker over few signals: 300 questions are too few to teach more, and everybody can read it
    (Metzler & Croft, Linear feature-based models for information retrieval, 2007).
    """
    try:
        written: Mapping[str, object] = tomllib.loads(file.read_text(encoding="utf-8"))
        weights = [float(str(written[signal])) for signal in SIGNALS]
    except (OSError, ValueError, KeyError) as error:
        raise BadConfiguration(f"{file} does not hold a weight for each signal: {error!r}.") from error
    if unknown := sorted(set(written) - set(SIGNALS)):
        raise BadConfiguration(f"{file}: there is no signal {unknown[0]!r}; there is {', '.join(SIGNALS)}.")
    return np.array(weights, dtype=np.float32)


def standardised(values: Scores) -> Scores:
    """Return the values with mean 0 and standard deviation 1, or all 0 where they are equal."""
    spread = values.std()
    centred: Scores = (values - values.mean()) / (spread if spread > 0 else 1)
    return centred
