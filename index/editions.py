"""Editions: which documents are one paper at different times, and which of them no longer hold.

`standings` is called when an index is opened, with all its documents. Nothing is called replaced or withdrawn
on a guess: a document or its manifest says so, and what it names is found without a doubt.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from zlib import crc32

from index.documents import Document, Statement
from index.lexical import stems, words
from index.reading.dates import find_years, without_dates

ALIKE = 0.4
"""Share of the shorter text that must stand in the other, for two papers of one title to be editions.
Of 326 pairs of texts by different authors under one title, 2 % share more, half of them nothing; a report
of 52 pages still reaches it when half of its sentences are exchanged for others."""
_ROW = 5
"""Words in a row that are compared."""
_SAMPLE = 4
"""One in so many rows is compared: the share stays the same, to about 0.05 in a text of 500 words."""

_VERSION = re.compile(
    r"\b(?:versie|editie|uitgave|druk|revisie|v)\.?\s*\d+(?:\.\d+)*\b"
    r"|\b\d+(?:e|ste|de)\s+(?:\w+\s+)?(?:druk|editie|uitgave|versie)\b"
    r"|\b(?:eind|concept)?versie\b|\b(?:concept|definitie(?:f|ve)|def|herziene?|geactualiseerde?|gewijzigde?|nieuwe?"
    r"|vastgestelde?|ingetrokken|vervallen|niet (?:meer|langer) geldig)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:eerdere?|vorige?|voorgaande|oudere?|alle andere)\s+(?:versie|editie|uitgave|druk)"
)
_ITEMS = re.compile(r"[,;]|\ben\s+(?=(?:de|het|ook|tevens)\b)|\b(?:alsmede|evenals)\b")

_AROUND = frozenset(stems(
    "nota notitie regeling document stuk handboek eerdere vorige oude bestaande huidige gelijknamige"
    " uit jaar vastgesteld vastgestelde gepubliceerd gepubliceerde verschenen gedateerd dd"
))  # fmt: skip
"""What may stand around a title when a sentence names it."""


@dataclass(frozen=True, slots=True)
class Said:
    """Where it stands that a document is replaced or withdrawn; an empty span is a title or a manifest."""

    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document stands among the others.

    `editions` are the ids of all documents that are the same paper, itself included, in order of date.
    `evidence` is where it is said that it was replaced or withdrawn, empty if it was neither.
    """

    document_id: str
    editions: tuple[str, ...]
    replaced_by: str | None = None
    withdrawn: bool = False
    evidence: tuple[Said, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it was neither replaced nor withdrawn."""
        return not self.withdrawn and self.replaced_by is None


def standings(documents: Iterable[Document], today: date) -> Mapping[str, Standing]:
    """Return the standing of each document, by id; `today` tells whether it is withdrawn already."""
    papers = [_Paper.of(document) for document in sorted(documents, key=lambda item: item.id)]
    editions = _editions(papers)
    replaced = _without_circles(dict(_replaced(papers, editions)))
    found = {}
    for paper in papers:
        document = paper.document
        said = [replaced[document.id][1]] if document.id in replaced else []
        gone = [
            Said(document.id, statement.start, statement.end)
            for statement in document.statements
            if statement.kind == "withdrawn" and statement.about <= today.isoformat()
        ]
        found[document.id] = Standing(
            document.id,
            editions[document.id],
            replaced[document.id][0] if document.id in replaced else None,
            bool(gone),
            (*said, *gone),
        )
    return found


def successors(document_id: str, found: Mapping[str, Standing]) -> frozenset[str]:
    """Return what holds instead of a document: what replaced it, and what replaced that; of a paper that was
    withdrawn, its later editions. Empty for a document that holds, or that is not among those `found`."""
    later: set[str] = set()
    standing = found.get(document_id)
    if standing and standing.withdrawn:
        later.update(standing.editions[standing.editions.index(document_id) + 1 :])
    while standing and standing.replaced_by:
        later.add(standing.replaced_by)
        standing = found.get(standing.replaced_by)
    return frozenset(later)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A document with what identifies it: the stems of its title without dates and version, its years."""

    document: Document
    name: tuple[str, ...]
    years: frozenset[str]

    @classmethod
    def of(cls, document: Document) -> "_Paper":
        years = {found[:4] for found in document.dates.values()} | find_years(document.title)
        return cls(document, _name(document.title), frozenset(years))

    def before(self, other: "_Paper") -> bool:
        """Say whether this one is surely older, by as much of both dates as is known."""
        one, two = self.document.date, other.document.date
        return bool(one and two and one[: len(two)] < two[: len(one)])


def _name(title: str) -> tuple[str, ...]:
    return tuple(stems(_VERSION.sub(" ", without_dates(title))))


def _editions(papers: Sequence[_Paper]) -> dict[str, tuple[str, ...]]:
    """Return the ids of the editions of each document: same name, and much of the same text."""
    namesakes: dict[tuple[str, ...], list[_Paper]] = defaultdict(list)
    for paper in papers:
        namesakes[paper.name].append(paper)
    found: dict[str, tuple[str, ...]] = {}
    for name, group in namesakes.items():
        chains: list[list[tuple[str, frozenset[int]]]] = []
        for paper in sorted(group, key=lambda paper: (paper.document.date or "", paper.document.id)):
            rows = _rows(paper.document.text) if name and len(group) > 1 else frozenset()
            chain = next((chain for chain in chains if _share(rows, chain[-1][1]) >= ALIKE), None)
            if chain is None:
                chains.append(chain := [])
            chain.append((paper.document.id, rows))
        for chain in chains:
            ids = tuple(document_id for document_id, _ in chain)
            found |= dict.fromkeys(ids, ids)
    return found


def _rows(text: str) -> frozenset[int]:
    """Return a sample of the rows of words in a text (shingles; Broder, On the resemblance and containment of
    documents, 1997), each as its CRC-32."""
    tokens = words(text)
    hashes = (crc32(" ".join(tokens[at : at + _ROW]).encode()) for at in range(len(tokens) - _ROW + 1))
    return frozenset(row for row in hashes if row % _SAMPLE == 0)


def _share(one: frozenset[int], other: frozenset[int]) -> float:
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def _replaced(
    papers: Sequence[_Paper], editions: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, tuple[str, Said]]]:
    """Yield what is replaced, by what, and where that stands; of several successors the newest comes last."""
    by_age = sorted(papers, key=lambda paper: (paper.document.date or "", paper.document.id))
    for paper in by_age:
        own = paper.document.id
        for statement in paper.document.statements:
            said = Said(own, statement.start, statement.end)
            others = _named(statement, paper, by_age, editions)
            if statement.kind == "replaces":
                yield from ((other.document.id, (own, said)) for other in others)
            elif statement.kind == "replaced" and len(others) == 1:
                yield own, (others[0].document.id, said)


