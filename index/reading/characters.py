"""Clean-up of single characters: each one becomes what a reader sees, so that places stay known."""

import unicodedata

_PRIVATE = {  # Bullets of the Symbol and Wingdings fonts, which word processors put in the private use area.
    "\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf076": "•", "\uf0fc": "•", "\uf0a8": "•", "\uf06e": "•",
    "\uf0e0": "→", "\uf0e8": "→", "\uf02d": "–", "\uf020": " ",
}  # fmt: skip
_LIGATURES = {
    chr(code): unicodedata.normalize("NFKC", chr(code)) for code in (*range(0xFB00, 0xFB07), 0x132, 0x133)
}
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SOFT_HYPHEN = "\u00ad"


def clean(character: str) -> str:
    """Return what `character` reads as: itself, several letters (a ligature), a plain space, or nothing.

    Nothing is left of control, zero-width, direction, tag and unassigned characters. Soft hyphens stay:
    only the end of a line tells what they mean.
    """
    if character in _LIGATURES:
        return _LIGATURES[character]
    if character in _PRIVATE:
        return _PRIVATE[character]
    if character == SOFT_HYPHEN:
        return character
    category = unicodedata.category(character)
    if category in ("Zs", "Zl", "Zp") or character in "\t\n\r\v\f":
        return " "
    if category in ("Cc", "Cf", "Co", "Cs", "Cn") or character == "\ufffd":
        return ""
    return character


def clean_text(text: str) -> str:
    """Return `text` cleaned, composed (NFC), soft hyphens out, and each run of spaces made one space."""
    cleaned = "".join(clean(character) for character in text).replace(SOFT_HYPHEN, "")
    return unicodedata.normalize("NFC", " ".join(cleaned.split()))


def raised(text: str) -> str:
    """Return digits as the raised digits of Unicode: the "2" of m², the "1" of a note mark."""
    return text.translate(_RAISED)
