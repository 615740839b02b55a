"""A generation: the files that make one state of the documents searchable, rebuilt from the store at will."""

import errno
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.documents import Document, Passage
from index.embedders import Vectors
from index.errors import IndexMismatch, IndexUnavailable
from index.lexical import ANALYZER, Bm25, Scores, TokenRows, four_grams
from index.lexicon import Lexicon, LexiconWriter
from index.manifest import FORMAT, Manifest, seal, sealed_manifest
from index.passages import CHUNKING
from index.terms import terms
from index.vectors import FaissVectors, Mask, Rows, VectorIndex

LEXICON = "lexicon.json"
RELATED = 0.2
"""Weight of what abbreviations stand for, beside 1 for the question's own words: at 0.5 questions lose in
which the abbreviation itself was the best word to look for (docs/evaluation.md, Dutch words)."""


@dataclass(frozen=True, slots=True)
class Generation:
    """An opened generation. Row i of every part is passage i, those of removed documents included.

    Row i of `page_vectors` and `page_grams` is a page; `pages` (n,) is the page of each passage.
    """

    name: str
    manifest: Manifest
    passages: tuple[Passage, ...]
    pages: Rows
    vectors: VectorIndex
    page_vectors: Vectors
    stems: Bm25
    grams: Bm25
    page_grams: Bm25
    lexicon: Lexicon

    def lexical(self, question: str, allowed: Mask | None = None) -> tuple[Scores, Scores, Scores]:
        """Return the scores (n,) of every passage by terms and by 4-grams, and (pages,) of pages by 4-grams.

        Those of passages that are not allowed are 0. Misspelt words count as those of the documents that they
        are near to, abbreviations also as what they stand for, and the other way round.
        """
        asked, related = self.lexicon.spelled(question), self.lexicon.related(question)
        by_terms = self.stems.scores(terms(asked), allowed)
        by_grams = self.grams.scores(four_grams(question), allowed)
        if related:
            by_terms = by_terms + RELATED * self.stems.scores(terms(related), allowed)
            by_grams = by_grams + RELATED * self.grams.scores(four_grams(related), allowed)
        return by_terms, by_grams, self.page_grams.scores(four_grams(question))


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
        self._stems, self._grams, self._page_grams = TokenRows(), TokenRows(), TokenRows()
        self._page_vectors: list[Vectors] = []
        self._lexicon = LexiconWriter()
        self._numbers = {document_id: number for number, document_id in enumerate(manifest.documents)}

    def add(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Add a document of the manifest: its passages and their vectors, float32 (passages, dimension)."""
        number = self._numbers[document.id]
        self._lexicon.add(document.text)
        pages: dict[int, int] = {}
        for passage, vector in zip(passages, vectors, strict=True):
            searched = searchable(passage, document)
            self._stems.add(terms(searched))
            self._grams.add(four_grams(searched))
            page = document.page_at(passage.focus[0])
            if page.number not in pages:
                pages[page.number] = len(self._page_vectors)
                self._page_vectors.append(np.zeros(len(vector), np.float32))
                self._page_grams.add(four_grams(document.text[page.start : page.end]))
            row = pages[page.number]
            self._page_vectors[row] = self._page_vectors[row] + vector
            self._rows.append((number, row, passage.start, passage.end, *passage.focus))
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
        for name, tokens in (
            ("stems", self._stems),
            ("grams", self._grams),
            ("page_grams", self._page_grams),
        ):
            Bm25.build(tokens).save(folder / name)
        self._lexicon.lexicon().save(folder / LEXICON)
        pages = np.array(self._page_vectors, np.float32).reshape(-1, dimension)
        for name, array in (
            ("passages.npy", np.array(self._rows, np.int64).reshape(-1, 6)),
            ("pages.npy", pages / np.linalg.norm(pages, axis=1, keepdims=True)),
        ):
            with (folder / name).open("wb") as file:
                np.save(file, array, allow_pickle=False)
        if self._rows_read_back() != [len(self._rows)] * 4 + [len(pages)] * 2:
            raise OSError(errno.EIO, f"{folder} was not written whole")
        seal(folder, self._manifest)
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
                len(np.load(folder / "pages.npy", allow_pickle=False)),
                len(Bm25.load(folder / "page_grams")),
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
        tuple(_passage(ids[owner], documents.get(ids[owner]), *place) for owner, _, *place in rows),
        np.array([row[1] for row in rows], np.int64),
        vectors,
        np.load(folder / "pages.npy", allow_pickle=False),
        Bm25.load(folder / "stems"),
        Bm25.load(folder / "grams"),
        Bm25.load(folder / "page_grams"),
        Lexicon.load(folder / LEXICON),
    )


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


def _to_disk(folder: Path) -> None:
    """Have everything in `folder`, and its name, on the disk: what points to it is written next."""
    for path in (*folder.rglob("*"), folder, folder.parent):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
