"""What stands on a page but is not its text: running heads and feet, page numbers, section labels."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from index.reading.pdf.lines import Line

_OUTERMOST = 3
"""A head or foot stands among the first or last lines of a page, counted by baseline."""
_SAME_LEVEL = 2.0  # Points.
_ONLY_NUMBER = re.compile(
    r"(?:pagina|blz\.?|bladzijde|p\.|page)?\s*[-–|]?\s*(\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:van|/|of)\s*\d{1,4})?\s*[-–|]?",
    re.IGNORECASE,
)
_ROW = 2.2  # Type sizes from row to row of a table, at most.
_NUMBER = re.compile(r"(?<!\d)[0-9]{1,4}(?!\d)")
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


@dataclass(frozen=True, slots=True)
class BarePage:
    """The lines of a page without its furniture, and the page number that was printed on it."""

    lines: tuple[Line, ...]
    label: str | None


def strip_furniture(pages: Sequence[Sequence[Line]]) -> tuple[BarePage, ...]:
    """Return each page without what repeats in its margins, and the label printed on it.

    A margin line repeats when it stands at the same level with the same words, but for one number that counts
    the pages, on three pages (on both pages of a document of two). What stands on the same level as such a
    line goes too.
    """
    margins = [[line for line in _margin_lines(lines) if not _names_columns(line, lines)] for lines in pages]
    needed = min(3, max(2, len(pages)))
    repeated = _repeated(margins, needed)
    numbers = _page_numbers(margins, repeated)
    bare = []
    for index, lines in enumerate(pages):
        gone = {id(line) for line in margins[index] if _keys(line, index) & repeated}
        gone |= {id(line) for line in margins[index] if _is_only_number(line, numbers.get(index))}
        levels = [line.baseline for line in lines if id(line) in gone]
        gone |= {
            id(line)
            for line in margins[index]
            if any(abs(line.baseline - level) < _SAME_LEVEL for level in levels)
        }
        bare.append([line for line in lines if id(line) not in gone])
    if not any(bare):
        bare = [list(lines) for lines in pages]  # A form of a few lines on each page is not all margin.
    labels = _section_labels(bare)
    return tuple(
        BarePage(tuple(line for line in lines if id(line) not in labels), numbers.get(index))
        for index, lines in enumerate(bare)
    )


def _margin_lines(lines: Sequence[Line]) -> list[Line]:
    levels = sorted({round(line.baseline) for line in lines})
    outer = {*levels[:_OUTERMOST], *levels[-_OUTERMOST:]}
    return [line for line in lines if round(line.baseline) in outer]


def _names_columns(line: Line, lines: Sequence[Line]) -> bool:
    """Tell whether `line` stands in the first row of a table, which many repeat on each page."""
    row = [other for other in lines if abs(other.baseline - line.baseline) < _SAME_LEVEL]
    under = min(
        (other.baseline for other in lines if other.baseline >= line.baseline + _SAME_LEVEL), default=0
    )
    cells = [other for other in lines if abs(other.baseline - under) < _SAME_LEVEL]
    return 0 < under - line.baseline < _ROW * line.size and 1 < len(row) == sum(
        any(name.left < cell.right and cell.left < name.right for cell in cells) for name in row
    )


def _is_alone(line: Line, lines: Sequence[Line]) -> bool:
    """Tell whether nothing stands beside `line`: a cell of a table may well repeat."""
    return not any(abs(other.baseline - line.baseline) < _SAME_LEVEL for other in lines if other is not line)


def _keys(line: Line, index: int) -> set[tuple[str, int]]:
    """Return what may repeat: level and words, as they are and with each number in turn as a count."""
    text, level = line.text.strip().casefold(), round(line.baseline / _SAME_LEVEL)
    counts = (
        f"{text[: number.start()]}#{int(number[0]) - index}{text[number.end() :]}"
        for number in _NUMBER.finditer(text)
    )
    return {(words, level) for words in (text, *counts)}


def _repeated(margins: Sequence[Sequence[Line]], needed: int) -> set[tuple[str, int]]:
    on_pages: dict[str, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for index, lines in enumerate(margins):
        for line in lines:
            for words, level in _keys(line, index):
                on_pages[words][level].add(index)
    found = set()
    for words, levels in on_pages.items():
        for level in levels:
            near = levels[level] | levels.get(level - 1, set()) | levels.get(level + 1, set())
            if len(near) >= needed:
                found.add((words, level))
    return found


def _is_only_number(line: Line, number: str | None) -> bool:
    found = _ONLY_NUMBER.fullmatch(line.text.strip())
    return found is not None and found.group(1) == number


def _page_numbers(margins: Sequence[Sequence[Line]], repeated: Set[tuple[str, int]]) -> dict[int, str]:
    """Return the printed number of each page: numbers in the margin, at one level, that rise with the pages.

    They stand alone, or in a running head. A single roman number alone on its line counts too: text has
    no such lines, and front matter may have one page.
    """
    found: list[tuple[int, str, tuple[bool, int, bool, int]]] = []
    for index, lines in enumerate(margins):
        for line in lines:
            only = _ONLY_NUMBER.fullmatch(line.text.strip())
            inside = re.findall(r"\b\d{1,4}\b", line.text) if _keys(line, index) & repeated else []
            for text in [only.group(1)] if only else inside:
                level = round(line.baseline / _SAME_LEVEL)
                found.append((index, text, (only is not None, _value(text) - index, text.isdigit(), level)))
    support = Counter(rule for _, rule in {(index, rule) for index, _, rule in found})
    numbers: dict[int, str] = {}
    best: dict[int, tuple[bool, int]] = {}
    for index, text, rule in found:
        # A number that stands alone is more likely the page's than one among other words.
        weight = (rule[0], support[rule])
        if (support[rule] >= 2 or not rule[2]) and weight > best.get(index, (False, 0)):
            numbers[index], best[index] = text, weight
    return numbers


def _value(text: str) -> int:
    if text.isdigit():
        return int(text)
    values = [_ROMAN[letter] for letter in text.lower()]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


def _section_labels(pages: Sequence[Sequence[Line]]) -> set[int]:
    """Return the ids of section labels: short lines that come last, or first, on pages near each other."""
    found = set()
    for end in (-1, 0):
        on_pages: dict[str, list[int]] = defaultdict(list)
        for index, lines in enumerate(pages):
            short = len(lines) > 1 and len(lines[end].text) <= 60 and lines[end].text[-1] not in ".!?;:"
            if short and _is_alone(lines[end], lines):
                on_pages[lines[end].text].append(index)
        for label, indexes in on_pages.items():
            near = any(after - before <= 2 for before, after in pairwise(indexes))
            # Between its pages a label may stand among other text, such as that of a chart.
            inside = pages[indexes[0] : indexes[-1] + 1] if near else ()
            found |= {
                id(line)
                for lines in inside
                for line in lines
                if line.text == label and _is_alone(line, lines)
            }
    return found
