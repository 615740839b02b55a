"""The plan of an update: which files are which documents. Pure: nothing is read or written here."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from index.files import free_id
from index.reading.manifest import About
from index.store import Entry


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was found and can be read. `name` is relative to the folder that was given."""

    origin: str
    name: str
    about: About
    sha256: str
    reader: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The documents that the next generation holds, and the names of what became of the files.

    `moved` and `copies` give for a name that of the file it was, or is a copy of.
    """

    entries: tuple[Entry, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    moved: Mapping[str, str]
    copies: Mapping[str, str]
    removed: tuple[Entry, ...]


def plan_update(
    found: Sequence[Found], stored: Sequence[Entry], gone: Collection[str], missing: Collection[str]
) -> Plan:
    """Return the plan for files that were found, beside the documents that are stored.

    Files of the same bytes are one document. A document keeps its id when its file changes in its place and
    when it moves. `gone` are origins to be removed; `missing` those at which there is no file any more:
    they stay until they are removed, unless the same bytes are found elsewhere.
    """
    before = {origin: entry for entry in stored for origin in entry.origins if origin not in gone}
    files = {one.origin: one for one in found}
    shared: dict[str, list[str]] = {}  # the origins of each content, in the order of the stored, then found
    for origin in dict.fromkeys([*before, *files]):
        sha256 = files[origin].sha256 if origin in files else before[origin].sha256
        shared.setdefault(sha256, []).append(origin)
    for origins in shared.values():
        if any(origin in files for origin in origins):
            origins[:] = [origin for origin in origins if origin in files or origin not in missing]
    ids = _ids(shared, files, before, stored)
    entries = []
    for sha256, origins in shared.items():
        first = origins[0]
        if first in files:
            one = files[first]
            name = one.name.rpartition("/")[2]
            entry = Entry(ids[sha256], tuple(origins), name, one.about, sha256, one.reader)
        else:
            old = before[first]
            entry = Entry(ids[sha256], tuple(origins), old.file, old.about, sha256, old.reader)
        entries.append(entry)
    return _told(sorted(entries, key=lambda entry: entry.id), stored, files, before)


def _ids(
    shared: Mapping[str, Sequence[str]],
    files: Mapping[str, Found],
    before: Mapping[str, Entry],
    stored: Sequence[Entry],
) -> dict[str, str]:
    """Return the id of the document of each content."""
    ids: dict[str, str] = {}
    for sha256, origins in shared.items():  # Whose first file is here has the first claim on the id.
        owner = next(
            (before[one] for one in origins if one in before and before[one].origins[0] == one), None
        )
        if owner:
            ids[sha256] = owner.id
    for entry in stored:  # Moved: the bytes are here, the first file is not.
        if entry.sha256 in shared and entry.sha256 not in ids and entry.id not in ids.values():
            ids[entry.sha256] = entry.id
    taken = {*ids.values(), *(entry.id for entry in stored)}
    for sha256, origins in shared.items():
        if sha256 not in ids:
            name = files[origins[0]].name if origins[0] in files else before[origins[0]].file
            ids[sha256] = free_id(name, taken)
            taken.add(ids[sha256])
    return ids


def _told(
    entries: Sequence[Entry],
    stored: Sequence[Entry],
    files: Mapping[str, Found],
    before: Mapping[str, Entry],
) -> Plan:
    added: list[str] = []
    changed: list[str] = []
    unchanged: list[str] = []
    moved: dict[str, str] = {}
    copies: dict[str, str] = {}
    old = {entry.id: entry for entry in stored}
    for entry in entries:
        for origin in entry.origins:
            if origin not in files:
                continue
            name = files[origin].name
            if origin in before:
                same = (before[origin].sha256, before[origin].reader) == (entry.sha256, entry.reader)
                kept = same and (origin != entry.origins[0] or before[origin].about == entry.about)
                (unchanged if kept else changed).append(name)
            elif origin != entry.origins[0]:
                copies[name] = entry.file
            elif entry.id in old:
                moved[name] = old[entry.id].file
            else:
                added.append(name)
    ids = {entry.id for entry in entries}
    removed = tuple(entry for entry in stored if entry.id not in ids)
    return Plan(tuple(entries), tuple(added), tuple(changed), tuple(unchanged), moved, copies, removed)
