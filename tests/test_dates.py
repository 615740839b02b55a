import pytest

from index.reading.dates import find_date, plausible, title_date

FORMS = {
    "12 maart 2020": "2020-03-12",
    "d.d. 12 maart 2020": "2020-03-12",
    "Zoetermeer, 1 Mei 2021": "2021-05-01",
    "12 mrt. 2020": "2020-03-12",
    "12-okt-2020": "2020-10-12",
    "1e januari 2019": "2019-01-01",
    "3 sept '19": "2019-09-03",
    "12-03-2020": "2020-03-12",
    "12/3/2020": "2020-03-12",
    "12.03.2020": "2020-03-12",
    "12 - 3 - 2020": "2020-03-12",
    "12-3-’20": "2020-03-12",
    "2020-03-12T08:00:00+01:00": "2020-03-12",
    "2020/3/12": "2020-03-12",
    "maart 2020": "2020-03",
    "Versie 2.1, oktober 2022": "2022-10",
    "versie 2.1 oktober 2022": "2022-10",
    "versie 3 oktober 2022": "2022-10",
    "maart '20": "2020-03",
    "december ’98": "1998-12",
    "12 March 2020": "2020-03-12",
    "2020/03": "2020-03",
    "2020-03": "2020-03",
    "03-2020": "2020-03",
    "03/25/2020": "2020",
    "Q3 2021": "2021-09",
    "Q3-2021": "2021-09",
    "2021 Q1": "2021-03",
    "3e kwartaal van 2021": "2021-09",
    "vierde kwartaal 2021": "2021-12",
    "kwartaal 2, 2021": "2021-06",
    "najaar 2019": "2019-11",
    "Voorjaar van 2019": "2019-05",
    "winter 2019": "2019",
    "Begroting 2023": "2023",
    "© 2018 De bond": "2018",
    "Van 2019 naar 1 mei 2021": "2021-05-01",
    "Cijfers over 2021, gepubliceerd in maart 2022": "2022-03",
    # names of files
    "Nota_20200312_def.pdf": "2020-03-12",
    "20200312-nota.pdf": "2020-03-12",
    "nota_12-03-2020_v2.docx": "2020-03-12",
    "cao_metaal_2021.pdf": "2021",
    "Notulen 2020_03.pdf": "2020-03",
    "jaarverslag2022.pdf": "2022",
    # periods
    "Jaarverslag 2020-2021": "2021",
    "Studiegids 2019/20": "2020",
    "Seizoen 2019 – 2020": "2020",
    "Meerjarenplan 2021 t/m 2025": "2021",
    "Koers 2022-2026": "2022",
    "Cao 2021 tot en met 2023": "2021",
}
NO_DATES = (
    "Agenda 2030",
    "Kennisagenda voor 2030",
    "Visie 2040",
    "Ambitie voor 2035",
    "Op weg naar 2030",
    "Klimaatneutraal in 2050",
    "Nota van 12 maart 2050",
    "Meerjarenbeeld 2040-2045",
    "Uiterlijk 1 januari 2022",
    "Geldig tot 31-12-2022",
    "Beleid onder de Wmo 2015",
    "Toets aan het Bouwbesluit 2012",
    "De Politiewet 2012",
    "Wet natuurbescherming 2017",
    "Wet van 12 maart 2014",
    "Stb. 2018, 123",
    "Verordening (EU) 2016/679",
    "Richtlijn 2014/10/EU",
    "ISO 9001:2015",
    "Postbus 2000",
    "Dorpsstraat 12, 2011 AB Haarlem",
    "KvK 20031202",
    "€ 2020",
    "2000 leden",
    "31 februari 2020",
    "kenmerk 99-99-9999",
    "12.345",
    "1849",
    "",
)


@pytest.mark.parametrize("text", FORMS)
def test_dates_in_every_usual_form(text: str) -> None:
    assert find_date(text, latest=2026) == FORMS[text]


@pytest.mark.parametrize("text", NO_DATES)
def test_years_that_are_no_date(text: str) -> None:
    assert find_date(text, latest=2026) is None


def test_a_year_that_is_aimed_at_gives_way_to_the_date() -> None:
    assert find_date("Agenda 2030: stand van zaken 2021", latest=2026) == "2021"
    assert find_date("Klimaatneutraal in 2050. Utrecht, juni 2019", latest=2026) == "2019-06"


@pytest.mark.parametrize(
    ("title", "page", "date"),
    [
        ("Jaarverslag 2022", "Jaarverslag 2022\nVastgesteld op 3 april 2023", "2022"),
        ("Aanbevelingen 2023", "Aanbevelingen 2023\nMaart 2023", "2023-03"),
        ("Nota verlof", "Nota verlof\nAgenda 2030\nDatum: 12-03-2020\nGewijzigd 2 mei 2021", "2020-03-12"),
        ("Nota verlof", "Nota verlof\n2 mei 2018 besproken\nDatum: maart 2020", "2020-03"),
        ("Nota verlof", "De wet die op 12 maart 2018 door de Kamer is aangenomen, geldt nog steeds.", None),
        ("Nota verlof", "Naar een klimaatneutrale bond in 2050", None),
        ("Nota verlof", "woord\n" * 400 + "12 maart 2018", None),
        ("", "", None),
    ],
)
def test_the_date_of_a_title_page(title: str, page: str, date: str | None) -> None:
    assert title_date(title, page, latest=2026) == date


@pytest.mark.parametrize(
    ("date", "kept"),
    [
        ("2020-04", True),
        ("2001", True),
        ("2026-06", True),
        ("2026-06-15", True),
        ("2026-06-16", False),
        ("2027", False),
        ("2000-01-01", False),
        ("1970-01", False),
        (None, False),
    ],
)
def test_dates_that_a_program_invented_are_no_dates(date: str | None, kept: bool) -> None:
    assert plausible(date, today="2026-06-15") == (date if kept else None)
