"""Building: files in, a new generation out. Nothing of the old one changes until the new one is whole."""

import errno
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from index.commit import commit, hide, number_of
from index.embedders import Embedder
from index.errors import NothingIndexed, StorageFailed, UnknownDocument
from index.files import find_files, lies_under, origin_of
from index.ingest import Arrival, Embedding, File, Report, arrivals
from index.memory import give_back
from index.notices import notices_of
from index.plan import Found, Plan, plan_update
from index.reading.characters import clean_text
from index.reading.readers import reader_name
from index.sandbox import Sandbox
from index.store import Entry, Refusal, Store

_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG, errno.EACCES, errno.EPERM)


@dataclass(frozen=True, slots=True)
class Summary:
    """What an update did, by names of files relative to the folder that was given.

    `refused` has the Dutch reason for each file that was refused, `notices` what is to be known, in Dutch,
    about each document that was read anew; `moved` has the former name of a file, and `copies` the document
    that it is a copy of.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    removed: tuple[str, ...]
    moved: Mapping[str, str]
    copies: Mapping[str, str]
    refused: Mapping[str, str]
    notices: Mapping[str, tuple[str, ...]]
    embedded: int
    generation: str


def update(
    store: Store,
    paths: Sequence[Path],
    embedder: Embedder,
    sandbox: Sandbox,
    *,
    prune: bool = False,
    only: bool = False,
    rebuild: bool = False,
    report: Report = lambda *_: None,
) -> Summary:
    """Bring the index up to date with files and folders.

    Unchanged files cost a hash; files and sentences that were seen before are not read or embedded again,
    wherever they are now. A file that cannot be read is refused, and what the index had of it stays; it is
    not tried again until it changes. With `prune`, documents under `paths` that are no longer found there
    are removed; with `only`, every document that is not at `paths`; with `rebuild`, every file is read anew.
    Raises BadConfiguration when there is no document at a path, NothingIndexed when none can be read, and
    StorageFailed when the disk is full or fails; what was done so far is kept for the next time.
    """
    # A name may hold a line break or turn the line around: it is shown without.
    files = [File(path, clean_text(name), _size(path), about) for path, name, about in find_files(paths)]
    at_hand = {origin_of(file.path) for file in files}
    stored = store.entries()
    origins = {origin for entry in stored for origin in entry.origins}
    origins.update(refusal.origin for refusal in store.refusals())
    gone = {origin for origin in origins - at_hand if only or (prune and lies_under(Path(origin), paths))}
    with _storing(store):
        embedding = Embedding(store, embedder, number_of(store.generation) + 1)
        found, refused, notices = _ingest(store, files, embedding, sandbox, report, rebuild=rebuild)
        missing = {origin for origin in origins - at_hand if not Path(origin).exists()}
        made = plan_update(found, stored, gone, missing)
        if not made.entries:
            raise NothingIndexed(_nothing(paths, refused), refused)
        with store.transaction():
            store.drop_refusals({*gone, *(one.origin for one in found)})
        generation = commit(store, made, embedding, report, anew=rebuild)
    give_back()
    return Summary(
        made.added,
        made.changed,
        made.unchanged,
        tuple(entry.file for entry in made.removed),
        made.moved,
        made.copies,
        refused,
        notices,
        embedding.done,
        generation,
    )


def remove(store: Store, document_id: str, embedder: Embedder) -> str:
    """Remove one document and return the name of the new generation. Raises UnknownDocument.

    The document is gone for whoever asks before this builds anything; when it returns, nothing of its text
    is left in the folder.
    """
    stored = store.entries()
    kept = tuple(entry for entry in stored if entry.id != document_id)
    removed = tuple(entry for entry in stored if entry.id == document_id)
    if not removed:
        raise UnknownDocument(f"There is no document {document_id!r}: see `vraagbaak documents list`.")
    with _storing(store):
        embedding = Embedding(store, embedder, number_of(store.generation) + 1)
        plan = Plan(kept, (), (), (), {}, {}, removed)
        hide(store, plan)
        return commit(store, plan, embedding, lambda *_: None)


def _ingest(
    store: Store,
    files: Sequence[File],
    embedding: Embedding,
    sandbox: Sandbox,
    report: Report,
    *,
    rebuild: bool,
) -> tuple[list[Found], dict[str, str], dict[str, tuple[str, ...]]]:
    """Return the files that can be read, the reasons of the others, and the notices; all else is stored."""
    reader = reader_name()
    total = sum(file.size for file in files) or 1
    found: list[Found] = []
    refused: dict[str, str] = {}
    notices: dict[str, tuple[str, ...]] = {}
    done = size = 0

    def told() -> None:
        # How many sentences there will be is judged by the part of all bytes that was read.
        at_hand = files[done].name if done < len(files) else ""
        report("embed", embedding.done, round(embedding.known * total / (size or total)), at_hand)

    read_already: Collection[str] = () if rebuild else store.read_already(reader)
    aside = {one.sha256: one.reason for one in store.refusals() if one.reader == reader and not rebuild}
    for arrival in arrivals(files, store.originals, sandbox, read_already, aside):
        file = arrival.file
        report("read", done, len(files), file.name)
        if arrival.refused:
            refused[file.name] = arrival.refused
            _set_aside(store, arrival, reader)
        else:
            one = Found(origin_of(file.path), file.name, file.about, arrival.sha256, reader)
            found.append(one)
            if arrival.reading:
                with store.transaction():
                    store.put_reading(arrival.sha256, reader, arrival.reading)
            document = store.document(Entry("", (), file.name, file.about, arrival.sha256, reader))
            if arrival.reading and document.notices:
                notices[file.name] = notices_of(document)
            embedding.add(document, told)
        done, size = done + 1, size + file.size
    report("read", len(files), len(files), "")
    embedding.finish(told)
    told()
    return found, refused, notices


def _set_aside(store: Store, arrival: Arrival, reader: str) -> None:
    if arrival.sha256 and arrival.refused:
        origin, name = origin_of(arrival.file.path), arrival.file.name
        with store.transaction():
            store.put_refusal(Refusal(origin, name, arrival.sha256, reader, arrival.refused))


def _size(path: Path) -> int:
    with suppress(OSError):  # gone since it was listed: told when it is read
        return path.stat().st_size
    return 0


def _nothing(paths: Sequence[Path], refused: Mapping[str, str]) -> str:
    reasons = "".join(f"\n  {name}: {reason}" for name, reason in refused.items())
    return f"No document in {', '.join(map(str, paths))} could be indexed:{reasons}"


@contextmanager
def _storing(store: Store) -> Iterator[None]:
    """Tell a full or failing disk from anything else that goes wrong. Raises StorageFailed."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        if isinstance(error, OSError) and error.errno not in _OF_THE_DISK:
            raise
        raise StorageFailed(
            f"{store.folder} could not be written ({error}): the index is as it was. Make room or mend the "
            "disk and run the same command again; it goes on where it stopped."
        ) from error
