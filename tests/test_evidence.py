from rag.evidence import with_year
from tests.texts import document


def test_figures_are_read_with_their_year() -> None:
    nota = document("Zij telt leden.")
    assert with_year("Zij telt 2.200 leden.", nota) == "Zij telt 2.200 leden (2023)."
    assert with_year("In 2021 telde zij\n2.100 leden.", nota) == "In 2021 telde zij 2.100 leden."
    assert with_year("Zij telt veel leden.", nota) == "Zij telt veel leden."
