from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document as new_document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from index.documents import Notice
from index.reading.readers import read
from index.reading.reading import Reading
from tests.office import docx


def said(body: str, **parts: str) -> list[str]:
    return read(docx(body, parts)).text.split("\n")


def p(*runs: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(runs)}</w:p>"


def r(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def made() -> Reading:
    """A document as python-docx writes it."""
    document = new_document()
    document.core_properties.title = "Regeling thuiswerken"
    document.core_properties.modified = datetime(2024, 3, 5, tzinfo=UTC)
    document.sections[0].header.paragraphs[0].text = "Vertrouwelijk"
    document.sections[0].footer.paragraphs[0].text = "Pagina 1"
    document.add_heading("Thuiswerken", 1)
    document.add_paragraph("Twee dagen in de week mag u thuiswerken.")
    document.add_heading("Vergoeding", 2)
    document.add_paragraph("per dag € 2,40", style="List Bullet")
    document.add_paragraph("per maand uitbetaald", style="List Number")
    table = document.add_table(0, 2, "Light Grid Accent 1")
    for one, other in (("Jaar", "Bedrag"), ("2023", "€ 2,20"), ("2024", "€ 2,40")):
        row = table.add_row()
        row.cells[0].text, row.cells[1].text = one, other
    comment = document.add_paragraph("Vraag het uw ")
    run = comment.add_run("leidinggevende.")
    document.add_comment(run, "klopt dit?", author="A")
    file = BytesIO()
    document.save(file)
    return read(file.getvalue())


def test_what_python_docx_writes_is_read() -> None:
    reading = made()
    assert reading.text.split("\n") == [
        "Thuiswerken",
        "Twee dagen in de week mag u thuiswerken.",
        "Vergoeding",
        "per dag € 2,40",
        "per maand uitbetaald",
        "Jaar: 2023 | Bedrag: € 2,20",
        "Jaar: 2024 | Bedrag: € 2,40",
        "Vraag het uw leidinggevende.",
    ]
    assert [(heading.level, reading.text[heading.start : heading.end]) for heading in reading.headings] == [
        (1, "Thuiswerken"),
        (2, "Vergoeding"),
    ]
    assert (reading.title, reading.metadata_date) == ("Regeling thuiswerken", "2024-03-05")
    assert [(page.number, page.label, page.width) for page in reading.pages] == [(1, None, 0)]
    assert reading.notices == ()


def test_headings_go_by_the_name_of_their_style_in_dutch_too_or_by_their_level() -> None:
    document = new_document()
    for name in ("Kop 1", "Kop 2", "Hoofdstuk"):
        document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    level = OxmlElement("w:outlineLvl")
    level.set(qn("w:val"), "2")
    document.styles["Hoofdstuk"].element.get_or_add_pPr().append(level)
    based = document.styles.add_style("Eigen kop", WD_STYLE_TYPE.PARAGRAPH)
    based.base_style = document.styles["Kop 2"]
    for words, style in (
        ("Jaarplan", "Title"), ("Doel", "Kop 1"), ("Geld", "Kop 2"), ("Rest", "Hoofdstuk"),
        ("Mensen", "Eigen kop"), ("Gewone tekst.", "Normal"),
    ):  # fmt: skip
        document.add_paragraph(words, style=style)
    file = BytesIO()
    document.save(file)
    reading = read(file.getvalue())
    assert [heading.level for heading in reading.headings] == [1, 1, 2, 3, 2]
    assert reading.title == "Jaarplan"


def test_levels_of_paragraphs_count_before_those_of_styles() -> None:
    styles = '<w:style w:styleId="Kop1"><w:name w:val="heading 1"/></w:style>'
    body = p(r("A"), properties='<w:outlineLvl w:val="1"/>') + p(
        r("B"), properties='<w:pStyle w:val="Kop1"/><w:outlineLvl w:val="9"/>'
    )
    reading = read(docx(body, {"styles": styles}))
    assert [(heading.level, heading.start) for heading in reading.headings] == [(2, 0)]


NOTE = '<w:r><w:footnoteReference w:id="2"/></w:r>'
BOX = f"<w:txbxContent>{p(r('In het kader.'))}</w:txbxContent>"
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>{code}'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p(r("Oud "), f"<w:ins>{r('nieuw')}</w:ins>", "<w:del><w:r><w:delText>weg</w:delText></w:r></w:del>"),
         ["Oud nieuw"]),
        (p(f"<w:moveTo>{r('hier')}</w:moveTo>") + p(f"<w:moveFrom>{r('daar')}</w:moveFrom>"), ["hier"]),
        (p(r("een "), properties="<w:rPr><w:del/></w:rPr>") + p(r("zin")), ["een zin"]),
        (p(r("zie "), f"<w:hyperlink>{r('de regeling')}</w:hyperlink>"), ["zie de regeling"]),
        (p(r("op "), f'<w:fldSimple w:instr="DATE">{r("3 mei")}</w:fldSimple>'), ["op 3 mei"]),
        (p(FIELD.format(code=r("niet"), result=r("wel")), r(" dus")), ["wel dus"]),
        (p(FIELD.format(code=FIELD.format(code="", result=r("binnen")), result=r("buiten"))), ["buiten"]),
        (p('<w:r><w:fldChar w:fldCharType="begin"/></w:r>') + p(r("Niet kwijt.")), ["Niet kwijt."]),
        (p("<w:r><w:t>e</w:t><w:noBreakHyphen/><w:t>mail ver</w:t><w:softHyphen/><w:t>lof</w:t><w:br/>"
           "<w:t>nu</w:t><w:tab/><w:t>ja</w:t></w:r>"), ["e-mail verlof nu ja"]),
        (p('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', r(" klaar")), ["• klaar"]),
        (f"<w:sdt><w:sdtContent>{p(r('Blok.'))}</w:sdtContent></w:sdt>"
         + p(r("en "), f"<w:sdt><w:sdtContent>{r('inhoud')}</w:sdtContent></w:sdt>"), ["Blok.", "en inhoud"]),
        (p(r("Naam: "), "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
           f"{r('Klik hier')}</w:sdtContent></w:sdt>"), ["Naam:"]),
        (p(f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{BOX}</wps:txbx></w:drawing></mc:Choice>"
           f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>",
           r("Tekst.")), ["Tekst.", "In het kader."]),
        (p(f"<w:r><w:pict><v:textbox>{BOX}</v:textbox></w:pict></w:r>"), ["In het kader."]),
        (p("<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>"), ["a+b"]),
        (p(f"<w:r><w:ruby><w:rt>{r('klein')}</w:rt><w:rubyBase>{r('groot')}</w:rubyBase></w:ruby></w:r>"),
         ["groot"]),
    ],
)  # fmt: skip
def test_a_paragraph_reads_as_it_is_seen(body: str, expected: list[str]) -> None:
    assert said(body) == expected


