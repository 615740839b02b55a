"""Chat-template tokens out of a reading, each character with its box: the last step of every reading."""

from bisect import bisect_left
from dataclasses import replace

import numpy as np

from index.errors import UnreadableDocument
from index.reading.characters import without_tokens
from index.reading.reading import Reading
from index.texts import text


def without_turns(reading: Reading) -> Reading:
    """Return `reading` without tokens that would begin a turn for a model: <|im_start|>, [INST] and so on.

    Looked for in the text as a whole, where lines and runs of letters that a token was cut into are joined.
    Raises UnreadableDocument when nothing is left.
    """
    kept = without_tokens(reading.text)
    if len(kept) == len(reading.text):
        return reading
    left = "".join(reading.text[place] for place in kept)
    if not left.strip():
        raise UnreadableDocument(text("read.no_text"))
    headings = (
        replace(heading, start=bisect_left(kept, heading.start), end=bisect_left(kept, heading.end))
        for heading in reading.headings
    )
    return replace(
        reading,
        text=left,
        pages=tuple(
            replace(page, start=bisect_left(kept, page.start), end=bisect_left(kept, page.end))
            for page in reading.pages
        ),
        headings=tuple(heading for heading in headings if heading.start < heading.end),
        boxes=None if reading.boxes is None else reading.boxes[np.asarray(kept)],
    )
