"""Columns: lines that follow each other in one measure, which tells whether a line is full."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from index.reading.pdf.lines import Line
from index.reading.pdf.shapes import BULLET, same_type

TIGHT = 1.8
"""Baselines further apart than this, in type sizes, belong to different paragraphs or headings."""
_WIDEST = 3.0
"""Type sizes between the baselines of double spaced lines, at most."""


@dataclass(frozen=True, slots=True)
class Column:
    """The edges of lines that follow each other at one step, how many they are, and that step in points."""

    left: float
    right: float
    lines: int
    step: float


def columns_of(lines: Sequence[Line]) -> Mapping[int, Column]:
    """Return the column of each line, by the id of the line; `lines` are those of one page, as drawn."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _step(groups[-1][-1], line) < TIGHT:
            groups[-1].append(line)
        else:
            groups.append([line])
    columns: dict[int, Column] = {}
    for group in _double_spaced(groups):
        left, right = min(line.left for line in group), max(line.right for line in group)
        step = (group[-1].baseline - group[0].baseline) / max(len(group) - 1, 1)
        columns.update(dict.fromkeys(map(id, group), Column(left, right, len(group), step)))
    return columns


def _double_spaced(groups: Sequence[list[Line]]) -> Iterator[list[Line]]:
    """Yield the groups, single lines at the same wide step made one: at least three of them."""
    run: list[Line] = []
    for group in [*groups, None]:
        steps = [after.baseline - before.baseline for before, after in pairwise([*run, *(group or [])])]
        even = bool(steps) and max(steps) < 1.1 * min(steps)
        opens = group is None or BULLET.match(group[0].text.lstrip()) is not None
        if (
            group
            and len(group) == 1
            and (not run or (not opens and even and _step(run[-1], group[0]) < _WIDEST))
        ):
            run.append(group[0])
            continue
        yield from [run] if len(run) > 2 else [[line] for line in run]
        run = []
        if group and len(group) == 1:
            run = group
        elif group:
            yield group


def _step(before: Line, line: Line) -> float:
    """Return the step between two baselines in type sizes; infinite where they do not follow each other."""
    step = (line.baseline - before.baseline) / line.size
    return step if step > 0 and overlap(before, line) and same_type(before, line) else inf


def overlap(before: Line, line: Line) -> bool:
    """Tell whether two lines stand above each other, at least in part."""
    return line.left < before.right and before.left < line.right