def _named(
    statement: Statement, paper: _Paper, papers: Sequence[_Paper], editions: Mapping[str, tuple[str, ...]]
) -> list[_Paper]:
    """Return the documents that a statement of `paper` surely means."""
    others = [other for other in papers if other is not paper]
    named = PurePath(statement.about).name
    if of_file := [other for other in others if PurePath(other.document.file).name == named]:
        return of_file if len(of_file) == 1 else []
    if statement.kind == "replaces":
        others = [other for other in others if not paper.before(other)]
    else:
        others = [other for other in others if not other.before(paper)]
    if _EARLIER.search(statement.about.casefold()):
        ids = editions[paper.document.id]
        return [other for other in others if other.document.id in ids and other.before(paper)]
    found: list[_Paper] = []
    for item in _ITEMS.split(statement.about):
        spelled, years = _name(item), find_years(item)
        meant = [other for other in others if other.name and _is_called(other.name, spelled)]
        longest = max((len(other.name) for other in meant), default=0)
        meant = [other for other in meant if len(other.name) == longest]
        if years:
            meant = [other for other in meant if other.years & years]
        elif any(other.name == paper.name for other in meant):
            meant = [other for other in meant if other.before(paper) or paper.before(other)]
        # Several are meant only if they are one paper; else nobody knows which.
        if len({editions[other.document.id] for other in meant}) == 1:
            found.extend(meant)
    return found


def _is_called(name: tuple[str, ...], spelled: tuple[str, ...]) -> bool:
    """Say whether words name a paper, and nothing more: "Nota reiskosten buitenland" is another paper."""
    return any(
        spelled[at : at + len(name)] == name and _AROUND.issuperset(spelled[:at] + spelled[at + len(name) :])
        for at in range(len(spelled) - len(name) + 1)
    )


def _without_circles(replaced: dict[str, tuple[str, Said]]) -> dict[str, tuple[str, Said]]:
    """Return `replaced` without those that would in the end replace themselves."""
    kept = {}
    for document_id, successor in replaced.items():
        at: str | None = successor[0]
        for _ in replaced:
            if at is None or at == document_id:
                break
            at = replaced[at][0] if at in replaced else None
        if at is None:
            kept[document_id] = successor
    return kept
