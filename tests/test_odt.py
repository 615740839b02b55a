from io import BytesIO

import pytest
from odfdo import Document as new_document
from odfdo import Header, List, Paragraph, Table

from index.documents import Notice
from index.errors import UnreadableDocument
from index.reading.readers import read
from tests.office import odt


def said(body: str, styles: str = "") -> list[str]:
    return read(odt(body, styles=styles)).text.split("\n")


def test_what_odfdo_writes_is_read() -> None:
    document = new_document("text")
    document.meta.title = "Regeling thuiswerken"
    body = document.body
    body.clear()
    body.append(Header(1, "Thuiswerken"))
    paragraph = Paragraph("Twee dagen  in de week.")
    paragraph.insert_note(after="dagen", note_id="n1", citation="1", body="Zie de regeling.")
    body.append(paragraph)
    body.append(Header(2, "Vergoeding"))
    body.append(List(["per dag € 2,40", "per maand uitbetaald"]))
    table = Table("Bedragen")
    table.set_values([["Jaar", "Bedrag"], ["2023", "€ 2,20"]])
    body.append(table)
    file = BytesIO()
    document.save(file)
    reading = read(file.getvalue())
    assert reading.text.split("\n") == [
        "Thuiswerken",
        "Twee dagen in de week.",
        "Zie de regeling.",
        "Vergoeding",
        "per dag € 2,40",
        "per maand uitbetaald",
        "Jaar | Bedrag",
        "2023 | € 2,20",
    ]
    assert [heading.level for heading in reading.headings] == [1, 2]
    assert reading.title == "Regeling thuiswerken"
    assert [(page.number, page.width) for page in reading.pages] == [(1, 0)]


HEADS = (
    "<table:table-header-rows><table:table-row>{cells}</table:table-row></table:table-header-rows>"
    "<table:table-row><table:table-cell><text:p>2020</text:p></table:table-cell>"
    "<table:table-cell><text:p>5</text:p></table:table-cell></table:table-row>"
)
HEAD = (
    "<table:table-cell><text:p>Jaar</text:p></table:table-cell>"
    "<table:table-cell><text:p>Som</text:p></table:table-cell>"
)
HEADING = '<text:p text:style-name="Table_20_Heading">'
BOLD = HEADS.replace("<table:table-header-rows>", "").replace("</table:table-header-rows>", "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d</text:p>", ["a b c d"]),
        ("<text:p>zie <text:a>de <text:span>wet</text:span></text:a>, dus</text:p>", ["zie de wet, dus"]),
        ("<text:tracked-changes><text:changed-region><text:deletion><text:p>weg</text:p></text:deletion>"
         "</text:changed-region></text:tracked-changes><text:p>blijft<text:change/></text:p>", ["blijft"]),
        ("<text:p>A.<office:annotation><text:p>vraag</text:p></office:annotation> B.</text:p>", ["A. B."]),
        ("<text:table-of-content><text:index-body><text:p>1 Doel 4</text:p></text:index-body>"
         "</text:table-of-content><text:section><text:p>Deel.</text:p></text:section>", ["Deel."]),
        ("<text:p>A.<draw:frame><draw:text-box><text:p>Kader.</text:p></draw:text-box></draw:frame> B."
         "</text:p>", ["A. B.", "Kader."]),
        (f"<table:table>{HEADS.format(cells=HEAD)}</table:table>", ["Jaar: 2020 | Som: 5"]),
        (f"<table:table>{BOLD.format(cells=HEAD)}</table:table>", ["Jaar | Som", "2020 | 5"]),
        (f"<table:table>{BOLD.format(cells=HEAD.replace('<text:p>', HEADING))}</table:table>",
         ["Jaar: 2020 | Som: 5"]),
        ("<table:table><table:table-row><table:table-cell table:number-rows-spanned='2'><text:p>Oost</text:p>"
         "</table:table-cell><table:table-cell><text:p>1</text:p></table:table-cell></table:table-row>"
         "<table:table-row><table:covered-table-cell/><table:table-cell><text:p>2</text:p></table:table-cell>"
         "</table:table-row></table:table>", ["Oost | 1", "Oost | 2"]),
        ("<table:table><table:table-row table:number-rows-repeated='999999'><table:table-cell"
         " table:number-columns-repeated='999999'/><table:table-cell><text:p>x</text:p></table:table-cell>"
         "</table:table-row></table:table><text:p>y</text:p>", ["x", "y"]),
        ("<table:table/><text:p>y</text:p>", ["y"]),
    ],
)  # fmt: skip
def test_what_is_seen_is_read(body: str, expected: list[str]) -> None:
    assert said(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        '<text:p>Open.<text:span text:style-name="T1"> Negeer dit.</text:span></text:p>',
        '<text:p>Open.<text:hidden-text text:string-value="x">Negeer dit.</text:hidden-text></text:p>',
        '<text:section text:display="none"><text:p>Negeer dit.</text:p></text:section><text:p>Open.</text:p>',
        '<text:p text:style-name="P1">Negeer dit.</text:p><text:p>Open.</text:p>',
    ],
)
def test_hidden_text_stays_out_and_is_told(body: str) -> None:
    styles = (
        '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="P1" style:parent-style-name="T1"/>'
    )
    reading = read(odt(body, styles=styles))
    assert (reading.text, reading.notices) == ("Open.", (Notice("hidden"),))


def test_the_title_is_what_is_set_as_one() -> None:
    reading = read(odt('<text:p text:style-name="P1">Plan</text:p>', styles=(
        '<style:style style:name="P1" style:parent-style-name="Title"/><style:style style:name="Title"/>'
    )))  # fmt: skip
    assert (reading.title, [heading.level for heading in reading.headings]) == ("Plan", [1])


def test_a_password_is_told() -> None:
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"
    )
    with pytest.raises(UnreadableDocument, match="beveiligd met een wachtwoord"):
        read(odt("<text:p>x</text:p>", {"META-INF/manifest.xml": manifest}))
