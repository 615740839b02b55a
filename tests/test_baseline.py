import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from eval.baseline import baseline_of, renewed_bounds, score_interval
from eval.comparison import compare, read_run
from eval.gate import check
from eval.measures import metrics_of, values_of
from eval.questions import read_questions
from eval.report import Run
from eval.run import evaluate
from index.errors import BadConfiguration
from tests.server import DOCUMENTS, build_assistant

FILE = Path(__file__).parent.parent / "eval" / "questions" / "herstel-2020.jsonl"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    assistant = build_assistant(tmp_path_factory.mktemp("index"), DOCUMENTS)
    return Run.of(assistant, evaluate(assistant, read_questions([FILE])), [FILE])


def test_a_baseline_holds_the_values_that_are_compared_and_nothing_else(run: Run, tmp_path: Path) -> None:
    (tmp_path / "baseline.json").write_text(baseline_of(run), encoding="utf-8")
    saved = read_run(tmp_path / "baseline.json")
    assert (saved.embedder, saved.generator) == (run.embedder, run.generator)
    for outcome in run.outcomes:
        kept = saved.questions[outcome.question.id]
        values = {name: value for name, value in values_of(outcome).items() if not name.endswith("_ms")}
        assert (kept.question, kept.trouble) == (outcome.question.question, outcome.trouble)
        assert kept.values == values
    assert len((tmp_path / "baseline.json").read_text().splitlines()) == len(run.outcomes) + 3


def test_a_run_does_not_differ_from_its_own_baseline(run: Run, tmp_path: Path) -> None:
    (tmp_path / "baseline.json").write_text(baseline_of(run), encoding="utf-8")
    (tmp_path / "gate.toml").write_text('baseline = "baseline.json"')
    found = compare(run, read_run(tmp_path / "baseline.json"))
    assert found.differences and {entry.verdict for entry in found.differences} == {""}
    assert check(run, tmp_path / "gate.toml") == ()


def test_a_gate_says_when_other_models_made_its_baseline(run: Run, tmp_path: Path) -> None:
    (tmp_path / "baseline.json").write_text(baseline_of(run), encoding="utf-8")
    (tmp_path / "gate.toml").write_text('baseline = "baseline.json"')
    outcomes = tuple(replace(one, answer=replace(one.answer, text="Ja.")) for one in run.outcomes)
    mute = replace(run, outcomes=outcomes, metrics=metrics_of(outcomes), generator="mute")
    assert any(
        failure.startswith("facts_stated went from ")
        and "since baseline.json, a run of hashing-512 and extractive (difference -" in failure
        for failure in check(mute, tmp_path / "gate.toml")
    )


def test_score_intervals_by_hand() -> None:
    # 8 of 10, z = 1.96: (0.8 + 0.19208 -+ 1.96 sqrt(0.016 + 0.009604)) / 1.38416.
    low, high = score_interval(0.8, 10)
    assert low == pytest.approx((0.99208 - 1.96 * 0.16001) / 1.38416, abs=1e-4)
    assert high == pytest.approx((0.99208 + 1.96 * 0.16001) / 1.38416, abs=1e-4)
    assert score_interval(1.0, 100)[0] == pytest.approx(100 / 103.8416)


def test_bounds_are_set_where_chance_may_take_a_run_and_promises_stay(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(
        '# Why.\nbaseline = "b.json"\n[at_least]\n"page_recall@5" = 0.1 # found\nmrr = 0.2\ndutch = 1.0\n'
        "abstention = 0.3\n[at_most]\nover_refusal = 0.9\ntotal_ms_p95 = 30000\n"
    )
    metrics = dict(
        run.metrics,
        abstention=replace(run.metrics["abstention"], n=0),
        over_refusal=replace(run.metrics["over_refusal"], mean=0.2, n=10),
    )
    metrics["page_recall@5"] = replace(run.metrics["page_recall@5"], mean=1.0, n=100)
    metrics["mrr"] = replace(run.metrics["mrr"], mean=0.8, n=10)
    found = renewed_bounds(replace(run, metrics=metrics), path)
    assert found.startswith('# Why.\nbaseline = "b.json"\n') and "0.96 # found" in found
    rules = tomllib.loads(found)
    assert rules["at_least"] == {"page_recall@5": 0.96, "mrr": 0.49, "dutch": 1.0, "abstention": 0.3}
    assert rules["at_most"] == {"over_refusal": 0.51, "total_ms_p95": 30000}


def test_bounds_of_no_gate_are_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(BadConfiguration, match="cannot be read as a gate"):
        renewed_bounds(run, tmp_path / "absent.toml")
