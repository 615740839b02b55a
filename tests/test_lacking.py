import pytest

from rag.lacking import lacks_something
from rag.select import select_evidence
from rag.understand import understand
from tests.texts import document, hits

PAGE = document("De bond vond de NOW een goede regeling. In 2020 kostte zij 10 miljard euro.", date="2021")


@pytest.mark.parametrize(
    ("asked", "lacks"),
    [
        ("hoeveel kostte de NOW in 2020", False),  # the page names the year
        ("hoeveel kostte de NOW in 2021", False),  # the document is of the year
        ("hoeveel kostte de NOW in 2022", True),
        ("hoeveel kostte de NOW tussen 2020 en 2022", False),  # several years: each may stand elsewhere
        ("Wat vond de bond van de NOW?", False),
        ("Wat vond de Koninklijke Metaalunie van de NOW?", True),
        ("wat vindt VNO-NCW ervan", True),
        ("standpunt van de vakbeweging over de NOW", True),
        ("en van de Metaalunie?", True),
        ("en van welk jaar is dat?", False),
    ],
)
def test_a_year_or_a_holder_of_a_view_that_is_not_there_is_lacking(asked: str, lacks: bool) -> None:
    question = understand(asked)
    evidence = select_evidence(question, {asked: hits(PAGE, scores=(1.0, 2.0))})
    assert lacks_something(question, asked, evidence) is lacks


def test_no_evidence_lacks_everything() -> None:
    assert lacks_something(understand("wat is de NOW"), "wat is de NOW", ())
