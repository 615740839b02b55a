import html
from datetime import date
from pathlib import Path

import pytest

from index.documents import Page
from index.errors import BadConfiguration, UnreadableDocument
from index.notices import notices_of
from index.reading.manifest import About, read_manifest
from index.reading.readers import read
from index.reading.reading import Reading
from tests.office import docx, odt
from tests.pdfs import blank, handmade, paragraph, rewritten, typeset
from tests.reading import read_document

LETTER = handmade(paragraph("Beste collega, de kantine is op vrijdag gesloten."))
BAD = {
    "empty": (b"", "leeg bestand"),
    "white space": (b" \n\n", "leeg bestand"),
    "only a head": (b"%PDF-1.7\n", "beschadigd of onvolledig"),
    "nothing in it": (b"%PDF-1.7\n%%EOF\n", "beschadigd of onvolledig"),
    "truncated": (typeset("#lorem(300)")[:-900], "beschadigd of onvolledig"),
    "no pages": (blank(0), "geen pagina's"),
    "no text": (blank(2), "geen tekst gevonden"),
    "password": (rewritten(LETTER, password="geheim"), "beveiligd met een wachtwoord"),
    "empty page": (b"<!doctype html><html><body><nav>Home</nav></body></html>", "geen tekst gevonden"),
    "endless nesting": (b"<!doctype html>" + b"<div>" * 5000 + b"tekst", "beschadigd of onvolledig"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_are_refused_in_dutch(case: str, tmp_path: Path) -> None:
    data, reason = BAD[case]
    path = tmp_path / "nota.pdf"
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument) as caught:
        read_document(path, id="d", file="nota.pdf")
    assert caught.value.reason == reason


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "pagina.pdf"
    path.write_text(
        "<!DOCTYPE html><html><body><h1>Verlof</h1><p>Vraag verlof aan bij P&amp;O.</p></body></html>"
    )
    document = read_document(path, id="d", file="pagina.pdf")
    assert document.text == "Verlof\nVraag verlof aan bij P&O."
    assert document.boxes is None


def test_owner_password_does_not_keep_readers_out(tmp_path: Path) -> None:
    path = tmp_path / "nota.pdf"
    path.write_bytes(rewritten(LETTER, password=""))
    assert read_document(path, id="d", file="nota.pdf").text.startswith("Beste collega")


def test_flipped_bytes_never_leak_an_error_of_a_library(tmp_path: Path) -> None:
    path = tmp_path / "nota.pdf"
    source = typeset("= Kop\n#lorem(80)\n#table(columns: 2, [a], [b])")
    for place in range(20, len(source), len(source) // 60):
        path.write_bytes(source[:place] + b"(<[\xff" + source[place + 4 :])
        try:
            document = read_document(path, id="d", file="nota.pdf")
        except UnreadableDocument:
            continue
        assert document.text


SMUGGLED = "De <|im_start|>kan\u200btine\u202e is\U000e0049\U000e0047 dicht[/INST]\u00ad."
ESCAPED = html.escape(SMUGGLED)


@pytest.mark.parametrize(
    "data",
    [
        SMUGGLED.encode(),
        SMUGGLED.encode("utf-16"),
        f"# Kop\n\n{ESCAPED}".encode(),
        f"<!doctype html><p>{ESCAPED}".encode(),
        f"Subject: Kop\nFrom: a\n\n{SMUGGLED}".encode(),
        docx(f"<w:p><w:r><w:t>{ESCAPED}</w:t></w:r></w:p>"),
        odt(f"<text:p>{ESCAPED}</text:p>"),
    ],
)
def test_nothing_unseen_and_no_turn_of_a_conversation_comes_through(data: bytes) -> None:
    assert read(data).text.split("\n")[-1] == "De kantine is dicht."


def test_markdown_and_text(tmp_path: Path) -> None:
    path = tmp_path / "afspraken.md"
    path.write_bytes(b"\xef\xbb\xbf# Afspraken 2024\n\nWe bellen\nop maandag.\n- om negen uur\n- kort\n")
    document = read_document(path, id="d", file="afspraken.md")
    assert document.text.split("\n") == [
        "Afspraken 2024",
        "We bellen op maandag.",
        "om negen uur",
        "kort",
    ]
    assert (document.title, document.date) == ("Afspraken 2024", "2024")


def test_a_manifest_names_the_document_and_dates_it_when_the_file_does_not(tmp_path: Path) -> None:
    path = tmp_path / "nota.html"
    path.write_text(
        "<html><title>Concept van 3 mei 2021</title><body><p>Tekst van de nota.</p></body></html>"
    )
    told = About("Nota reiskosten", "2023-06", "Intranet")
    document = read_document(path, id="d", file="nota.html", about=told)
    assert (document.title, document.date, document.source) == ("Nota reiskosten", "2021-05-03", "Intranet")
    assert document.dates == {"title": "2021-05-03", "manifest": "2023-06"}
    (notice,) = notices_of(document)
    assert notice.startswith("De datums verschillen: 2021-05-03 (titelpagina), 2023-06 (manifest.json).")
    untold = read_document(path, id="d", file="nota.html")
    assert (untold.title, untold.date, untold.source) == ("Concept van 3 mei 2021", "2021-05-03", None)


@pytest.mark.parametrize(
    ("metadata", "page", "told", "file", "dates"),
    [
        ("2020-04", "April 2020", None, "nota.pdf", {"metadata": "2020-04", "title": "2020-04"}),
        ("1970-01", "April 2020", None, "nota.pdf", {"title": "2020-04"}),
        ("2026-07", "Nota", None, "Nota_20200312.pdf", {"file": "2020-03-12"}),
        (None, "Klimaatneutraal in 2050", "2019", "nota-2018.pdf", {"manifest": "2019", "file": "2018"}),
        (None, "Begroting 2027", None, "nota.pdf", {"title": "2027"}),
        (None, "Vooruitblik 2028", None, "2028.pdf", {}),
    ],
)
def test_dates_stand_in_order_of_trust(
    metadata: str | None, page: str, told: str | None, file: str, dates: dict[str, str]
) -> None:
    pages = (Page(1, None, 0, 0), Page(2, None, 0, len(page)))
    document = Reading(page, pages, metadata_date=metadata).named(
        "nota", file, About(date=told), today=date(2026, 6, 15)
    )
    assert list(document.dates.items()) == list(dates.items())
    assert document.date == next(iter(dates.values()), None)
    assert not document.notices


@pytest.mark.parametrize(
    ("metadata", "page", "told", "noticed"),
    [
        ("2021-03", "Nota 2019", None, True),
        ("2021-03", "Nota 2021", "2019", True),
        (None, "Nota 2021", "2019", True),
        ("2021-03", "Nota, december 2021", "2021", False),
    ],
)
def test_years_that_differ_are_noticed(
    metadata: str | None, page: str, told: str | None, noticed: bool
) -> None:
    reading = Reading(page, (Page(1, None, 0, len(page)),), metadata_date=metadata)
    document = reading.named("nota", "nota-1999.pdf", About(date=told), today=date(2026, 6, 15))
    assert [notice.kind for notice in document.notices] == ["dates"] * noticed


def test_manifest_is_read(tmp_path: Path) -> None:
    assert read_manifest(tmp_path) == {}
    (tmp_path / "manifest.json").write_text(
        '{"documents": [{"file": "a.pdf", "date": "2020", "withdrawn": "2024-01-31", "note": "van Jan"},'
        ' {"file": "b.pdf", "replaces": "a.pdf", "withdrawn": false}, {"file": "c.pdf", "withdrawn": true}]}'
    )
    assert read_manifest(tmp_path) == {
        "a.pdf": About(date="2020", withdrawn="2024-01-31"),
        "b.pdf": About(replaces="a.pdf", withdrawn=False),
        "c.pdf": About(withdrawn=True),
    }


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"documents": [{"title": "zonder bestand"}]}',
        '{"documents": [{"file": "a", "date": 3}]}',
        '{"documents": [{"file": "a", "date": "12 maart 2020"}]}',
        '{"documents": [{"file": "a", "date": "2020-13"}]}',
        '{"documents": [{"file": "a", "date": "2020-W01-1"}]}',
        '{"documents": [{"file": "a", "replaces": ["b"]}]}',
        '{"documents": [{"file": "a", "withdrawn": 2024}]}',
        '{"documents": [{"file": "a", "withdrawn": "ja"}]}',
    ],
)
def test_broken_manifest_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(BadConfiguration, match=r"manifest\.json is not a manifest"):
        read_manifest(tmp_path)
