import pytest

from rag.readable import readable
from tests.texts import document

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
