"""What an outlet's row says, and how sure it may be of it."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.codebook import LABELS, LabelName
from annotator.profile import (
    ArticleCounts,
    interval,
    korn_graubard,
    profile,
    profile_counts,
    standard_error,
)
from annotator.records import Article, Label, OutletProfile, Sentence

FACT, CLAIM, OPINION, ALLEGATION = LABELS

mixes = st.tuples(*[st.integers(0, 12)] * 4)
outlets = st.lists(mixes, min_size=2, max_size=12)


def counts(
    name: str | None, *mixes: tuple[int, ...], flagged: int = 0
) -> list[ArticleCounts]:
    return [
        ArticleCounts(f"{name}{n}", name, None, mix, flagged)
        for n, mix in enumerate(mixes)
    ]


def only(profiles: tuple[OutletProfile, ...]) -> OutletProfile:
    (one,) = profiles
    return one


class TestCounting:
    def test_labels_are_counted_from_records(self) -> None:
        article = Article("a", "p", "One. Two. Three.", outlet="Courier")
        sentences = [
            Sentence("a:0", "a", 0, 0, 4),
            Sentence("a:1", "a", 1, 5, 9),
            Sentence("a:2", "a", 2, 10, 16, skipped="language ar"),
        ]
        given: dict[str, tuple[LabelName, tuple[str, ...]]] = {
            "a:0": (FACT, ()),
            "a:1": (ALLEGATION, ("nobody can be asked",)),
        }
        labels = {
            key: Label(key, name, (0.25, 0.25, 0.25, 0.25), 0.25, reasons, "toy")
            for key, (name, reasons) in given.items()
        }
        row = only(profile([article], sentences, labels))
        assert (row.outlet, row.n_articles, row.n_sentences) == ("Courier", 1, 2)
        assert [share.count for share in row.labels] == [1, 0, 0, 1]
        assert {share.total for share in (*row.labels, row.flagged)} == {2}
        assert row.flagged.count == 1

    def test_outlets_come_by_name_and_the_unknown_last(self) -> None:
        made = [c for name in ("b", None, "C", "a") for c in counts(name, (1, 0, 0, 0))]
        assert [row.outlet for row in profile_counts(made)] == ["a", "b", "C", None]

    def test_no_articles_give_no_rows(self) -> None:
        assert profile_counts([]) == ()

    def test_an_outlet_without_a_labelled_sentence_keeps_its_row(self) -> None:
        row = only(profile_counts(counts("Courier", (0, 0, 0, 0))))
        assert (row.n_articles, row.n_sentences, row.enough) == (0, 0, False)
        assert row.labels[0].value is None
        assert "no labelled sentence" in (row.note or "")

    @pytest.mark.parametrize(
        ("copies", "counted"),
        [
            ([("1", "A", None), ("2", "A", "1")], {"A": (1, 1)}),
            ([("2", "A", "1"), ("1", "A", None)], {"A": (1, 1)}),
            ([("1", "A", None), ("2", "B", "1")], {"A": (1, 0), "B": (1, 0)}),
            (
                [("1", "A", None), ("2", "B", "1"), ("3", "B", "1")],
                {"A": (1, 0), "B": (1, 1)},
            ),
            ([("1", "A", None), ("2", "A", "1"), ("3", "A", "2")], {"A": (1, 2)}),
            ([("2", "A", "gone"), ("3", "A", "gone")], {"A": (1, 1)}),
            ([("1", "A", "2"), ("2", "A", "1")], {"A": (1, 1)}),
            ([("1", None, None), ("2", None, "1")], {None: (1, 1)}),
        ],
        ids=[
            "a copy",
            "a copy that comes first",
            "a copy in another outlet",
            "two copies in another outlet",
            "a copy of a copy",
            "copies of an article that is not here",
            "copies of each other",
            "a copy where the outlet is unknown",
        ],
    )
    def test_near_duplicates_count_once_an_outlet(
        self,
        copies: list[tuple[str, str | None, str | None]],
        counted: dict[str | None, tuple[int, int]],
    ) -> None:
        made = [ArticleCounts(i, o, of, (1, 0, 0, 0), 0) for i, o, of in copies]
        rows = profile_counts(made)
        assert {r.outlet: (r.n_articles, r.n_duplicates) for r in rows} == counted

    def test_the_original_is_counted_not_its_copy(self) -> None:
        copy = ArticleCounts("0", "A", "1", (0, 9, 0, 0), 0)
        original = ArticleCounts("1", "A", None, (5, 0, 0, 0), 0)
        assert only(profile_counts([copy, original])).n_sentences == 5


class TestEnough:
    def test_below_the_minimum_there_is_a_share_and_a_note(self) -> None:
        row = only(profile_counts(counts("A", *[(3, 1, 0, 0)] * 4), minimum_articles=9))
        assert row.labels[0].value == 0.75
        assert (row.labels[0].low, row.labels[0].high) == (None, None)
        assert not row.enough
        assert row.note == "too few articles: 4, at least 9 for an interval (5 more)"

    def test_at_the_minimum_there_is_an_interval_and_no_note(self) -> None:
        row = only(profile_counts(counts("A", *[(3, 1, 0, 0)] * 9), minimum_articles=9))
        assert row.enough
        assert row.note is None
        assert all(s.low is not None and s.high is not None for s in row.labels)

    def test_copies_do_not_help_to_reach_the_minimum(self) -> None:
        made = [ArticleCounts(str(n), "A", "0", (1, 0, 0, 0), 0) for n in range(9)]
        assert not only(profile_counts(made, minimum_articles=9)).enough

    def test_one_article_is_never_enough(self) -> None:
        row = only(profile_counts(counts("A", (3, 1, 0, 0)), minimum_articles=1))
        assert not row.enough


class TestPublishedFigures:
    def test_the_jackknife_of_the_patch_data_is_near_its_bootstrap(self) -> None:
        """Efron & Tibshirani (1993), section 10.3: 0.105 from 400 resamples."""
        new = np.array([[-1200, 2601, -2705, 1982, -1290, 351, -638, -2719]])
        old = np.array([8406, 2342, 8187, 8459, 4795, 3516, 4796, 10238])
        assert new.sum() / old.sum() == pytest.approx(-0.0713, abs=5e-5)
        assert standard_error(new, old) == pytest.approx(0.105, abs=1e-3)

    @pytest.mark.parametrize(
        ("positive", "total", "low", "high"),
        [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0.0, 0.1684)],
    )
    def test_independent_sentences_give_the_exact_binomial_interval(
        self, positive: int, total: int, low: float, high: float
    ) -> None:
        """Newcombe (1998), Statistics in Medicine 17, table I, method 5."""
        share = np.array([positive / total])
        error = np.sqrt(share * (1 - share) / total)
        found = korn_graubard(share, error, total, total)
        assert np.array(found).ravel() == pytest.approx([low, high], abs=5e-5)


class TestIntervals:
    @given(outlets)
    def test_low_share_and_high_stand_in_order_between_0_and_1(
        self, made: list[tuple[int, ...]]
    ) -> None:
        row = only(profile_counts(counts("A", *made), minimum_articles=2))
        for share in (*row.labels, row.flagged):
            if row.enough:
                assert share.value is not None
                assert share.low is not None
                assert share.high is not None
                assert 0 <= share.low <= share.value <= share.high <= 1
            else:
                assert share.low is share.high is None

    @given(outlets, st.randoms(use_true_random=False))
    def test_neither_order_nor_other_outlets_change_a_row(
        self, made: list[tuple[int, ...]], rng: random.Random
    ) -> None:
        mine = counts("A", *made)
        mixed = [*mine, *counts("B", *made[::2])]
        rng.shuffle(mixed)
        (alone,) = profile_counts(mine, minimum_articles=2)
        assert profile_counts(mixed, minimum_articles=2)[0] == alone

    def test_articles_all_alike_are_as_good_as_independent_sentences(self) -> None:
        table = np.full((1, 30), 5.0)
        low, high = interval(table, np.full(30, 10.0))
        assert (low[0], high[0]) == pytest.approx((0.442, 0.558), abs=0.015)

    def test_articles_of_one_label_each_count_as_one_sentence_each(self) -> None:
        table = np.array([[30.0, 0.0] * 20])
        low, high = interval(table, np.full(40, 30.0))
        assert (low[0], high[0]) == pytest.approx((0.34, 0.66), abs=0.02)

    @pytest.mark.parametrize("articles", [20, 100])
    def test_a_label_never_met_may_hide_in_articles_not_yet_read(
        self, articles: int
    ) -> None:
        table, totals = np.zeros((1, articles)), np.full(articles, 30.0)
        low, high = interval(table, totals)
        assert low[0] == 0
        assert high[0] == pytest.approx(1 - 0.025 ** (1 / articles))
        low, high = interval(totals - table, totals)
        assert high[0] == 1

    def test_more_articles_narrow_the_interval(self) -> None:
        mix = [(6, 3, 1, 0), (1, 8, 0, 1), (4, 4, 2, 0), (2, 2, 2, 4)]
        widths = []
        for times in (5, 20, 80):
            row = only(profile_counts(counts("A", *mix * times), minimum_articles=2))
            share = row.labels[0]
            assert share.low is not None
            assert share.high is not None
            widths.append(share.high - share.low)
        assert widths[0] > 1.8 * widths[1] > 3.2 * widths[2]
