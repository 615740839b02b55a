"""Updates of an index: what changes, what it costs, and what survives a failure."""

import errno
import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from index.build import Summary, remove
from index.build import update as build_update
from index.documents import Passage
from index.errors import (
    BadConfiguration,
    IndexUnavailable,
    NothingIndexed,
    StorageFailed,
    UnknownDocument,
)
from index.index import Index
from index.ingest import EMBED_AT_ONCE
from index.sandbox import Sandbox
from index.store import Store
from index.windows import with_windows
from tests.fakes import HashingEmbedder
from tests.reading import update

CORPUS = Path(__file__).parent.parent / "corpus"
HAVEN = "De haven groeit ieder jaar. Er komen meer schepen uit Azië.\n\nDe kade wordt langer."
KAS = "De kas is bijna leeg. Er is geen geld voor onderzoek.\n"
QUERIES = ("Hoe snel groeit de haven?", "schepen", "geld voor onderzoek", "kade", "iets heel anders")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    given = tmp_path / "given"
    given.mkdir()
    (given / "haven.txt").write_text(HAVEN, encoding="utf-8")
    (given / "kas.txt").write_text(KAS, encoding="utf-8")
    return given


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def store(data: Path) -> Iterator[Store]:
    with closing(Store(data, create=True)) as opened:
        yield opened


def results(data: Path) -> list[tuple[str, str, float, float]]:
    """Everything a search gives, for all queries."""
    index = Index.open(data, HashingEmbedder())
    return [
        (hit.passage.id, hit.text, hit.score, hit.similarity)
        for query in QUERIES
        for hit in index.search(query, 50, per_page=False)
    ]


def fresh(tmp_path: Path, folder: Path) -> list[tuple[str, str, float, float]]:
    """What an index made from nothing gives."""
    place = tmp_path / "fresh"
    shutil.rmtree(place, ignore_errors=True)
    with closing(Store(place, create=True)) as store:
        update(store, [folder], HashingEmbedder())
    return results(place)


def test_the_first_update_adds_everything(store: Store, folder: Path, data: Path) -> None:
    embedder = HashingEmbedder()
    summary = update(store, [folder], embedder)
    assert summary == Summary(
        added=("haven.txt", "kas.txt"),
        changed=(),
        unchanged=(),
        removed=(),
        moved={},
        copies={},
        refused={},
        notices={},
        embedded=5,
        generation="generation-000001",
    )
    assert sorted(embedder.embedded) == sorted(
        [
            "De haven groeit ieder jaar.",
            "Er komen meer schepen uit Azië.",
            "De kade wordt langer.",
            "De kas is bijna leeg.",
            "Er is geen geld voor onderzoek.",
        ]
    )
    index = Index.open(data, embedder)
    assert [document.id for document in index.documents] == ["haven", "kas"]
    assert index.file("kas").read_text(encoding="utf-8") == KAS


def test_what_did_not_change_is_not_embedded_again(store: Store, folder: Path, data: Path) -> None:
    update(store, [folder], HashingEmbedder())
    before = results(data)
    again = HashingEmbedder()
    summary = update(store, [folder], again)
    assert summary.unchanged == ("haven.txt", "kas.txt") and not summary.added and not summary.changed
    assert again.embedded == [] and summary.embedded == 0
    assert results(data) == before


def test_of_a_changed_file_only_new_sentences_are_embedded(
    store: Store, folder: Path, data: Path, tmp_path: Path
) -> None:
    update(store, [folder], HashingEmbedder())
    (folder / "haven.txt").write_text(HAVEN.replace("langer", "breder"), encoding="utf-8")
    again = HashingEmbedder()
    summary = update(store, [folder], again)
    assert (summary.added, summary.changed, summary.unchanged) == ((), ("haven.txt",), ("kas.txt",))
    assert again.embedded == ["De kade wordt breder."] and summary.embedded == 1
    assert Index.open(data, again).document("haven").text.endswith("breder.")
    assert results(data) == fresh(tmp_path, folder)


def test_an_added_file_joins_the_others(store: Store, folder: Path, data: Path, tmp_path: Path) -> None:
    update(store, [folder], HashingEmbedder())
    (folder / "brug.txt").write_text("De brug gaat vaak open. De kade wordt langer.", encoding="utf-8")
    again = HashingEmbedder()
    summary = update(store, [folder], again)
    assert summary.added == ("brug.txt",) and len(summary.unchanged) == 2
    assert again.embedded == ["De brug gaat vaak open."]
    assert results(data) == fresh(tmp_path, folder)


