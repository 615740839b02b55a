"""The manifest beside a folder of documents: what it knows about a file that the file does not say."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.errors import BadConfiguration


@dataclass(frozen=True, slots=True)
class About:
    """What a manifest says about a file: title, date ("2023", "2020-04" or "2019-09-17") and source."""

    title: str | None = None
    date: str | None = None
    source: str | None = None


def read_manifest(folder: Path) -> Mapping[str, About]:
    """Return what `folder`/manifest.json says about each file, by name relative to the folder.

    Empty where there is no manifest. Raises BadConfiguration for one that cannot be used.
    """
    path = folder / "manifest.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["documents"]
        return {str(entry["file"]): _about(entry) for entry in entries}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadConfiguration(
            f"{path} is not a manifest ({error!r}): "
            'it must read {"documents": [{"file": "...", "title": "...", "date": "...", "source": "..."}]}'
        ) from error


def _about(entry: Mapping[str, object]) -> About:
    values = [entry.get(name) for name in ("title", "date", "source")]
    if any(value is not None and not isinstance(value, str) for value in values):
        raise ValueError(f"{entry['file']}: title, date and source are texts")
    return About(*(str(value) if value else None for value in values))
