import pytest

from index.reading.readers import read
from index.reading.titles import own_title
from tests.pdfs import typeset


@pytest.mark.parametrize(
    "title",
    [
        None,
        "",
        " - ",
        "2023",
        "untitled",
        "Naamloos",
        "Document1",
        "document (2)",
        "Presentatie_3",
        "PowerPoint-presentatie",
        "Microsoft Word - Nota verlof v3",
        "Microsoft PowerPoint - 20230101 def.ppt",
        "nota_verlof_def.docx",
        "Jaarverslag 2019.indd",
    ],
)
def test_titles_that_say_nothing_are_none(title: str | None) -> None:
    assert own_title(title) is None


@pytest.mark.parametrize(
    "title", ["Nota verlof", "Documenten bewaren", "Scannen van post", "Titel 7 van de wet"]
)
def test_titles_that_say_something_stay(title: str) -> None:
    assert own_title(title) == title


def test_titles_are_cleaned_and_cut() -> None:
    assert own_title("Nota\x07 \u202everlof\u200b <|im_start|>") == "Nota verlof"
    assert own_title("woord" * 100) == "woord" * 40


def test_the_first_heading_goes_before_a_title_that_says_nothing() -> None:
    reading = read(typeset('#set document(title: "Document1")\n= Verlof\n#lorem(20)'))
    assert reading.title is None
    assert reading.text.startswith("Verlof\n")
