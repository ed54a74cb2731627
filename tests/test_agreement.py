"""How far people agree, with each other and with the machine, and how sure that is."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np
import pytest
from decision_log import LABEL, log
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import binomtest
from sklearn.metrics import cohen_kappa_score

from annotator.codebook import LABELS
from annotator.decisions import agreement, current, override_rates, pace
from annotator.decisions.coefficients import (
    MINIMUM_ARTICLES,
    Coefficient,
    alpha,
    coincidences,
    estimate,
    kappa,
)
from annotator.records import Decision

Floats = NDArray[np.float64]

FOUR_OBSERVERS = """
    1 2 3 3 2 1 4 1 2 . . .
    1 2 3 3 2 2 4 1 2 5 . 3
    . 3 3 3 2 3 4 2 2 5 1 .
    1 2 3 3 2 4 4 1 2 5 1 .
"""
"""Krippendorff (2011), "Computing Krippendorff's alpha-reliability", section C."""

THREE_CODERS = """
    . . . . . 3 4 1 2 1 1 3 3 . 3
    1 . 2 1 3 3 4 3 . . . . . . .
    . . 2 1 3 4 4 . 2 1 1 3 3 . 4
"""
"""The computational example of Wikipedia's article on Krippendorff's alpha."""

LINES = st.tuples(
    st.sampled_from(["ann", "ben", "cem"]),
    st.sampled_from([f"{article}:{n}" for article in range(15) for n in range(2)]),
    st.sampled_from([*LABEL, "skip", "undo"]),
    st.sampled_from(["", "blind", "adjudicates"]),
).map(" ".join)
LOGS = st.lists(LINES, max_size=80).map(lambda lines: log(*lines))


def votes_of(table: str) -> Floats:
    """Count labels 1 to 5 in each column of a table of observers."""
    columns = zip(*(row.split() for row in table.strip().splitlines()), strict=True)
    return np.array([[float(c.count(v)) for v in "12345"] for c in columns])


@pytest.mark.parametrize(
    ("table", "published"), [(FOUR_OBSERVERS, 0.743), (THREE_CODERS, 0.691)]
)
def test_alpha_is_what_was_published(table: str, published: float) -> None:
    pairs = coincidences(votes_of(table)).sum(axis=0)
    assert float(alpha(pairs)) == pytest.approx(published, abs=0.0005)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.lists(st.integers(0, 3), min_size=2, max_size=4), min_size=1))
def test_alpha_is_one_less_how_much_likelier_two_of_a_sentence_differ(
    sentences: list[list[int]],
) -> None:
    votes = np.array([[float(s.count(n)) for n in range(4)] for s in sentences])
    labels = [label for s in sentences for label in s]
    by_chance = np.mean([a != b for a, b in permutations(labels, 2)])
    found = float(alpha(coincidences(votes).sum(axis=0)))
    if not by_chance:
        assert math.isnan(found)
        return
    within = [np.mean([a != b for a, b in permutations(s, 2)]) for s in sentences]
    observed = np.average(within, weights=[len(s) for s in sentences])
    assert found == pytest.approx(1 - observed / by_chance)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2).filter(
        lambda pairs: len({label for pair in pairs for label in pair}) > 1
    )
)
def test_kappa_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    table = np.zeros((4, 4))
    np.add.at(table, tuple(np.array(pairs).T), 1)
    theirs = cohen_kappa_score(*np.array(pairs).T)
    assert float(kappa(table)) == pytest.approx(theirs)


@pytest.mark.parametrize(
    ("lines", "value", "sentences"),
    [
        ("ann a:1 fact", None, 0),
        ("ann a:1 fact; ann a:2 claim", None, 0),
        ("ann a:1 fact; ben a:1 fact", None, 1),
        ("ann a:1 fact; ben a:1 fact; ann b:1 fact; ben b:1 fact", None, 2),
        ("ann a:1 fact; ben a:1 fact; ann b:1 claim; ben b:1 claim", 1.0, 2),
        ("ann a:1 fact; ben a:1 skip; ann b:1 claim; ben b:1 claim", None, 1),
        ("ann a:1 fact; ben a:1 claim; ben a:1 undo", None, 0),
        ("ann a:1 fact; ben a:1 claim; zoe a:1 fact adjudicates", 0.0, 1),
    ],
)
def test_what_cannot_be_told_is_none(
    lines: str, value: float | None, sentences: int
) -> None:
    found = agreement(log(*lines.split("; "))).alpha
    assert (found.value, found.sentences) == (value, sentences)
    assert (found.low, found.high) == (None, None)


def test_two_people_are_compared_on_what_both_labelled() -> None:
    found = agreement(
        log(
            *("ben a:1 fact", "ben a:2 claim", "ben b:1 fact", "ben b:2 opinion"),
            *("ann a:1 fact", "ann a:2 claim", "ann b:1 claim"),
            "cem b:2 opinion",
        )
    )
    assert found.reviewers == ("ann", "ben", "cem")
    assert (found.labels, found.unanimous, found.alpha.sentences) == (8, 3, 4)
    ann_ben, ben_cem = found.pairs
    assert (ann_ben.first, ann_ben.second, ann_ben.same) == ("ann", "ben", 2)
    assert ann_ben.kappa == Coefficient(pytest.approx(0.4), None, None, 3, 2)
    assert (ben_cem.first, ben_cem.second, ben_cem.same) == ("ben", "cem", 1)
    assert ben_cem.kappa == Coefficient(None, None, None, 1, 1)


def test_blind_agreement_is_of_blind_labels_alone() -> None:
    lines = []
    for n in range(20):
        told, alone = ("fact", "claim")[n % 2], ("fact", "claim")[n % 3 % 2]
        lines += [f"ann {n}:1 {told}", f"ben {n}:1 {told}"]
        lines += [f"ann {n}:2 {told} blind", f"ben {n}:2 {alone} blind"]
    found = agreement(log(*lines))
    assert found.alpha_blind.sentences == 20
    assert found.alpha.sentences == 40
    assert found.alpha_blind.value is not None
    assert found.alpha.value is not None
    assert found.alpha_blind.value < found.alpha.value
    only = agreement(d for d in log(*lines) if d.blind)
    assert only.alpha == found.alpha_blind


@settings(deadline=None, max_examples=40)
@given(LOGS)
def test_every_figure_is_a_number_in_its_interval_or_none(
    decisions: list[Decision],
) -> None:
    found = agreement(decisions)
    every = [found.alpha, found.alpha_blind, *(pair.kappa for pair in found.pairs)]
    for c in every:
        assert c.value is None or -1 <= c.value <= 1
        assert (c.low is None) == (c.high is None)
        if c.low is not None and c.high is not None and c.value is not None:
            assert -1 <= c.low <= c.value <= c.high <= 1
        assert c.low is None or c.articles >= MINIMUM_ARTICLES
    assert agreement(current(decisions)) == found


def panel(
    rng: np.random.Generator, articles: int, slip: float
) -> tuple[Floats, NDArray[np.int_]]:
    """Give votes of three people, and their sentences' articles.

    Articles differ in what they are made of, and in how hard they are.
    """
    votes, numbers = [], []
    usual = np.array([0.35, 0.35, 0.2, 0.1])
    for article in range(articles):
        mix, hard = rng.dirichlet(usual * 4), rng.beta(slip * 2, (1 - slip) * 2)
        count = rng.integers(1, 6)
        right = rng.choice(4, size=(count, 1), p=mix)
        slips = rng.choice(4, size=(count, 3), p=usual)
        told = np.where(rng.random((count, 3)) < hard, slips, right)
        votes.append(np.eye(4)[told].sum(axis=1))
        numbers += [article] * count
    return np.concatenate(votes), np.array(numbers)


@pytest.mark.parametrize("slip", [0.1, 0.5])
def test_intervals_cover_what_they_say_from_the_fewest_articles_on(slip: float) -> None:
    rng = np.random.default_rng(1)
    truth = float(alpha(coincidences(panel(rng, 2000, slip)[0]).sum(axis=0)))
    covered = []
    for seed in range(120):
        votes, articles = panel(rng, MINIMUM_ARTICLES, slip)
        found = estimate(alpha, coincidences(votes), articles, seed)
        if found.low is not None and found.high is not None:
            covered.append(found.low <= truth <= found.high)
    assert len(covered) > 100
    assert np.mean(covered) >= 0.88


def test_the_interval_is_the_same_for_the_same_seed() -> None:
    rng = np.random.default_rng(2)
    votes, articles = panel(rng, 30, 0.3)
    pairs = coincidences(votes)
    once, again, other = (estimate(alpha, pairs, articles, seed) for seed in (1, 1, 2))
    assert once == again
    assert once.value == other.value
    assert once.low != other.low


Rates = dict[tuple[str, str | None, str], tuple[int, int]]


def rates(decisions: list[Decision]) -> Rates:
    found = override_rates(decisions, {"a": "Daily", "b": "Weekly"})
    return {(r.by, r.name, r.shown): (r.rate.count, r.rate.total) for r in found}


def test_overrides_are_counted_by_label_outlet_and_reviewer_blind_and_seen() -> None:
    decisions = [
        *log("ann a:1 fact", "ann a:2 claim blind", "ben a:1 opinion"),
        *log("ann b:1 claim", "ben c:1 skip", "cem c:2 fact", machine="claim"),
        *log("ann a:3 fact", "ann a:3 undo", "zoe a:1 claim adjudicates"),
    ]
    assert rates(decisions) == {
        ("all", None, "all"): (3, 5),
        ("all", None, "blind"): (1, 1),
        ("all", None, "seen"): (2, 4),
        ("label", "reported_fact", "all"): (2, 3),
        ("label", "reported_fact", "blind"): (1, 1),
        ("label", "reported_fact", "seen"): (1, 2),
        ("label", "attributed_claim", "all"): (1, 2),
        ("label", "attributed_claim", "seen"): (1, 2),
        ("outlet", "Daily", "all"): (2, 3),
        ("outlet", "Daily", "blind"): (1, 1),
        ("outlet", "Daily", "seen"): (1, 2),
        ("outlet", "Weekly", "all"): (0, 1),
        ("outlet", "Weekly", "seen"): (0, 1),
        ("outlet", None, "all"): (1, 1),
        ("outlet", None, "seen"): (1, 1),
        ("reviewer", "ann", "all"): (1, 3),
        ("reviewer", "ann", "blind"): (1, 1),
        ("reviewer", "ann", "seen"): (0, 2),
        ("reviewer", "ben", "all"): (1, 1),
        ("reviewer", "ben", "seen"): (1, 1),
        ("reviewer", "cem", "all"): (1, 1),
        ("reviewer", "cem", "seen"): (1, 1),
    }


def test_rates_come_in_the_order_of_the_codebook_and_of_names() -> None:
    decisions = [
        *log("ben c:1 fact", machine="allegation"),
        *log("ann b:1 fact", "ann a:1 fact", machine="fact"),
    ]
    found = override_rates(decisions, {"a": "Daily", "b": "Weekly"})
    names = [(r.by, r.name) for r in found if r.shown == "all"]
    assert names == [
        ("all", None),
        ("label", LABELS[0]),
        ("label", LABELS[3]),
        ("outlet", "Daily"),
        ("outlet", "Weekly"),
        ("outlet", None),
        ("reviewer", "ann"),
        ("reviewer", "ben"),
    ]


@pytest.mark.parametrize(("overridden", "of"), [(3, 400), (40, 400), (200, 400)])
def test_with_an_article_each_the_interval_is_wilsons(overridden: int, of: int) -> None:
    lines = [f"ann {n}:1 {'claim' if n < overridden else 'fact'}" for n in range(of)]
    found = override_rates(log(*lines), {})[0].rate
    theirs = binomtest(overridden, of).proportion_ci(method="wilson")
    assert [found.low, found.high] == pytest.approx(list(theirs), abs=0.002)


@pytest.mark.parametrize(
    ("many", "few"),
    [
        ("ann {n}:1 {clumped}", "ann {article}:{n} {clumped}"),
        ("ann {article}:{n} {spread}", "ann {article}:{n} {clumped}"),
    ],
)
def test_overrides_all_in_the_same_articles_tell_less(many: str, few: str) -> None:
    found = []
    for line in (many, few):
        lines = [
            line.format(
                n=n,
                article=n % 10,
                clumped="claim" if n % 10 < 3 else "fact",
                spread="claim" if n < 30 else "fact",
            )
            for n in range(100)
        ]
        found.append(override_rates(log(*lines), {})[0].rate)
    narrow, wide = found
    assert narrow.value == wide.value == 0.3
    assert narrow.low is not None
    assert wide.low is not None
    assert wide.low < narrow.low


@pytest.mark.parametrize(("label", "inside"), [("fact", 0.05), ("claim", 0.95)])
def test_none_overridden_of_a_few_does_not_mean_that_none_would_be(
    label: str, inside: float
) -> None:
    found = override_rates(log(*(f"ann {n}:1 {label}" for n in range(10))), {})[0].rate
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low < inside < found.high <= 1


def test_one_article_gives_no_interval() -> None:
    found = override_rates(log("ann a:1 fact", "ann a:2 claim"), {})[0].rate
    assert (found.count, found.total, found.low, found.high) == (1, 2, None, None)


def test_pace_counts_what_was_done_also_where_it_was_taken_back() -> None:
    decisions = [
        *log("ben a:1 fact", "ben a:1 undo", "ben a:1 claim", seconds=6),
        *log("ben a:2 skip", seconds=15),
        *log("ben a:3 fact"),
        *log("ann a:1 fact", "ann a:2 fact adjudicates", seconds=3600),
        *log("cem a:1 fact"),
    ]
    ann, ben, cem = pace(decisions)
    assert (ann.reviewer, ann.decisions, ann.skipped, ann.undone) == ("ann", 2, 0, 0)
    assert (ann.minutes, ann.median_seconds) == (10.0, 3600)
    assert (ben.reviewer, ben.decisions, ben.skipped, ben.undone) == ("ben", 4, 1, 1)
    assert (ben.minutes, ben.median_seconds) == (0.55, 6)
    assert (cem.minutes, cem.median_seconds) == (0, None)


def test_nothing_decided_is_nothing_to_report() -> None:
    found = agreement([])
    assert (found.reviewers, found.labels, found.pairs) == ((), 0, ())
    assert found.alpha == Coefficient(None, None, None, 0, 0)
    assert override_rates([], {}) == ()
    assert pace([]) == ()
