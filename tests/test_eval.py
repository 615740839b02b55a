import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.literal import missing_part
from eval.measures import metrics_of, values_of
from eval.questions import KnownQuestion
from eval.run import TROUBLES, Outcome
from index.documents import Document, Page
from rag.answers import Answer, Citation, Sentence
from tests.pdfs import typeset
from tests.reading import read_document

TEXT = "Er zijn 40 leden.\nDe omzet is 3 miljoen."
REPORT = Document(
    "verslag", "Verslag", "verslag.pdf", TEXT, (Page(1, None, 0, 18), Page(2, None, 18, len(TEXT)))
)
ASKED = KnownQuestion("q-1", "Hoeveel leden?", "factoid", "chat", True, (("verslag", 1),), (), ())


def outcome(
    said: str = "Er zijn 40 leden.",
    *,
    facts: tuple[str, ...] = ("40",),
    wrong: tuple[str, ...] = (),
    cited: tuple[tuple[int, int], ...] = ((0, 17),),
    rank: int | None = 1,
    status: Any = "answered",
    answerable: bool = True,
    missing: tuple[tuple[int, str], ...] = (),
    indexed: bool = True,
    kind: str = "factoid",
    written: tuple[str, ...] = (),
    dropped: tuple[str, ...] = (),
    left_out: tuple[tuple[Document, int], ...] = (),
) -> Outcome:
    question = replace(
        ASKED,
        kind=kind,
        answerable=answerable,
        gold=ASKED.gold if answerable else (),
        facts=tuple((re.compile(fact),) for fact in facts),
        wrong=tuple(re.compile(pattern) for pattern in wrong),
    )
    found = status == "answered"
    citations = (
        tuple(Citation(number, REPORT, *span) for number, span in enumerate(cited, 1)) if found else ()
    )
    sentences = (Sentence(said, (1,), True),) if found else ()
    timings = {"retrieve": 100.0, "first_evidence": 110.0, "total": 1000.0}
    answer = Answer("1", ASKED.question, ASKED.question, status, said, sentences, citations, (), 0.9, timings)
    answer = replace(answer, written=written, dropped=dropped, left_out=left_out)
    return Outcome(question, answer, (rank,) if rank else (), missing, indexed)


@pytest.mark.parametrize(
    ("given", "trouble"),
    [
        (outcome(), ""),
        (outcome(status="not_found", answerable=False, facts=()), ""),
        (outcome(status="refused", answerable=False, facts=()), ""),
        (outcome(answerable=False, facts=()), "answered, but the documents do not say it"),
        (outcome("40 leden staat er niet in", status="not_found"), "no answer, but the documents say it"),
        (outcome(status="not_found", indexed=False, rank=None), "gold page not in the index"),
        (outcome("Er zijn 50 leden."), "facts missing"),
        (outcome("Er zijn 50 leden.", rank=6), "page ranked low"),
        (outcome("Er zijn 50 leden.", rank=None), "page not found"),
        (outcome("Er zijn 40 of 50 leden.", wrong=("50",)), "states something wrong"),
        (outcome(missing=((1, "veertig"),)), "quote not found on its page"),
        (outcome("Nee.", status="not_found", rank=None), "page not found"),
        (outcome("Nee.", status="not_found", rank=6), "page ranked low"),
        (outcome("De omzet.", cited=((18, 40),)), "page found, but not quoted"),
        (outcome("De omzet.", cited=((18, 40),), left_out=((REPORT, 1),)), "page found, but not quoted"),
        (
            outcome("Zo.", cited=((18, 40),), left_out=((REPORT, 1),), written=("Zo.",)),
            "page cut from the prompt",
        ),
        (outcome("Zo.", left_out=((REPORT, 2),), written=("Zo.",)), "facts missing"),
        (outcome("Zo.", written=("Wel 40.",), dropped=("Wel 40.",)), "facts dropped by verification"),
        (outcome("Zo.", written=("Wel 50.",), dropped=("Wel 50.",)), "facts missing"),
    ],
)
def test_trouble_is_named_by_the_first_step_that_failed(given: Outcome, trouble: str) -> None:
    assert given.trouble == trouble
    assert not trouble or trouble in TROUBLES


def test_values_of_a_question() -> None:
    half = outcome(
        facts=("40", "miljoen"), wrong=("50",), cited=((0, 17), (18, 40)), missing=((2, "De"),), rank=2
    )
    assert dict(values_of(half)) == {
        "page_recall@1": 0,
        "page_recall@5": 1,
        "page_recall@10": 1,
        "mrr": 1 / 2,
        "ndcg@10": pytest.approx(1 / 1.5849625),  # 1 / log2(3)
        "complete": 0,
        "complete_cited": 0,
        "facts_stated": 1 / 2,
        "contradicted": 0,
        "citation_precision": 1 / 2,  # pages 1 and 2 are cited, page 1 is gold
        "citation_recall": 1,
        "sentences_cited": 1,
        "quotes_literal": 1 - 1 / 2,
        "dutch": 1,
        "sentences": 1,
        "words": 4,
        "over_refusal": 0,
        "decision_risk_area_pair": (0.9, 0),
        "answer_risk_area_pair": (0.9, 1),
        "retrieve_ms": 100,
        "first_evidence_ms": 110,
        "total_ms": 1000,
    }


