from pathlib import Path

import pytest

from index.documents import Document
from tests.reading import read_document


def read(tmp_path: Path, source: str | bytes) -> Document:
    path = tmp_path / "pagina.html"
    path.write_bytes(source.encode() if isinstance(source, str) else source)
    return read_document(path, id="d", file="pagina.html")


def test_only_the_text_of_the_page_is_left(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        """<!doctype html><html><head><title>Verlof | Intranet</title><style>p {}</style></head><body>
        <header>Logo</header><nav><ul><li>Home</li></ul></nav>
        <div class="cookie-bar">Wij gebruiken cookies.</div>
        <h1>Verlof</h1><p>Je hebt <b>25</b> dagen.<script>alert(1)</script></p>
        <p hidden>geheim</p><p aria-hidden="true">ook geheim</p>
        <aside>Lees ook</aside><form><p>Zoek</p></form><noscript>Zet JavaScript aan</noscript>
        <footer role="contentinfo">Colofon</footer></body></html>""",
    )
    assert document.text == "Verlof\nJe hebt 25 dagen."
    assert document.title == "Verlof"
    assert [page.number for page in document.pages] == [1]


def test_main_is_preferred_and_keeps_its_own_header(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "<html><body><p>Buiten beeld</p><main><header><h1>Thuiswerken</h1></header>"
        "<p>Twee dagen in de week mag je thuiswerken.</p></main></body></html>",
    )
    assert document.text == "Thuiswerken\nTwee dagen in de week mag je thuiswerken."


def test_blocks_and_levels(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "<html><body><h1>A</h1>los <i>stuk</i><h3>C</h3><ul><li>een</li><li>twee"
        "<ul><li>drie</li></ul></li></ul>"
        "<dl><dt>Wao</dt><dd>een wet</dd></dl>"
        "<blockquote>Citaat</blockquote><p>met<br>regel</p></body></html>",
    )
    expected = ["A", "los stuk", "C", "een", "twee", "drie", "Wao", "een wet", "Citaat", "met", "regel"]
    assert document.text.split("\n") == expected
    assert [heading.level for heading in document.headings] == [1, 3]
    assert document.headings_at(document.text.index("drie")) == ("A", "C")


def test_table_rows_carry_the_names_of_their_columns(tmp_path: Path) -> None:
    document = read(
        tmp_path,
        "<html><body><table><caption>Bedragen</caption><tr><th>Jaar</th><th>Som</th></tr>"
        "<tr><td>2020</td><td>€&nbsp;5</td></tr></table>"
        "<table><tr><td>a</td><td>b</td></tr></table></body></html>",
    )
    assert document.text == "Bedragen\nJaar: 2020 | Som: € 5\na | b"


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<meta name="date" content="2019-09-17">', "2019-09-17"),
        ('<meta property="article:published_time" content="2020-04-03T10:00:00Z">', "2020-04-03"),
        ("<title>Nieuwsbrief van april 2020</title>", "2020-04"),
        ("<title>Zonder datum</title>", None),
    ],
)
def test_dates(head: str, date: str | None, tmp_path: Path) -> None:
    assert read(tmp_path, f"<html><head>{head}</head><body><p>Tekst.</p></body></html>").date == date
