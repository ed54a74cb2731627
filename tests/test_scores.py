"""Figures of a model, against values worked out elsewhere or by hand."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax
from sklearn.metrics import f1_score, precision_score, recall_score

from annotator.codebook import LABELS
from annotator.tag.description import Description
from annotator.tag.windows import WindowShape
from annotator.train.calibrate import DOUBT, THRESHOLDS, error_bounds
from annotator.train.confidence import (
    BINS,
    TARGET_ERRORS,
    promises,
    reliability,
    selective,
    within_reach,
)
from annotator.train.data import LabelledSentence
from annotator.train.groups import LEAST_ARTICLES, by_group
from annotator.train.measure import Labelled
from annotator.train.mistakes import COLUMNS, cell, mistakes, write_mistakes
from annotator.train.scores import calibrated, fit_temperature, score


def rows(truth: list[int], per_article: int = 5) -> list[Labelled]:
    return [
        Labelled(
            LabelledSentence("x", LABELS[t], id=str(i)),
            f"article {i // per_article}",
            None,
        )
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
    found = fit_temperature(truth, logits * true_temperature)
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


def sure(*confidence: float) -> np.ndarray:
    """Probabilities of the first label, the rest on the second."""
    return np.array([[c, 1 - c, 0, 0] for c in confidence])


def test_a_reliability_diagram_has_bins_of_as_many_sentences_that_lie_apart() -> None:
    rng = np.random.default_rng(5)
    confidence = rng.uniform(0.5, 1, 20 * BINS)
    truth = (rng.random(20 * BINS) > confidence).astype(int).tolist()
    bins = reliability(rows(truth, 1), sure(*confidence))
    assert [b.sentences for b in bins] == [20] * BINS
    assert [b.confidence for b in bins] == sorted(b.confidence for b in bins)
    total = sum(b.accuracy.value * b.sentences for b in bins)
    assert total == pytest.approx(truth.count(0))
    assert all(b.accuracy.low <= b.accuracy.value <= b.accuracy.high for b in bins)


def test_fewer_sentences_than_bins_make_fewer_bins() -> None:
    assert len(reliability(rows([0, 1, 0], 1), sure(0.9, 0.8, 0.7))) == 3


@pytest.mark.parametrize(
    ("wrong", "target", "reach"),
    [
        ([], 0.01, 1.0),
        ([9], 0.01, 0.9),
        ([9], 0.1, 1.0),
        ([4], 0.05, 0.4),
        ([4], 0.1, 1.0),
        ([4, 5], 0.1, 0.4),
        ([0], 0.05, 0.0),
    ],
)
def test_what_is_within_reach_is_the_longest_sure_stretch_with_few_errors(
    wrong: list[int], target: float, reach: float
) -> None:
    truth = [int(i in wrong) for i in range(10)]
    likely = sure(*np.linspace(0.99, 0.6, 10))
    assert within_reach(rows(truth, 1), likely, target).value == pytest.approx(reach)


def test_labels_of_one_confidence_are_kept_or_left_together() -> None:
    got = within_reach(rows([0, 0, 0, 1], 1), sure(0.9, 0.8, 0.8, 0.8), 0.1)
    assert got.value == 0.25


def test_what_is_not_promised_is_said_and_what_is_has_its_error() -> None:
    model = Description("m", "", WindowShape(), risk=((0.5, 0.2), (0.8, 0.04)))
    found = promises(rows([0] * 9 + [1], 1), sure(*[0.9] * 9, 0.7), model)
    assert [p.target_error for p in found] == list(TARGET_ERRORS)
    assert [p.least_confidence for p in found] == [None, None, 0.8, 0.8]
    assert found[0].coverage is found[0].error is None
    kept, wrong = found[2].coverage, found[2].error
    assert kept is not None
    assert wrong is not None
    assert (kept.value, wrong.value) == (0.9, 0)


def test_a_group_is_scored_on_the_labels_that_occur_in_it() -> None:
    truth = [0, 1] * 40
    guess = [0, 1] * 30 + [0, 0] * 10
    name = {str(i): "one" if i < 40 else "two" for i in range(80)}
    found = by_group(rows(truth, 2), np.eye(4)[guess], "outlet", name)
    assert [(g.name, g.sentences, g.articles) for g in found.groups] == [
        ("one", 40, 20),
        ("two", 40, 20),
    ]
    wanted = [
        f1_score(truth[a:b], guess[a:b], average="macro")
        for a, b in ((0, 40), (40, 80))
    ]
    assert [g.macro_f1.value for g in found.groups] == pytest.approx(wanted)
    assert found.spread == pytest.approx(wanted[0] - wanted[1])
    assert found.spread > found.spread_by_chance


def test_the_spread_of_groups_that_do_not_differ_is_mostly_under_that_of_chance() -> (
    None
):
    over = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        truth = rng.integers(0, 4, 240)
        guess = np.where(rng.random(240) < 0.8, truth, rng.integers(0, 4, 240))
        name = {str(i): str(i // 60) for i in range(240)}
        found = by_group(rows(truth.tolist(), 5), np.eye(4)[guess], "g", name)
        over += found.spread > found.spread_by_chance
    assert over <= 4


def test_groups_of_few_articles_and_sentences_of_none_are_counted_apart() -> None:
    truth = [0, 1] * 50
    name = {str(i): "few" for i in range(40)} | {
        str(i): "enough" for i in range(40, 90)
    }
    per_article = 50 // LEAST_ARTICLES
    found = by_group(rows(truth, per_article), np.eye(4)[truth], "outlet", name)
    assert [g.name for g in found.groups] == ["enough"]
    assert (found.left_out, found.spread, found.spread_by_chance) == (50, 0, 0)


def test_mistakes_come_with_the_least_likely_truth_first() -> None:
    found = mistakes(rows([0, 0, 1, 0]), sure(0.4, 0.1, 0.7, 0.9))
    assert [m.row.sentence.id for m in found] == ["1", "2", "0"]
    assert [m.predicted for m in found] == [LABELS[1], LABELS[0], LABELS[1]]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        (" @SUM(A1)", "' @SUM(A1)"),
        ("\t=1", "' =1"),
        ("\uff1d1", "'\uff1d1"),
        ("\ufeff=1", "'\ufeff=1"),
        ("It fell = it lay", "It fell = it lay"),
        ("It \x1b[31mfell\r\n", "It ⟨1B⟩[31mfell "),
    ],
)
def test_a_cell_is_no_formula_and_steers_nothing(text: str, written: str) -> None:
    assert cell(text) == written


@given(st.text(st.sampled_from('=+-@ \t\r\n"\u202e\ufeff\u200b\0a,;')))
def test_no_cell_begins_as_a_formula(text: str) -> None:
    got = cell(text)
    visible = got.strip().strip("\ufeff\u200b").strip()
    assert visible[:1] not in "=+-@" or not visible


def test_mistakes_are_written_for_a_spreadsheet(tmp_path: Path) -> None:
    row = Labelled(
        LabelledSentence("=1", "opinion", ("opinion", "reported_fact"), id="a:0"),
        "a",
        None,
        "Before.",
    )
    path = tmp_path / "errors.csv"
    write_mistakes(mistakes([row], sure(0.9)), path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, line = csv.reader(file)
    assert tuple(header) == COLUMNS
    assert line == [
        *("a:0", "a", "", "opinion", "reported_fact", "yes"),
        *("0.9000", "0.1000", "0.0000", "0.0000"),
        *("Before.", "'=1"),
    ]