def test_a_file_that_is_gone_goes_only_when_asked(
    store: Store, folder: Path, data: Path, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("De toren is hoog.", encoding="utf-8")
    update(store, [folder, elsewhere], HashingEmbedder())
    (folder / "kas.txt").unlink()
    elsewhere.unlink()
    assert update(store, [folder], HashingEmbedder()).removed == ()
    assert len(Index.open(data, HashingEmbedder()).documents) == 3
    summary = update(store, [folder], HashingEmbedder(), prune=True)
    assert summary.removed == ("kas.txt",) and summary.unchanged == ("haven.txt",)
    # What is not under the given paths is nobody's business.
    assert [document.id for document in Index.open(data, HashingEmbedder()).documents] == [
        "elsewhere",
        "haven",
    ]


def test_only_leaves_nothing_else(store: Store, folder: Path, data: Path, tmp_path: Path) -> None:
    update(store, [folder], HashingEmbedder())
    summary = update(store, [folder / "haven.txt"], HashingEmbedder(), only=True)
    assert summary.removed == ("kas.txt",) and summary.embedded == 0
    (folder / "kas.txt").unlink()
    assert results(data) == fresh(tmp_path, folder)
    assert len(list((data / "files").iterdir())) == 1


def test_rebuild_reads_everything_and_embeds_nothing(store: Store, folder: Path, data: Path) -> None:
    update(store, [folder], HashingEmbedder())
    before = results(data)
    again = HashingEmbedder()
    summary = update(store, [folder], again, rebuild=True)
    assert summary.unchanged == ("haven.txt", "kas.txt") and again.embedded == []
    assert summary.generation == "generation-000002"
    assert results(data) == before


def test_another_embedder_embeds_everything(store: Store, folder: Path, data: Path) -> None:
    update(store, [folder], HashingEmbedder())
    other = HashingEmbedder(name="hashing-64", dimension=64)
    assert update(store, [folder], other).embedded == 5
    assert Index.open(data, other).search("haven")


def test_a_refused_file_keeps_its_old_version(store: Store, folder: Path, data: Path) -> None:
    update(store, [folder], HashingEmbedder())
    before = results(data)
    (folder / "haven.txt").write_bytes(b"")
    (folder / "nieuw.pdf").write_bytes(b"%PDF-1.4 broken")
    summary = update(store, [folder], HashingEmbedder())
    assert summary.refused == {"haven.txt": "leeg bestand", "nieuw.pdf": "beschadigd of onvolledig"}
    assert summary.unchanged == ("kas.txt",) and not summary.added + summary.changed + summary.removed
    assert results(data) == before
    assert Index.open(data, HashingEmbedder()).file("haven").read_text(encoding="utf-8") == HAVEN


def test_when_every_file_is_refused_nothing_is_made(store: Store, folder: Path, data: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"")
    with pytest.raises(NothingIndexed, match="leeg bestand") as caught:
        update(store, [folder], HashingEmbedder())
    assert set(caught.value.refused) == {"haven.txt", "kas.txt"}
    assert store.generation is None


def test_paths_without_documents_are_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="does not exist"):
        update(store, [tmp_path / "none"], HashingEmbedder())
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadConfiguration, match=r"no document.*\.pdf"):
        update(store, [tmp_path / "empty"], HashingEmbedder())


def many(folder: Path) -> int:
    """Write enough sentences for several rounds of embedding and return how many there are."""
    sentences = [f"Bedrijf nummer {number} staat in deze lijst van bedrijven." for number in range(150)]
    (folder / "lijst.txt").write_text("\n\n".join(sentences), encoding="utf-8")
    return len(sentences)


def test_an_interrupted_update_leaves_the_old_index_and_loses_no_work(
    store: Store, folder: Path, data: Path, tmp_path: Path
) -> None:
    update(store, [folder], HashingEmbedder())
    before = results(data)
    count = many(folder)
    failing = HashingEmbedder(patience=100)
    with pytest.raises(InterruptedError):
        update(store, [folder], failing)
    assert len(failing.embedded) == EMBED_AT_ONCE
    assert results(data) == before and store.generation == "generation-000001"
    again = HashingEmbedder()
    assert update(store, [folder], again).embedded == count - EMBED_AT_ONCE
    assert not set(again.embedded) & set(failing.embedded)
    assert results(data) == fresh(tmp_path, folder)


def test_a_half_written_generation_is_in_nobodys_way(store: Store, folder: Path, data: Path) -> None:
    update(store, [folder], HashingEmbedder())
    (data / "generation-000002" / "stems").mkdir(parents=True)
    (data / "generation-000002" / "manifest.json").write_text("{", encoding="utf-8")
    assert results(data)
    assert update(store, [folder], HashingEmbedder(), rebuild=True).generation == "generation-000002"
    assert results(data)