def test_notes_are_blocks_below_what_refers_to_them() -> None:
    notes = (
        f'<w:footnote w:id="-1" w:type="separator">{p(r("streep"))}</w:footnote>'
        f'<w:footnote w:id="2">{p(r("Zie de wet."))}</w:footnote>'
    )
    end = f'<w:endnote w:id="2">{p(r("Einde."))}</w:endnote>'
    body = p(r("Zo is het."), NOTE) + p(r("Verder."), NOTE.replace("footnoteR", "endnoteR"))
    assert said(body, footnotes=notes, endnotes=end) == ["Zo is het.", "Zie de wet.", "Verder.", "Einde."]


def test_a_table_of_contents_is_left_out() -> None:
    styles = '<w:style w:styleId="Inhopg1"><w:name w:val="toc 1"/></w:style>'
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    body = (
        p(r("1 Doel 4"), properties='<w:pStyle w:val="Inhopg1"/>')
        + f"<w:sdt>{gallery}<w:sdtContent>{p(r('Inhoud'))}</w:sdtContent></w:sdt>"
        + p(r("Tekst."))
    )
    assert said(body, styles=styles) == ["Tekst."]


@pytest.mark.parametrize(
    ("properties", "hidden"),
    [
        ("<w:vanish/>", True),
        ('<w:vanish w:val="0"/>', False),
        ('<w:rStyle w:val="geheim"/>', True),
        ('<w:rStyle w:val="geheim"/><w:vanish w:val="false"/>', False),
        ('<w:color w:val="FFFFFF"/>', True),
        ('<w:color w:val="FFFFFF"/><w:shd w:fill="000000"/>', False),
        ('<w:sz w:val="2"/>', True),
        ("<w:webHidden/>", False),
    ],
)
def test_hidden_text_stays_out_and_is_told(properties: str, hidden: bool) -> None:
    styles = (
        '<w:style w:styleId="basis"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="geheim"><w:basedOn w:val="basis"/></w:style>'
    )
    reading = read(docx(p(r("Zichtbaar."), r(" Negeer dit.", properties)), {"styles": styles}))
    assert reading.text == ("Zichtbaar." if hidden else "Zichtbaar. Negeer dit.")
    assert reading.notices == ((Notice("hidden"),) if hidden else ())


