"""What a paper says of its own standing, in its title and on its first page: replaces, replaced, withdrawn.

Only sentences of which the paper itself is the subject count ("Deze nota vervangt …"), and none with a
condition, a negation or a part ("vervangt artikel 3 van …"): what is missed is a pity, what is invented
a fault.
"""

import re
from collections.abc import Iterator

from index.documents import Statement
from index.reading.dates import find_date
from index.sentences import sentence_spans

_FIRST = 3000
"""Characters of the first page that are read, for kinds of files that have one endless page."""
_OWN = r"(?:deze|dit)\s+[\w-]+"
# "Deze nota", "Deze regeling, vastgesteld op 3 mei,", "Dit besluit treedt in werking op 1 mei en".
_SUBJECT = rf"(?:{_OWN}(?:\s+[\w.]+){{0,3}}|{_OWN}\b.*?(?:\ben|,))(?:\s+(?:hiermee|daarmee|zij))?\s+"
_START = r"^\W*(?:let op\W+)?"
_NOT = r"(?!\W*(?:niet|geen|deels|gedeeltelijk|ten dele|alleen|onder meer|eventueel)\b)"
_REPLACES = tuple(
    re.compile(form + rf"\b{_NOT}[:\s]+(?P<about>.+)", re.IGNORECASE)
    for form in (
        rf"{_START}(?:{_SUBJECT})?vervangt(?:\s+(?:hiermee|daarmee|per\s[\w\s]+?\d{{4}}))?",
        rf"{_START}(?:{_SUBJECT})?(?:treedt|komt)(?:\s+(?:hiermee|daarmee))?\s+in\s+de\s+plaats\s+van",
        rf"{_START}(?:{_OWN}\b[^.;]*)?ter\s+vervanging\s+van",
    )
)
_REPLACED = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_START}(?:{_SUBJECT}(?:is|wordt|werd)\s+(?:(?:per|op|sinds|in)\s[\w\s]*?\d{{4}}\s+)?)?"
        r"vervangen\s+door[:\s]+(?P<about>.+)",
        rf"{_START}{_SUBJECT}(?:is|wordt|werd)\s+door\s+(?P<about>.+?)\s+vervangen\b",
    )
)
_PART = re.compile(
    r"\b(?:artikel(?:en)?|art\.|paragra(?:af|fen)|hoofdstuk(?:ken)?|bijlagen?|pagina['’]?s?|tabel(?:len)?"
    r"|onderde(?:el|len)|leden|lid|passages?|alinea['’]?s?|zin)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:als|indien|wanneer|zodra|tenzij|voor\s+zover|mits)\b", re.IGNORECASE)
_AFTER = re.compile(r",\s+(?:die|dat|welke|waarin|waarmee|zoals)\b.*", re.IGNORECASE | re.DOTALL)
_GONE = r"(?:ingetrokken|vervallen|komen\s+te\s+vervallen|niet\s+(?:meer|langer)\s+(?:geldig|van\s+kracht))"
_SINCE = r"(?:(?:per|op|sinds|vanaf|met\s+ingang\s+van|d\.?d\.?)\s+[\w\s/-]*?\d{4})"
_WITHDRAWN = re.compile(
    rf"{_START}{_OWN}(?:\s+[\w.]+){{0,3}}\s+(?:is|wordt|werd)\s+(?:{_SINCE}\s+)?{_GONE}\b", re.IGNORECASE
)
_STAMP = re.compile(rf"\W*(?:status\s*:\s*)?{_GONE}(?:\s+{_SINCE})?\W*", re.IGNORECASE)
_STAMPED_TITLE = re.compile(
    rf"^\W*{_GONE}(?:\s+{_SINCE})?\s*(?:[:\])|]|\s[–—-])|(?:[(\[|:]|\s[–—-])\s*{_GONE}(?:\s+{_SINCE})?\W*$",
    re.IGNORECASE,
)


def find_statements(title: str, text: str, start: int, end: int) -> tuple[Statement, ...]:
    """Return what a title and the first page, text[start:end], say about the paper itself."""
    found = [_withdrawn(title, 0, 0)] if _STAMPED_TITLE.search(title) else []
    position = start
    for at, line in enumerate(text[start : min(end, start + _FIRST)].split("\n")):
        if _STAMP.fullmatch(line) and (at < 3 or line.isupper() or ":" in line or find_date(line)):
            found.append(_withdrawn(line, position, position + len(line)))
        else:
            for span in sentence_spans(text, position, position + len(line)):
                found.extend(_said(text[slice(*span)], *span))
        position += len(line) + 1
    return tuple(found)


def _withdrawn(words: str, start: int, end: int) -> Statement:
    return Statement("withdrawn", find_date(words) or "", start, end)


def _said(sentence: str, start: int, end: int) -> Iterator[Statement]:
    if _CONDITION.search(sentence):
        return
    if _WITHDRAWN.search(sentence):
        yield _withdrawn(sentence, start, end)
    for kind, forms in (("replaces", _REPLACES), ("replaced", _REPLACED)):
        for form in forms:
            if (match := form.search(sentence)) and not _PART.search(match["about"]):
                yield Statement(kind, _AFTER.sub("", match["about"]).strip(" .:"), start, end)  # type: ignore[arg-type]
                break
