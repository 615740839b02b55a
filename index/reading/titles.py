"""Titles that files give themselves: many are the name of a file or of the program that made it."""

import re

from index.reading.characters import clean_text

_LONGEST = 200
_USELESS = re.compile(
    r"(?:microsoft|libreoffice|openoffice)[\w. ]* - .*"
    r"|(?:untitled|naamloos|zonder titel|geen titel|title|titel|document|presentatie|presentation|werkmap"
    r"|book|scan|powerpoint[ -]presentati(?:e|on)|word[ -]document)[\s_-]*\(?\d*\)?"
    r"|.*\.(?:docx?|dotx?|odt|rtf|txt|pdf|pptx?|odp|xlsx?|ods|indd|qxd|pub|html?|tex|md|tiff?|jpe?g|png)"
    r"|[\W\d_]*",
    re.IGNORECASE,
)


def own_title(title: str | None) -> str | None:
    """Return a title from a file's metadata, cleaned and cut; None where a first heading would say more."""
    cleaned = clean_text(title or "")
    return None if _USELESS.fullmatch(cleaned) else cleaned[:_LONGEST].rstrip()
