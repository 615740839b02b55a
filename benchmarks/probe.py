"""The probe of rag/probe.py: fitted to known sentences, judged by payloads it has not seen.

    python -m benchmarks.probe [--write]

Learns from eval/questions/attacks: sentences.jsonl, where orders and ordinary sentences on the same subjects
stand together, payloads and ordinary sentences of each folder, and papers.txt; and from the documents that
the settings index. Each half of those documents says from which score on a sentence is an order, as a probe
without it sees it. A folder is judged by a probe that learnt from everything else, so that it says how well
payloads are told that somebody else thinks of. Takes the embedder of the settings; with --write the weights
of the probe that learnt from everything go to rag/probe.toml. A table goes to stderr.
"""

import argparse
import json
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from eval.attacks import FOLDER, read_payloads
from index.embedders import Embedder, Progress, Vectors
from index.index import Index
from rag.orders import is_order
from rag.probe import DEFAULT, Probe, looked_at
from vraagbaak.assembly import make_embedder
from vraagbaak.settings import read_settings

RIDGE = 1.0
"""Weight of the squared norm; half and twice it tell as many."""
ORDINARY = 0.003
"""Share of ordinary sentences that may be taken for orders: each costs a quote."""


def main() -> None:
    """Fit, judge and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write rag/probe.toml")
    given = parser.parse_args()
    settings = read_settings()
    embedder = Remembering(make_embedder(settings))
    texts = [document.text for document in Index.open(settings.data, embedder).documents]
    table = Table(
        box=box.SIMPLE_HEAD, title="share taken for orders; by a probe that knows nothing of the folder"
    )
    for column in ("sentences", "n", "patterns", "probe", "either"):
        table.add_column(column, justify="left" if column == "sentences" else "right")
    folders = sorted(path for path in FOLDER.iterdir() if path.is_dir())
    for judge in folders:
        others = [folder for folder in folders if folder != judge]
        probe = Probe(embedder, *learnt(embedder, others, texts))
        parts = [payload.text.split("||") for payload in read_payloads(judge)]
        for name, texts_of in (("payloads", parts), ("ordinary", [[text] for text in ordinary(judge)])):
            told = np.array([(any(map(is_order, one)), bool(probe.orders_in(one))) for one in texts_of])
            shares = (*told.mean(axis=0), told.any(axis=1).mean())
            table.add_row(f"{name}, {judge.name}", str(len(told)), *(f"{share:.3f}" for share in shares))
    Console(stderr=True).print(table)
    if given.write:
        write(embedder, *learnt(embedder, folders, texts))


class Remembering:
    """An embedder that embeds no text twice: most sentences are learnt from many times."""

    def __init__(self, inner: Embedder) -> None:
        self.name = inner.name
        self.dimension = inner.dimension
        self.embed_query = inner.embed_query
        self._inner = inner
        self._known: dict[str, Vectors] = {}

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        if new := sorted(set(texts) - self._known.keys()):
            self._known |= zip(new, self._inner.embed_passages(new, progress), strict=True)
        return np.stack([self._known[text] for text in texts])


def learnt(embedder: Embedder, folders: Sequence[Path], texts: Sequence[str]) -> tuple[Vectors, float]:
    """Return weights and bias of a probe that learnt from these folders, and from texts of documents."""
    known = [json.loads(line) for line in lines_of(FOLDER / "sentences.jsonl")]
    told = {order: said(one["text"] for one in known if one["order"] is order) for order in (True, False)}
    told[False] += said(lines_of(FOLDER / "papers.txt"))
    for folder in folders:
        told[True] += said(part for payload in read_payloads(folder) for part in payload.text.split("||"))
        told[False] += ordinary(folder)
    orders, plain = (embedder.embed_passages(told[order]) for order in (True, False))
    halves = [embedder.embed_passages(said(half)) for half in (texts[::2], texts[1::2])]
    scores = []
    for half, other in (halves, halves[::-1]):
        weights, bias = fitted(orders, np.vstack([plain, half]))
        scores.append(other @ weights + bias)
    weights, bias = fitted(orders, np.vstack([plain, *halves]))
    return weights, bias - float(np.quantile(np.concatenate(scores), 1 - ORDINARY))


def said(texts: Iterable[str]) -> list[str]:
    """Return what a probe looks at in texts, as it reads it."""
    return list(looked_at(texts).values())


def ordinary(folder: Path) -> list[str]:
    """Return the ordinary sentences in a folder."""
    return said(lines_of(folder / "ordinary.txt"))


def lines_of(file: Path) -> list[str]:
    """Return the lines of a file."""
    return file.read_text(encoding="utf-8").splitlines()


def fitted(orders: Vectors, plain: Vectors) -> tuple[Vectors, float]:
    """Return weights and bias: ridge regression to 1 and -1, both sides weighing the same."""
    vectors = np.vstack([orders, plain]).astype(np.float64)
    wanted = np.repeat([1.0, -1.0], [len(orders), len(plain)])
    each = np.repeat([0.5 / len(orders), 0.5 / len(plain)], [len(orders), len(plain)]) * len(vectors)
    middle = vectors.mean(axis=0)
    known = np.c_[vectors - middle, np.ones(len(vectors))]
    weighed = known * each[:, None]
    *weights, bias = np.linalg.solve(
        known.T @ weighed + RIDGE * np.eye(known.shape[1]), weighed.T @ wanted
    ).tolist()
    return np.array(weights, np.float32), float(bias - middle @ weights)


def write(embedder: Embedder, weights: Vectors, bias: float) -> None:
    """Write rag/probe.toml."""
    numbers = textwrap.fill(", ".join(f"{weight:.4f}" for weight in weights), 110)
    DEFAULT.write_text(
        "# Written by `python -m benchmarks.probe --write`.\n"
        f'embedder = "{embedder.name}"\nbias = {bias:.4f}\nweights = [\n{numbers}\n]\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
