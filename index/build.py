"""Building: files in, a new generation out. Nothing of the old one changes until the new one is whole."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.embedders import Embedder, Vectors
from index.errors import (
    IndexUnavailable,
    NothingIndexed,
    UnknownDocument,
    UnreadableDocument,
)
from index.files import find_files, free_id, lies_under
from index.generation import Manifest, drop_generations, sealed_manifest, write_generation
from index.passages import passages_of
from index.reading.readers import READER, read
from index.store import Entry, Store
from index.texts import text
from index.windows import with_windows

EMBED_AT_ONCE = 64
"""Sentences between two saves."""

Report = Callable[[str, int, int, str], None]
"""Called with the phase ("read" or "embed"), the number done, the number to do, and what is at hand."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an update did: file names, and the Dutch reason for each file that was refused."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    refused: Mapping[str, str]
    embedded: int
    generation: str


def update(
    store: Store,
    paths: Sequence[Path],
    embedder: Embedder,
    *,
    prune: bool = False,
    only: bool = False,
    rebuild: bool = False,
    report: Report = lambda *_: None,
) -> Summary:
    """Bring the index up to date with files and folders.

    Unchanged files cost a hash; sentences that were embedded before are not embedded again. A file that
    cannot be read is refused, and what the index had of it stays. With `prune`, documents under `paths`
    that are no longer found there are removed; with `rebuild`, every file is read anew.
    With `only`, every document that is not at `paths` is removed.
    Raises BadConfiguration when there is no document at a path, NothingIndexed when none can be read.
    """
    files = find_files(paths)
    stored = {entry.origin: entry for entry in store.entries()}
    found = {str(path) for path, _, _ in files}
    gone = {
        origin
        for origin in stored
        if origin not in found and (only or (prune and lies_under(Path(origin), paths)))
    }
    taken = {entry.document.id for origin, entry in stored.items() if origin not in gone}
    fresh: dict[str, Entry] = {}
    unchanged: list[str] = []
    refused: dict[str, str] = {}
    for at, (path, name, about) in enumerate(files):
        report("read", at, len(files), name)
        before = stored.get(str(path))
        made_by = f"{READER} {about}"
        try:
            sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
            if before and not rebuild and (before.sha256, before.made_by) == (sha256, made_by):
                unchanged.append(name)
                continue
            document_id = before.document.id if before else free_id(name, taken)
            document = read(path.read_bytes()).named(document_id, path.name, about)
        except UnreadableDocument as error:
            refused[name] = error.reason
            continue
        except OSError:  # gone since it was listed, or not to be read by this user
            refused[name] = text("read.missing")
            continue
        taken.add(document_id)
        fresh[str(path)] = Entry(document, str(path), store.keep_file(path), made_by)
    report("read", len(files), len(files), "")
    kept = [entry for origin, entry in {**stored, **fresh}.items() if origin not in gone]
    if not kept:
        reasons = "".join(f"\n  {name}: {reason}" for name, reason in refused.items())
        raise NothingIndexed(
            f"No document in {', '.join(map(str, paths))} could be indexed:{reasons}", refused
        )
    changed = bool(fresh or gone)
    embedded, generation = _commit(
        store, kept, [stored[origin].document.id for origin in gone], embedder, report, changed=changed
    )
    return Summary(
        added=tuple(entry.document.file for origin, entry in fresh.items() if origin not in stored),
        changed=tuple(entry.document.file for origin, entry in fresh.items() if origin in stored),
        unchanged=tuple(unchanged),
        removed=tuple(stored[origin].document.file for origin in sorted(gone)),
        refused=refused,
        embedded=embedded,
        generation=generation,
    )


def remove(store: Store, document_id: str, embedder: Embedder) -> str:
    """Remove one document and return the name of the new generation. Raises UnknownDocument."""
    entries = store.entries()
    kept = [entry for entry in entries if entry.document.id != document_id]
    if len(kept) == len(entries):
        raise UnknownDocument(f"There is no document {document_id!r}: see `vraagbaak documents list`.")
    return _commit(store, kept, [document_id], embedder, lambda *_: None)[1]


def _commit(
    store: Store,
    entries: Sequence[Entry],
    gone: Collection[str],
    embedder: Embedder,
    report: Report,
    *,
    changed: bool = True,
) -> tuple[int, str]:
    """Write the generation of these entries; then swap documents and generation in one transaction.

    When nothing changed, a generation that is whole stays, and one that is not is written anew.
    """
    entries = sorted(entries, key=lambda entry: entry.document.id)
    documents = {entry.document.id: entry.document for entry in entries}
    passages = [passage for document in documents.values() for passage in passages_of(document)]
    sentences = [documents[passage.document_id].text[slice(*passage.focus)] for passage in passages]
    own, embedded = _embed(store, sentences, embedder, report)
    manifest = Manifest(
        embedder=embedder.name,
        dimension=embedder.dimension,
        documents={entry.document.id: entry.sha256 for entry in entries},
        passages=len(passages),
    )
    before = store.generation
    if before and not changed and _stands(store.folder / before, manifest):
        return embedded, before
    number = int(before.rpartition("-")[2]) + 1 if before else 1
    name = f"generation-{number:06d}"
    drop_generations(store.folder, keep=[before] if before else [])  # what an interrupted update left behind
    write_generation(store.folder / name, manifest, passages, documents, with_windows(own, passages))
    with store.transaction():
        for document_id in gone:
            store.remove(document_id)
        for entry in entries:
            store.put(entry)
        store.generation = name
    # Whoever has the old generation open has read it whole, so its files can go with the next update.
    drop_generations(store.folder, keep=[name, *([before] if before else [])])
    store.drop_files()
    return embedded, name


def _stands(folder: Path, manifest: Manifest) -> bool:
    try:
        return sealed_manifest(folder) == manifest
    except IndexUnavailable:
        return False


def _embed(store: Store, texts: Sequence[str], embedder: Embedder, report: Report) -> tuple[Vectors, int]:
    """Return float32 (n, dimension) for the texts, and how many of them were new to the store."""
    keys = [hashlib.sha256(f"{embedder.name}\0{text}".encode()).hexdigest() for text in texts]
    known = store.embeddings(keys, embedder.dimension)
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
    report("embed", 0, len(missing), "")
    # By length, so that a batch holds little padding; saved as it goes, so that an interruption costs little.
    order = sorted(missing, key=lambda key: len(missing[key]))
    for begin in range(0, len(order), EMBED_AT_ONCE):
        part = order[begin : begin + EMBED_AT_ONCE]
        vectors = embedder.embed_passages([missing[key] for key in part])
        store.put_embeddings(part, vectors)
        report("embed", begin + len(part), len(missing), missing[part[-1]][:60])
    known.update(store.embeddings(order, embedder.dimension))
    vectors = np.array([known[key] for key in keys], dtype=np.float32).reshape(len(keys), embedder.dimension)
    return vectors, len(missing)
