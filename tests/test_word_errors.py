from pathlib import Path

import pytest

from eval.word_errors import GoldPage, gold_pages, word_error_rate, word_errors, words_of
from tests.reading import read_document

ROOT = Path(__file__).parent.parent
GOLD = gold_pages(ROOT / "tests" / "gold")


def gold(folder: Path, *lines: str) -> GoldPage:
    (folder / "nota.007.txt").write_text("\n".join(lines), encoding="utf-8")
    (page,) = gold_pages(folder)
    return page


def test_a_gold_page_names_its_file_and_number(tmp_path: Path) -> None:
    page = gold(tmp_path, "Een kop", "~ ¹Een noot.", "Een zin.", "| Jaar | Som |", "|---|", "| 2020 | 5 |")
    assert (page.file, page.number, page.words) == ("nota", 7, 10)
    assert page.text == ("Een", "kop", "Een", "zin.")
    assert page.apart == (
        (("¹Een", "noot."),),
        (("Jaar", "Som", "2020", "5"), ("Jaar:", "2020", "Som:", "5")),
    )


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("de kat zit op de mat", 0),
        ("de  kat\nzit op | de mat …", 0),
        ("de kat op de mat", 1),
        ("de kat zit op op de mat", 1),
        ("de hond zit op de mat", 1),
        ("de kat zit op de m at", 2),
        ("de kat zit opde mat", 2),
        ("zit de kat op de mat", 2),
        ("", 6),
    ],
)
def test_word_errors_are_put_in_taken_out_or_replaced(text: str, errors: int, tmp_path: Path) -> None:
    assert word_errors(gold(tmp_path, "de kat zit", "op de mat"), text) == errors


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("Een zin die doorloopt. ¹Een noot.", 0),
        ("¹Een noot. Een zin die doorloopt.", 0),
        ("Een zin ¹Een noot. die doorloopt.", 0),
        ("Een zin die doorloopt.", 2),
        ("Een zin die doorloopt. ¹Een rare noot.", 1),
    ],
)
def test_a_note_may_stand_anywhere_but_must_be_there(text: str, errors: int, tmp_path: Path) -> None:
    assert word_errors(gold(tmp_path, "Een zin", "~ ¹Een noot.", "die doorloopt."), text) == errors


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("Jaar | Som\n2020 | 5\n2021 | 6", 0),
        ("Jaar: 2020 | Som: 5\nJaar: 2021 | Som: 6", 0),
        ("2020 | 5\n2021 | 6", 2),
        ("Jaar: 2020 | Jaar: 5\nSom: 2021 | Som: 6", 2),
    ],
)
def test_a_table_is_read_row_by_row_with_or_without_names(text: str, errors: int, tmp_path: Path) -> None:
    table = gold(tmp_path, "| Jaar | Som |", "|---|", "| 2020 | 5 |", "| 2021 | 6 |")
    assert word_errors(table, text) == errors


def test_accents_may_be_composed_or_not() -> None:
    assert words_of("cree\u0308ren") == words_of("creëren") == ("creëren",)


def test_the_rate_counts_words_and_resamples_pages() -> None:
    rate = word_error_rate([0, 0, 6], [100, 100, 100])
    assert (rate.mean, rate.low, rate.n) == (0.02, 0.0, 300)
    assert 0.04 <= rate.high <= 0.06


def test_the_sample_documents_read_as_they_stand() -> None:
    documents = {
        page.file: read_document(ROOT / "corpus" / f"{page.file}.pdf", id=page.file, file=page.file)
        for page in GOLD
    }
    errors = []
    for page in GOLD:
        document = documents[page.file]
        place = document.page(page.number)
        errors.append(word_errors(page, document.text[place.start : place.end]))
    rate = word_error_rate(errors, [page.words for page in GOLD])
    assert rate.n > 3_900
    assert rate.mean <= 0.001, errors
