import pytest

from rag.lacking import lacking
from rag.select import select_evidence
from rag.understand import understand
from tests.texts import document, hits

KNOWN = ("NOW", "Duitse")
PAGE = document("De bond vond de NOW een goede regeling. In 2020 kostte zij 10 miljard euro.", date="2021")


@pytest.mark.parametrize(
    ("asked", "lacks"),
    [
        ("hoeveel kostte de NOW in 2020", None),  # the page names the year
        ("hoeveel kostte de NOW in 2021", "year"),  # the document is of the year, the figure of another
        ("hoeveel kostte de NOW in 2022", "year"),
        ("hoeveel kostte de NOW tussen 2020 en 2022", None),  # several years: each may stand elsewhere
        ("welk percentage kostte de NOW", "share"),
        ("Wat vond de bond van de NOW?", None),
        ("Wat vond de Koninklijke Metaalunie van de NOW?", "view"),
        ("Wat vond de bond in 2020 van de NOW?", None),
        ("wat vindt VNO-NCW ervan", "view"),
        ("standpunt van de vakbeweging over de NOW", "view"),
        ("en van de Metaalunie?", "view"),
        ("Waarom is de bond tegen een kernramp?", "view"),
        ("Welke bezwaren heeft de bond tegen kernenergie?", "view"),
        ("Wat doet de bond tegen de NOW?", None),
        ("Hoe dien ik bezwaar in tegen de NOW?", None),
        ("Waarom beschermt de bond ons tegen de NOW?", None),
        ("en van welk jaar is dat?", None),
    ],
)
def test_a_year_or_a_holder_of_a_view_that_is_not_there_is_lacking(asked: str, lacks: str | None) -> None:
    question = understand(asked, organisation=["bond"])
    evidence = select_evidence(question, {asked: hits(PAGE, scores=(1.0, 2.0))})
    assert lacking(question, asked, evidence, KNOWN) == lacks


@pytest.mark.parametrize(
    ("said", "lacks"),
    [
        ("De bond noemt kernenergie onwenselijk.", None),
        ("Kernenergie jaagt volgens de bond op kosten.", None),
        ("Door kernenergie verliezen leden hun klanten.", None),
        ("De bond vindt kernenergie onuitvoerbaar en onbetaalbaar.", None),
        ("Kernenergie komt volgens de bond te laat.", None),
        ("De bond noemt kernenergie schoon.", "view"),
        ("De bond noemt windmolens onwenselijk.", "view"),
    ],
)
def test_who_is_against_something_says_something_bad_of_it(said: str, lacks: str | None) -> None:
    asked = "Waarom is de bond tegen kernenergie?"
    page = document(f"{said} De bond is dol op zon.")
    evidence = select_evidence(understand(asked), {asked: hits(page, scores=(2.0, 1.0))})
    assert lacking(understand(asked), asked, evidence, KNOWN) == lacks


def test_no_evidence_lacks_everything() -> None:
    assert lacking(understand("wat is de NOW"), "wat is de NOW", (), KNOWN) == "evidence"


@pytest.mark.parametrize(
    ("asked", "sentence", "lacks"),
    [
        ("hoeveel GW is er nu", "Het doel is 4 GW in de haven.", "goal"),
        ("hoeveel GW is er op dit moment", "In 2030 staat er 4 GW in de haven.", "goal"),
        ("hoeveel GW is er nu", "Nu is er 1 GW, het doel is 4 GW.", None),
        ("hoeveel GW is het doel", "Het doel is 4 GW in de haven.", None),
        ("waarom is het doel nu lager", "Het doel is verlaagd om de kosten.", None),
        ("hoeveel GW is er in 2021", "In 2020 stond er 2 GW in de haven.", "year"),
        ("hoeveel GW is er in 2021", "In de haven staat 2 GW.", None),  # the document is of the year
        ("hoeveel GW kwam er tussen 2019 en 2021 bij", "In 2020 stond er 2 GW in de haven.", None),
        ("hoeveel GW heeft de Metaalunie", "In de haven staat 2 GW.", "subject"),
        ("hoeveel GW heeft de Duitse haven", "In de haven staat 2 GW.", None),
        ("How many GW does the Metaalunie have", "In de haven staat 2 GW.", None),
        ("wat wil de Metaalunie met de haven", "In de haven staat 2 GW.", None),
    ],
)
def test_an_aim_another_year_or_another_subject_is_no_figure_that_was_asked_for(
    asked: str, sentence: str, lacks: str | None
) -> None:
    question = understand(asked)
    evidence = select_evidence(question, {asked: hits(document(sentence, date="2021"))})
    assert lacking(question, asked, evidence, KNOWN) == lacks
