import pytest

from rag.readable import in_reading_order, readable
from rag.select import select_evidence
from rag.understand import understand
from tests.texts import document, hits

NOTA = document("Zij telt leden.")


@pytest.mark.parametrize(
    ("quote", "read"),
    [
        ("Zij telt 2.200 leden.", "Zij telt 2.200 leden (2023)."),
        ("In 2021 telde zij\n2.100 leden.", "In 2021 telde zij\n• 2.100 leden"),
        ("Zij telt veel leden.", "Zij telt veel leden."),
        ("Kerncijfer: Leden van de bond | 2020: 2.200", "Leden van de bond – 2020: 2.200"),
        ("Onderwerp: Waterstof | Doel: 4 GW | Jaar: 2030", "Waterstof – Doel: 4 GW, Jaar: 2030"),
        ("Omzet: € 139 | Export: € 59", "Omzet: € 139, Export: € 59 (2023)."),
        ("Leden | 2.200 | veel", "Leden | 2.200 | veel (2023)."),
        ("houd de regeling in stand;", "Houd de regeling in stand."),
        ("• houd de regeling in stand.", "Houd de regeling in stand."),
        (
            "Het verschil zit in de banken: blijven die overeind,",
            "Het verschil zit in de banken: blijven die overeind …",
        ),
        (
            "De bond vraagt om 3 dingen:\n• een loket;\n• een fonds;\n1. een wet.",
            "De bond vraagt om 3 dingen (2023):\n• een loket\n• een fonds\n1. een wet",
        ),
    ],
)
def test_a_quote_reads_as_a_sentence(quote: str, read: str) -> None:
    assert readable(quote, NOTA) == read


def test_without_a_date_no_year_is_added() -> None:
    assert readable("Zij telt 2.200 leden.", document("x", date=None)) == "Zij telt 2.200 leden."


@pytest.mark.parametrize(
    ("scores", "read"),
    [
        ((1.0, 4.0, 3.0, 2.0), "bcda"),  # the best one first, then what follows it, then what came before
        ((4.0, 3.0, 2.0, 1.0), "abcd"),
        ((3.0, 2.0, 1.0, 4.0), "dabc"),
        ((1.0, 2.0, 4.0, 3.0), "bcda"),  # «Daarmee» does not go without what it refers to
    ],
)
def test_quotes_of_a_page_are_read_as_they_stand_on_it(scores: tuple[float, ...], read: str) -> None:
    sentences = {
        "a": "De haven krijgt een loods van beton.",
        "b": "Schippers huren een ligplaats per jaar.",
        "c": "Daarmee betaalt de gemeente het onderhoud.",
        "d": "Vissers varen uit bij zonsopgang.",
    }
    question = understand("wat gebeurt er aan het water")
    found = hits(document(" ".join(sentences.values())), scores=scores)
    ordered = in_reading_order(select_evidence(question, {"": found}))
    assert [item.text for item in ordered] == [sentences[name] for name in read]
    assert in_reading_order(()) == ()
