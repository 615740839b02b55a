import json
from collections.abc import Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from selectolax.lexbor import LexborHTMLParser

from eval.comparison import compare, read_run
from eval.gate import check
from eval.measures import METRICS, metrics_of
from eval.questions import KnownQuestion, read_questions
from eval.report import Run
from eval.run import TROUBLES, evaluate
from index.errors import BadConfiguration
from rag.assistant import Assistant
from tests.server import DOCUMENTS, build_assistant

QUESTIONS = Path(__file__).parent.parent / "eval" / "questions"
FILES = (QUESTIONS / "herstel-2020.jsonl", QUESTIONS / "begroting-2019.jsonl")


ASKED = KnownQuestion("q-1", "Hoeveel leden?", "factoid", "chat", True, (("verslag", 1),), (), ())


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return build_assistant(tmp_path_factory.mktemp("index"), DOCUMENTS)


@pytest.fixture(scope="module")
def run(assistant: Assistant) -> Run:
    told: list[tuple[int, int]] = []
    questions = read_questions(FILES)
    outcomes = evaluate(assistant, questions, lambda done, total: told.append((done, total)))
    assert told == [(done, len(questions)) for done in range(len(questions) + 1)]
    return Run.of(assistant, outcomes, FILES)


def saved(run: Run, path: Path) -> Path:
    path.write_text(json.dumps(run.as_json(), allow_nan=False), encoding="utf-8")
    return path


def worse(run: Run) -> Run:
    """The same run, but with answers that state nothing and take a second longer."""
    outcomes = [
        replace(
            one,
            answer=replace(
                one.answer,
                text="Ja.",
                timings={name: value + 1000 for name, value in one.answer.timings.items()},
            ),
        )
        for one in run.outcomes
    ]
    return replace(run, outcomes=tuple(outcomes), metrics=metrics_of(outcomes))


def test_a_run_as_json(run: Run) -> None:
    body: Mapping[str, Any] = json.loads(json.dumps(run.as_json(), allow_nan=False))
    assert list(body) == ["run", "metrics", "questions"]
    assert [file["file"] for file in body["run"]["files"]] == [path.name for path in FILES]
    assert body["run"]["models"] == {"embedder": "hashing-512", "generator": "extractive"}
    assert set(body["metrics"]) == {metric.name for metric in METRICS}
    assert all(set(found) == {"mean", "low", "high", "n"} for found in body["metrics"].values())
    assert body["metrics"]["first_token_ms_p50"] == {"mean": None, "low": None, "high": None, "n": 0}
    assert len(body["questions"]) == len(read_questions(FILES))
    quotes = [citation for question in body["questions"] for citation in question["citations"]]
    assert quotes
    assert all(citation["quote"].strip() and citation["page"] >= 1 for citation in quotes)
    literal = [
        values["quotes_literal"] for q in body["questions"] if "quotes_literal" in (values := q["values"])
    ]
    assert body["metrics"]["quotes_literal"]["mean"] == pytest.approx(sum(literal) / len(literal))


def test_pages_outside_the_index_are_told(assistant: Assistant, caplog: pytest.LogCaptureFixture) -> None:
    question = replace(ASKED, question="Hoeveel leden heeft FME?", gold=(("herstel-2020", 999),))
    (found,) = evaluate(assistant, [question])
    assert not found.indexed
    assert found.trouble == "gold page not in the index"
    assert "the index has no page 999 of 'herstel-2020'" in caplog.text


def test_the_table_for_the_terminal(run: Run) -> None:
    console = Console(file=StringIO(), width=140)
    console.print(run.table())
    printed = console.file.getvalue()  # type: ignore[attr-defined]
    for heading in ("Finding", "Answering", "Abstaining", "Time", "Questions"):
        assert heading in printed
    assert f"{run.metrics['mrr'].mean:.2f}" in printed
    assert "first_token" not in printed  # nothing was written: no row without a value


