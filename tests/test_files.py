"""Which files are documents, what they are called, and how a folder is followed."""

from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import sleep

import pytest

from index.errors import BadConfiguration
from index.files import changes, find_files, free_id, lies_under, origin_of
from index.reading.manifest import About

EVERY = 0.15


def names(*paths: Path) -> list[str]:
    return [name for _, name, _ in find_files(paths)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "papers"
    (made / "2023").mkdir(parents=True)
    for name in (
        "b.pdf",
        "2023/a.html",
        "2023/A.DOCX",
        ".hidden.txt",
        "~$a.docx",
        "picture.png",
        "2023/x.md",
    ):
        (made / name).write_text("x")
    (made / ".git").mkdir()
    (made / ".git" / "c.txt").write_text("x")
    return made


def test_documents_are_found_by_their_ending_and_hidden_ones_are_not(folder: Path) -> None:
    assert names(folder) == ["2023/A.DOCX", "2023/a.html", "2023/x.md", "b.pdf"]


def test_a_file_that_is_named_is_taken_whatever_it_is_called(folder: Path) -> None:
    assert names(folder / "picture.png", folder / "b.pdf") == ["picture.png", "b.pdf"]


def test_a_folder_that_links_to_itself_ends(folder: Path) -> None:
    (folder / "2023" / "round").symlink_to(folder)
    assert len(names(folder)) == 4


def test_a_manifest_goes_by_the_name_relative_to_its_folder(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"documents": [{"file": "2023/a.html", "title": "A"}]}')
    about = {name: what for _, name, what in find_files([folder])}
    assert about["2023/a.html"] == About(title="A") and about["b.pdf"] == About()


def test_what_is_not_there_is_told(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="does not exist"):
        find_files([tmp_path / "none"])
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadConfiguration, match=r"no document .*\.pdf"):
        find_files([tmp_path / "empty"])


def test_ids_are_made_of_names_and_never_taken_twice() -> None:
    assert free_id("Jaarplan 2023 (def).pdf", ()) == "jaarplan-2023-def"
    assert free_id("a.pdf", {"a", "a-2"}) == "a-3"


def test_a_file_lies_under_its_folder_and_itself(folder: Path) -> None:
    assert lies_under(folder / "2023" / "a.html", [folder])
    assert lies_under(folder / "b.pdf", [folder / "b.pdf"])
    assert not lies_under(folder / "b.pdf", [folder / "2023"])


def test_a_name_that_is_no_utf_8_is_kept_as_text() -> None:
    assert origin_of(Path("caf\udce9.txt")) == "caf\\udce9.txt"


@pytest.fixture
def told(folder: Path) -> Iterator["Queue[None]"]:
    """What `changes` yields, from a thread; the folder is looked at until the test ends."""
    queue: Queue[None] = Queue()
    ended: list[bool] = []

    def follow() -> None:
        for _ in changes([folder], EVERY):
            if ended:
                return
            queue.put(None)

    thread = Thread(target=follow)
    thread.start()
    sleep(EVERY / 3)  # it has looked once
    yield queue
    ended.append(True)
    (folder / "end.txt").write_text("x")
    thread.join(10)
    assert not thread.is_alive()


def test_a_change_is_told_once(folder: Path, told: "Queue[None]") -> None:
    for change in (
        lambda: (folder / "new.txt").write_text("new"),
        lambda: (folder / "new.txt").write_text("newer"),
        lambda: (folder / "new.txt").rename(folder / "2023" / "moved.txt"),
        lambda: (folder / "b.pdf").unlink(),
    ):
        change()
        told.get(timeout=10)
    with pytest.raises(Empty):
        told.get(timeout=4 * EVERY)


def test_a_file_that_still_grows_is_waited_for(folder: Path, told: "Queue[None]") -> None:
    with (folder / "big.txt").open("w") as file:
        for _ in range(12):
            file.write("more")
            file.flush()
            sleep(EVERY / 3)
        assert told.empty()
    told.get(timeout=10)
