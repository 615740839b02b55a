"""A generation: the files that make one state of the documents searchable, rebuilt from the store at will."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.documents import Document, Passage
from index.embedders import Vectors
from index.errors import IndexMismatch, IndexUnavailable
from index.lexical import ANALYZER, Bm25, Scores, TokenRows, four_grams
from index.lexicon import Lexicon, LexiconWriter
from index.passages import CHUNKING
from index.terms import terms
from index.vectors import FaissVectors, Mask, VectorIndex

FORMAT = 5
LEXICON = "lexicon.json"
RELATED = 0.2
"""Weight of what abbreviations stand for, beside 1 for the question's own words: at 0.5 questions lose in
which the abbreviation itself was the best word to look for (docs/evaluation.md, Dutch words)."""
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What made a generation: `documents` has the hash of each document's file, by id.

    Opening it with anything else is an error.
    """

    embedder: str
    dimension: int
    documents: Mapping[str, str]
    format: int = FORMAT
    analyzer: str = ANALYZER
    chunking: str = CHUNKING


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened generation. Row i of every part is passage i, those of removed documents included."""

    name: str
    manifest: Manifest
    passages: tuple[Passage, ...]
    vectors: VectorIndex
    stems: Bm25
    grams: Bm25
    lexicon: Lexicon

    def lexical(self, question: str, allowed: Mask | None = None) -> tuple[Scores, Scores]:
        """Return the scores (n,) of every passage by terms and by 4-grams; 0 for those not allowed.

        Misspelt words count as those of the documents that they are near to, abbreviations also as what they
        stand for, and the other way round.
        """
        asked, related = self.lexicon.spelled(question), self.lexicon.related(question)
        by_terms = self.stems.scores(terms(asked), allowed)
        by_grams = self.grams.scores(four_grams(question), allowed)
        if related:
            by_terms = by_terms + RELATED * self.stems.scores(terms(related), allowed)
            by_grams = by_grams + RELATED * self.grams.scores(four_grams(related), allowed)
        return by_terms, by_grams


def searchable(passage: Passage, document: Document) -> str:
    """Return what the lexical leg sees of a passage: the headings above it and its text."""
    return "\n".join([*passage.headings, document.text[passage.start : passage.end]])


class GenerationWriter:
    """Writes a generation, document by document, into a folder that must not exist."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._manifest = manifest
        self._rows: list[tuple[int, ...]] = []
        self._vectors = folder / "vectors.raw"  # on the disk, so that memory holds them once and not thrice
        self._stems, self._grams, self._lexicon = TokenRows(), TokenRows(), LexiconWriter()
        self._numbers = {document_id: number for number, document_id in enumerate(manifest.documents)}

    def add(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Add a document of the manifest: its passages and their vectors, float32 (passages, dimension)."""
        number = self._numbers[document.id]
        self._lexicon.add(document.text)
        for passage in passages:
            searched = searchable(passage, document)
            self._stems.add(terms(searched))
            self._grams.add(four_grams(searched))
            self._rows.append((number, passage.start, passage.end, *passage.focus))
        with self._vectors.open("ab") as file:
            file.write(np.ascontiguousarray(vectors, dtype=np.float32).data)

    def write(self) -> None:
        """Write everything, once. When this returns, it is on the disk, whole. Raises OSError."""
        folder, dimension = self._folder, self._manifest.dimension
        vectors = np.empty((0, dimension), np.float32)
        if self._rows:
            vectors = np.memmap(self._vectors, np.float32, "r").reshape(len(self._rows), dimension)
        FaissVectors(vectors).save(folder / "vectors.faiss")
        del vectors
        self._vectors.unlink(missing_ok=True)
        for name, rows in (("stems", self._stems), ("grams", self._grams)):
            Bm25.build(rows).save(folder / name)
        self._lexicon.lexicon().save(folder / LEXICON)
        with (folder / "passages.npy").open("wb") as file:
            np.save(file, np.array(self._rows, np.int64).reshape(-1, 5), allow_pickle=False)
        if self._rows_read_back() != [len(self._rows)] * 4:
            raise OSError(errno.EIO, f"{folder} was not written whole")
        made_by = asdict(self._manifest)
        (folder / MANIFEST).write_text(_manifest_text(made_by, dict(_hashes(folder))), encoding="utf-8")
        _to_disk(folder)

    def _rows_read_back(self) -> list[int]:
        """Return the rows of each part. NumPy leaves short files behind on a full disk without a word."""
        folder = self._folder
        try:
            return [
                len(np.load(folder / "passages.npy", allow_pickle=False)),
                len(FaissVectors.load(folder / "vectors.faiss")),
                len(Bm25.load(folder / "stems")),
                len(Bm25.load(folder / "grams")),
            ]
        except (RuntimeError, ValueError):
            return []


def open_generation(
    folder: Path, documents: Mapping[str, Document], *, embedder: str, dimension: int
) -> Generation:
    """Open a generation for an embedder, with those of its documents that were not removed since.

    Raises IndexUnavailable when a file is missing or altered, IndexMismatch when something else made it.
    """
    manifest = sealed_manifest(folder)
    for what, made, wanted in (
        ("format", manifest.format, FORMAT),
        ("embedder", manifest.embedder, embedder),
        ("dimension", manifest.dimension, dimension),
        ("analyzer", manifest.analyzer, ANALYZER),
        ("chunking", manifest.chunking, CHUNKING),
    ):
        if made != wanted:
            raise IndexMismatch(
                f"The index in {folder} was made with {what} {made!r}, but {wanted!r} is to open it: "
                "set the one that made it, or run `vraagbaak index PATH`."
            )
    if not documents.keys() <= manifest.documents.keys():
        raise IndexUnavailable(
            f"The index in {folder} lacks documents of the store: run `vraagbaak index PATH`."
        )
    ids = list(manifest.documents)
    rows = np.load(folder / "passages.npy", allow_pickle=False).tolist()
    vectors = FaissVectors.load(folder / "vectors.faiss")
    if len(vectors) != len(rows):
        raise IndexUnavailable(f"{folder} is no whole index: run `vraagbaak index PATH`.")
    return Generation(
        folder.name,
        manifest,
        tuple(_passage(ids[owner], documents.get(ids[owner]), *place) for owner, *place in rows),
        vectors,
        Bm25.load(folder / "stems"),
        Bm25.load(folder / "grams"),
        Lexicon.load(folder / LEXICON),
    )


def sealed_manifest(folder: Path) -> Manifest:
    """Return the manifest of a generation of which every file is as it was written.

    Raises IndexUnavailable otherwise. FAISS loads most damaged files without a word (49 of 120 mutations in
    our trial), so hashes decide.
    """
    try:
        written = (folder / MANIFEST).read_text(encoding="utf-8")
        content: dict[str, Any] = json.loads(written)
        made_by, files = content["made_by"], content["files"]
        altered = written != _manifest_text(made_by, files) or dict(_hashes(folder)) != files
        manifest = Manifest(**made_by)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexUnavailable(
            f"{folder} is no whole index ({error}): run `vraagbaak index PATH`."
        ) from error
    if altered:
        raise IndexUnavailable(f"A file of the index in {folder} was altered: run `vraagbaak index PATH`.")
    return manifest


def drop_generations(folder: Path, keep: Sequence[str]) -> None:
    """Delete every generation under `folder` except those to keep."""
    for old in folder.glob("generation-*"):
        if old.name not in keep:
            shutil.rmtree(old)


def _passage(
    document_id: str, document: Document | None, start: int, end: int, focus_start: int, focus_end: int
) -> Passage:
    return Passage(
        f"{document_id}:{focus_start}-{focus_end}",
        document_id,
        start,
        end,
        (focus_start, focus_end),
        document.headings_at(focus_start) if document else (),
    )


def _manifest_text(made_by: Mapping[str, Any], files: Mapping[str, str]) -> str:
    """Return the manifest with a hash of itself, so that no byte of it can change unseen."""
    content: dict[str, Any] = {"made_by": made_by, "files": files}
    seal = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    return json.dumps(content | {"seal": seal}, indent=1, ensure_ascii=False)


def _to_disk(folder: Path) -> None:
    """Have everything in `folder`, and its name, on the disk: what points to it is written next."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _hashes(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != MANIFEST:
            with path.open("rb") as file:
                yield path.relative_to(folder).as_posix(), hashlib.file_digest(file, "sha256").hexdigest()
