from datetime import date

import pytest

from index.documents import Document, Page, Statement
from index.editions import Standing, standings, successors
from index.reading.manifest import About
from index.reading.reading import Reading

TODAY = date(2026, 6, 15)
REPORT = "\n".join(
    f"In afdeling {number} werken {number * 7} mensen aan {thing}, en zij vragen om {wish} voor hun {thing}."
    for number, (thing, wish) in enumerate(
        ((thing, wish) for thing in ("bruggen", "sluizen", "tunnels") for wish in ("geld", "tijd", "ruimte")),
        1,
    )
)
OTHER = "\n".join(
    f"Het {animal} krijgt {food} van wie op {day} de dieren van de kinderboerderij verzorgt en telt."
    for animal, food, day in (
        ("schaap", "hooi", "maandag"),
        ("varken", "brood", "dinsdag"),
        ("paard", "gras", "vrijdag"),
    )
)


def paper(
    title: str, *, said: str = "", text: str = REPORT, file: str = "", about: About | None = None
) -> Document:
    body = f"{title}\n{said}\n{text}"
    reading = Reading(body, (Page(1, None, 0, len(body)),), title=title)
    name = file or f"{title}.pdf"
    return reading.named(name.rpartition(".")[0], name, about or About(), TODAY)


def standing(*papers: Document, of: str) -> Standing:
    """Return the standing of one paper; the order in which papers come must not matter."""
    found = standings(papers, TODAY)
    assert standings(papers[::-1], TODAY) == found
    return found[of]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("Cao Metalektro 2021", "Cao Metalektro 2023"),
        ("Cao Metalektro 2021", "CAO voor de Metalektro 2023-2024"),
        ("Nota verlof, concept, maart 2020", "Nota verlof, definitief, mei 2020"),
        ("Handboek inkoop versie 1.2 (2020)", "Handboek inkoop v2 (2021)"),
        ("Kwartaalbericht Q1 2021", "Kwartaalbericht Q3 2021"),
        ("Gids, 2e druk, 2019", "Gids, 3e herziene druk, 2022"),
    ],
)
def test_editions_have_one_title_and_much_of_one_text(older: str, newer: str) -> None:
    both = paper(newer), paper(older)
    assert standing(*both, of=older).editions == standing(*both, of=newer).editions == (older, newer)
    assert standing(*both, of=older).holds  # nobody said that the older one was replaced


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Handboek deel 1", "Handboek deel 2"),
        ("Handboek deel I", "Handboek deel II"),
        ("Bijlage 3 bij de nota", "Bijlage 4 bij de nota"),
        ("Agenda 2030", "Agenda 2040"),
        ("Nota verlof 2021", "Nota ziekte 2021"),
        ("Cao Metalektro 2021", "Cao Metaal 2023"),
        ("2021", "2022"),
    ],
)
def test_other_titles_are_other_papers_however_much_their_texts_agree(one: str, other: str) -> None:
    assert standing(paper(one), paper(other), of=one).editions == (one,)


def test_the_reports_of_two_organisations_are_no_editions() -> None:
    papers = (
        paper("Jaarverslag 2022", file="bond.pdf"),
        paper("Jaarverslag 2022", text=OTHER, file="boerderij.pdf"),
        paper("Jaarverslag 2023", text=OTHER, file="boerderij-nieuw.pdf"),
    )
    assert standing(*papers, of="bond").editions == ("bond",)
    assert standing(*papers, of="boerderij").editions == ("boerderij", "boerderij-nieuw")


@pytest.mark.parametrize(
    ("said", "replaced"),
    [
        ("Deze nota vervangt de Nota reiskosten 2019.", {"Nota reiskosten 2019"}),
        ("Deze nota vervangt de Nota reiskosten.", {"Nota reiskosten 2019", "Nota reiskosten 2021"}),
        ("Deze nota vervangt de eerdere nota reiskosten uit 2021.", {"Nota reiskosten 2021"}),
        ("Deze versie vervangt alle eerdere versies.", {"Nota reiskosten 2019", "Nota reiskosten 2021"}),
        (
            "Deze nota vervangt de Nota reiskosten 2021 en de Regeling thuiswerken.",
            {"Nota reiskosten 2021", "Regeling thuiswerken 2020"},
        ),
        ("Deze nota vervangt de Nota reiskosten buitenland 2019.", set()),
        ("Deze nota vervangt de Nota reiskosten 2018.", set()),
        ("Deze nota vervangt de Nota verlof 2019.", set()),
        ("Deze nota vervangt de Nota reiskosten 2025.", set()),
        ("Deze nota bouwt voort op de Nota reiskosten 2019.", set()),
    ],
)
def test_what_a_paper_replaces(said: str, replaced: set[str]) -> None:
    new = paper("Nota reiskosten 2023", said=said)
    others = [paper(f"Nota reiskosten {year}") for year in (2019, 2021, 2025)]
    found = standings([new, *others, paper("Regeling thuiswerken 2020", text=OTHER)], TODAY)
    assert {id for id, standing in found.items() if standing.replaced_by} == replaced  # noqa: A001
    for document_id in replaced:
        (where,) = found[document_id].evidence
        assert (found[document_id].replaced_by, where.document_id) == (new.id, new.id)
        assert new.text[where.start : where.end] == said


