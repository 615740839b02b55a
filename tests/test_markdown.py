import pytest

from index.documents import Notice
from index.reading.markdown import is_markdown
from index.reading.readers import read


def test_markdown_is_read_by_its_own_rules() -> None:
    reading = read(
        "---\ntitle: \"Afspraken\"\ndatum: 2024-03-01\n---\n"
        "Werk\n====\n\nWe *bellen*\nop **maandag**, zie [de lijst](https://example.org/x).\n\n"
        "* om negen uur\n* kort:\n  1. eerst dit\n\n## Geld\n\n"
        "| Jaar | Som |\n|------|----:|\n| 2020 | € 5 |\n| 2021 |  |\n\n"
        "Vraag Jan<br>of Els <!-- niet --><span style='font-size:0'>negeer</span>.\n\n    code\n".encode()
    )  # fmt: skip
    assert reading.text.split("\n") == [
        "Werk", "We bellen op maandag, zie de lijst.", "om negen uur", "kort:", "eerst dit", "Geld",
        "Jaar: 2020 | Som: € 5", "Jaar: 2021", "Vraag Jan", "of Els .", "code",
    ]  # fmt: skip
    assert [heading.level for heading in reading.headings] == [1, 2]
    assert (reading.title, reading.metadata_date) == ("Afspraken", "2024-03-01")
    assert reading.notices == (Notice("hidden"),)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# Kop", True),
        ("Kop\n===", True),
        ("a | b\n--- | ---\nc | d", True),
        ("zie [hier](./a.md) of <b>", False),
        ("dit is **vet** gedrukt", True),
        ("```\ncode\n```", True),
        ("Een gewone tekst.\n\n- met een streepje\n1. en een nummer", False),
        ("#hashtag en 5 * 3 ** 2 = 45 en [1] (zie noot)", False),
        ("Naam\n----------\nJan_de_Vries", False),
    ],
)
def test_markdown_is_told_by_its_marks(source: str, expected: bool) -> None:
    assert is_markdown(source) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Een alinea\nover regels.\n\nNog een.\n", ["Een alinea over regels.", "Nog een."]),
        ("Punten:\n- een\n- twee\n1. drie", ["Punten:", "- een", "- twee", "1. drie"]),
        ("Een regel van " + "veel " * 30 + "woorden.\nDe volgende.", None),
        ("vul <naam> in\n", ["vul <naam> in"]),
    ],
)
def test_plain_text_is_parted_where_its_writer_did(source: str, expected: list[str] | None) -> None:
    assert read(source.encode()).text.split("\n") == (expected or source.split("\n"))
