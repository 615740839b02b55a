"""How well answers of ministers are found by the titles of the questions: a test that others made.

    python -m benchmarks.parliament FILE [--words N] [--data FOLDER] [--sample N] > parliament.json

FILE has a JSON object a line: `id`, `title` and `answer` of a question to a parliament, and `is_query` where
no other has that title. Every answer is a document, cut at N words, and indexed as the product does it; each
title that is a query looks for its own answer among all of them. An answer scores as its best passage.

What was embedded is kept in FOLDER, so that only the first run is long (15,000 sentences at 130 words); one
that is stopped goes on where it was. A table goes to stderr, one JSON object to stdout.
"""

import argparse
import hashlib
import json
import math
import random
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.answering import machine
from eval.metrics import Estimate, estimate, paired_difference
from index.build import update
from index.embedders import Embedder, Progress, Vectors
from index.generation import Generation, open_generation
from index.index import Index
from index.lexical import Scores
from index.sandbox import Sandbox
from index.store import Store
from rag.retrieve import retrieve
from rag.understand import understand
from vraagbaak.assembly import make_embedder
from vraagbaak.models.store import default_models_folder
from vraagbaak.settings import read_settings

DEPTH = 100
"""Documents of which each way makes a list."""
RRF = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke & Büttcher 2009)."""
FOREVER = 2**31
"""A generation that never comes: vectors that the store keeps for it are never dropped."""
Ranking = list[str]
"""Ids of documents, the best first."""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("file", type=Path, help="the questions, JSON Lines")
    parser.add_argument("--words", type=int, default=130, help="words of each answer that are indexed (130)")
    parser.add_argument("--data", type=Path, help="where the index is kept (in the user's cache)")
    parser.add_argument("--sample", type=int, help="queries, drawn at random (all)")
    given = parser.parse_args()
    rows = [json.loads(line) for line in given.file.read_text(encoding="utf-8").splitlines()]
    cache = default_models_folder().parent / "benchmarks" / "parliament"
    folder = given.data or cache
    queries = [row for row in rows if row["is_query"]]
    if given.sample:
        queries = random.Random(20).sample(queries, given.sample)
    with closing(Store(folder / "data", create=True)) as store, Sandbox() as sandbox:
        embedder = KeptQueries(make_embedder(read_settings(data=folder / "data")), store)
        write_answers(folder / "answers", rows, given.words)
        update(store, [folder / "answers"], embedder, sandbox, only=True, report=told)
        golds = {Path(place).stem: entry.id for entry in store.entries() for place in entry.origins}
        ways = ways_of(folder / "data", store, embedder)
        figures: dict[str, dict[str, list[float]]] = {
            name: {"nDCG@10": [], "Recall@100": []} for name in ways
        }
        for at, row in enumerate(queries):
            told("search", at, len(queries), row["id"])
            for name, way in ways.items():
                ranking = way(row["title"])[:DEPTH]
                gold = golds[row["id"]]
                rank = ranking.index(gold) + 1 if gold in ranking else None
                figures[name]["nDCG@10"].append(gain_at_ten(rank))
                figures[name]["Recall@100"].append(float(rank is not None))
    show(figures, about := machine() | {"documents": len(golds), "words": given.words})
    means = {
        name: {metric: asdict(estimate(values)) for metric, values in of.items()}
        for name, of in figures.items()
    }
    print(json.dumps({"run": about, "means": means, "differences": differences(figures)}, indent=1))


class KeptQueries:
    """The embedder, with the vectors of queries kept in the store beside those of sentences."""

    def __init__(self, embedder: Embedder, store: Store) -> None:
        self._embedder, self._store = embedder, store
        self.name, self.dimension = embedder.name, embedder.dimension

    def embed_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        return self._embedder.embed_passages(texts, progress)

    def embed_query(self, text: str) -> Vectors:
        key = hashlib.sha256(f"{self.name}\0query\0{text}".encode()).digest()
        kept = self._store.embeddings([key], self.dimension)
        if key not in kept:
            kept[key] = self._embedder.embed_query(text)
            with self._store.transaction():
                self._store.put_embeddings([key], kept[key][np.newaxis], FOREVER)
        return kept[key]


def write_answers(folder: Path, rows: Sequence[Mapping[str, str]], words: int) -> None:
    """Write the first words of each answer into a file of its own, named by its id."""
    folder.mkdir(exist_ok=True)
    for row in rows:
        file, text = folder / f"{row['id']}.txt", " ".join(row["answer"].split()[:words])
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")


def ways_of(folder: Path, store: Store, embedder: Embedder) -> dict[str, Callable[[str], Ranking]]:
    """Return the ways to rank documents by a query, `ranked` being what the product does."""
    index = Index.open(folder, embedder)
    documents = {document.id: document for document in index.documents}
    generation = open_generation(
        folder / index.generation, documents, embedder=embedder.name, dimension=embedder.dimension
    )
    by_best = Documents(generation)

    def dense(query: str) -> Ranking:
        rows, similarities = generation.vectors.search(embedder.embed_query(query), len(generation.passages))
        scores = np.zeros(len(generation.passages), np.float32)
        scores[rows] = similarities + 1  # above 0, which would mean not found
        return by_best.ranking(scores)

    def fused(query: str) -> Ranking:
        points: dict[str, float] = {}
        for way in (ways["BM25"], ways["4-grams"], dense):
            for rank, document in enumerate(way(query), 1):
                points[document] = points.get(document, 0) + 1 / (RRF + rank)
        return sorted(points, key=lambda document: (-points[document], document))

    ways = {
        "BM25": lambda query: by_best.ranking(generation.lexical(query)[0]),
        "4-grams": lambda query: by_best.ranking(generation.lexical(query)[1]),
        "dense": dense,
        "fused": fused,
        "ranked": lambda query: list(
            dict.fromkeys(hit.document.id for hit in retrieve(index, understand(query), DEPTH))
        ),
    }
    return ways


class Documents:
    """Documents ranked by the best of their passages."""

    def __init__(self, generation: Generation) -> None:
        self._ids, self._owners = np.unique(
            [passage.document_id for passage in generation.passages], return_inverse=True
        )

    def ranking(self, scores: Scores) -> Ranking:
        """Return the best documents by the scores of all passages, ties by id, none with a score of 0."""
        best = np.zeros(len(self._ids), np.float32)
        np.maximum.at(best, self._owners, scores)
        order = np.argsort(-best, kind="stable")[:DEPTH]
        return [str(self._ids[at]) for at in order if best[at] > 0]


def gain_at_ten(rank: int | None) -> float:
    """Return nDCG@10 where one document is relevant: 1 / log2(1 + rank) (Järvelin & Kekäläinen 2002)."""
    return 1 / math.log2(1 + rank) if rank and rank <= 10 else 0.0


def differences(
    figures: Mapping[str, Mapping[str, Sequence[float]]],
) -> dict[str, dict[str, dict[str, float]]]:
    """Return what `ranked` has more than the others, by metric, with paired intervals."""
    return {
        f"ranked - {other}": {
            metric: asdict(paired_difference(figures[other][metric], values))
            for metric, values in figures["ranked"].items()
        }
        for other in ("BM25", "dense", "fused")
    }


def show(figures: Mapping[str, Mapping[str, Sequence[float]]], about: Mapping[str, object]) -> None:
    """Print the table, in hundredths."""
    console = Console(stderr=True, width=100)
    console.print(", ".join(f"{name} {value}" for name, value in about.items()), highlight=False)
    table = Table("way", "nDCG@10", "Recall@100", "queries", box=box.SIMPLE_HEAD)
    for name, of in figures.items():
        found = [estimate(values) for values in of.values()]
        table.add_row(name, *map(_cell, found), str(found[0].n))
    for name, of_metric in differences(figures).items():
        table.add_row(name, *(_cell(Estimate(**one)) for one in of_metric.values()))
    console.print(table)


def _cell(found: Estimate) -> str:
    return f"{100 * found.mean:.1f} ({100 * found.low:.1f} to {100 * found.high:.1f})"


def told(phase: str, done: int, total: int, at_hand: str) -> None:
    """Say on stderr how far it is."""
    if done % 100 == 0:
        print(f"{phase} {done} of {total} {at_hand}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
