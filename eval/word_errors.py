"""How many words of a page a reader gets wrong, against pages that were written down by hand."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.metrics import RESAMPLES, SEED, Estimate

Words = tuple[str, ...]

_NO_WORD = re.compile(r"[|…]|\.+")
"""The mark between two cells, and the dots that lead to a page number."""


@dataclass(frozen=True, slots=True)
class GoldPage:
    """What a page really says: `text` in reading order, and what stands apart from it.

    `apart` holds notes, captions, tables, frames and labels of charts, which may be read before or after
    the text; each as one or more ways to write it that are equally good.
    """

    file: str
    number: int
    text: Words
    apart: tuple[tuple[Words, ...], ...]

    @property
    def words(self) -> int:
        """The number of words on the page."""
        return len(self.text) + sum(len(ways[0]) for ways in self.apart)


def words_of(text: str) -> Words:
    """Return the words of a text, as parted by white space, composed (NFC)."""
    words = unicodedata.normalize("NFC", text).split()
    return tuple(word for word in words if not _NO_WORD.fullmatch(word))


def gold_pages(folder: Path) -> tuple[GoldPage, ...]:
    """Return the pages in `folder`: a file `name.007.txt` holds page 7 of `name.pdf`, one block a line.

    "~ " opens a block that stands apart, "| a | b |" is a row of a table, and "|---|" follows the row that
    names its columns. Heads, feet and page numbers are left out; words that a line end cut are whole.
    """
    return tuple(_gold_page(path) for path in sorted(folder.glob("*.*.txt")))


def _gold_page(path: Path) -> GoldPage:
    name, number = path.stem.rsplit(".", 1)
    text: list[str] = []
    apart: list[tuple[Words, ...]] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    for kind, block in groupby(lines, key=lambda line: line[0] if line.startswith(("~ ", "|")) else ""):
        if kind == "|":
            apart.append(tuple(words_of("\n".join(rows)) for rows in _table(list(block))))
        elif kind == "~":
            apart.extend((words_of(line[2:]),) for line in block)
        else:
            text.extend(block)
    return GoldPage(name, int(number), words_of("\n".join(text)), tuple(apart))


def _table(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield a table as its rows stand, and as rows in which each value follows the name of its column."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "---" not in line]
    yield [" | ".join(row) for row in rows]
    if len(rows) < len(lines):
        names = rows[0]
        yield [" ".join(f"{name}: {cell}" for name, cell in zip(names, row, strict=True)) for row in rows[1:]]


def word_errors(gold: GoldPage, text: str) -> int:
    """Return how many words must be put in, taken out or replaced to make `text` the gold page.

    That is the edit distance of Levenshtein (1966) over words, by Wagner and Fischer (1974); divided by the
    number of gold words it is the word error rate. What stands apart is looked for first, the longest
    before the others, where it fits best in `text`, and taken out; what is left is held against the rest.
    """
    words, errors = list(words_of(text)), 0
    for ways in sorted(gold.apart, key=lambda ways: -len(ways[0])):
        # A table written out with names has more words: its errors count, not how long it is.
        found, start, end = min(_best_place(way, words) for way in ways)
        errors += found
        del words[start:end]
    return errors + int(_distances(gold.text, words, anywhere=False)[-1])


def _best_place(part: Sequence[str], words: Sequence[str]) -> tuple[int, int, int]:
    """Return the fewest errors with which `part` stands in `words`, and the longest span where it does."""
    ends = _distances(part, words, anywhere=True)
    if ends.min() == len(part):
        return len(part), 0, 0  # Not a word of it is there.
    spans = []
    for end in map(int, np.flatnonzero(ends == ends.min())):
        lengths = _distances(part[::-1], words[:end][::-1], anywhere=False)
        spans.append((end - int(np.flatnonzero(lengths == lengths.min())[-1]), end))
    start, end = max(spans, key=lambda span: span[1] - span[0])
    return int(ends.min()), start, end


def _distances(part: Sequence[str], words: Sequence[str], *, anywhere: bool) -> NDArray[np.int64]:
    """Return the edit distance of `part` to `words[:end]` for each end; `anywhere`, to its best ending."""
    columns = np.arange(len(words) + 1)
    row = np.zeros_like(columns) if anywhere else columns
    numbers: dict[str, int] = {}
    written = np.array([numbers.setdefault(word, len(numbers)) for word in words], dtype=np.int64)
    for count, word in enumerate(part, 1):
        replaced = row[:-1] + (written != numbers.get(word, -1))
        best = np.concatenate([[count], np.minimum(row[1:] + 1, replaced)])
        row = np.minimum.accumulate(best - columns) + columns  # words put in: one more for each column
    return row


def word_error_rate(errors: Sequence[int], words: Sequence[int]) -> Estimate:
    """Return errors / words over all pages; `n` counts words, the interval resamples pages.

    Errors come together on a page, so that words are no independent draws and pages are what is resampled.
    """
    wrong, total = np.asarray(errors), np.asarray(words)
    rows = np.random.default_rng(SEED).integers(0, len(total), (RESAMPLES, len(total)))
    low, high = np.percentile(wrong[rows].sum(axis=1) / total[rows].sum(axis=1), [2.5, 97.5])
    return Estimate(float(wrong.sum() / total.sum()), float(low), float(high), int(total.sum()))