def test_only_the_current_generation_and_the_one_before_are_kept(
    store: Store, folder: Path, data: Path
) -> None:
    for _ in range(4):
        update(store, [folder], HashingEmbedder(), rebuild=True)
    assert sorted(path.name for path in data.glob("generation-*")) == [
        "generation-000003",
        "generation-000004",
    ]


def test_who_has_the_old_index_open_goes_on_searching(store: Store, folder: Path, data: Path) -> None:
    update(store, [folder], HashingEmbedder())
    index = Index.open(data, HashingEmbedder())
    before = index.search("haven")
    for number in range(2):
        (folder / "haven.txt").write_text(f"Iets anders nu, voor keer {number}.", encoding="utf-8")
        update(store, [folder], HashingEmbedder())
    assert index.search("haven") == before


def test_files_of_one_name_in_two_folders_are_two_documents(store: Store, folder: Path, data: Path) -> None:
    for name, text in (("noord", "In het noorden waait het."), ("zuid", "In het zuiden schijnt de zon.")):
        (folder / name).mkdir()
        (folder / name / "weer.txt").write_text(text, encoding="utf-8")
    summary = update(store, [folder], HashingEmbedder())
    assert len(summary.added) == 4
    index = Index.open(data, HashingEmbedder())
    assert {document.id: document.text.strip() for document in index.documents if "weer" in document.id} == {
        "noord-weer": "In het noorden waait het.",
        "zuid-weer": "In het zuiden schijnt de zon.",
    }
    # The same two, given one by one: their names alone would collide.
    again = update(store, [folder / "noord" / "weer.txt", folder / "zuid" / "weer.txt"], HashingEmbedder())
    assert not again.added and len(again.unchanged) == 2


def test_two_files_of_one_name_given_one_by_one_get_ids_of_their_own(
    store: Store, folder: Path, data: Path
) -> None:
    for name in ("noord", "zuid"):
        (folder / name).mkdir()
        (folder / name / "weer.txt").write_text(f"In het {name}en waait het.", encoding="utf-8")
    update(store, [folder / "noord" / "weer.txt", folder / "zuid" / "weer.txt"], HashingEmbedder())
    ids = [document.id for document in Index.open(data, HashingEmbedder()).documents]
    assert ids == ["weer", "weer-2"]


def test_a_copy_is_another_name_of_the_document(store: Store, folder: Path, data: Path) -> None:
    shutil.copy(folder / "kas.txt", folder / "kopie.txt")
    embedder = HashingEmbedder()
    summary = update(store, [folder], embedder)
    assert summary.added == ("haven.txt", "kas.txt") and summary.copies == {"kopie.txt": "kas.txt"}
    assert len(Index.open(data, embedder).documents) == 2
    (folder / "kas.txt").unlink()
    assert update(store, [folder], embedder, prune=True).removed == ()
    assert Index.open(data, embedder).document("kas").file == "kopie.txt"


def test_moving_and_renaming_cost_a_hash(store: Store, folder: Path, data: Path) -> None:
    update(store, [folder], HashingEmbedder())
    before = results(data)
    (folder / "oud").mkdir()
    (folder / "kas.txt").rename(folder / "oud" / "kassa.txt")
    again = HashingEmbedder()
    summary = update(store, [folder], again)
    assert summary.moved == {"oud/kassa.txt": "kas.txt"} and again.embedded == []
    assert not summary.added and not summary.removed
    assert results(data) == before and Index.open(data, again).document("kas").file == "kassa.txt"


def test_a_refused_file_is_set_aside_until_it_changes(store: Store, folder: Path, data: Path) -> None:
    bad = folder / "nieuw.pdf"
    bad.write_bytes(b"%PDF-1.4 broken")
    first = update(store, [folder], HashingEmbedder())
    assert [(one.file, one.reason) for one in store.refusals()] == [("nieuw.pdf", "beschadigd of onvolledig")]
    assert bad.read_bytes() in [path.read_bytes() for path in (data / "files").iterdir()]
    with Sandbox() as unused:
        again = build_update(store, [folder], HashingEmbedder(), unused)
        assert again.refused == first.refused and unused.child is None
    bad.write_bytes((CORPUS / "herstel-2020.pdf").read_bytes())
    assert update(store, [folder], HashingEmbedder()).added == ("nieuw.pdf",) and store.refusals() == ()