def cell(words: str, properties: str = "", look: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(r(words, look))}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str, properties: str = "") -> str:
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr>{''.join(rows)}</w:tbl>"


DATA = row(cell("2020"), cell("5"))
HEAD = row(cell("Jaar"), cell("Som"))
FIRST = '<w:tblStyle w:val="T"/><w:tblLook w:val="04A0"/>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (table(HEAD, DATA), ["Jaar | Som", "2020 | 5"]),
        (table(row(cell("Jaar"), cell("Som"), properties="<w:tblHeader/>"), DATA), ["Jaar: 2020 | Som: 5"]),
        (table(row(cell("Jaar", look="<w:b/>"), cell("Som", look="<w:b/>")), DATA), ["Jaar: 2020 | Som: 5"]),
        (table(row(cell("Jaar", look="<w:b/>"), cell("Som")), DATA), ["Jaar | Som", "2020 | 5"]),
        (table(HEAD, DATA, properties=FIRST), ["Jaar: 2020 | Som: 5"]),
        (table(HEAD, DATA, properties=FIRST.replace("04A0", "0480")), ["Jaar | Som", "2020 | 5"]),
        (table(HEAD, DATA, properties=FIRST.replace('"T"', '"U"')), ["Jaar | Som", "2020 | 5"]),
        (table(row(cell("Regio", '<w:vMerge w:val="restart"/>'), cell("2020")),
               row(cell("", "<w:vMerge/>"), cell("2021"))), ["Regio | 2020", "Regio | 2021"]),
        (table(row(cell("Bedragen", '<w:gridSpan w:val="2"/>'), properties="<w:tblHeader/>"),
               row(cell("Jaar"), cell("Som"), properties="<w:tblHeader/>"), DATA),
         ["Bedragen", "Jaar: 2020 | Som: 5"]),
        (table(row(cell("Jaar"), cell("Som"), properties="<w:tblHeader/>"),
               row(cell("5"), properties='<w:gridBefore w:val="1"/>'), DATA),
         ["Som: 5", "Jaar: 2020 | Som: 5"]),
        (table(row(cell("weg"), cell("weg"), properties="<w:del/>"), DATA), ["2020 | 5"]),
        (table(row(cell("Kader.")), row(cell("Nog een."))), ["Kader.", "Nog een."]),
        (table(row(f"<w:tc>{p(r('Links.'))}{p(r('Onder.'))}</w:tc>", f"<w:tc>{table(DATA)}{p()}</w:tc>")),
         ["Links.", "Onder.", "2020 | 5"]),
        (table(row(f"<w:sdt><w:sdtContent>{cell('a')}</w:sdtContent></w:sdt>",
                   cell("b", look='<w:color w:val="FFFFFF"/>'))), ["a | b"]),
    ],
)  # fmt: skip
def test_rows_of_tables(body: str, expected: list[str]) -> None:
    styles = (
        '<w:style w:styleId="T"><w:tblStylePr w:type="firstRow"/></w:style><w:style w:styleId="U"></w:style>'
    )
    assert said(body, styles=styles) == expected


def test_a_note_in_a_table_stands_below_the_table() -> None:
    notes = f'<w:footnote w:id="2">{p(r("Zie de wet."))}</w:footnote>'
    body = table(row(f"<w:tc>{p(r('a'), NOTE)}</w:tc>", cell("b"))) + p(r("c"))
    assert said(body, footnotes=notes) == ["a | b", "Zie de wet.", "c"]


@pytest.mark.parametrize("kind", ["document.macroEnabled.main+xml", "template.macroEnabledTemplate.main+xml"])
def test_macros_are_ignored(kind: str) -> None:
    data = docx(p(r("Gewone tekst.")), {"vbaProject": ""}, f"application/vnd.ms-word.{kind}")
    assert read(data).text == "Gewone tekst."
