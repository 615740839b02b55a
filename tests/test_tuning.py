"""Weights that are fitted recover what made the data; files that hold no weights are refused."""

import math
import random
from pathlib import Path

import numpy as np
import pytest

from eval.tuning import RankedQuestion, decided, first_ranks, fit_decision, fit_ranking
from index.errors import BadConfiguration
from index.ranking import DEFAULT, SIGNALS, read_weights, standardised
from rag.decide import Decision


def ranked_questions(telling: int, count: int = 60) -> list[RankedQuestion]:
    """Return questions of 20 passages on 10 pages; only the signal `telling` points at the gold page."""
    source = np.random.default_rng(7)
    questions = []
    for _ in range(count):
        signals, pages = source.normal(size=(20, len(SIGNALS))), np.repeat(np.arange(10), 2)
        gold = np.arange(10) == source.integers(10)
        signals[:, telling] += 2 * gold[pages]
        questions.append(RankedQuestion(signals, pages, gold))
    return questions


@pytest.mark.parametrize("telling", [1, 3])
def test_the_signal_that_tells_gains_weight_and_gold_pages_rise(telling: int) -> None:
    questions, before = ranked_questions(telling), read_weights(DEFAULT)
    fitted = fit_ranking(questions, before)
    others = [at for at in range(1, len(SIGNALS)) if at != telling]
    assert fitted[0] == 1 and fitted[telling] > before[telling]
    assert all(fitted[telling] > fitted[at] for at in others)
    assert np.mean(first_ranks(questions, fitted)) < np.mean(first_ranks(questions, before))


def test_the_rank_of_a_page_is_that_of_its_best_passage() -> None:
    signals = np.zeros((4, len(SIGNALS)))
    signals[:, 0] = [3, 1, 2, 0]
    question = RankedQuestion(signals, np.array([0, 1, 2, 1]), np.array([False, True, False]))
    assert first_ranks([question], read_weights(DEFAULT)) == [3]


def test_a_decision_recovers_the_curve_that_made_the_answers() -> None:
    source = random.Random(4)
    signals, answers = [], []
    for _ in range(4000):
        similarity, lacks = source.uniform(0.2, 0.6), source.random() < 0.3
        sure = (0.25 if lacks else 1) / (1 + math.exp(8 - 20 * similarity))
        signals.append((similarity, lacks))
        answers.append(source.random() < sure)
    decision = fit_decision(signals, answers, enough=0.5)
    assert -decision.intercept / decision.similarity == pytest.approx(0.4, abs=0.02)
    assert decision.similarity == pytest.approx(20, rel=0.2)
    assert 0.1 < decision.lacking < 0.25


def test_a_decision_is_judged_by_what_it_leaves_unanswered() -> None:
    decision = Decision(intercept=-4, similarity=10, lacking=0.3, enough=0.5)
    signals = [(0.6, False), (0.5, False), (0.6, True), (0.3, False)]
    abstention, over_refusal, area = decided(signals, [True, False, True, False], decision)
    # Sure are 0.88, 0.73, 0.26 and 0.27: 2 of the 4 pairs of an answerable and another one are right.
    assert (abstention.mean, over_refusal.mean, area) == (0.5, 0.5, 0.5)


def test_standardised_signals_have_no_scale() -> None:
    values = np.array([1.0, 2.0, 6.0], np.float32)
    assert standardised(values * 9 + 4) == pytest.approx(standardised(values), abs=1e-6)
    assert standardised(np.full(3, 5.0, np.float32)).tolist() == [0, 0, 0]


@pytest.mark.parametrize(
    "written",
    ["", "dense = 1", "nonsense", DEFAULT.read_text(encoding="utf-8") + "\nmood = 1", "dense = 'x'"],
)
def test_a_file_that_holds_no_weights_is_refused(tmp_path: Path, written: str) -> None:
    (tmp_path / "ranking.toml").write_text(written, encoding="utf-8")
    with pytest.raises(BadConfiguration, match=r"ranking\.toml"):
        read_weights(tmp_path / "ranking.toml")
