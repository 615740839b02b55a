"""A generation is whole and fits what opens it, or it is refused."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.documents import Document, Page
from index.errors import IndexMismatch, IndexUnavailable
from index.generation import RELATED, Generation, GenerationWriter, drop_generations, open_generation
from index.lexical import ANALYZER, four_grams
from index.manifest import FORMAT, Manifest
from index.passages import passages_of
from index.terms import terms
from tests.fakes import HashingEmbedder

EMBEDDER = HashingEmbedder(name="hashing-16", dimension=16)
TEXTS = {
    "haven": "De haven groeit ieder jaar. Er komen meer schepen.\nDe kade wordt langer.",
    "kas": "De kas is groot. Er is geld voor onderzoek.",
}


def document(document_id: str, text: str) -> Document:
    return Document(document_id, document_id, f"{document_id}.txt", text, (Page(1, None, 0, len(text)),))


DOCUMENTS = {document_id: document(document_id, text) for document_id, text in TEXTS.items()}
PASSAGES = [passage for one in DOCUMENTS.values() for passage in passages_of(one)]
MADE_BY = Manifest(EMBEDDER.name, EMBEDDER.dimension, dict.fromkeys(DOCUMENTS, "ab" * 32))
FILES = (
    "grams/data.csc.index.npy",
    "grams/indices.csc.index.npy",
    "grams/indptr.csc.index.npy",
    "grams/params.index.json",
    "grams/vocab.index.json",
    "lexicon.json",
    "manifest.json",
    "page_grams/data.csc.index.npy",
    "page_grams/indices.csc.index.npy",
    "page_grams/indptr.csc.index.npy",
    "page_grams/params.index.json",
    "page_grams/vocab.index.json",
    "pages.npy",
    "passages.npy",
    "stems/data.csc.index.npy",
    "stems/indices.csc.index.npy",
    "stems/indptr.csc.index.npy",
    "stems/params.index.json",
    "stems/vocab.index.json",
    "vectors.faiss",
)


def write(folder: Path, manifest: Manifest = MADE_BY) -> None:
    writer = GenerationWriter(folder, manifest)
    for one in DOCUMENTS.values():
        passages = passages_of(one)
        writer.add(one, passages, EMBEDDER.embed_passages([one.text[slice(*p.focus)] for p in passages]))
    writer.write()


def opened(folder: Path, embedder: str = EMBEDDER.name, dimension: int = EMBEDDER.dimension) -> Generation:
    return open_generation(folder, DOCUMENTS, embedder=embedder, dimension=dimension)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generations") / "generation-000001"
    write(folder)
    return folder


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / whole.name))


def test_rows_are_passages_in_every_part(whole: Path) -> None:
    generation = opened(whole)
    assert generation.name == "generation-000001" and generation.manifest == MADE_BY
    assert generation.passages == tuple(PASSAGES)
    assert len(generation.vectors) == len(generation.stems) == len(generation.grams) == len(PASSAGES) == 5
    for row, passage in enumerate(PASSAGES):
        sentence = TEXTS[passage.document_id][slice(*passage.focus)]
        rows, scores = generation.vectors.search(EMBEDDER.embed_query(sentence), 1)
        assert rows.tolist() == [row] and scores == pytest.approx([1.0])


def test_the_folder_holds_these_files(whole: Path) -> None:
    assert tuple(sorted(p.relative_to(whole).as_posix() for p in whole.rglob("*") if p.is_file())) == FILES


@pytest.mark.parametrize("name", FILES)
def test_any_flipped_byte_is_refused(copy: Path, name: str) -> None:
    path = copy / name
    content = path.read_bytes()
    for at in {0, 1, len(content) // 3, len(content) // 2, len(content) - 2, len(content) - 1}:
        path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
        with pytest.raises((IndexUnavailable, IndexMismatch)):
            opened(copy)
    path.write_bytes(content)
    assert opened(copy).passages == tuple(PASSAGES)


def test_bytes_all_over_the_manifest_count(copy: Path) -> None:
    path = copy / "manifest.json"
    content = path.read_bytes()
    for at in range(0, len(content), 13):
        path.write_bytes(content[:at] + bytes([content[at] ^ 2]) + content[at + 1 :])
        with pytest.raises((IndexUnavailable, IndexMismatch)):
            opened(copy)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_or_cut_file_is_refused(copy: Path, name: str) -> None:
    path = copy / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexUnavailable, match="run `vraagbaak index"):
        opened(copy)
    path.unlink()
    with pytest.raises(IndexUnavailable, match="run `vraagbaak index"):
        opened(copy)


def test_a_file_too_many_is_refused(copy: Path) -> None:
    (copy / "stems" / "nonoccurrence_array.index.npy").write_bytes(b"")
    with pytest.raises(IndexUnavailable, match="was altered"):
        opened(copy)


def test_a_manifest_without_its_parts_is_refused(copy: Path) -> None:
    for content in ("{}", "[]", "null", '{"made_by": {}}', '{"made_by": {"what": 1}, "files": {}}', "\xff"):
        (copy / "manifest.json").write_text(content, encoding="latin-1")
        with pytest.raises(IndexUnavailable, match="no whole index"):
            opened(copy)


def test_another_embedder_is_named_beside_the_one_that_made_it(whole: Path) -> None:
    with pytest.raises(
        IndexMismatch, match=r"embedder 'hashing-16', but 'e5' is to open it.*`vraagbaak index"
    ):
        opened(whole, embedder="e5")
    with pytest.raises(IndexMismatch, match="dimension 16, but 384 is to open it"):
        opened(whole, dimension=384)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        (
            Manifest("hashing-16", 16, MADE_BY.documents, analyzer="dutch-0"),
            rf"analyzer 'dutch-0', but '{ANALYZER[:7]}",
        ),
        (Manifest("hashing-16", 16, MADE_BY.documents, format=99), rf"format 99, but {FORMAT} is"),
    ],
)
def test_what_else_made_it_is_named_too(tmp_path: Path, changed: Manifest, message: str) -> None:
    write(tmp_path / "generation-000001", changed)
    with pytest.raises(IndexMismatch, match=message):
        opened(tmp_path / "generation-000001")


def test_a_document_that_it_lacks_is_told(whole: Path) -> None:
    documents = DOCUMENTS | {"x": document("x", "Nog een.")}
    with pytest.raises(IndexUnavailable, match="lacks documents"):
        open_generation(whole, documents, embedder="hashing-16", dimension=16)


def test_a_document_that_was_removed_leaves_its_rows_and_no_text(whole: Path) -> None:
    left = {"haven": DOCUMENTS["haven"]}
    generation = open_generation(whole, left, embedder="hashing-16", dimension=16)
    assert [passage.document_id for passage in generation.passages] == ["haven"] * 3 + ["kas"] * 2


def test_a_generation_without_a_passage_opens(tmp_path: Path) -> None:
    manifest = Manifest("hashing-16", 16, {"leeg": "ab"})
    empty = {"leeg": document("leeg", "")}
    writer = GenerationWriter(tmp_path / "g", manifest)
    writer.add(empty["leeg"], (), np.empty((0, 16), np.float32))
    writer.write()
    generation = open_generation(tmp_path / "g", empty, embedder="hashing-16", dimension=16)
    assert generation.passages == () and len(generation.vectors) == len(generation.stems) == 0


def test_all_of_it_is_on_the_disk_when_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: set[Path] = set()
    monkeypatch.setattr(
        os, "fsync", lambda descriptor: synced.add(Path(f"/proc/self/fd/{descriptor}").readlink())
    )
    folder = tmp_path / "generation-000001"
    write(folder)
    assert synced >= {
        tmp_path,
        folder,
        folder / "stems",
        folder / "grams",
        *(folder / name for name in FILES),
    }


def test_a_folder_that_exists_is_not_written_into(whole: Path) -> None:
    with pytest.raises(FileExistsError):
        write(whole)
    assert json.loads((whole / "manifest.json").read_text(encoding="utf-8"))["made_by"]["dimension"] == 16


def test_old_generations_are_dropped_and_nothing_else(tmp_path: Path) -> None:
    for name in ("generation-000001", "generation-000002", "generation-000003", "files"):
        (tmp_path / name / "stems").mkdir(parents=True)
    drop_generations(tmp_path, keep=["generation-000002"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["files", "generation-000002"]


ASKED = document(
    "asked", "Het Centraal Planbureau (CPB) rekent.\nDe kas heft niets.\nHet laagspanningsnet is vol."
)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    folder = tmp_path_factory.mktemp("asked") / "generation-000001"
    writer = GenerationWriter(folder, Manifest(EMBEDDER.name, EMBEDDER.dimension, {"asked": "ab" * 32}))
    passages = passages_of(ASKED)
    writer.add(ASKED, passages, EMBEDDER.embed_passages([ASKED.text] * len(passages)))
    writer.write()
    return open_generation(folder, {"asked": ASKED}, embedder=EMBEDDER.name, dimension=EMBEDDER.dimension)


def test_a_misspelt_word_finds_by_terms_what_the_right_one_does(asked: Generation) -> None:
    by_terms, _, _ = asked.lexical("laagspanigsnet")
    assert by_terms.tolist() == asked.stems.scores(["laagspanningsnet"]).tolist()
    assert by_terms.max() > 0


def test_an_abbreviation_counts_as_its_long_form_at_a_small_weight(asked: Generation) -> None:
    by_terms, by_grams, _ = asked.lexical("wat doet het CPB")
    long = "Centraal Planbureau"
    expected = asked.stems.scores(["doet", "cpb"]) + RELATED * asked.stems.scores(terms(long))
    assert by_terms.tolist() == expected.tolist()
    expected = asked.grams.scores(four_grams("doet cpb")) + RELATED * asked.grams.scores(four_grams(long))
    assert by_grams.tolist() == expected.tolist()


def test_what_is_not_allowed_scores_nothing_by_words(asked: Generation) -> None:
    everywhere = asked.lexical("het CPB rekent op de kas")
    allowed = np.arange(len(asked.passages)) > 0
    limited = asked.lexical("het CPB rekent op de kas", allowed)
    for all_scores, scores in zip(everywhere[:2], limited[:2], strict=True):
        assert all_scores[0] > 0
        assert scores.tolist() == np.where(allowed, all_scores, 0).tolist()