def test_a_refused_file_that_is_gone_is_forgotten(store: Store, folder: Path) -> None:
    (folder / "nieuw.pdf").write_bytes(b"%PDF-1.4 broken")
    update(store, [folder], HashingEmbedder())
    (folder / "nieuw.pdf").unlink()
    update(store, [folder], HashingEmbedder())
    assert len(store.refusals()) == 1
    update(store, [folder], HashingEmbedder(), prune=True)
    assert store.refusals() == ()


def test_what_another_embedder_needs_is_embedded_also_where_nobody_looked(
    store: Store, folder: Path, data: Path
) -> None:
    update(store, [folder], HashingEmbedder())
    other = HashingEmbedder(name="hashing-64", dimension=64)
    assert update(store, [folder / "kas.txt"], other).embedded == 5
    assert len(Index.open(data, other).documents) == 2


def test_removing_a_document(store: Store, folder: Path, data: Path, tmp_path: Path) -> None:
    update(store, [folder], HashingEmbedder())
    embedder = HashingEmbedder()
    assert remove(store, "kas", embedder) == "generation-000002" and embedder.embedded == []
    (folder / "kas.txt").unlink()
    assert results(data) == fresh(tmp_path, folder)
    with pytest.raises(UnknownDocument, match="'kas'"):
        remove(store, "kas", embedder)


def test_a_removed_document_is_gone_at_once_and_leaves_nothing(
    store: Store, folder: Path, data: Path
) -> None:
    (folder / "geheim.txt").write_text(
        "Het codewoord is kwikstaart. Niemand mag dat weten.", encoding="utf-8"
    )
    update(store, [folder], HashingEmbedder())
    (folder / "kas.txt").write_text("De kas is vol.", encoding="utf-8")
    update(store, [folder], HashingEmbedder())
    index = Index.open(data, HashingEmbedder())
    assert index.search("kwikstaart")[0].document.id == "geheim"
    assert b"kwikstaart" in everything(data)
    remove(store, "geheim", HashingEmbedder())
    assert b"kwikstaart" not in everything(data) and b"codewoord" not in everything(data)
    # Who had the index open before finds it no more either.
    assert all(hit.document.id != "geheim" for hit in index.search("kwikstaart codewoord", 50))
    for look in (index.document, index.file):
        with pytest.raises(UnknownDocument, match="«geheim»"):
            look("geheim")
    assert index.search("haven")


def everything(data: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file())


def test_progress_is_told(store: Store, folder: Path) -> None:
    many(folder)
    steps: list[tuple[str, int, int]] = []
    update(store, [folder], HashingEmbedder(), report=lambda *step: steps.append(step[:3]))
    assert [step for step in steps if step[0] == "read"] == [("read", number, 3) for number in range(4)]
    assert [step[1] for step in steps if step[0] == "embed"] == [64, 128, 155, 155]
    assert {step[2] for step in steps if step[0] == "embed"} == {155}
    assert [step for step in steps if step[0] == "write"] == [("write", number, 3) for number in range(4)]


def test_a_passage_is_its_sentence_and_the_direction_of_its_window() -> None:
    """Half of the sentence itself, half of the window's mean at unit length: 1/sqrt(2) = 0.7071."""
    passages = [
        Passage("a:0-4", "a", 0, 9, (0, 4)),
        Passage("a:5-9", "a", 0, 9, (5, 9)),
        Passage("b:0-4", "b", 0, 4, (0, 4)),
    ]
    mixed = with_windows(np.eye(3, dtype=np.float32), passages)
    half = 0.5 * 0.7071
    expected = [[0.5 + half, half, 0], [half, 0.5 + half, 0], [0, 0, 1]]
    assert mixed == pytest.approx(np.array(expected), abs=1e-4)


def test_an_update_that_changes_nothing_leaves_the_generation_unless_it_is_damaged(
    store: Store, folder: Path, data: Path
) -> None:
    first = update(store, [folder], HashingEmbedder()).generation
    assert update(store, [folder], HashingEmbedder()).generation == first
    (data / first / "vectors.faiss").write_bytes(b"damaged")
    assert update(store, [folder], HashingEmbedder()).generation != first
    assert results(data)


