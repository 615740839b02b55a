"""Notices in words: what an administrator should know about a document, in Dutch."""

from collections.abc import Sequence
from itertools import groupby

from index.documents import Document
from index.texts import text


def notices_of(document: Document) -> tuple[str, ...]:
    """Return the notices of a document in words, with the pages they are about: "(pagina 3, 5-7)"."""
    told = []
    for notice in document.notices:
        dates = ", ".join(f"{date} ({text(f'date.{where}')})" for where, date in document.dates.items())
        words = text(f"notice.{notice.kind}", dates=dates)
        pages = ranges(notice.pages)
        told.append(text("notice.on_pages", notice=words, pages=pages) if pages else words)
    return tuple(told)


def ranges(numbers: Sequence[int]) -> str:
    """Return numbers with each run of them as first and last: "3, 5-7"."""
    runs = []
    for _, run in groupby(enumerate(sorted(set(numbers))), lambda pair: pair[1] - pair[0]):
        members = [number for _, number in run]
        runs.append(f"{members[0]}-{members[-1]}" if len(members) > 1 else str(members[0]))
    return ", ".join(runs)
