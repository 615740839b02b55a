"""Bytes to text: which of the encodings that Dutch files have makes words of these bytes."""

import re
import unicodedata
from collections import Counter

from index.errors import UnreadableDocument
from index.reading.characters import clean
from index.texts import text

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_NAMED = re.compile(
    rb"<(?:meta[^>]+charset|\?xml[^>]+encoding)\s*=\s*[\"']?\s*"
    rb"(utf-8|(?:iso-?8859-|windows-|cp|koi8-|latin)-?\w{1,5})",
    re.IGNORECASE,
)
_LATIN_1 = frozenset({"iso-8859-1", "iso8859-1", "latin1", "latin-1"})
_OTHERS = ("cp1252", "iso8859_15", "cp850", "mac_roman")
"""Of Windows, Unix, DOS and old Macs: where two make equally good words, the first is taken."""
_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_NOISE = 0.02
"""Part of the characters that may be control or unassigned ones. Random bytes have 0.1, text has none."""
_MISPLACED = 0.2
"""Part of the characters outside ASCII that may stand where no writer of Dutch puts them."""
_HABITUAL = frozenset(
    "áàâäãåæçéèêëíìîïñóòôöõøœúùûüýÿßÁÀÂÄÅÇÉÈÊËÍÌÎÏÑÓÒÔÖØÚÙÛÜŠŽ€£§©®°·•–—‘’“”„‚…«»†™²³¹½¼¾±×÷µ¿¡\xa0\xad"
)
_OPENING = frozenset("‘“„‚«¿¡")
_INSIDE = frozenset("’·–—\xa0\xad")
"""Signs that stand between two letters."""
_SAMPLE = 500_000
"""Bytes by which an encoding is chosen."""


def decode(data: bytes) -> str:
    """Return `data` as text, lone surrogates left out. Raises UnreadableDocument for what is no text.

    By its byte order mark, where its zero bytes stand (UTF-16), the encoding that a page names, UTF-8, or
    else what makes the best words: parts in UTF-8 and parts not, or one of the encodings from before it.
    """
    decoded = _decode(data)
    _refuse_noise(decoded)
    return decoded


def _decode(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            rest = data[len(mark) :]
            if encoding in ("utf-16-le", "utf-16-be"):
                return _whole(rest[: len(rest) // 2 * 2].decode(encoding, "surrogatepass"))
            return rest.decode(encoding, "replace")
    if unmarked := _utf_16(data):
        return _whole(data[: len(data) // 2 * 2].decode(unmarked, "surrogatepass"))
    if named := _NAMED.search(data[:4096]):
        name = named[1].decode().lower()
        try:
            # Browsers read the label of Latin-1 as Windows-1252.
            return data.decode("cp1252" if name in _LATIN_1 else name)
        except (LookupError, UnicodeDecodeError):
            pass
    try:
        return _whole(data.decode("utf-8", "surrogatepass"))
    except UnicodeDecodeError:
        return _likeliest(data)


def _whole(decoded: str) -> str:
    """Return `decoded` with pairs of surrogates made one character, and lone ones left out."""
    if not re.search("[\ud800-\udfff]", decoded):
        return decoded
    return decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _utf_16(data: bytes) -> str | None:
    """Return the encoding of UTF-16 without a mark: every second byte of Latin letters is zero."""
    half = len(data) // 2
    even, odd = data[::2].count(0), data[1::2].count(0)
    if max(even, odd) < 0.6 * half or min(even, odd) > 0.1 * half or half < 2:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _likeliest(data: bytes) -> str:
    sample = data[:_SAMPLE]
    _refuse_noise(_as("mixed", sample))
    misplaced = {name: _misplaced(_as(name, sample)) for name in ("mixed", *_OTHERS)}
    allowed = _MISPLACED * sum(byte > 127 for byte in sample)
    best = min(misplaced, key=lambda name: misplaced[name])
    if misplaced["mixed"] <= allowed:
        return _as("mixed", data)
    # One letter tells too little to read a whole file by: a wrong guess would put wrong words in answers.
    if misplaced[best] > allowed or misplaced["mixed"] - misplaced[best] < 2:
        raise UnreadableDocument(text("read.encoding"))
    return _as(best, data)


def _as(name: str, data: bytes) -> str:
    if name != "mixed":
        return data.decode(name, "replace")
    parts, last = [], 0
    for found in _UTF_8.finditer(data):
        parts += [data[last : found.start()].decode("cp1252", "replace"), found[0].decode("utf-8", "replace")]
        last = found.end()
    return "".join((*parts, data[last:].decode("cp1252", "replace")))


def _misplaced(decoded: str) -> int:
    """Return how many characters stand where no writer of Dutch puts them: "caf‚", "fotoÕs", "Ã©n"."""
    count = 0
    for found in re.finditer(r"[^\x00-\x7f]", decoded):
        character = found[0]
        before, after = decoded[found.start() - 1 : found.start()], decoded[found.end() : found.end() + 1]
        if character not in _HABITUAL:
            count += 1
        elif character.isalpha():
            # "Ïîæà" is Russian: no Dutch word has three such letters in a row.
            strange = before > "\x7f" and before.isalpha() and after > "\x7f" and after.isalpha()
            count += strange or (character.isupper() and before.islower())
        elif character in _OPENING:
            count += before.isalnum() or not (after.isalnum() or after in "‘“„'\"€")
        elif character not in _INSIDE:
            count += before.isalpha() and after.isalpha()
    return count


def _refuse_noise(decoded: str) -> None:
    noise = sum(count for character, count in Counter(decoded).items() if _is_noise(character))
    if noise > _NOISE * len(decoded):
        raise UnreadableDocument(text("read.unknown"))


def _is_noise(character: str) -> bool:
    return character == "\ufffd" or (
        unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs") and not clean(character)
    )
