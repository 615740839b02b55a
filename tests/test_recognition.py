import pytest

from index.errors import UnreadableDocument
from index.reading.recognition import kind_of
from tests.office import docx, odt, zipped
from tests.pdfs import blank

ZEROS = bytes(64)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + ZEROS


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (blank(1), "pdf"),
        (b"junk\n" * 100 + blank(1), "pdf"),
        (docx(""), "docx"),
        (odt(""), "odt"),
        (b"<!DOCTYPE html><p>x", "html"),
        (b'<?xml version="1.0"?>\n<html xmlns="x"><body/></html>', "html"),
        (b"\xef\xbb\xbf<!-- opgeslagen -->\n<HTML>", "html"),
        (b"<h1>Los</h1><p>stuk", "html"),
        ("<html><body>één</body></html>".encode("utf-16-le"), "html"),
        (b"From: a\r\nTo: b\r\nX-Long: 1\r\n 2\r\n\r\n<html>", "mail"),
        (b"Received: a\nSubject: b\n", "mail"),
        (b"# Kop\n", "markdown"),
        (b"a < b en <html> is een taal", "plain"),
        (b"BMW en MZ zijn motoren", "plain"),
        ("ĳs".encode("utf-16"), "plain"),
        (b"{}", "plain"),
    ],
)
def test_kinds_are_told_by_content(data: bytes, kind: str) -> None:
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "leeg bestand"),
        (b"\x89PNG\r\n\x1a\n" + ZEROS, "een afbeelding"),
        (b"\xff\xd8\xff\xe0" + ZEROS, "een afbeelding"),
        (b"BM" + ZEROS, "een afbeelding"),
        (b"RIFF\0\0\0\0WEBP" + ZEROS, "een afbeelding"),
        (b"\0\0\0\x18ftypmp42" + ZEROS, "een geluids- of videobestand"),
        (b"MZ\x90\0" + ZEROS, "een programma"),
        (b"\x7fELF" + ZEROS, "een programma"),
        (zipped({"a.txt": "x"}), "een zip-bestand"),
        (zipped({"mimetype": "application/epub+zip"}), "een e-book"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "een spreadsheet"),
        (
            zipped({"mimetype": "application/vnd.oasis.opendocument.presentation"}),
            "een LibreOffice-presentatie",
        ),
        (
            zipped({"[Content_Types].xml": "<T ContentType='x.spreadsheetml.sheet.main+xml'/>"}),
            "een spreadsheet",
        ),
        (b"7z\xbc\xaf'\x1c" + ZEROS, "een zip-bestand"),
        (b"{\\rtf1 tekst}", "een RTF-bestand (.rtf): sla het op als .docx"),
        (OLE + "WordDocument".encode("utf-16-le"), "een oud Word-bestand (.doc): sla het op als .docx"),
        (OLE + "Workbook".encode("utf-16-le"), "een spreadsheet"),
        (OLE + "PowerPoint Document".encode("utf-16-le"), "een oud PowerPoint-bestand"),
        (OLE + "__substg1.0_".encode("utf-16-le"), "een Outlook-bericht"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "beveiligd met een wachtwoord"),
        (OLE, "deze soort bestanden leest Vraagbaak niet"),
        (b'<?xml version="1.0"?><gegevens/>', "een XML-bestand"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "een XML-bestand"),
        (b"PK\3\4" + ZEROS, "beschadigd of onvolledig"),
    ],
)
def test_other_kinds_are_refused_by_name(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        kind_of(data)
    assert caught.value.reason.startswith(reason)
