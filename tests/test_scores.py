"""Figures of a model, against values worked out elsewhere or by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax
from sklearn.metrics import f1_score, precision_score, recall_score

from annotator.codebook import LABELS
from annotator.train.calibrate import DOUBT, THRESHOLDS, error_bounds
from annotator.train.data import LabelledSentence
from annotator.train.measure import Labelled
from annotator.train.scores import calibrated, fit_temperature, score, selective


def rows(truth: list[int], per_article: int = 5) -> list[Labelled]:
    return [
        Labelled(LabelledSentence("x", LABELS[t]), f"article {i // per_article}", None)
        for i, t in enumerate(truth)
    ]


@pytest.fixture
def drawn() -> tuple[list[int], np.ndarray]:
    rng = np.random.default_rng(7)
    truth = rng.integers(0, 4, 400)
    logits = rng.normal(size=(400, 4)) + 2 * np.eye(4)[truth]
    return truth.tolist(), logits


def test_rates_are_those_of_scikit_learn(drawn: tuple[list[int], np.ndarray]) -> None:
    truth, logits = drawn
    got = score(rows(truth), softmax(logits, axis=1))
    guess = logits.argmax(axis=1)
    for name, rate in (
        ("precision", precision_score),
        ("recall", recall_score),
        ("f1", f1_score),
    ):
        wanted = rate(truth, guess, average=None)
        assert [getattr(s, name).value for s in got.labels] == pytest.approx(wanted)
    assert got.macro_f1.value == pytest.approx(f1_score(truth, guess, average="macro"))
    assert got.confusion.sum() == 400


def test_an_interval_holds_its_value_and_narrows_with_more_articles(
    drawn: tuple[list[int], np.ndarray],
) -> None:
    truth, logits = drawn
    few = score(rows(truth[:80]), softmax(logits[:80], axis=1)).macro_f1
    many = score(rows(truth), softmax(logits, axis=1)).macro_f1
    for figure in (few, many):
        assert figure.low <= figure.value <= figure.high
    assert many.high - many.low < few.high - few.low


def test_clustered_errors_widen_the_interval() -> None:
    truth = [0] * 100
    wrong_by_article = np.repeat(np.arange(20) % 2, 5)
    one_cluster = score(rows(truth, 5), np.eye(4)[wrong_by_article]).accuracy
    each_alone = score(rows(truth, 1), np.eye(4)[wrong_by_article]).accuracy
    assert one_cluster.value == each_alone.value == 0.5
    assert one_cluster.high - one_cluster.low > 1.5 * (each_alone.high - each_alone.low)


def test_calibration_error_of_a_worked_example() -> None:
    # Ten sentences at confidence 0.8, six right; ten at 0.6, six right: the gaps
    # are 0.2 and 0, so the expected error is 0.1.
    probabilities = np.array([[0.8, 0.2, 0, 0]] * 10 + [[0.6, 0.4, 0, 0]] * 10)
    truth = ([0] * 6 + [1] * 4) * 2
    got = score(rows(truth), probabilities)
    assert got.calibration_error.value == pytest.approx(0.1)


def test_a_defensible_label_counts_in_the_lenient_score_alone() -> None:
    made = [
        Labelled(
            LabelledSentence("x", "opinion", ("opinion", "reported_fact")), "a", None
        )
    ]
    got = score(made * 3, np.eye(4)[[0, 0, 2]])
    assert (got.accuracy.value, got.lenient.value) == (pytest.approx(1 / 3), 1.0)


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_spoiled_the_logits_is_found(
    true_temperature: float,
) -> None:
    rng = np.random.default_rng(3)
    logits = rng.normal(scale=2, size=(20_000, 4))
    likely = softmax(logits, axis=1)
    truth = (likely.cumsum(axis=1) < rng.random((20_000, 1))).sum(axis=1)
    found = fit_temperature(rows(truth.tolist()), logits * true_temperature)
    assert found == pytest.approx(true_temperature, rel=0.05)
    assert calibrated(logits, 1.0).sum(axis=1) == pytest.approx(1)


def test_the_bound_on_no_errors_is_the_rule_of_three() -> None:
    bounds = dict(error_bounds(np.full(300, 0.995), np.ones(300, dtype=bool)))
    share = DOUBT / np.ceil(np.log2(len(THRESHOLDS)))
    assert bounds[0.99] == pytest.approx(1 - share ** (1 / 300), abs=1e-4)


def test_bounds_hold_on_fresh_data_as_often_as_promised() -> None:
    rng = np.random.default_rng(11)
    broken = 0
    for _ in range(200):
        confidence = rng.uniform(0.25, 1, 600)
        right = rng.random(600) < confidence
        kept = [c for c, bound in error_bounds(confidence, right) if bound <= 0.1]
        if kept:
            # Among labels at or above c the error is (1 - c) / 2 on average.
            broken += (1 - min(kept)) / 2 > 0.1
    assert broken / 200 <= DOUBT


def test_what_is_kept_at_a_confidence_and_how_much_of_it_is_wrong() -> None:
    likely = np.array([[0.9, 0.1, 0, 0]] * 6 + [[0.6, 0.4, 0, 0]] * 4)
    coverage, error = selective(rows([0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 1), likely, 0.8)
    assert (coverage.value, error.value) == (0.6, pytest.approx(1 / 6))
