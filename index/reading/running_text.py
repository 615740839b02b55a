"""Running text: the blocks of a document as one text, with the way back to page and place."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.documents import Boxes, Heading
from index.reading.blocks import Block
from index.reading.characters import SOFT_HYPHEN
from index.reading.words import Words

_CELL = " | "


@dataclass(frozen=True, slots=True, eq=False)
class RunningText:
    """The text, the page number and box of each of its characters, and the headings in it."""

    text: str
    pages: tuple[int, ...]
    boxes: Boxes
    headings: tuple[Heading, ...]


def running_text(blocks: Sequence[Block], words: Words) -> RunningText:
    """Return `blocks` as running text: one newline between blocks, words whole, table cells apart."""
    texts: list[str] = []
    pages: list[int] = []
    boxes: list[Boxes] = []
    headings: list[Heading] = []

    def put(text: str, page: int, places: Boxes | None = None) -> None:
        texts.append(text)
        pages.extend([page] * len(text))
        boxes.append(np.zeros((len(text), 4), np.uint16) if places is None else places)

    for block in blocks:
        if pages:
            put("\n", pages[-1])
        start, word = len(pages), ""
        for index, line in enumerate(block.lines):
            text, places, glue = line.text.strip(), line.boxes[len(line.text) - len(line.text.lstrip()) :], ""
            following = block.lines[index + 1 :]
            if following and index + 1 in block.cells:
                glue = _CELL
            elif following:
                joint = words.joint(word + text, following[0].text.strip())  # A word may take three lines.
                text, glue = text[: len(text) - joint.drop], joint.glue
            keep = [place for place, character in enumerate(text) if character != SOFT_HYPHEN]
            put("".join(text[place] for place in keep), line.page, places[keep])
            put(glue, line.page)
            word = (word + text + glue).rsplit(" ", 1)[-1]
        if block.level:
            headings.append(Heading(block.level, start, len(pages)))
    return RunningText("".join(texts), tuple(pages), np.concatenate(boxes), tuple(headings))