def test_the_page_is_whole_and_escaped(run: Run, tmp_path: Path) -> None:
    strange = replace(run.outcomes[0].question, question='<img src=x onerror="alert(1)">')
    odd = replace(run, outcomes=(replace(run.outcomes[0], question=strange), *run.outcomes[1:]))
    html = odd.as_html(compare(odd, read_run(saved(worse(run), tmp_path / "before.json"))))
    page = LexborHTMLParser(html)
    assert len(page.css("details.question")) == len(run.outcomes)
    assert not page.css("img, link, iframe")
    assert "http" not in html.replace("http://www.w3.org", "")
    assert len(page.css(".plots svg")) == 2
    assert "What changed since before.json" in html
    wrong = [outcome for outcome in run.outcomes if outcome.trouble]
    assert len(page.css('details.question:not([data-trouble=""])')) == len(wrong)


def test_a_comparison_pairs_questions(run: Run, tmp_path: Path) -> None:
    found = compare(worse(run), read_run(saved(run, tmp_path / "before.json")))
    by_name = {entry.metric.name: entry for entry in found.differences}
    assert by_name["complete"].now == 0
    assert by_name["complete"].difference.mean == pytest.approx(-run.metrics["complete"].mean)
    assert by_name["complete"].verdict == "worse"
    assert by_name["total_ms_p50"].difference.mean == pytest.approx(1000)
    assert by_name["mrr"].verdict == ""
    complete = by_name["complete"]
    right = sum(one.complete for one in run.outcomes if one.question.facts and one.question.answerable)
    assert (complete.won, complete.lost, complete.tied) == (0, right, complete.difference.n - right)
    assert complete.p == pytest.approx(2 / 2**right)
    assert by_name["mrr"].p is None and by_name["answer_risk_area"].p is None
    assert {change.id for change in found.lost} == {
        one.question.id for one in run.outcomes if one.question.answerable and not one.trouble
    }
    assert found.won == ()
    assert found.tied == len(run.outcomes) - len(found.lost)
    assert found.left_out == 0


def test_the_page_shows_only_what_changed_both_answers_side_by_side(run: Run, tmp_path: Path) -> None:
    before = saved(run, tmp_path / "before.json")
    one = next(one for one in run.outcomes if one.complete and one.question.facts)
    said = replace(one, answer=replace(one.answer, text="Ja <b>en</b> nee."))
    outcomes = tuple(said if outcome is one else outcome for outcome in run.outcomes)
    now = replace(run, outcomes=outcomes, metrics=metrics_of(outcomes))
    page = LexborHTMLParser(now.as_html(compare(now, read_run(before))))
    (change,) = page.css("details.change")
    old, new = (side.css_first("p").text() for side in change.css(".sides > div"))  # type: ignore[union-attr]
    assert (old, new) == (one.answer.text, "Ja <b>en</b> nee.")
    assert "complete 1.00 → 0.00" in change.text() and one.question.question in change.text()
    same = LexborHTMLParser(run.as_html(compare(run, read_run(before))))
    assert same.css("h2:lexbor-contains('What changed')") and not same.css("details.change")


def test_the_page_says_at_which_step_it_went_wrong(run: Run) -> None:
    page = LexborHTMLParser(run.as_html())
    rows = {row.css("td")[1].text(): row for row in page.css("tr") if row.css(".ids")}
    wrong = {one.trouble for one in run.outcomes} - {""}
    assert set(rows) == wrong
    for trouble, row in rows.items():
        ids = [one.question.id for one in run.outcomes if one.trouble == trouble]
        assert row.css("td")[0].text() == TROUBLES[trouble]
        assert [link.attributes["href"] for link in row.css("a")] == [f"#{name}" for name in ids]


