"""Dates as Dutch documents write them, made ISO and no more precise than they are."""

import re
from calendar import monthrange
from collections.abc import Iterator

_MONTHS = {
    "jan": 1, "feb": 2, "maa": 3, "mrt": 3, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
"""By the first three letters, Dutch and English."""
# A quarter and a season count as the month they end in, so that editions of one year stand in order.
# A winter has two years, and is left at its year.
_PARTS = {
    **{"1": 3, "2": 6, "3": 9, "4": 12, "eerste": 3, "tweede": 6, "derde": 9, "vierde": 12},
    **{"voorjaar": 5, "lente": 5, "zomer": 8, "najaar": 11, "herfst": 11},
}
_YEAR = r"(?P<year>(?:19[5-9]|20\d)\d)"
_SHORT = rf"(?:{_YEAR}|['’‘](?P<short>\d\d))(?!\d)"
_NAME = (
    r"(?P<name>jan(?:uar[iy])?|feb(?:ruar[iy])?|maart|mrt|mar(?:ch)?|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?"
    r"|aug(?:ust(?:us)?)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?P<month>0?[1-9]|1[0-2])"
_ALONE = r"(?<!\d)(?<!\d[-/.])"
_DAYS = (
    rf"{_ALONE}{_YEAR}(?P<mark>[-/.]){_MONTH}(?P=mark){_DAY}(?!\d)",  # 2020-03-12
    rf"(?<!\d){_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",  # 20200312
    rf"{_ALONE}{_DAY} ?(?P<mark>[-/.]) ?{_MONTH} ?(?P=mark) ?{_SHORT}",  # 12/3/2020
    rf"{_ALONE}\b(?<!versie ){_DAY}(?:e|ste|de)?[\s-]+{_NAME}[\s-]+{_SHORT}",  # 12 mrt. 2020
)
_PARTS_OF_YEARS = (
    rf"\b{_NAME}[\s-]+{_SHORT}",  # maart '20
    rf"{_ALONE}{_YEAR}[-/.](?P<month>0[1-9]|1[0-2])(?![-/.]?\d)(?!/EU)",  # 2020-03
    rf"{_ALONE}(?P<month>0[1-9]|1[0-2])[-/]{_YEAR}(?!\d)",  # 03-2020
    rf"\bq(?P<part>[1-4])[\s-]*(?:van )?{_SHORT}",  # Q3 2021
    rf"{_ALONE}{_YEAR}[\s-]*q(?P<part>[1-4])\b",  # 2021-Q3
    rf"\b(?P<part>[1-4]|eerste|tweede|derde|vierde)(?:e|ste|de)? kwartaal,? (?:van )?{_SHORT}",
    rf"\bkwartaal (?P<part>[1-4]),? (?:van )?{_SHORT}",
    rf"\b(?P<part>voorjaar|lente|zomer|najaar|herfst)[\s-]+(?:van )?{_SHORT}",
)
_YEARS = (
    rf"{_ALONE}{_YEAR} ?(?:[-–/]|t/m|tot en met|tot) ?(?P<last>(?:19|20)?\d\d)(?!\d)",  # 2020-2021, 2020/21
    # No number of a norm (9001:2015) or of a law (2016/679), no postal code, no amount.
    rf"(?<!\d)(?<!\d[.,:]){_YEAR}(?!\d|[.,:/-]\d| ?(?-i:[A-Z]{{2}} +[A-Z][a-z]))"
    r"(?! (?:euro|leden|medewerkers|werknemers|bedrijven|inwoners|woningen|mensen|personen|uur|km|kg|ton)\b)",
)
_KINDS = tuple(
    tuple(re.compile(form, re.IGNORECASE) for form in forms) for forms in (_DAYS, _PARTS_OF_YEARS, _YEARS)
)
# What stands before a date that is not that of the document: the end of something, a law, a number.
_OF_SOMETHING_ELSE = re.compile(
    r"(?:\b(?:tot(?: en met)?|t/m|uiterlijk|sinds|opgericht in|\w*wet van(?: de)?"
    r"|kvk(?:-?nummer)?|nr\.?|no\.?|nummer|tel\.?|postbus|artikel|stb\.?|stcrt\.?|trb\.?|staatsblad"
    r"|staatscourant|kamerstukken(?: ii?)?)[\s:]*|[€=]\s?)$",
    re.IGNORECASE,
)
# Years that are aimed at ("Agenda 2030") or that name a law ("Wmo 2015", "Wet natuurbescherming 2017").
_AIM = re.compile(
    r"\b(?:(?:\w*(?:agenda|visie|ambities?|doel(?:en|stelling(?:en)?)?)|koers|horizon|roadmap|routekaart"
    r"|toekomstbeeld|scenario['’]?s?)(?: (?:voor|naar|van|in|richting|tot))?|naar|richting"
    r"|\w*wet(?: \w+| maatschappelijke ondersteuning)?|wmo|bouwbesluit)(?: het jaar)?[\s:–-]*$",
    re.IGNORECASE,
)
_CONTEXT = 40
"""Characters before a date that are looked at; more than the longest of these words."""
_TITLE_PAGE = 1500
"""Characters of the first page that can be its title page; of a report's, all."""
_LABEL = re.compile(
    r"\W*(?:d\.?d\.|(?:versie|publicatie|uitgave)?datum|versie\b|gepubliceerd|vastgesteld|bijgewerkt|gewijzigd"
    r"|stand van zaken)",
    re.IGNORECASE,
)


def find_date(text: str, latest: int = 9999) -> str | None:
    """Return the first date in `text` of the most precise kind: "2019-09-17", "2020-04" or "2023".

    Years after `latest`, years that are aimed at and those of laws are no dates. Of two years in a row
    ("2020-2021") the last counts, of a longer period the first: plans are written as their period begins.
    """
    return next((date for _, _, date in _dates(text, latest)), None)


def find_years(text: str) -> frozenset[str]:
    """Return the years of all dates in `text`."""
    return frozenset(date[:4] for _, _, date in _dates(text, 9999))


def without_dates(text: str) -> str:
    """Return `text` with a space for each date; years that are aimed at, and those of laws, stay."""
    for start, end, _ in _dates(text, 9999):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _dates(text: str, latest: int) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and ISO form of every date, the most precise kind first."""
    text = text.replace("_", "-")  # in names of files, where it is a letter to `\b`
    for forms in _KINDS:
        found = [match for form in forms for match in form.finditer(text)]
        for match in sorted(found, key=lambda match: match.start()):
            start, end = match.span()
            before = text[max(0, start - _CONTEXT) : start]
            if match[0] != text[start:end]:
                continue
            aimed = match.re is _KINDS[-1][-1] and _AIM.search(before)
            if not aimed and not _OF_SOMETHING_ELSE.search(before) and (date := _iso(match, latest)):
                yield start, end, date
            text = text[:start] + "#" * (end - start) + text[end:]  # no part of it is another date


def title_date(title: str, page: str, latest: int = 9999) -> str | None:
    """Return the date in the title, or else in the lines of the first page that are no prose.

    A line that says what it holds ("Datum: …") goes before others. The page makes a date of the title
    more precise, but never another.
    """
    of_title = find_date(title, latest)
    lines = [line for line in page[:_TITLE_PAGE].split("\n") if not _is_prose(line)]
    labelled = [line for line in lines if _LABEL.match(line)]
    of_page = find_date("; ".join(labelled), latest) or find_date("; ".join(lines), latest)
    if of_title and of_page and not of_page.startswith(of_title):
        return of_title
    return of_page or of_title


def plausible(date: str | None, today: str) -> str | None:
    """Return an ISO date of a file's metadata, None where a program invented it: before 2001, or not yet.

    Clocks that were never set give 1970, 1980 and 2000.
    """
    return date if date and "2001" <= date <= today else None


def _is_prose(line: str) -> bool:
    return len(line) > 160 or (len(line.split()) > 8 and line.rstrip().endswith((".", "?", "!", ",", ":")))


def _iso(match: re.Match[str], latest: int) -> str | None:
    """Return the date that one of the forms found, None for one that no calendar has."""
    of = match.groupdict()
    year = int(of["year"]) if of["year"] else _in_full(of["short"])
    if last := of.get("last"):
        until = int(of["year"][: 4 - len(last)] + last)
        if until <= year:
            return None
        year = until if until == year + 1 <= latest else year
    if year > latest:
        return None
    if of.get("name"):
        month = _MONTHS[of["name"][:3].casefold()]
    else:
        month = _PARTS[of["part"].casefold()] if of.get("part") else int(of.get("month") or 0)
    if not month:
        return str(year)
    day = int(of.get("day") or 0)
    if day > monthrange(year, month)[1]:
        return None
    return f"{year}-{month:02d}-{day:02d}" if day else f"{year}-{month:02d}"


def _in_full(short: str) -> int:
    """Return the year of "'98" or "'20"."""
    return int(short) + (1900 if int(short) >= 50 else 2000)
