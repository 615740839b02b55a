import random

import pytest

from index.errors import UnreadableDocument
from index.reading.characters import clean_text
from index.reading.encodings import decode

DUTCH = (
    "Beste collega’s,\r\nEén dag vóór vertrek meldt u zich; coördinatie, financiële ruimte, reünie.\r\n"
    "De foto’s van het café kosten 5 euro – “netjes” – per stuk.\r\n"
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("één ĳs".encode(), "één ĳs"),
        (b"\xef\xbb\xbf\xc3\xa9", "é"),
        ("é€".encode("utf-16"), "é€"),
        ("é€".encode("utf-32"), "é€"),
        ("\ufeffé€ ’s".encode("utf-16-be"), "é€ ’s"),
        ("Het café kost € 5.".encode("utf-16-le"), "Het café kost € 5."),
        ("Het café kost € 5.".encode("utf-16-be"), "Het café kost € 5."),
        ("Een even getal".encode("utf-16-le") + b"\0", "Een even getal"),
        (b'<meta charset="iso-8859-1">\x80 \xe9', '<meta charset="iso-8859-1">€ é'),
        (b'<?xml version="1.0" encoding="iso-8859-15"?>\xa4',
         '<?xml version="1.0" encoding="iso-8859-15"?>€'),
        (b'<meta charset="onzin">\xc3\xa9', '<meta charset="onzin">é'),
        (b'<meta charset="unicode_escape">\\u0041', '<meta charset="unicode_escape">\\u0041'),
        (b"\x80 caf\xe9", "€ café"),
        (DUTCH.encode("cp1252"), DUTCH),
        (DUTCH.encode("mac_roman"), DUTCH),
        (DUTCH.replace("’", "'").replace("“", '"').replace("”", '"').replace("–", "-").encode("cp850"),
         DUTCH.replace("’", "'").replace("“", '"').replace("”", '"').replace("–", "-")),
        ("Prijs: € 5, € 6 en € 7.".encode("iso8859_15"), "Prijs: € 5, € 6 en € 7."),
        ("Coördinatie één, ".encode() + "foto’s van € 5".encode("cp1252"), "Coördinatie één, foto’s van € 5"),
        ("Škoda is één merk".encode("cp1252"), "Škoda is één merk"),
        (b"a\xed\xa0\xbd\xed\xb8\x80b\xed\xa0\x80c", "a😀bc"),
        ("x".encode("utf-16") + b"\x00\xd8" + "é".encode("utf-16-le"), "xé"),
        (b"piep\x07 en " + b"woorden " * 20 + b"nul\0", "piep\x07 en " + "woorden " * 20 + "nul\0"),
        (b"", ""),
    ],
)  # fmt: skip
def test_dutch_is_read_in_every_encoding_that_offices_have(data: bytes, expected: str) -> None:
    assert decode(data) == expected


UNKNOWN = "deze soort bestanden leest Vraagbaak niet"
GARBLED = "de letters in dit bestand zijn niet te herkennen"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (random.Random(1).randbytes(4000), UNKNOWN),
        (b"\xff\xfe" + random.Random(2).randbytes(4000), UNKNOWN),
        (bytes(range(1, 256)) * 9, UNKNOWN),
        (bytes(100), UNKNOWN),
        ("tekst".encode("utf-32-le"), UNKNOWN),
        (
            bytes(random.Random(3).choices(range(160, 256), k=900)),
            UNKNOWN,
        ),
        ("Пожалуйста, заполните форму".encode("cp1251"), GARBLED),
        ("een café".encode("cp850"), GARBLED),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        decode(data)
    assert caught.value.reason.startswith(reason)


def test_no_encoding_of_dutch_ever_gives_other_words() -> None:
    words = DUTCH.split()
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "iso8859_15"):
        for start in range(len(words)):
            given = " ".join(words[start : start + 4])
            try:
                found = decode(given.encode(encoding))
            except (UnicodeEncodeError, UnreadableDocument):
                continue
            assert clean_text(found) == clean_text(given), encoding
