"""Sentence borders, as a table of what Dutch reports really hold."""

import pytest

from index.sentences import LONGEST, sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, 0, len(text))]


@pytest.mark.parametrize(
    "expected",
    [
        ["De heer dr. J. de Vries sprak o.a. met mr. P. Jansen.", "Daarna ging hij weg."],
        ["Dit geldt bijv. voor bedrijven, m.n. in het mkb.", "Zij betalen minder."],
        ["Het kabinet wil, d.w.z. de minister, meer geld.", "Dat kan."],
        ["Ca. 2.000 bedrijven doen mee.", "Zie blz. 5."],
        ["Wij (FME e.a.) willen dit.", "Dat is logisch."],
        ["In de V.S. is dat anders.", "In Nederland niet."],
        ["Minister-president M. Rutte trad af.", "Zijn opvolger niet."],
        ["ABN AMRO N.V. is een bank.", "Philips N.V. ook."],
        ["De omzet was € 1.234,56 miljoen.", "Dat is 3.5 procent meer."],
        ["De groei was 2,5%.", "De krimp 1,0%."],
        ["Op 1 januari 2024 begon het.", "Op 3-12-2025 stopte het."],
        ["Er zijn drie punten: 1. geld; 2. tijd; 3. ruimte."],
        ['Hij zei: "Dat kan niet. Echt niet."', "Daarna stond hij op."],
        ["“Wij groeien.”", "Dat zei de voorzitter."],
        ["Kan dat?", "Ja!", "Maar hoe…"],
        ["De site www.fme.nl is nieuw.", "Kijk daar eens op."],
        ["Geen punt aan het eind"],
        ["Op 3 mrt. 2025 begon het.", "Op za. 5 apr. 2025 niet meer.", "Sinds dec. 2024 ook."],
        ["Het glas is vol.", "Er kan niets bij."],
        ["Neem pen, papier e.d. mee.", "Wij hebben pennen e.d.", "Dat is genoeg."],
        ["Appels, peren enz.", "De rest komt later."],
        ["Jansen B.V. en Philips N.V. doen mee.", "Dat geldt ook voor De Vries B.V.", "Die is nieuw."],
        ["Het duurt 5 min.", "Daarna stopt het.", "Neem min. 5 boeken mee."],
        ["Mail info@fme.nl.", "Wij helpen."],
        ["Bronnen zijn o.a. CPB en CBS.", "De heer en mevr. Jansen komen t.z.t. ook."],
        ["Dat is zo t.a.v. Nederland, i.p.v. Duitsland (d.w.z. Berlijn).", "Klaar."],
        ["1. Hoe kan dat?", "Niemand weet het."],
        ["a) Eerst dit.", "Dan dat."],
        ["Jaar: 2020 | Raad: 1. Licht | Bron: CPB. Zie ook blz. 5."],
    ],
)
def test_sentences_end_where_a_reader_sees_it(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_raised_note_numbers_belong_to_no_sentence() -> None:
    assert sentences("Dat is bekend.⁴ Toch gebeurt het niet.¹² Waarom?") == [
        "Dat is bekend.",
        "Toch gebeurt het niet.",
        "Waarom?",
    ]


def test_a_raised_number_within_a_sentence_stays() -> None:
    assert sentences("Het gaat om 12 m² grond.") == ["Het gaat om 12 m² grond."]


@pytest.mark.parametrize("text", ["", " ", "\t  ", "…", "¹"])
def test_next_to_nothing_breaks_nothing(text: str) -> None:
    assert "".join(sentences(text)) in ("", "…")


def test_positions_count_from_the_beginning_of_the_text() -> None:
    text = "Kop\n  Een zin. Nog een.  \nSlot"
    spans = sentence_spans(text, 4, text.index("\nSlot"))
    assert [text[start:end] for start, end in spans] == ["Een zin.", "Nog een."]
    assert spans[0] == (6, 14)


@pytest.mark.parametrize("separator", ["; ", ", ", " – ", " "])
def test_a_very_long_sentence_is_cut_and_nothing_of_it_is_lost(separator: str) -> None:
    text = separator.join(f"punt {number} is belangrijk" for number in range(60)) + "."
    pieces = sentences(text)
    assert len(pieces) > 1 and all(len(piece) <= LONGEST for piece in pieces)
    assert " ".join(pieces) == text
    if separator != " ":
        assert all(piece[-1] in ";,." or text.count("–") for piece in pieces)


def test_a_long_row_is_cut_between_its_cells() -> None:
    text = " | ".join(f"Kolom {number}: waarde {number}; en meer, nog meer" for number in range(20))
    pieces = sentences(text)
    assert len(pieces) > 1 and all(len(piece) <= LONGEST for piece in pieces)
    assert " | ".join(pieces) == text


def test_a_word_without_end_is_not_cut() -> None:
    assert sentences("a" * 1000) == ["a" * 1000]
