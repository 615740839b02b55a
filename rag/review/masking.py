"""Personal data that can be told by its form is masked before a question is kept."""

import re

from index.texts import text

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z0-9]{4}(?: ?\d{4}){2,6}(?: ?\d{1,3})?\b", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w.,])(?:\+31|0031|0)(?: ?\(0\))?(?:[ -]?\d){9}(?!\d)")
_NINE_DIGITS = re.compile(r"(?<![\w.,])\d(?:[ .]?\d){8}(?![\d,]|\.\d)")


def mask(words: str) -> str:
    """Return the text with e-mail addresses, IBANs, phone numbers and citizen service numbers taken out.

    Account and service numbers are told from other figures by their check digits. Names are not found: that
    takes a reader.
    """
    for name, pattern in (("email", _EMAIL), ("iban", _IBAN), ("phone", _PHONE), ("bsn", _NINE_DIGITS)):
        for found in pattern.findall(words):
            if (name != "iban" or _is_iban(found)) and (name != "bsn" or _is_bsn(found)):
                words = words.replace(found, text(f"masked.{name}"))
    return words


def _is_iban(found: str) -> bool:
    """Check the two check digits: ISO 13616, modulo 97."""
    plain = found.replace(" ", "").upper()
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def _is_bsn(found: str) -> bool:
    """Check a burgerservicenummer by the "elfproef": weights 9 to 2 and -1, a sum that 11 divides."""
    digits = [int(digit) for digit in found if digit.isdecimal()]
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11 == 0
