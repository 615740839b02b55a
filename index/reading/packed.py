"""A reading as bytes: how it crosses from the child process, and how the store keeps it."""

import zlib
from dataclasses import fields
from typing import Any, get_type_hints

import numpy as np
from pydantic import TypeAdapter, ValidationError
from typing_extensions import TypedDict

from index.reading.reading import Reading

_NAMES = [field.name for field in fields(Reading) if field.name != "boxes"]
_HINTS = get_type_hints(Reading)
# Checked by pydantic: the process that it comes from has read a file that nobody vouches for.
_FIELDS: TypeAdapter[dict[str, Any]] = TypeAdapter(
    TypedDict("Fields", {name: _HINTS[name] for name in _NAMES})  # type: ignore[operator]
)


def pack(reading: Reading) -> tuple[bytes, bytes]:
    """Return a reading as JSON without its boxes, and the boxes, compressed; empty if there are none."""
    boxes = b"" if reading.boxes is None else zlib.compress(reading.boxes.tobytes(), 1)
    return _FIELDS.dump_json({name: getattr(reading, name) for name in _NAMES}), boxes


def unpack(packed: bytes, boxes: bytes) -> Reading:
    """Return what was packed. Raises ValueError for anything else."""
    try:
        values = _FIELDS.validate_json(packed)
        places = np.frombuffer(zlib.decompress(boxes), np.uint16).reshape(-1, 4) if boxes else None
    except (ValidationError, zlib.error) as error:
        raise ValueError(f"this is no reading: {error}") from error
    return Reading(**values, boxes=places)
