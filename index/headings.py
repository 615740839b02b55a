"""Headings: blocks that type size, weight, numbering or shape set above the text."""

import re
from collections.abc import Sequence
from itertools import pairwise

from index.blocks import Block, body_size

_LONGEST = 140  # Characters.
_ARROW = re.compile(r"[→➔►]\s")
_FINAL = re.compile(r"[.;:,]$")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)\.?\s+\S")


def mark_headings(blocks: Sequence[Block]) -> None:
    """Set the level of the blocks that are headings.

    Larger or bolder type than the body decides where there is any; a document of one size and weight is
    judged by shape: short, no final punctuation, a capital first, and a paragraph after it.
    """
    lines = [line for block in blocks for line in block.lines]
    body = body_size(lines)
    letters = sum(len(line.text) for line in lines)
    bold_body = sum(len(line.text) for line in lines if line.bold) > 0.4 * letters
    candidates = [block for block in blocks if _may_be_heading(block)]
    typed = [
        block
        for block in candidates
        if _is_larger(block, body) or (_is_bold(block) and not bold_body and block.lines[0].size > 0.9 * body)
    ]
    _set_levels(typed)
    if not typed:
        _mark_by_shape(blocks)


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


def _is_bold(block: Block) -> bool:
    return all(line.bold for line in block.lines)


def _mark_by_shape(blocks: Sequence[Block]) -> None:
    per_page: dict[int, int] = {}
    for block in blocks:
        per_page[block.lines[0].page] = per_page.get(block.lines[0].page, 0) + 1
    for block, following in pairwise(blocks):
        text = block.text
        if not _may_be_heading(block) or len(text.split()) > 16:
            continue
        if _ARROW.match(text):
            block.level = 3
        elif per_page[block.lines[0].page] == 1 and block.lines[0].page > 1:
            block.level = 1
        elif block.kind == "prose" and following.kind in ("prose", "item") and _is_paragraph(following):
            block.level = 2


def _is_paragraph(block: Block) -> bool:
    text = block.text.strip()
    return len(text) > 60 or text.endswith(".")