def test_of_two_papers_that_could_be_meant_none_is_replaced() -> None:
    bond = paper("Nota reiskosten 2019", file="bond.pdf")
    farm = paper("Nota reiskosten 2019", text=OTHER, file="boerderij.pdf")
    new = paper("Nota reizen 2023", said="Deze nota vervangt de Nota reiskosten 2019.", text="Nieuw.")
    assert standing(bond, farm, new, of="bond").holds
    assert standing(bond, new, of="bond").replaced_by == new.id


def test_a_paper_can_say_by_what_it_was_replaced() -> None:
    old = paper("Nota reiskosten 2019", said="Deze nota is vervangen door de Nota reizen 2023.")
    new = paper("Nota reizen 2023", text=OTHER)
    found = standing(old, new, of=old.id)
    assert (found.replaced_by, found.holds) == (new.id, False)
    assert old.text[found.evidence[0].start : found.evidence[0].end].startswith("Deze nota is vervangen")
    assert standing(old, of=old.id).holds  # by something that is not here


def test_of_several_successors_the_newest_counts() -> None:
    every = "Deze versie vervangt alle eerdere versies."
    papers = paper("Cao 2019"), paper("Cao 2021", said=every), paper("Cao 2023", said=every)
    assert standing(*papers, of="Cao 2019").replaced_by == "Cao 2023"
    assert standing(*papers, of="Cao 2021").replaced_by == "Cao 2023"
    assert standing(*papers, of="Cao 2023").holds


def test_papers_that_replace_each_other_both_hold() -> None:
    one = paper("Nota reizen 2020", said="Deze nota vervangt de Nota verlof 2020.")
    two = paper("Nota verlof 2020", said="Deze nota vervangt de Nota reizen 2020.", text=OTHER)
    three = paper("Nota ziekte 2020", text="Ziek.", about=About(replaces="Nota reizen 2020.pdf"))
    assert all(found.holds for found in standings([one, two], TODAY).values())
    assert not standing(one, two, three, of=one.id).holds


def test_a_manifest_names_what_is_replaced_and_withdrawn() -> None:
    old, new = paper("Reizen", file="a.pdf"), paper("Vervoer", about=About(replaces="map/a.pdf"))
    assert standing(old, new, of="a").replaced_by == "Vervoer"
    assert standing(old, new, paper("Lopen", file="oud/a.pdf"), of="a").holds  # nobody knows which
    assert standing(old, paper("Fietsen", file="b.pdf", about=About(replaces="c.pdf")), of="a").holds


@pytest.mark.parametrize(
    ("title", "about", "withdrawn"),
    [
        ("Nota verlof", About(withdrawn=True), True),
        ("Nota verlof", About(withdrawn="2026-06-15"), True),
        ("Nota verlof", About(withdrawn="2026-06-16"), False),
        ("Nota verlof", About(withdrawn="2025"), True),
        ("Nota verlof (ingetrokken)", About(), True),
        ("Nota verlof (ingetrokken per 1 mei 2027)", About(), False),
        ("Nota verlof (ingetrokken)", About(withdrawn=False), False),
        ("Nota verlof", About(), False),
    ],
)
def test_what_is_withdrawn(title: str, about: About, withdrawn: bool) -> None:
    found = standing(paper(title, about=about), of=title)
    assert (found.withdrawn, found.holds, bool(found.evidence)) == (withdrawn, not withdrawn, withdrawn)


def test_successors_are_followed_to_the_last() -> None:
    one = paper("Reizen 2019")
    two = paper("Vervoer 2021", text=OTHER, about=About(replaces="Reizen 2019.pdf"))
    three = paper("Mobiliteit 2023", text="Nieuw.", about=About(replaces="Vervoer 2021.pdf"))
    found = standings([one, two, three], TODAY)
    assert successors(one.id, found) == {two.id, three.id}
    assert successors(three.id, found) == successors("weg", found) == frozenset()


def test_later_editions_follow_a_paper_that_was_withdrawn() -> None:
    gone = paper("Cao 2021", about=About(withdrawn=True))
    found = standings([paper("Cao 2019"), gone, paper("Cao 2023")], TODAY)
    assert successors("Cao 2021", found) == {"Cao 2023"}
    assert successors("Cao 2019", found) == frozenset()


def test_nothing_has_no_standing() -> None:
    assert standings([], TODAY) == {}


def test_a_statement_without_a_name_replaces_nothing() -> None:
    old = paper("Nota reizen 2019")
    new = Document(
        "nieuw",
        "Nota reizen",
        "n.pdf",
        "x",
        (Page(1, None, 0, 1),),
        statements=(Statement("replaces", "2019"),),
    )
    assert standing(old, new, of=old.id).holds
