import time
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from index.errors import UnreadableDocument
from index.reading.office.package import Package
from index.reading.readers import read
from tests.office import NAMES, docx, odt, relations, zipped

DOCUMENT = f"<w:document {NAMES}><w:body><w:p><w:r><w:t>%s</w:t></w:r></w:p></w:body></w:document>"
ENTITIES = "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
LAUGHS = f'<!DOCTYPE d [<!ENTITY a "lol">{ENTITIES}]>'
OTHER_FILE = '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def with_document(document: str | bytes) -> bytes:
    """A DOCX with this very part in it."""
    source = ZipFile(BytesIO(docx("")))
    parts: dict[str, str | bytes] = {name: source.read(name) for name in source.namelist()}
    return zipped({**parts, "word/document.xml": document})


def lying(data: bytes, told: int) -> bytes:
    """The same package, whose directory tells another size of word/document.xml."""
    at = data.rindex(b"word/document.xml") - 46
    return data[: at + 24] + told.to_bytes(4, "little") + data[at + 28 :]


def encrypted(data: bytes) -> bytes:
    """The same package, whose directory says that word/document.xml is encrypted."""
    at = data.rindex(b"word/document.xml") - 46
    return data[: at + 8] + b"\1" + data[at + 9 :]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (with_document(DOCUMENT % ("a" * 5_000_000)), "bij het uitpakken veel te groot"),
        (with_document((DOCUMENT % "a b").encode() + bytes(70_000_000)), "bij het uitpakken veel te groot"),
        (lying(with_document(DOCUMENT % ("a" * 5_000_000)), 100), "beschadigd"),
        (encrypted(docx("")), "wachtwoord"),
        (with_document(LAUGHS + DOCUMENT % "&i;"), "beschadigd"),
        (with_document(OTHER_FILE + DOCUMENT % "&a;"), "beschadigd"),
        (with_document('<!DOCTYPE d SYSTEM "http://localhost/d.dtd">' + DOCUMENT % "x"), "beschadigd"),
        (with_document(DOCUMENT % ("<w:r>" * 5000 + "</w:r>" * 5000)), "beschadigd"),
        (with_document(DOCUMENT % "<"), "beschadigd"),
        (with_document(""), "geen tekst"),
        (docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>")[:-30], "beschadigd"),
        (docx("<w:tbl><w:tr><w:tc>" * 40 + "</w:tc></w:tr></w:tbl>" * 40), "geen tekst"),
        (odt("<text:p>" + "<text:span>" * 500 + "x" + "</text:span>" * 500 + "</text:p>"), "beschadigd"),
    ],
)  # fmt: skip
def test_bombs_entities_and_damage_are_refused_at_once(data: bytes, reason: str) -> None:
    started = time.perf_counter()
    with pytest.raises(UnreadableDocument, match=reason):
        read(data)
    assert time.perf_counter() - started < 3


def test_many_parts_are_no_way_around_the_limit() -> None:
    part = bytes(range(256)) * 20_000
    package = Package(zipped({str(number): part + Random(number).randbytes(40_000) for number in range(20)}))
    with pytest.raises(UnreadableDocument, match="uitpakken"):
        for number in range(20):
            package.read(str(number))


def test_nothing_outside_the_package_is_followed(tmp_path: Path) -> None:
    secret = tmp_path / "styles.xml"
    secret.write_text("<geheim/>")
    outside = relations(styles=secret.as_uri(), footnotes="../../../../etc/passwd").replace(
        "/><", ' TargetMode="External"/><', 1
    )
    source = ZipFile(BytesIO(docx("<w:p><w:r><w:t>x</w:t></w:r></w:p>")))
    parts: dict[str, str | bytes] = {name: source.read(name) for name in source.namelist()}
    data = zipped({**parts, "word/_rels/document.xml.rels": outside})
    assert [to.target for to in Package(data).relations("word/document.xml").values()] == ["etc/passwd"]
    assert read(data).text == "x"


def test_both_editions_of_office_open_xml_are_read() -> None:
    strict = DOCUMENT.replace(
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    assert read(with_document(strict % "Streng.")).text == "Streng."
    assert read(with_document((DOCUMENT % "Één.").encode("utf-16"))).text == "Één."


def test_flipped_bytes_never_leak_an_error_of_a_library() -> None:
    for data in (docx("<w:p><w:r><w:t>Een zin.</w:t></w:r></w:p>"), odt("<text:p>Een zin.</text:p>")):
        for place in range(0, len(data), 7):
            try:
                read(data[:place] + b"\xff\0\x7f<" + data[place + 4 :])
            except UnreadableDocument:
                continue


def test_stored_and_packed_parts_are_read_alike() -> None:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("a", "x" * 2_000_000)
        archive.writestr("b", "x", ZIP_DEFLATED)
    stored = Package(file.getvalue())
    assert [len(stored.read(name)) for name in "abc"] == [2_000_000, 1, 0]
