"""Building: files in, a new generation out. Nothing of the old one changes until the new one is whole."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.documents import Passage
from index.embedders import Embedder, Vectors
from index.errors import (
    BadConfiguration,
    IndexUnavailable,
    NothingIndexed,
    UnknownDocument,
    UnreadableDocument,
)
from index.generation import Manifest, drop_generations, sealed_manifest, write_generation
from index.passages import passages_of
from index.reading.manifest import About, read_manifest
from index.reading.readers import SUFFIXES, read_document
from index.store import Entry, Store
from index.texts import text

READER = "reader-1"
"""Names the reading; changes whenever the same file would give another text."""
SENTENCE_SHARE = 0.5
"""Share of the sentence's own vector in the vector of a passage; the rest is the mean of its window.

Embedding the windows themselves found no more (page MRR 0.793 against 0.788 on 69 questions) and took four
times as long (docs/evaluation.md)."""

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
    files = _files(paths)
    stored = {entry.origin: entry for entry in store.entries()}
    found = {str(path) for path, _, _ in files}
    gone = {
        origin
        for origin in stored
        if origin not in found and (only or (prune and _under(Path(origin), paths)))
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
            document_id = before.document.id if before else _free_id(name, taken)
            document = read_document(path, id=document_id, file=path.name, about=about)
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


EMBED_AT_ONCE = 64
"""Sentences between two saves."""


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


def _files(paths: Sequence[Path]) -> list[tuple[Path, str, About]]:
    """Return the documents at `paths`: place, name relative to the folder given, and what a manifest says."""
    found: dict[Path, tuple[str, About]] = {}
    for given in paths:
        path = given.expanduser().resolve()
        if not path.exists():
            raise BadConfiguration(f"{given} does not exist.")
        manifest = read_manifest(path if path.is_dir() else path.parent)
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in inside:
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            hidden = any(part.startswith((".", "~$")) for part in Path(name).parts)
            if file.is_file() and (not path.is_dir() or (file.suffix.lower() in SUFFIXES and not hidden)):
                found[file] = (name, manifest.get(name, About()))
    if not found:
        kinds = ", ".join(sorted(SUFFIXES))
        raise BadConfiguration(f"There is no document in {', '.join(map(str, paths))}: looked for {kinds}.")
    return [(path, name, about) for path, (name, about) in found.items()]


def _under(origin: Path, paths: Sequence[Path]) -> bool:
    return any(origin.is_relative_to(path.expanduser().resolve()) for path in paths)


def _free_id(name: str, taken: Collection[str]) -> str:
    """Return an id made of a file's name that no other document has."""
    plain = unicodedata.normalize("NFKD", str(Path(name).with_suffix(""))).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:80] or "document"
    number, free = 1, stem
    while free in taken:
        number += 1
        free = f"{stem}-{number}"
    return free
