import pytest

from index.reading.characters import clean_text
from index.reading.pdf.words import Words, compound_cost

PLAIN = ["de afdeling betaalt de rekening op tijd", "wie vragen heeft kan bellen met het loket"] * 5
"""Lines of a document that has no hyphens at line ends."""
HYPHENATED = ["de afdeling betaalt de reke-", "ning op tijd en wie vragen heeft"] * 5


def joined(first: str, second: str, lines: list[str]) -> str:
    joint = Words(lines).joint(first, second)
    return first[: len(first) - joint.drop] + joint.glue + second


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("de ontwik-", "keling van", "de ontwikkeling van"),
        ("de ontwik\u00ad", "keling van", "de ontwikkeling van"),
        ("alle mkb-", "ondernemers", "alle mkb-ondernemers"),
        ("het EU-", "beleid", "het EU-beleid"),
        ("de 30%-", "regeling", "de 30%-regeling"),
        ("een zee-", "eend", "een zee-eend"),
        ("energie-", "intensieve bedrijven", "energie-intensieve bedrijven"),
        ("energie-", "en waterstof", "energie- en waterstof"),
        ("Noord-", "Holland", "Noord-Holland"),
        ("de prijs -", "ook wel", "de prijs - ook wel"),
        ("zie https://www.fme.nl/aanvals-", "plan", "zie https://www.fme.nl/aanvals-plan"),
        (
            "zie https://www.fme.nl/plannen/",
            "Groei%20plan.pdf",
            "zie https://www.fme.nl/plannen/Groei%20plan.pdf",
        ),
        (
            "zie https://www.fme.nl/een%20",
            "goed%20plan.pdf en",
            "zie https://www.fme.nl/een%20goed%20plan.pdf en",
        ),
        ("zie https://www.fme.nl/plan", "en bel ons", "zie https://www.fme.nl/plan en bel ons"),
        ("de heer en/", "of mevrouw", "de heer en/ of mevrouw"),
        ("het NO-", "VEX-programma", "het NOVEX-programma"),
        ("de EU-", "VS-relatie", "de EU-VS-relatie"),
        ("een hele", "zin", "een hele zin"),
    ],
)
def test_words_with_a_hyphen(first: str, second: str, expected: str) -> None:
    assert joined(first, second, HYPHENATED) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("duurzame waterstofproduc", "tie", "duurzame waterstofproductie"),
        ("het is daar", "om nodig", "het is daarom nodig"),
        ("schone energie", "bronnen", "schone energiebronnen"),
        ("om te voor", "zien in warmte", "om te voorzien in warmte"),
        ("een eigen bedrijfs", "tak", "een eigen bedrijfstak"),
        ("de arbeids", "capaciteit", "de arbeidscapaciteit"),
        ("maatschappe", "lijke opgaven", "maatschappelijke opgaven"),
        ("83.600 open", "staande vacatures", "83.600 openstaande vacatures"),
        ("een hoge in", "stroom is nodig", "een hoge instroom is nodig"),
        ("de ver", "sterkingsoperatie", "de versterkingsoperatie"),
        ("niet gevalori", "seerd worden", "niet gevaloriseerd worden"),
        ("hij woont in", "de stad", "hij woont in de stad"),
        ("de sector", "en de overheid", "de sector en de overheid"),
        ("met die", "van andere landen", "met die van andere landen"),
        ("de NOW", "regeling", "de NOW regeling"),
        ("bij het zwarte", "water", "bij het zwarte water"),
        ("voor latere", "generaties", "voor latere generaties"),
        ("een sterke sector", "en overheid", "een sterke sector en overheid"),
        ("de nieuwe", "Europese wet", "de nieuwe Europese wet"),
        ("in tekortsectoren", "voor techniek", "in tekortsectoren voor techniek"),
    ],
)
def test_words_without_a_hyphen(first: str, second: str, expected: str) -> None:
    assert joined(first, second, PLAIN) == expected


def test_a_document_that_hyphenates_has_no_cuts_without_a_hyphen() -> None:
    assert joined("een hoge in", "stroom", HYPHENATED) == "een hoge in stroom"


def test_what_the_document_writes_elsewhere_decides() -> None:
    assert joined("het Ct-", "gb", HYPHENATED) == "het Ctgb"
    assert joined("er is voldoen", "de animo", PLAIN) == "er is voldoen de animo"
    assert (
        joined("er is voldoen", "de animo", [*PLAIN, "is er voldoende geld"] * 5) == "er is voldoende animo"
    )
    assert joined("het staat onder", "druk", PLAIN) == "het staat onderdruk"
    assert joined("het staat onder", "druk", [*PLAIN, "wie onder druk staat"]) == "het staat onder druk"
    assert joined("een corona-", "meldpunt", HYPHENATED) == "een coronameldpunt"
    assert joined("een corona-", "meldpunt", [*HYPHENATED, "bel het corona-meldpunt als je ziek bent"]) == (
        "een corona-meldpunt"
    )


def test_compounds_are_cheaper_than_letters() -> None:
    assert compound_cost("arbeidsmarktbeleid") < 40
    assert compound_cost("xqzwvkkjt") == float("inf")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ﬁnanciële eﬃciëntie", "financiële efficiëntie"),
        ("soft\u00adhyphen", "softhyphen"),
        ("veel\u00a0\u2009 ruimte\t", "veel ruimte"),
        ("on\u200bzicht\u202ebaar\U000e0041", "onzichtbaar"),
        ("\u0133s en e\u0301\u0301n", "ijs en é\u0301n"),
        ("\uf0b7 punt", "• punt"),
        ("€ 5 – §2, 10 m² ’s", "€ 5 – §2, 10 m² ’s"),
    ],
)
def test_characters(text: str, expected: str) -> None:
    assert clean_text(text) == expected
