import pytest

from rag.review.masking import mask


@pytest.mark.parametrize(
    ("words", "masked"),
    [
        ("Mail jan.de-vries+werk@gemeente.voorbeeld.nl even", "Mail [e-mailadres] even"),
        ("Wat is NL91 ABNA 0417 1643 00 voor rekening?", "Wat is [rekeningnummer] voor rekening?"),
        ("Betaal aan nl91abna0417164300 voor de zaal", "Betaal aan [rekeningnummer] voor de zaal"),
        ("Betaal aan BE68 5390 0754 7034 deze week", "Betaal aan [rekeningnummer] deze week"),
        ("Bel 06-12345678 of 020 123 45 67.", "Bel [telefoonnummer] of [telefoonnummer]."),
        ("Bel +31 (0)6 1234 5678", "Bel [telefoonnummer]"),
        ("Verlof van 111222333?", "Verlof van [burgerservicenummer]?"),
        ("BSN 1112.22.333 en 123 456 782", "BSN [burgerservicenummer] en [burgerservicenummer]"),
    ],
)
def test_what_has_the_form_of_personal_data_is_taken_out(words: str, masked: str) -> None:
    assert mask(words) == masked


@pytest.mark.parametrize(
    "words",
    [
        "Hoeveel is 139.000.000 euro meer dan 111222334?",  # the second fails the eleven test by one
        "Kost het € 1.112.223.330 of 1.112.223.33,50?",
        "Wat staat er in artikel 7.4, lid 2, van 12-05-2023?",
        "Welk product heeft code NL91ABNA0417164301?",
        "Wat is er veranderd tussen 2019, 2020 en 2023?",
        "Wat kost 0,123456789 aandeel?",
        "@gemeente: hoeveel leden?",
    ],
)
def test_other_figures_stay(words: str) -> None:
    assert mask(words) == words
