"""The manifest beside a folder of documents: what it knows about a file that the file does not say."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from index.errors import BadConfiguration


@dataclass(frozen=True, slots=True)
class About:
    """What a manifest says about a file: title, date ("2023", "2020-04" or "2019-09-17") and source.

    `replaces` is the file that it is a newer edition of, as named in the same manifest. `withdrawn` is true
    or the date since when; false says that it holds, whatever the file says; None says nothing.
    """

    title: str | None = None
    date: str | None = None
    source: str | None = None
    replaces: str | None = None
    withdrawn: str | bool | None = None


_EXAMPLE = (
    '{"documents": [{"file": "...", "title": "...", "date": "2020-04", "source": "...", '
    '"replaces": "old.pdf", "withdrawn": "2024-01-31"}]}'
)


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
        raise BadConfiguration(f"{path} is not a manifest ({error!r}): it must read {_EXAMPLE}") from error


def _about(entry: Mapping[str, object]) -> About:
    file = entry["file"]
    values = {name: entry.get(name) or None for name in ("title", "date", "source", "replaces")}
    if any(value is not None and not isinstance(value, str) for value in values.values()):
        raise ValueError(f"{file}: title, date, source and replaces are texts")
    withdrawn = entry.get("withdrawn")
    if not isinstance(withdrawn, str | bool | None):
        raise ValueError(f"{file}: withdrawn is a date, true or false")
    for told in (values["date"], withdrawn):
        if isinstance(told, str) and not _is_date(told):
            raise ValueError(f"{file}: {told!r} is no date such as 2023, 2020-04 or 2019-09-17")
    return About(**values, withdrawn=withdrawn)  # type: ignore[arg-type]


def _is_date(told: str) -> bool:
    try:
        date.fromisoformat(told + "0000-01-01"[len(told) :])
    except ValueError:
        return False
    return bool(re.fullmatch(r"\d{4}(-\d\d){0,2}", told))
