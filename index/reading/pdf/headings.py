"""Headings: blocks that type size, weight, numbering or shape set above the text."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise

from index.reading.pdf.blocks import Block, body_size
from index.reading.pdf.lines import Line
from index.reading.pdf.shapes import BULLET, is_numbered_question

_LONGEST = 170  # Characters.
_WORDS = 16  # In a heading that only its shape tells.
_LINE = 60  # Characters: more is a paragraph.
_FULL_PAGE = 400  # Characters.
_CLOSE = 3.2  # Type sizes between baselines.
_FINAL = re.compile(r"[.;:,]$")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+\S")


def mark_headings(blocks: list[Block]) -> None:
    """Set the level of the blocks that are headings, and join the lines of titles.

    Larger or bolder type than the body decides where there is any; a document of one size and weight is
    judged by shape: short, no final punctuation, a capital first, and a paragraph after it.
    """
    lines = [line for block in blocks for line in block.lines]
    if _is_uniform(lines):
        _join_titles(blocks)
        _mark_by_shape(blocks)
        return
    body = body_size(lines)
    bold_body = sum(len(line.text) for line in lines if line.bold) > 0.4 * sum(
        len(line.text) for line in lines
    )
    _set_levels(
        [
            block
            for block in blocks
            if _may_be_heading(block)
            and (_is_larger(block, body) or (_is_bold(block, body) and not bold_body))
        ]
    )


def _is_uniform(lines: Sequence[Line]) -> bool:
    """Tell whether most full pages have a single size and weight, be it another one on each page."""
    pages: dict[int, Counter[tuple[float, bool]]] = defaultdict(Counter)
    for line in lines:
        pages[line.page][round(line.size), line.bold] += len(line.text)
    full = [styles for styles in pages.values() if styles.total() > _FULL_PAGE] or list(pages.values())
    uniform = [styles for styles in full if styles.most_common(1)[0][1] > 0.995 * styles.total()]
    return len(uniform) > 0.6 * len(full)


def _set_levels(headings: Sequence[Block]) -> None:
    """Take levels from numbers ("2.3" is 2); other headings get the level that their size has elsewhere."""
    numbered: dict[int, float] = {}
    for block in headings:
        if number := _NUMBERED.match(block.text):
            block.level = min(number[1].count(".") + 1, 6)
            numbered[block.level] = max(numbered.get(block.level, 0.0), block.lines[0].size)
    # Without numbers, sizes are ranked; the cover's are left out, they come once and are all different.
    sizes = sorted(
        numbered.values() or {round(block.lines[0].size, 1) for block in headings if block.lines[0].page > 1},
        reverse=True,
    )
    for block in headings:
        if not block.level:
            block.level = min(1 + sum(size > block.lines[0].size + 0.3 for size in sizes), 6)


def _may_be_heading(block: Block) -> bool:
    text = block.text.strip()
    return (
        block.kind in ("prose", "item")
        and len(text) <= _LONGEST
        and not _FINAL.search(text)
        and sum(character.isalpha() for character in text) >= 3
        and (text[0].isupper() or text[0].isdigit() or text[0] in "→‘’“\"'")
    )


def _is_larger(block: Block, body: float) -> bool:
    return all(line.size > 1.08 * body for line in block.lines)


def _is_bold(block: Block, body: float) -> bool:
    # Bold lines in smaller type belong to frames and tables.
    return all(line.bold and line.size > 0.97 * body for line in block.lines)


def _mark_by_shape(blocks: Sequence[Block]) -> None:
    on_page = Counter(block.lines[0].page for block in blocks)
    questions = [block for block in blocks if is_numbered_question(block.text)]
    for block, following in pairwise(blocks):
        text = block.text
        if not _may_be_heading(block):
            continue
        if BULLET.match(text):
            block.level = 3 if text[0] in "→➔►" else 0
        elif on_page[block.lines[0].page] == 1 and block.lines[0].page > 1:
            block.level = 1
        elif block in questions:
            block.level = 2
        elif (
            block.kind == "prose"
            and len(text.split()) <= _WORDS
            and following.kind in ("prose", "item")
            and _is_paragraph(following)
        ):
            block.level = 3 if questions else 2


def _is_paragraph(block: Block) -> bool:
    return len(block.text) > _LINE


def _join_titles(blocks: list[Block]) -> None:
    """Join the rest of a title that starts with an arrow: short lines on their own before a paragraph."""
    position = 0
    while position + 2 < len(blocks):
        title, rest, following = blocks[position : position + 3]
        last, line = title.lines[-1], rest.lines[0]
        close = last.page == line.page and 0 < line.baseline - last.baseline < _CLOSE * line.size
        if (
            BULLET.match(title.text)
            and rest.kind == "prose"
            and close
            and _may_be_heading(title)
            and _may_be_heading(rest)
            and len(title.text) + len(rest.text) < _LONGEST
            and _is_paragraph(following)
        ):
            title.lines.extend(blocks.pop(position + 1).lines)
        else:
            position += 1