def test_few_changed_questions_are_no_difference_yet(run: Run, tmp_path: Path) -> None:
    before = read_run(saved(run, tmp_path / "before.json"))
    for lost, verdict in ((4, ""), (6, "worse")):
        right = [one for one in run.outcomes if one.complete and one.question.facts][:lost]
        outcomes = [
            replace(one, answer=replace(one.answer, text="Ja.")) if one in right else one
            for one in run.outcomes
        ]
        found = compare(replace(run, outcomes=tuple(outcomes)), before)
        complete = next(entry for entry in found.differences if entry.metric.name == "complete")
        assert complete.difference.high < 0 and (complete.lost, complete.verdict) == (lost, verdict)


def test_only_questions_in_the_same_words_are_compared(run: Run, tmp_path: Path) -> None:
    before = saved(run, tmp_path / "before.json")
    reworded = replace(run.outcomes[0], question=replace(run.outcomes[0].question, question="Iets anders?"))
    assert compare(replace(run, outcomes=(reworded, *run.outcomes[1:])), read_run(before)).left_out == 2
    with pytest.raises(BadConfiguration, match=r"before\.json and this run have no question in common"):
        compare(replace(run, outcomes=(reworded,)), read_run(before))


def test_what_is_no_run_is_refused(tmp_path: Path) -> None:
    for content in ("{", "[]", '{"run": {}}'):
        (tmp_path / "run.json").write_text(content)
        with pytest.raises(BadConfiguration, match=r"run\.json is no run: give a file with the output of"):
            read_run(tmp_path / "run.json")


def gate(folder: Path, content: str) -> Path:
    path = folder / "gate.toml"
    path.write_text(content)
    return path


def test_a_gate_fails_in_words(run: Run, tmp_path: Path) -> None:
    metrics = dict(
        run.metrics,
        mrr=replace(run.metrics["mrr"], mean=0.5),
        total_ms_p95=replace(run.metrics["total_ms_p95"], mean=2500),
    )
    run = replace(run, metrics=metrics)
    assert check(run, gate(tmp_path, "[at_least]\nmrr = 0.5\n[at_most]\ntotal_ms_p95 = 2500")) == ()
    failures = check(
        run, gate(tmp_path, "[at_least]\nmrr = 0.51\nfirst_token_ms_p50 = 1\n[at_most]\ntotal_ms_p95 = 2400")
    )
    assert failures == (
        f"mrr is 0.50, below 0.51 (1 / rank of the first gold page; {run.metrics['mrr'].n} questions).",
        "first_token_ms_p50 has no value: no question in this run is about it.",
        "total_ms_p95 is 2.5 s, above 2.4 s (until the answer is checked and complete (95 of 100 questions "
        f"are faster); {run.metrics['total_ms_p95'].n} questions).",
    )


def test_a_gate_guards_against_getting_worse(run: Run, tmp_path: Path) -> None:
    saved(run, tmp_path / "baseline.json")
    path = gate(tmp_path, 'baseline = "baseline.json"')
    assert check(run, path) == ()
    failed = {failure.split()[0] for failure in check(worse(run), path)}
    assert {"complete", "facts_stated"} <= failed
    assert not any("_ms_" in name for name in failed)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("mrr = 1", "a gate has at_least, at_most and baseline, not 'mrr'"),
        ("at_least = 1", "at_least must be a table"),
        ("[at_least]\nmmr = 1", "there is no metric 'mmr'; there is page_recall@1, "),
        ("[at_least]\nmrr = 'high'", "mrr must be a number, not 'high'"),
        ("[at_least", "cannot be read as a gate"),
        ("baseline = 'absent.json'", "is no run"),
    ],
)
def test_a_gate_that_cannot_be_used(run: Run, tmp_path: Path, content: str, reason: str) -> None:
    with pytest.raises(BadConfiguration) as caught:
        check(run, gate(tmp_path, content))
    assert reason in str(caught.value)


def test_the_project_s_own_gate_can_be_used(run: Run) -> None:
    assert all(isinstance(failure, str) for failure in check(run, QUESTIONS.parent / "gate.toml"))
