import pytest

from rag.lacking import lacking
from rag.select import select_evidence
from rag.understand import understand
from tests.texts import document, hits

PAGE = document("De bond vond de NOW een goede regeling. In 2020 kostte zij 10 miljard euro.", date="2021")


@pytest.mark.parametrize(
    ("asked", "lacks"),
    [
        ("hoeveel kostte de NOW in 2020", None),  # the page names the year
        ("hoeveel kostte de NOW in 2021", None),  # the document is of the year
        ("hoeveel kostte de NOW in 2022", "year"),
        ("hoeveel kostte de NOW tussen 2020 en 2022", None),  # several years: each may stand elsewhere
        ("welk percentage kostte de NOW", "share"),
        ("Wat vond de bond van de NOW?", None),
        ("Wat vond de Koninklijke Metaalunie van de NOW?", "view"),
        ("Wat vond de bond in 2020 van de NOW?", None),
        ("wat vindt VNO-NCW ervan", "view"),
        ("standpunt van de vakbeweging over de NOW", "view"),
        ("en van de Metaalunie?", "view"),
        ("en van welk jaar is dat?", None),
    ],
)
def test_a_year_or_a_holder_of_a_view_that_is_not_there_is_lacking(asked: str, lacks: str | None) -> None:
    question = understand(asked, organisation=["bond"])
    evidence = select_evidence(question, {asked: hits(PAGE, scores=(1.0, 2.0))})
    assert lacking(question, asked, evidence) == lacks


def test_no_evidence_lacks_everything() -> None:
    assert lacking(understand("wat is de NOW"), "wat is de NOW", ()) == "evidence"
