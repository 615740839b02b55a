"""Every text that a person who asks or administers gets to read: plain Dutch (B1), in texts.json.

What stands in an answer is also there in the other languages that answers can be in (texts.en.json).
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def all_texts(language: str = "nl") -> Mapping[str, str]:
    """Return every text by its key, `room.name`."""
    name = "texts.json" if language == "nl" else f"texts.{language}.json"
    texts: dict[str, str] = json.loads(files("index").joinpath(name).read_text(encoding="utf-8"))
    return texts


def text(key: str, language: str = "nl", /, **values: object) -> str:
    """Return the text of `key` with `{name}` filled in from `values`. Raises KeyError for either."""
    return all_texts(language)[key].format(**values)


def dutch_number(value: int) -> str:
    """Return a number as Dutch writes it: 20.000.000."""
    return f"{value:,}".replace(",", ".")
