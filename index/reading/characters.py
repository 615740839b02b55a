"""Clean-up of characters: each one becomes what a reader sees, so that places stay known."""

import re
import unicodedata
from collections.abc import Sequence

_PRIVATE = {  # Bullets of the Symbol and Wingdings fonts, which word processors put in the private use area.
    "\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•", "\uf076": "•", "\uf0fc": "•", "\uf0a8": "•", "\uf06e": "•",
    "\uf0e0": "→", "\uf0e8": "→", "\uf02d": "–", "\uf020": " ",
}  # fmt: skip
_LIGATURES = {
    chr(code): unicodedata.normalize("NFKC", chr(code)) for code in (*range(0xFB00, 0xFB07), 0x132, 0x133)
}
_INVISIBLE = frozenset(map(chr, (
    0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x2800, 0x3164, 0xFFA0,
    *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0),
)))  # fmt: skip
"""Letters and marks that show nothing (Unicode's Default_Ignorable_Code_Point, and the blank of braille);
the others that show nothing are told by their category."""
_TOKEN = re.compile(
    r"""(?: <\|[^<>|\n]{1,48}\|> | <｜[^<>｜\n]{1,48}｜>
        | </?(?:s|bos|eos|pad|unk|mask|think|tool_call|tool_response|(?:start|end)_of_turn)>
        | \[/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\] | <</?SYS>> )""",
    re.VERBOSE | re.IGNORECASE,
)
_LAST_TOKEN = re.compile(rf"{_TOKEN.pattern}\Z", _TOKEN.flags)
_LONGEST_TOKEN = 52
_NOT_PLAIN = re.compile(r"[^ -~]")  # Printable ASCII, nearly all of a text, reads as it is.
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
SOFT_HYPHEN = "\u00ad"
HARD_HYPHEN = "\u2011"


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
    if character == HARD_HYPHEN:
        return "-"
    category = unicodedata.category(character)
    if category in ("Zs", "Zl", "Zp") or character in "\t\n\r\v\f":
        return " "
    if category in ("Cc", "Cf", "Co", "Cs", "Cn") or character == "\ufffd" or character in _INVISIBLE:
        return ""
    return character


def without_tokens(text: str) -> Sequence[int]:
    """Return the positions in `text` of the characters that stay when chat-template tokens are taken out.

    A token such as <|im_start|> or [INST] begins a turn for the model that reads it, and never stands in a
    document by right. What closes up around one that was taken out is looked at again: "<|im_<s>end|>".
    """
    if not _TOKEN.search(text):
        return range(len(text))
    places: list[int] = []
    for place, character in enumerate(text):
        places.append(place)
        if character in ">]":
            found = _LAST_TOKEN.search("".join(text[kept] for kept in places[-_LONGEST_TOKEN:]))
            del places[len(places) - (len(found[0]) if found else 0) :]
    return places


def clean_text(text: str) -> str:
    """Return `text` cleaned, composed (NFC), soft hyphens out, and each run of spaces made one space."""
    cleaned = _NOT_PLAIN.sub(lambda found: clean(found[0]), text).replace(SOFT_HYPHEN, "")
    cleaned = "".join(cleaned[place] for place in without_tokens(cleaned))
    return unicodedata.normalize("NFC", " ".join(cleaned.split()))


def raised(text: str) -> str:
    """Return digits as the raised digits of Unicode: the "2" of m², the "1" of a note mark."""
    return text.translate(_RAISED)
