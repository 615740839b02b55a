"""Dates as Dutch documents write them, made ISO and no more precise than they are."""

import re

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_YEAR = r"((?:19[5-9]|20[0-4])\d)"
_DAY = re.compile(rf"\b(\d{{1,2}})\s+({'|'.join(_MONTHS)})\s+{_YEAR}\b", re.IGNORECASE)
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})\s+{_YEAR}\b", re.IGNORECASE)
_ISO = re.compile(rf"\b{_YEAR}-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?(?!\d)")
_ONLY_YEAR = re.compile(rf"(?<!\d){_YEAR}(?!\d)")


def find_date(text: str) -> str | None:
    """Return the first date in `text` of the most precise kind: "2019-09-17", "2020-04" or "2023"."""
    if found := _ISO.search(text):
        return found.group()
    if found := _DAY.search(text):
        return f"{found[3]}-{_number(found[2])}-{int(found[1]):02d}"
    if found := _MONTH.search(text):
        return f"{found[2]}-{_number(found[1])}"
    if found := _ONLY_YEAR.search(text):
        return found[1]
    return None


def _number(month: str) -> str:
    return f"{_MONTHS.index(month.casefold()) + 1:02d}"