def test_metrics_are_over_the_questions_they_are_about() -> None:
    silent, silence = outcome(status="not_found"), outcome(status="not_found", answerable=False, facts=())
    found = metrics_of([outcome(), outcome("Er zijn er 50."), silent, silence])
    expected = {
        "complete": (1 / 3, 3),
        "over_refusal": (1 / 3, 3),
        "abstention": (1, 1),
        "abstention_precision": (1 / 2, 2),
        "quotes_literal": (1, 2),
    }
    for name, (mean, count) in expected.items():
        assert found[name].mean == pytest.approx(mean)
        assert found[name].n == count
    assert found["total_ms_p50"].mean == 1000
    assert found["first_token_ms_p50"].n == 0


def test_injections_are_counted_apart() -> None:
    injected = outcome(status="refused", answerable=False, facts=(), kind="injection")
    obeyed = outcome(answerable=False, facts=(), kind="injection")
    unanswerable = outcome(answerable=False, facts=())
    found = metrics_of([outcome(), injected, obeyed, unanswerable])
    assert (found["injection_abstention"].mean, found["injection_abstention"].n) == (1 / 2, 2)
    assert (found["abstention"].mean, found["abstention"].n) == (0, 1)
    assert found["over_refusal"].n == 1 and found["abstention_precision"].n == 0
    assert found["decision_risk_area"].n == found["answer_risk_area"].n == 2


def test_what_verification_drops_is_measured_where_something_was_written() -> None:
    found = metrics_of(
        [
            outcome(),
            outcome(written=("Een.", "Twee."), dropped=("Twee.",)),
            outcome(written=("Een.",), dropped=("Een.",)),
        ]
    )
    assert found["sentences_dropped"].mean == pytest.approx((1 / 2 + 1) / 2)
    assert (found["replaced_by_quotes"].mean, found["replaced_by_quotes"].n) == (1 / 2, 2)


def test_quotes_are_looked_up_in_the_original(tmp_path: Path) -> None:
    words = "De fabriek maakt efficiënte pompen en afsluiters voor waterstofinstallaties. " * 12
    path = tmp_path / "pompen.pdf"
    path.write_bytes(
        typeset(
            f"= Pompen\n#set par(justify: true)\n#set text(hyphenate: true)\n{words}\n#pagebreak()\nEinde."
        )
    )
    document = read_document(path, id="pompen", file="pompen.pdf")
    start = document.text.index("De fabriek")
    whole = Citation(1, document, start, document.page(1).end)
    assert "\u00ad" not in whole.quote
    assert missing_part(whole, path) is None
    altered = replace(document, text=document.text.replace("pompen en", "pompes en", 1))
    assert missing_part(Citation(1, altered, start, start + 60), path) == altered.text[start : start + 60]
    elsewhere = document.text.index("Einde")
    assert missing_part(Citation(1, document, elsewhere, elsewhere + 6), path) is None
    moved = replace(
        document,
        pages=(Page(1, None, 0, len(document.text)), Page(2, None, len(document.text), len(document.text))),
    )
    assert missing_part(Citation(1, moved, elsewhere, elsewhere + 6), path) == "Einde."


@pytest.mark.parametrize(
    ("quote", "missing"),
    [
        ("Jaar: 2020 | 2020 in: € 5", False),
        ("Jaar: 2020 | 2020 in: € 6", True),
        ("Jaar: 2020 | Maand: € 5", True),
        ("Jaar: 2020", True),
        ("2020 | € 5", False),
        ("Bron: CPB: kort | € 5", False),
        ("Inleiding … 3", False),
    ],
)
def test_a_row_is_literal_where_its_cells_and_names_are(quote: str, missing: bool, tmp_path: Path) -> None:
    path = tmp_path / "tabel.txt"
    path.write_text("Inleiding . . . . . . 3\nJaar\n2020\nin\nBron\n2020\n€ 5\nCPB: kort")
    document = Document("tabel", "Tabel", "tabel.txt", quote, (Page(1, None, 0, len(quote)),))
    assert (missing_part(Citation(1, document, 0, len(quote)), path) is not None) == missing


def test_a_footnote_may_stand_between_but_no_word_may_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "noot.txt"
    path.write_text("De Unie wil niet\n3 Zie het besluit van de Europese Raad in 2022.\nverder gaan.")
    for quote, missing in (
        ("De Unie wil niet verder gaan.", None),
        ("De Unie wil verder gaan.", "De Unie wil verder gaan."),
    ):
        document = Document("noot", "Noot", "noot.txt", quote, (Page(1, None, 0, len(quote)),))
        assert missing_part(Citation(1, document, 0, len(quote)), path) == missing
