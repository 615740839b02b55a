"""The plan of an update: which files are which documents, whatever happened to the files."""

from collections.abc import Sequence

from index.plan import Found, Plan, plan_update
from index.reading.manifest import About
from index.store import Entry


def found(origin: str, sha256: str, about: About | None = None, reader: str = "r") -> Found:
    return Found(origin, origin.removeprefix("/m/"), about or About(), sha256, reader)


def entry(document_id: str, sha256: str, *origins: str) -> Entry:
    return Entry(document_id, origins, origins[0].rpartition("/")[2], About(), sha256, "r")


def of(made: Plan) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.id, one.sha256, one.origins) for one in made.entries]


def plans(files: Sequence[Found], stored: Sequence[Entry] = (), gone: str = "", missing: str = "") -> Plan:
    return plan_update(files, stored, gone.split(), missing.split())


def test_new_files_are_new_documents() -> None:
    made = plans([found("/m/b.pdf", "2"), found("/m/sub/a.pdf", "1")])
    assert of(made) == [("b", "2", ("/m/b.pdf",)), ("sub-a", "1", ("/m/sub/a.pdf",))]
    assert made.added == ("b.pdf", "sub/a.pdf") and made.entries[1].file == "a.pdf"


def test_nothing_changes_when_nothing_changed() -> None:
    stored = [entry("a", "1", "/m/a.pdf"), entry("x", "9", "/elders/x.pdf")]
    made = plans([found("/m/a.pdf", "1")], stored)
    assert made.entries == tuple(stored) and made.unchanged == ("a.pdf",)
    assert not (made.added or made.changed or made.moved or made.copies or made.removed)


def test_new_bytes_in_the_same_place_are_a_new_version() -> None:
    made = plans([found("/m/a.pdf", "2")], [entry("a", "1", "/m/a.pdf")])
    assert of(made) == [("a", "2", ("/m/a.pdf",))] and made.changed == ("a.pdf",)


def test_another_manifest_or_reader_changes_a_document() -> None:
    stored = [entry("a", "1", "/m/a.pdf")]
    assert plans([found("/m/a.pdf", "1", About(title="Nieuw"))], stored).changed == ("a.pdf",)
    assert plans([found("/m/a.pdf", "1", reader="s")], stored).changed == ("a.pdf",)


def test_a_file_that_moved_keeps_its_id() -> None:
    made = plans([found("/m/nieuw.pdf", "1")], [entry("a", "1", "/m/a.pdf")], missing="/m/a.pdf")
    assert of(made) == [("a", "1", ("/m/nieuw.pdf",))] and made.entries[0].file == "nieuw.pdf"
    assert made.moved == {"nieuw.pdf": "a.pdf"} and not made.added and not made.removed


def test_a_file_that_moved_is_not_removed_when_what_is_gone_is_removed() -> None:
    made = plans(
        [found("/m/nieuw.pdf", "1")], [entry("a", "1", "/m/a.pdf")], gone="/m/a.pdf", missing="/m/a.pdf"
    )
    assert [one.file for one in made.entries] == ["nieuw.pdf"] and not made.removed


def test_the_same_bytes_twice_are_one_document_with_two_names() -> None:
    made = plans([found("/m/a.pdf", "1"), found("/m/kopie.pdf", "1")])
    assert of(made) == [("a", "1", ("/m/a.pdf", "/m/kopie.pdf"))]
    assert made.added == ("a.pdf",) and made.copies == {"kopie.pdf": "a.pdf"}
    again = plans([found("/m/a.pdf", "1"), found("/m/kopie.pdf", "1")], made.entries)
    assert again.entries == made.entries and again.unchanged == ("a.pdf", "kopie.pdf") and not again.copies


def test_a_copy_that_changes_becomes_a_document_of_its_own() -> None:
    stored = [entry("a", "1", "/m/a.pdf", "/m/kopie.pdf")]
    made = plans([found("/m/a.pdf", "1"), found("/m/kopie.pdf", "2")], stored)
    assert of(made) == [("a", "1", ("/m/a.pdf",)), ("kopie", "2", ("/m/kopie.pdf",))]
    first = plans([found("/m/a.pdf", "2"), found("/m/kopie.pdf", "1")], stored)
    assert of(first) == [("a", "2", ("/m/a.pdf",)), ("kopie", "1", ("/m/kopie.pdf",))]


def test_a_copy_takes_over_when_the_first_is_removed() -> None:
    stored = [entry("a", "1", "/m/a.pdf", "/m/kopie.pdf")]
    made = plans([found("/m/kopie.pdf", "1")], stored, gone="/m/a.pdf", missing="/m/a.pdf")
    assert of(made) == [("a", "1", ("/m/kopie.pdf",))] and not made.removed


def test_two_documents_that_become_the_same_are_one() -> None:
    stored = [entry("a", "1", "/m/a.pdf"), entry("b", "2", "/m/b.pdf")]
    made = plans([found("/m/a.pdf", "1"), found("/m/b.pdf", "1")], stored)
    assert of(made) == [("a", "1", ("/m/a.pdf", "/m/b.pdf"))]
    assert [one.id for one in made.removed] == ["b"]


def test_two_files_that_change_places_change_places() -> None:
    stored = [entry("a", "1", "/m/a.pdf"), entry("b", "2", "/m/b.pdf")]
    made = plans([found("/m/a.pdf", "2"), found("/m/b.pdf", "1")], stored)
    assert of(made) == [("a", "2", ("/m/a.pdf",)), ("b", "1", ("/m/b.pdf",))]


def test_what_is_missing_stays_until_it_is_removed() -> None:
    stored = [entry("a", "1", "/m/a.pdf"), entry("b", "2", "/m/b.pdf")]
    kept = plans([found("/m/b.pdf", "2")], stored, missing="/m/a.pdf")
    assert [one.id for one in kept.entries] == ["a", "b"]
    pruned = plans([found("/m/b.pdf", "2")], stored, gone="/m/a.pdf", missing="/m/a.pdf")
    assert [one.id for one in pruned.entries] == ["b"] and [one.id for one in pruned.removed] == ["a"]


def test_ids_are_never_given_twice() -> None:
    stored = [entry("a", "1", "/elders/a.pdf")]
    made = plans([found("/m/a.pdf", "2"), found("/m/A.txt", "3")], stored)
    assert [one.id for one in made.entries] == ["a", "a-2", "a-3"]
