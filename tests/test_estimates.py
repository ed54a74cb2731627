"""What a figure of a group of articles says, and how sure it may be of it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from annotator.codebook import LABELS
from annotator.profile import MEASURES, ArticleMeasures, estimates, measure
from annotator.profile.intervals import MINIMUM, Ratios, fay_feuer, limits, ratios
from annotator.profile.measures import MeasureKind
from annotator.profile.pooling import pool, shrink
from annotator.records import (
    Actor,
    Article,
    Attribution,
    Estimate,
    Label,
    LoadedTerm,
    ScoredArticle,
    Sentence,
    Share,
    Sourcing,
    Span,
    Stance,
    Voice,
    VoicedSpan,
)

TEXT = (
    "The regime shelled Dora. Reportedly two died. The rebels are terrorists, he said."
)
FIRST, SECOND, THIRD = Span(0, 24), Span(25, 45), Span(46, 81)
REGIME = Actor("x", "Elbonian government", "body", 9, 5, (), ())


def span(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def scored(**changes: object) -> ScoredArticle:
    sentences = tuple(
        Sentence(f"a:{i}", "a", i, *found)
        for i, found in enumerate((FIRST, SECOND, THIRD))
    )
    labels = {
        s.sentence_id: Label(s.sentence_id, name, (1, 0, 0, 0), 1.0, flags, "toy")
        for s, name, flags in zip(
            sentences,
            (LABELS[0], LABELS[3], LABELS[1]),
            ((), ("nobody",), ()),
            strict=True,
        )
    }
    article = Article(
        "a", "p", TEXT, outlet="Courier", published="2017-04-05T10:00", topic="war"
    )
    fields: dict[str, object] = {
        "attributions": (
            Attribution("a:1", None, span("Reportedly"), SECOND, "hearsay"),
            Attribution(
                "a:2",
                span("he"),
                span("said"),
                Span(46, 71),
                "named_person",
                form="direct",
            ),
        ),
        "voices": (
            VoicedSpan("a:0", FIRST, "outlet"),
            VoicedSpan("a:1", SECOND, "outlet"),
            VoicedSpan("a:2", Span(46, 71), "quoted"),
            VoicedSpan("a:2", Span(71, 81), "outlet"),
        ),
        "loaded_terms": (
            LoadedTerm("a:0", span("regime"), None, "-", "outlet"),
            LoadedTerm("a:2", span("terrorists"), None, "-", "quoted"),
        ),
        "stances": (
            Stance(
                "a:0",
                span("regime"),
                "regime",
                "body",
                "outlet",
                (0.7, 0.2, 0.1),
                head="regime",
            ),
            Stance(
                "a:2",
                span("rebels"),
                "rebels",
                "group",
                "quoted",
                (0.9, 0.1, 0.0),
                head="rebel",
            ),
        ),
    }
    return ScoredArticle(article, sentences, labels, **(fields | changes))  # type: ignore[arg-type]


def block(**changes: Share) -> Sourcing:
    nothing = Share(0, 0)
    shares = dict.fromkeys(
        (
            "named",
            "first_hand",
            "documents",
            "single_source_paragraphs",
            "one_anonymous",
            "replied",
        ),
        nothing,
    )
    return Sourcing(
        "a", "Courier", 1, 14, 2, sides=(), parties=(), **(shares | changes)
    )


def measured(
    article: ScoredArticle, sourced: Sourcing | None = None
) -> ArticleMeasures:
    def actor_of(stance: Stance) -> Actor | None:
        return REGIME if stance.head == "regime" else None

    return measure(article, sourced, frozenset({"e1"}), actor_of)


def article(
    name: str,
    sums: Mapping[str, tuple[float, float]],
    outlet: str | None = "A",
    duplicate_of: str | None = None,
    topic: str | None = None,
    leaning: tuple[float, float] | None = None,
) -> ArticleMeasures:
    stances: dict[tuple[str, Voice], tuple[float, float]]
    stances = {("x", "outlet"): leaning} if leaning else {}
    return ArticleMeasures(
        name,
        outlet,
        topic,
        None,
        frozenset(),
        duplicate_of,
        sums,
        stances,
        {},
        {},
        Counter(),
    )


def many(
    outlet: str, articles: int, *sums: tuple[float, float]
) -> list[ArticleMeasures]:
    return [
        article(f"{outlet}{i}", {"loaded": sums[i % len(sums)]}, outlet)
        for i in range(articles)
    ]


def width(row: Estimate) -> float:
    assert row.low is not None
    assert row.high is not None
    return row.high - row.low


class TestOneArticle:
    @pytest.mark.parametrize(
        ("name", "numerator", "denominator"),
        [
            ("reported_fact", 1, 3),
            ("opinion", 0, 3),
            ("unverifiable_allegation", 1, 3),
            ("flagged", 1, 3),
            ("loaded", 1, 9),
            ("loaded_negative", 1, 9),
            ("loaded_positive", 0, 9),
            ("all_loaded", 2, 13),
            ("attributed_words", 4, 13),
            ("hedging", 1, 2),
            ("direct_quotation", 1, 1),
            ("attributions", 2, 14),
            ("named", 1, 2),
        ],
    )
    def test_adds_a_count_over_a_count_to_each_measure(
        self, name: str, numerator: float, denominator: float
    ) -> None:
        sums = measured(scored(), block(named=Share(1, 2))).sums
        assert sums[name] == (numerator, denominator)

    def test_adds_nothing_where_there_is_nothing_to_count(self) -> None:
        sums = measured(scored(attributions=()), block()).sums
        assert {"named", "direct_quotation", "replied"}.isdisjoint(sums)

    def test_without_a_block_has_no_sourcing(self) -> None:
        assert "attributions" not in measured(scored()).sums

    def test_keeps_the_narrators_stance_and_leaves_out_who_is_on_no_roll(self) -> None:
        (key,), (sums,) = zip(*measured(scored()).stances.items(), strict=True)
        assert key == ("x", "outlet")
        assert sums == pytest.approx((-0.6, 1))

    def test_says_what_the_narrator_calls_an_actor_and_whether_it_is_loaded(
        self,
    ) -> None:
        found = measured(scored())
        assert found.names == {("x", "regime"): 1}
        assert found.loaded_names == {("x", "regime"): (1, 0)}

    def test_a_mention_without_probabilities_is_a_name_and_no_stance(self) -> None:
        bare = Stance("a:0", span("regime"), "regime", "body", "outlet", head="regime")
        found = measured(scored(stances=(bare,)))
        assert (found.stances, len(found.names)) == ({}, 1)

    @pytest.mark.parametrize(
        ("kind", "target", "head", "name"),
        [
            ("body", "Elbonian regime", "regime", "regime"),
            ("person", "Ada Stone", None, "Ada Stone"),
            ("state", "Republic of Dora", None, "Dora"),
        ],
        ids=["by head noun", "by a person's full name", "as written"],
    )
    def test_names_an_actor(
        self, kind: str, target: str, head: str | None, name: str
    ) -> None:
        one = Stance("a:0", span("Dora"), target, kind, "outlet", head=head)  # type: ignore[arg-type]
        found = measure(scored(stances=(one,)), None, frozenset(), lambda _: REGIME)
        assert set(found.names) == {("x", name)}

    @pytest.mark.parametrize(
        ("published", "month"),
        [
            ("2017-04-05", "2017-04"),
            ("2017-04", "2017-04"),
            ("2017", None),
            ("April", None),
            ("2017-13-01", None),
            (None, None),
        ],
    )
    def test_has_a_month_where_its_date_has_one(
        self, published: str | None, month: str | None
    ) -> None:
        made = ScoredArticle(Article("a", "p", TEXT, published=published), (), {})
        assert measured(made).month == month

    def test_that_was_skipped_measures_nothing(self) -> None:
        made = ScoredArticle(Article("a", "p", TEXT), (), {}, skipped="language ar")
        found = measured(made)
        assert (found.sums, found.stances, found.names) == ({}, {}, {})


class TestGroups:
    def rows(
        self, articles: list[ArticleMeasures], *by: str
    ) -> dict[tuple[str | None, ...], Estimate]:
        return {
            (e.group.outlet, e.group.topic): e
            for e in estimates(articles, by or ("outlet",))
        }

    def test_a_figure_is_the_sum_over_the_sum_times_the_scale(self) -> None:
        row = self.rows(
            [article("1", {"loaded": (3, 500)}), article("2", {"loaded": (2, 2000)})]
        )
        assert row["A", None].value == 2.0
        assert (row["A", None].numerator, row["A", None].denominator) == (5, 2500)

    def test_parts_that_are_unknown_are_grouped_under_no_name_and_come_last(
        self,
    ) -> None:
        made = [
            article("1", {"loaded": (1, 9)}, None),
            article("2", {"loaded": (1, 9)}, "Z"),
        ]
        assert [e.group.outlet for e in estimates(made)] == ["Z", ""]

    def test_parts_are_combined(self) -> None:
        made = [
            article(f"{o}{t}", {"loaded": (1, 9)}, o, topic=t)
            for o in "AB"
            for t in "xy"
        ]
        assert set(self.rows(made, "outlet", "topic")) == {
            (o, t) for o in "AB" for t in "xy"
        }
        assert set(self.rows(made, "topic")) == {(None, "x"), (None, "y")}

    @pytest.mark.parametrize("by", [(), ("author",), ("outlet", "mood")])
    def test_nothing_else_can_be_grouped_by(self, by: tuple[str, ...]) -> None:
        with pytest.raises(ValueError, match="one or more of outlet, topic, month"):
            estimates([], by)

    def test_copies_count_once_in_each_outlet(self) -> None:
        sums = {"loaded": (1.0, 100.0)}
        made = [
            article("1", sums),
            article("2", sums, "A", "1"),
            article("3", sums, "B", "1"),
        ]
        rows = self.rows(made)
        assert [rows[o, None].articles for o in "AB"] == [1, 1]

    def test_articles_that_cannot_show_a_measure_are_not_among_its_articles(
        self,
    ) -> None:
        made = [article("1", {"loaded": (1, 9)}), article("2", {"opinion": (1, 9)})]
        assert {e.measure: e.articles for e in estimates(made)} == {
            "opinion": 1,
            "loaded": 1,
        }

    @pytest.mark.parametrize(
        ("mentions", "rows"),
        [([2] * 5, 1), ([1] * 9, 0), ([9, 9, 9, 9], 0)],
        ids=["enough", "too few mentions", "too few articles"],
    )
    def test_an_actor_has_a_row_where_it_is_named_enough(
        self, mentions: list[int], rows: int
    ) -> None:
        made = [article(str(i), {}, leaning=(-0.5, m)) for i, m in enumerate(mentions)]
        assert len(estimates(made)) == rows

    def test_no_articles_give_no_rows(self) -> None:
        assert estimates([]) == ()


class TestEnough:
    @pytest.mark.parametrize(
        ("name", "kind"), [("opinion", "share"), ("loaded", "rate")]
    )
    @pytest.mark.parametrize("short", [0, 1])
    def test_an_interval_is_given_from_the_minimum_on(
        self, name: str, kind: MeasureKind, short: int
    ) -> None:
        made = [
            article(str(i), {name: (i % 3, 40)}) for i in range(MINIMUM[kind] - short)
        ]
        (row,) = estimates(made)
        assert row.needed == short
        assert (row.low is None, row.high is None) == (bool(short), bool(short))

    def test_a_stance_needs_its_minimum_of_articles_that_name_the_actor(self) -> None:
        made = [
            article(str(i), {}, leaning=(-0.1 * (i % 4), 2))
            for i in range(MINIMUM["mean"])
        ]
        (row,) = estimates([*made, article("none", {})])
        assert row.articles == MINIMUM["mean"]
        assert row.value is not None
        assert row.low is not None
        assert row.high is not None
        assert -1 <= row.low < row.value < row.high <= 1


counts = st.lists(
    st.tuples(st.integers(0, 20), st.integers(20, 400)), min_size=2, max_size=12
)


class TestIntervals:
    @given(counts, st.sampled_from(["share", "rate", "mean"]))
    def test_low_value_and_high_stand_in_order_within_the_scale(
        self, made: list[tuple[int, int]], kind: MeasureKind
    ) -> None:
        table = np.array(made, dtype=float)
        x = table[:, 0] * (-1 if kind == "mean" else 1)
        found = ratios(np.zeros(len(made), int), x, table[:, 1], 1)
        low, high = limits(kind, found)
        assert {"share": 0, "rate": 0, "mean": -1}[kind] <= low[0] <= found.value[0]
        assert found.value[0] <= high[0] <= (np.inf if kind == "rate" else 1)

    @pytest.mark.parametrize(
        ("events", "low", "high"),
        [(0, 0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39)],
    )
    def test_independent_events_give_the_exact_poisson_interval(
        self, events: int, low: float, high: float
    ) -> None:
        """Garwood (1936), Biometrika 28, table of limits."""
        count = float(events)
        made = Ratios(*np.array([[count], [count**0.5], [1.0], [np.inf], [1.0]]))
        assert np.ravel(fay_feuer(made)) == pytest.approx([low, high], abs=5e-3)

    def test_the_error_of_many_ratios_is_the_jackknife_of_each(self) -> None:
        rng = np.random.default_rng(4)
        x, y = rng.poisson(3, 60).astype(float), rng.uniform(50, 200, 60)
        cell = rng.integers(0, 4, 60)
        found = ratios(cell, x, y, 4)
        for c in range(4):
            a, b = x[cell == c], y[cell == c]
            without = (a.sum() - a) / (b.sum() - b)
            assert found.error[c] == pytest.approx(
                np.sqrt((len(a) - 1) / len(a) * ((without - without.mean()) ** 2).sum())
            )

    def test_terms_that_come_in_clumps_widen_the_interval(self) -> None:
        even, clumped = (
            many("A", 60, (2, 500)),
            many("B", 60, (0, 500), (0, 500), (6, 500)),
        )
        a, b = estimates([*even, *clumped])
        assert a.value == b.value
        assert width(b) > 1.3 * width(a)

    @settings(max_examples=25)
    @given(counts, st.randoms(use_true_random=False))
    def test_neither_order_nor_other_outlets_change_an_interval(
        self, made: list[tuple[int, int]], rng: random.Random
    ) -> None:
        mine = many("A", 50, *made)
        mixed = [*mine, *many("B", 7, *made)]
        rng.shuffle(mixed)
        (alone,), (first, _) = estimates(mine), estimates(mixed)
        assert (first.value, first.articles) == (alone.value, alone.articles)
        assert (first.low, first.high) == pytest.approx((alone.low, alone.high))


class TestPooling:
    SCHOOLS = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    ERRORS = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])

    def test_the_eight_schools_are_shrunk_as_published(self) -> None:
        """Gelman et al. (2013), table 5.3 and the RStan guide's means of the same."""
        means, _ = shrink(self.SCHOOLS, self.ERRORS**2)
        published = [11.4, 7.9, 6.1, 7.7, 5.1, 6.1, 10.6, 8.4]
        assert means == pytest.approx(published, abs=0.5)

    def test_schools_of_one_true_mean_would_all_have_the_pooled_one(self) -> None:
        """Gelman et al. (2013), section 5.5: 7.7 with standard error 4.1."""
        alike = np.full(8, 7.7)
        means, deviations = shrink(alike, self.ERRORS**2)
        assert means == pytest.approx(alike)
        assert all(d > 4.1 for d in deviations)

    @pytest.mark.parametrize(("groups", "given"), [(2, False), (3, True)])
    def test_there_is_none_of_fewer_than_three_groups(
        self, groups: int, given: bool
    ) -> None:
        made = [a for o in "ABC"[:groups] for a in many(o, 4, (1, 90), (0, 80))]
        assert all((e.pooled is not None) == given for e in estimates(made))

    def test_what_nobody_was_seen_to_do_is_not_shrunk_to_certainty(self) -> None:
        made = [a for o in "ABC" for a in many(o, 4, (0, 90))]
        assert {e.pooled for e in estimates(made)} == {None}

    def test_small_outlets_shrink_most(self) -> None:
        made = [
            *many("large", 200, (4, 500), (6, 500)),
            *many("small", 6, (4, 500), (6, 500)),
        ]
        made += [a for o in "BCDEF" for a in many(o, 100, (1, 500), (3, 500))]
        rows = {e.group.outlet: e for e in estimates(made)}
        large, small = rows["large"], rows["small"]
        assert large.value == small.value == 10
        assert small.pooled is not None
        assert large.pooled is not None
        assert 4 < small.pooled < large.pooled < 10

    @settings(max_examples=30)
    @given(
        st.lists(counts, min_size=3, max_size=6),
        st.sampled_from(["share", "rate", "mean"]),
    )
    def test_pooled_figures_stay_on_the_scale_in_order(
        self, groups: list[list[tuple[int, int]]], kind: MeasureKind
    ) -> None:
        table = np.array([pair for made in groups for pair in made], dtype=float)
        cell = np.repeat(np.arange(len(groups)), [len(made) for made in groups])
        found = pool(kind, ratios(cell, table[:, 0], table[:, 1], len(groups)))
        assume(found is not None)
        assert found is not None
        assert np.all((found.low <= found.value) & (found.value <= found.high))
        assert np.all(found.low >= {"share": 0, "rate": 0, "mean": -1}[kind])
        assert np.all(found.high <= (np.inf if kind == "rate" else 1))


class TestMeasures:
    def test_each_says_which_count_over_which(self) -> None:
        assert all(m.title and m.unit and m.explanation for m in MEASURES.values())

    def test_scales_fit_their_kind(self) -> None:
        scales = {(m.kind, m.scale) for m in MEASURES.values()}
        assert scales == {("share", 1.0), ("rate", 1000.0), ("mean", 1.0)}
