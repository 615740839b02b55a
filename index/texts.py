"""Every text that a person who asks or administers gets to read: plain Dutch (B1), in texts.json."""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def all_texts() -> Mapping[str, str]:
    """Return every text by its key, `room.name`."""
    texts: dict[str, str] = json.loads(files("index").joinpath("texts.json").read_text(encoding="utf-8"))
    return texts


def text(key: str, /, **values: object) -> str:
    """Return the text of `key` with `{name}` filled in from `values`. Raises KeyError for either."""
    return all_texts()[key].format(**values)


def dutch_number(value: int) -> str:
    """Return a number as Dutch writes it: 20.000.000."""
    return f"{value:,}".replace(",", ".")
