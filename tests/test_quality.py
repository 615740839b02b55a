"""Quality tells language from gibberish, in languages and of things that no word list knows."""

import random
import string

import pytest

from index.reading.pdf.quality import READABLE, UNREADABLE, quality

DUTCH = (
    "De medewerker vraagt het verlof ten minste twee weken van tevoren aan bij de leidinggevende. "
    "Deze beslist binnen vijf werkdagen, en geeft bij een afwijzing schriftelijk aan welke "
    "zwaarwegende bedrijfsbelangen zich tegen het verlof verzetten."
)
READ = {
    "Dutch": DUTCH,
    "English": "Every employee asks for leave at least two weeks before it begins, unless the reason for it "
    "could not be known, and hears from the manager within five working days what was decided.",
    "German": "Die Beschäftigten beantragen ihren Urlaub mindestens zwei Wochen vorher schriftlich bei der "
    "zuständigen Führungskraft, die innerhalb von fünf Arbeitstagen darüber entscheidet.",
    "Frisian": "De meiwurker freget it ferlof op syn minst twa wiken fan tefoaren oan by de liedingjaander, "
    "dy't binnen fiif wurkdagen beslút en skriftlik oanjout wêrom't it fersyk ôfwiisd is.",
    "Polish": "Pracownik składa wniosek o urlop co najmniej dwa tygodnie wcześniej, a przełożony rozpatruje "
    "go w ciągu pięciu dni roboczych i uzasadnia ewentualną odmowę na piśmie.",
    "Turkish": "Çalışan, iznini en az iki hafta önceden yöneticisinden yazılı olarak ister; yönetici beş iş "
    "günü içinde karar verir ve reddettiği takdirde gerekçesini bildirir.",
    "Finnish": "Työntekijä hakee lomaa vähintään kaksi viikkoa etukäteen esimieheltään, joka päättää asiasta "
    "viiden työpäivän kuluessa ja perustelee mahdollisen kielteisen päätöksen.",
    "Papiamento": "E empleado ta pidi su fakansi por lo menos dos siman padilanti serka su hefe, kende ta "
    "tuma un desishon denter di sinku dia di trabou i ta splika dikon e petishon no por wòrdu aprobá.",
    "Greek": "Ο εργαζόμενος ζητά άδεια τουλάχιστον δύο εβδομάδες πριν από τον προϊστάμενό του.",
    "names": "Jan de Vries, Fatima el Yaakoubi, Krzysztof Szczepański, Nguyễn Thị Hương, Xhevdet Hoxha, "
    "Bjørn Ødegård, Özgür Yıldız, Siobhán O'Shaughnessy, Zbigniew Kowalczyk, Djurre Hoekstra, "
    "Sjoukje Dijkstra-Wijnbergen, Mbongeni Ngema, Aleksandra Grzegorzewska, Tjalling Halbertsma",
    "chemistry": "natriumwaterstofcarbonaat, methylisothiazolinon, dibutylftalaat, polytetrafluoretheen, "
    "ethyleendiaminetetra-azijnzuur, hexachloorcyclohexaan, trichloorethyleen, perfluoroctaanzuur",
    "numbers": "2019 1.204 3.118 0,4 % | 2020 1.377 3.440 0,9 % | 2021 1.290 3.002 -0,3 %" * 10,
    "short codes": "BTW KvK IBAN RSIN SBI NEN ISO BSN ANBI ",
    "mojibake": DUTCH.replace("ij", "Ã¯j"),
    "nothing": "",
    "a few icons": UNREADABLE * 5,
    "icons in text": DUTCH.replace(". ", f". {UNREADABLE} "),
}


def swapped(text: str) -> str:
    letters = list(string.ascii_lowercase)
    random.Random(3).shuffle(letters)
    lower = "".join(letters)
    return text.translate(str.maketrans(string.ascii_lowercase, lower)).translate(
        str.maketrans(string.ascii_uppercase, lower.upper())
    )


GIBBERISH = {
    "codes shifted by 29": "".join(chr(ord(sign) - 29) if ord(sign) > 64 else sign for sign in DUTCH),
    "codes shifted by one": "".join(sign if sign == " " else chr(ord(sign) + 1) for sign in DUTCH),
    "letters swapped": swapped(DUTCH),
    "letters at random": "".join(random.Random(1).choices(string.ascii_lowercase + "    ", k=600)),
    "no letter named": UNREADABLE * 200,
    "most letters not named": DUTCH[:80] + UNREADABLE * 200,
}


@pytest.mark.parametrize("case", READ)
def test_language_names_and_numbers_are_readable(case: str) -> None:
    assert quality(READ[case]) >= READABLE


@pytest.mark.parametrize("case", GIBBERISH)
def test_gibberish_is_found(case: str) -> None:
    assert quality(GIBBERISH[case]) < READABLE


def test_plain_dutch_has_quality_one() -> None:
    assert quality(DUTCH) == 1.0
