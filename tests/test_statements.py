import pytest

from index.documents import Page
from index.reading.manifest import About
from index.reading.reading import Reading
from index.reading.statements import find_statements

SAID = {
    "Deze nota vervangt de Nota reiskosten 2019.": ("replaces", "de Nota reiskosten 2019"),
    "Deze regeling treedt in werking op 1 mei 2021 en vervangt de Regeling verlof 2018.": (
        "replaces",
        "de Regeling verlof 2018",
    ),
    "Dit handboek, vastgesteld op 3 mei 2021, vervangt hiermee het Handboek 2019, dat niet meer geldt.": (
        "replaces",
        "het Handboek 2019",
    ),
    "Deze versie vervangt alle eerdere versies.": ("replaces", "alle eerdere versies"),
    "Vervangt: Nota reiskosten 2019": ("replaces", "Nota reiskosten 2019"),
    "Deze nota treedt in de plaats van de Nota reiskosten 2019.": ("replaces", "de Nota reiskosten 2019"),
    "Dit besluit komt hiermee in de plaats van het Besluit thuiswerken.": (
        "replaces",
        "het Besluit thuiswerken",
    ),
    "Ter vervanging van de Nota reiskosten 2019": ("replaces", "de Nota reiskosten 2019"),
    "Deze nota verschijnt ter vervanging van de Nota reiskosten 2019.": (
        "replaces",
        "de Nota reiskosten 2019",
    ),
    "Let op: deze nota is vervangen door de Nota reiskosten 2023.": ("replaced", "de Nota reiskosten 2023"),
    "Deze nota is per 1 mei 2023 vervangen door de Nota reizen.": ("replaced", "de Nota reizen"),
    "Deze nota is door de Nota reizen 2023 vervangen.": ("replaced", "de Nota reizen 2023"),
    "Vervangen door: Nota reiskosten 2023": ("replaced", "Nota reiskosten 2023"),
    "Deze regeling is ingetrokken.": ("withdrawn", ""),
    "Let op! Dit document is niet meer geldig.": ("withdrawn", ""),
    "Deze regeling is per 1 januari 2024 ingetrokken.": ("withdrawn", "2024-01-01"),
    "Deze regeling is met ingang van 1 januari 2024 komen te vervallen.": ("withdrawn", "2024-01-01"),
    "INGETROKKEN": ("withdrawn", ""),
    "Ingetrokken per 1 januari 2024": ("withdrawn", "2024-01-01"),
    "*** VERVALLEN ***": ("withdrawn", ""),
    "Status: ingetrokken": ("withdrawn", ""),
}
UNSAID = (
    "Deze nota vervangt niet de Nota reiskosten 2019.",
    "Deze nota vervangt gedeeltelijk de Nota reiskosten 2019.",
    "Deze nota vervangt artikel 3 van de Nota reiskosten 2019.",
    "Deze nota vervangt bijlage 2 bij de Nota reiskosten.",
    "De Nota reiskosten 2023 vervangt de Nota reiskosten 2019.",
    "Deze nota legt uit waarom de bond de Nota reiskosten 2019 vervangt.",
    "Deze nota vervangt de Nota reiskosten 2019 als de raad instemt.",
    "Deze nota zal de Nota reiskosten 2019 vervangen.",
    "Deze nota is niet vervangen door de Nota reizen.",
    "Een medewerker wordt vervangen door een collega.",
    "Deze nota bespreekt drie plannen; waterstof vervangt aardgas.",
    "De regeling van 2019 is ingetrokken.",
    "Deze regeling is niet ingetrokken.",
    "Deze regeling is vervallen als de wet verandert.",
    "Wat te doen met vervallen vergunningen",
    "Ingetrokken moties",
    "Vervallen: Nota reiskosten 2019",
    "Versie 1.0 | 2019 | vervallen",
)


@pytest.mark.parametrize("sentence", SAID)
def test_what_a_paper_says_about_itself(sentence: str) -> None:
    page = f"Nota reiskosten 2021\nZo reizen wij.\nVoor iedereen.\n{sentence}\nReizen kost geld."
    (found,) = find_statements("Nota reiskosten 2021", page, 0, len(page))
    assert (found.kind, found.about) == SAID[sentence]
    assert page[found.start : found.end] in sentence and len(page[found.start : found.end]) > 10


@pytest.mark.parametrize("sentence", UNSAID)
def test_what_is_no_statement_about_the_paper(sentence: str) -> None:
    page = f"Nota reiskosten 2021\nZo reizen wij.\nVoor iedereen.\n{sentence}\nReizen kost geld."
    assert find_statements("Nota reiskosten 2021", page, 0, len(page)) == ()


@pytest.mark.parametrize(
    ("title", "since"),
    [
        ("INGETROKKEN: Nota verlof", ""),
        ("Nota verlof (ingetrokken)", ""),
        ("Nota verlof [VERVALLEN per 1 mei 2023]", "2023-05-01"),
        ("Nota verlof – niet meer geldig", ""),
        ("Vervallen - Nota verlof", ""),
        ("Ingetrokken moties", None),
        ("Omgaan met vervallen subsidies", None),
        ("Wanneer een vergunning is ingetrokken", None),
    ],
)
def test_a_title_can_be_stamped(title: str, since: str | None) -> None:
    assert [said.about for said in find_statements(title, "", 0, 0)] == ([] if since is None else [since])


def test_only_the_first_page_speaks_for_the_paper() -> None:
    text = "Nota verlof\nBeste collega.\nDeze nota is ingetrokken."
    pages = (Page(1, None, 0, 0), Page(2, None, 0, 12), Page(3, None, 12, len(text)))
    assert Reading(text, pages).named("nota", "nota.pdf", About()).statements == ()
    whole = Reading(text, (Page(1, None, 0, len(text)),)).named("nota", "nota.pdf", About())
    (said,) = whole.statements
    assert text[said.start : said.end] == "Deze nota is ingetrokken."


def test_a_manifest_states_and_denies() -> None:
    text = "Nota verlof\nDeze nota is ingetrokken."
    reading = Reading(text, (Page(1, None, 0, len(text)),))
    assert reading.named("nota", "nota.pdf", About(withdrawn=False)).statements == ()
    told = reading.named("nota", "nota.pdf", About(replaces="oud/nota-2019.pdf", withdrawn="2024-01"))
    assert [(said.kind, said.about, said.end > said.start) for said in told.statements] == [
        ("replaces", "oud/nota-2019.pdf", False),
        ("withdrawn", "2024-01", False),
        ("withdrawn", "", True),
    ]
