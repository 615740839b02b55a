"""What kind of thing a question asks for, and what a sentence that answers it must then hold."""

import re

_NUMBERS = (
    r"\d|\b(?:één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|twintig|honderd|duizend|miljoen|miljard"
    r"|helft|derde|kwart|dubbel\w*|meerderheid|geen)\b"
)
_KINDS = tuple(
    (re.compile(asks, re.IGNORECASE), re.compile(holds, re.IGNORECASE))
    for asks, holds in (
        (
            r"\bhoe\s?vee?l (?:\w+ )?(?:euro|\w*geld|miljoen|miljard|subsid\w+|omzet|winst)\b"
            r"|\bwelke? (?:\w+ )?bedrag\w*|\bwat kost\w*|\b(?:contributie|salaris|verdien(?:t|de|en))\b",
            r"€|\b(?:euro|miljoen|miljard)\b",
        ),
        (r"\b(?:percentage|procent)\b|%", r"%|\bprocent\b"),
        (r"\bhoe oud\b", r"\b\d+ jaar\b|\bgeboren\b"),
        (r"\b(?:telefoon|mobiel\w*)\s?nummer\b|\bnummer van\b", r"\d[\d -]{7,}"),
        (r"\b(?:welke|wat is de) (?:\w+ )?datum\b|\bop welke dag\b", r"\b\d{1,2} [a-z]{3,9}\b|\d-\d"),
        (r"\b(?:hoe\s?vee?l|aantal|how many|hoe vaak)\b", _NUMBERS),
    )
)


def lacks_what_is_asked(question: str, sentence: str) -> bool:
    """Say whether the question asks for an amount, share, date or number that the sentence does not hold."""
    return any(asks.search(question) and not holds.search(sentence) for asks, holds in _KINDS)
