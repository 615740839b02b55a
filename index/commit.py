"""Committing: the documents of a plan become the current generation, in one transaction or not at all."""

from pathlib import Path

import numpy as np

from index.documents import Document
from index.embedders import Vectors
from index.errors import IndexUnavailable
from index.generation import GenerationWriter, drop_generations
from index.ingest import Embedding, Report, keys_of, sentences_of
from index.manifest import Manifest, sealed_manifest
from index.passages import passages_of
from index.plan import Plan
from index.store import Store
from index.windows import with_windows


def commit(store: Store, plan: Plan, embedding: Embedding, report: Report, *, anew: bool = False) -> str:
    """Write the generation of a plan and put it in the place of the old one; return its name.

    When nothing changed, a generation that is whole stays, unless `anew`. When this returns, nothing is left
    in the folder of the text of documents that the plan removes.
    """
    before = store.generation
    manifest = Manifest(
        embedder=embedding.embedder.name,
        dimension=embedding.embedder.dimension,
        documents={entry.id: entry.sha256 for entry in plan.entries},
    )
    if before and not anew and plan.entries == store.entries() and _stands(store.folder / before, manifest):
        _sweep(store)
        return before
    drop_generations(store.folder, keep=store.generations())  # what an interrupted update left behind
    number = number_of(before) + 1
    name = f"generation-{number:06d}"
    keys = _write(store, plan, manifest, name, embedding, report)
    kept = [name] if plan.removed or not before else [name, before]
    with store.transaction():
        store.put_entries(name, plan.entries)
        store.generation = name
        store.keep_generations(kept)
        store.use_embeddings(keys, number)
        store.drop_embeddings(before=number if plan.removed else number - 1)
    _sweep(store)
    report("write", len(plan.entries), len(plan.entries), "")
    return name


def hide(store: Store, plan: Plan) -> None:
    """Take the documents that a plan removes away from whoever searches, and their text from the store."""
    with store.transaction():
        store.remove(plan.removed, unless={entry.sha256 for entry in plan.entries})


def _sweep(store: Store) -> None:
    """Delete what the store does not name any more.

    Whoever has an old generation open has read it whole, so its files can go.
    """
    drop_generations(store.folder, keep=store.generations())
    store.originals.keep_only(store.hashes())
    store.overwrite_log()


def number_of(generation: str | None) -> int:
    """Return the number in the name of a generation, 0 for none."""
    return int(generation.rpartition("-")[2]) if generation else 0


def _write(
    store: Store, plan: Plan, manifest: Manifest, name: str, embedding: Embedding, report: Report
) -> list[bytes]:
    """Write the files of a generation, one document in memory at a time; return the keys of its vectors."""
    writer = GenerationWriter(store.folder / name, manifest)
    used: list[bytes] = []
    for at, entry in enumerate(plan.entries):
        report("write", at, len(plan.entries), entry.file)
        document = store.document(entry)
        passages = passages_of(document)
        keys = keys_of(embedding.embedder, sentences_of(document))
        writer.add(document, passages, with_windows(_vectors(store, document, keys, embedding), passages))
        used.extend(keys)
    writer.write()
    return used


def _vectors(store: Store, document: Document, keys: list[bytes], embedding: Embedding) -> Vectors:
    dimension = embedding.embedder.dimension
    known = store.embeddings(keys, dimension)
    if not known.keys() >= set(keys):  # a document that this update did not look at, and another embedder
        embedding.add(document)
        embedding.finish()
        known = store.embeddings(keys, dimension)
    return np.array([known[key] for key in keys], np.float32).reshape(len(keys), dimension)


def _stands(folder: Path, manifest: Manifest) -> bool:
    try:
        return sealed_manifest(folder) == manifest
    except IndexUnavailable:
        return False