def test_when_a_file_of_the_index_is_altered_the_one_before_answers_with_an_alarm(
    store: Store, folder: Path, data: Path, tmp_path: Path
) -> None:
    update(store, [folder], HashingEmbedder())
    before = results(data)
    (folder / "haven.txt").write_text("Iets heel anders.", encoding="utf-8")
    second = update(store, [folder], HashingEmbedder()).generation
    vectors = data / second / "vectors.faiss"
    whole = vectors.read_bytes()
    vectors.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    index = Index.open(data, HashingEmbedder())
    assert index.alarm and "was altered" in index.alarm and "generation-000001" in index.alarm
    assert (index.generation, index.current) == ("generation-000001", second)
    assert index.document("haven").text.startswith("De haven") and index.file("haven").is_file()
    assert results(data) == before
    assert update(store, [folder], HashingEmbedder()).generation == "generation-000003"
    assert Index.open(data, HashingEmbedder()).alarm is None and results(data) == fresh(tmp_path, folder)


def test_without_one_before_an_altered_index_is_no_index(store: Store, folder: Path, data: Path) -> None:
    first = update(store, [folder], HashingEmbedder()).generation
    (data / first / "passages.npy").unlink()
    with pytest.raises(IndexUnavailable, match="run `vraagbaak index"):
        Index.open(data, HashingEmbedder())


def test_the_last_document_can_be_removed(store: Store, folder: Path, data: Path) -> None:
    update(store, [folder / "kas.txt"], HashingEmbedder())
    remove(store, "kas", HashingEmbedder())
    index = Index.open(data, HashingEmbedder())
    assert index.documents == () and index.search("geld") == ()


def test_a_folder_that_cannot_be_listed_is_not_taken_for_empty(
    store: Store, folder: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update(store, [folder], HashingEmbedder())
    scan = os.scandir

    def away(place: str) -> object:
        if Path(place).name == "sub":
            raise OSError(errno.EIO, "Input/output error", place)
        return scan(place)

    (folder / "sub").mkdir()
    monkeypatch.setattr(os, "scandir", away)
    with pytest.raises(BadConfiguration, match=r"sub cannot be listed .*nothing was changed"):
        update(store, [folder], HashingEmbedder(), prune=True)
    assert len(store.entries()) == 2


def test_a_full_disk_is_told_and_loses_nothing(
    store: Store, folder: Path, data: Path, tmp_path: Path
) -> None:
    """No file may grow beyond a few kilobytes while the update runs, as on a full disk."""
    update(store, [folder], HashingEmbedder())
    before = results(data)
    many(folder)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with pytest.raises(StorageFailed, match="Make room"):
            update(store, [folder], HashingEmbedder())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert results(data) == before
    update(store, [folder], HashingEmbedder())
    assert results(data) == fresh(tmp_path, folder)


NAMES = {
    "regel\neinde.txt": ("regel-einde", "regel einde.txt"),
    "\u202etxt.exe.txt": ("txt-exe", "txt.exe.txt"),
    "<img src=x onerror=alert(1)>.txt": ("img-src-x-onerror-alert-1", "<img src=x onerror=alert(1)>.txt"),
    "map\\..\\x.txt": ("map-x", "map\\..\\x.txt"),
    os.fsdecode(b"caf\xe9.txt"): ("caf", "caf.txt"),
    "CON.txt": ("con", "CON.txt"),
    f"{'lang' * 60}.txt": ("lang" * 20, f"{'lang' * 60}.txt"),
    "’t Vée & zo.txt": ("t-vee-zo", "’t Vée & zo.txt"),
    "\u65e5\u672c.txt": ("document", "\u65e5\u672c.txt"),
}


@pytest.mark.parametrize("name", NAMES)
def test_strange_names_are_only_names(store: Store, folder: Path, data: Path, name: str) -> None:
    """Row 24 of the bad inputs: no part of a name reaches the disk, and none can break a line."""
    document_id, shown = NAMES[name]
    (folder / name).write_text("De molen draait in de wind.", encoding="utf-8")
    summary = update(store, [folder], HashingEmbedder())
    assert shown in summary.added
    index = Index.open(data, HashingEmbedder())
    assert index.document(document_id).file == shown
    assert index.file(document_id).parent == data / "files"
    assert index.search("molen wind")[0].document.id == document_id


def test_another_text_under_a_known_name_is_a_new_version(store: Store, folder: Path, data: Path) -> None:
    """Row 23: the same file twice, under another name, and another file under the same name."""
    update(store, [folder], HashingEmbedder())
    shutil.copy(folder / "kas.txt", folder / "kas (1).txt")
    (folder / "haven.txt").write_text("De haven is dicht.", encoding="utf-8")
    summary = update(store, [folder], HashingEmbedder())
    assert summary.copies == {"kas (1).txt": "kas.txt"} and summary.changed == ("haven.txt",)
    documents = Index.open(data, HashingEmbedder()).documents
    assert {document.id: document.text.strip() for document in documents} == {
        "haven": "De haven is dicht.",
        "kas": KAS.strip(),
    }
