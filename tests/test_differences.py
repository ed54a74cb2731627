"""How an outlet differs from the others, and when nobody should say that it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.profile import ArticleMeasures, differences
from annotator.profile.contrasts import MINIMUM_STRATA, Entries, standardised
from annotator.profile.differences import stories
from annotator.records import Difference, Voice

Sums = Mapping[str, tuple[float, float]]


def article(
    name: str,
    outlet: str | None,
    sums: Sums,
    *,
    topic: str | None = None,
    events: Iterable[str] = (),
    duplicate_of: str | None = None,
    stances: Mapping[tuple[str, Voice], tuple[float, float]] | None = None,
) -> ArticleMeasures:
    return ArticleMeasures(
        name,
        outlet,
        topic,
        None,
        frozenset(events),
        duplicate_of,
        sums,
        stances or {},
        {},
        {},
        Counter(),
    )


def drawn(
    outlet: str, articles: int, rate: float, seed: int, topic: str | None = None
) -> list[ArticleMeasures]:
    """Articles of one outlet: opinion at a rate, loaded terms in clumps, an actor."""
    rng = np.random.default_rng(seed)
    made = []
    for i in range(articles):
        sentences = int(rng.integers(8, 40))
        words = 22 * sentences
        opinion = rng.binomial(sentences, rng.beta(4 * rate, 4 * (1 - rate)))
        loaded = rng.poisson(words * rate / 100 * rng.gamma(1.5) / 1.5)
        mentions = int(rng.geometric(0.4))
        leaning = float(rng.choice([-0.7, 0.0, 0.6], mentions).sum())
        made.append(
            article(
                f"{outlet}{topic}{i}",
                outlet,
                {"opinion": (opinion, sentences), "loaded": (loaded, words)},
                topic=topic,
                stances={("x", "outlet"): (leaning, mentions)},
            )
        )
    return made


def by_key(
    found: Iterable[Difference],
) -> dict[tuple[str, str, str | None], Difference]:
    return {(d.outlet, d.measure, d.within): d for d in found}


class TestAllArticles:
    def test_a_difference_is_the_outlets_figure_less_that_of_all_others_together(
        self,
    ) -> None:
        made = [
            article(f"{outlet}{i}", outlet, {"loaded": (terms + i % 2, words)})
            for outlet, terms, words in (("A", 4, 500), ("B", 1, 500), ("C", 0, 1000))
            for i in range(60)
        ]
        found = by_key(differences(made))["A", "loaded", None]
        assert found.difference == pytest.approx(1000 * (4.5 / 500 - 2 / 1500))
        assert (found.articles, found.others) == (60, 120)
        assert found.low < found.difference < found.high

    def test_it_is_found_where_it_is_large_and_has_its_direction(self) -> None:
        made = [a for o in "BCDE" for a in drawn(o, 60, 0.1, ord(o))]
        found = by_key(differences([*made, *drawn("A", 60, 0.35, 1)]))
        for measure in ("opinion", "loaded"):
            row = found["A", measure, None]
            assert row.low > 0
            assert row.p <= row.q < 0.01

    @pytest.mark.parametrize(("articles", "rows"), [(29, 0), (30, 1)])
    def test_too_few_articles_give_no_row(self, articles: int, rows: int) -> None:
        made = [*drawn("A", articles, 0.2, 1), *drawn("B", 80, 0.2, 2)]
        found = [d for d in differences(made) if d.measure == "opinion"]
        assert len([d for d in found if d.outlet == "A"]) == rows
        assert len([d for d in found if d.outlet == "B"]) == rows

    def test_unknown_outlets_are_compared_with_nobody(self) -> None:
        unknown = [article(str(i), None, {"opinion": (1, 5)}) for i in range(90)]
        assert differences([*unknown, *drawn("A", 60, 0.2, 1)]) == ()

    def test_copies_count_once_in_each_outlet(self) -> None:
        made = [*drawn("A", 40, 0.2, 1), *drawn("B", 40, 0.2, 2)]
        copies = [
            article(f"copy{i}", "A", {"opinion": (9, 9)}, duplicate_of="ANone0")
            for i in range(20)
        ]
        assert differences([*made, *copies]) == differences(made)

    def test_only_the_narrators_stance_is_compared(self) -> None:
        made = [
            article(
                f"{o}{i}",
                o,
                {},
                stances={("x", "outlet"): (0.1 * (i % 3), 1), ("x", "quoted"): (-1, 1)},
            )
            for o in "AB"
            for i in range(40)
        ]
        assert {(d.actor_id, d.voice) for d in differences(made)} == {("x", "outlet")}

    def test_no_articles_give_no_rows(self) -> None:
        assert differences([]) == ()

    @settings(max_examples=20, deadline=None)
    @given(st.integers(0, 10**6))
    def test_the_interval_leaves_0_out_just_where_p_is_below_5_per_cent(
        self, seed: int
    ) -> None:
        rng = np.random.default_rng(seed)
        size = 240
        entries = Entries(
            np.arange(size) % 4,
            rng.integers(0, 3, size),
            rng.poisson(rng.uniform(0, 3, 4)[np.arange(size) % 4]).astype(float),
            rng.uniform(5, 30, size),
        )
        for found in (standardised("rate", entries), standardised("share", entries)):
            outside = (found.low > 0) | (found.high < 0)
            assert np.array_equal(outside, found.p < 0.05)
            assert np.all(
                (found.low <= found.difference) & (found.difference <= found.high)
            )


class TestWithinTopics:
    def test_an_outlet_that_only_covers_another_topic_does_not_differ_within_it(
        self,
    ) -> None:
        """War is written of in more loaded terms; Dora writes of little else."""
        made = [a for o in "ABC" for a in drawn(o, 80, 0.05, ord(o), "trade")]
        made += [a for o in "ABC" for a in drawn(o, 40, 0.3, 9 * ord(o), "war")]
        made += drawn("Dora", 80, 0.3, 5, "war") + drawn("Dora", 10, 0.05, 6, "trade")
        found = by_key(differences(made))
        for measure in ("opinion", "loaded"):
            assert found["Dora", measure, None].q < 0.05
            assert found["Dora", measure, "topic"].q > 0.05

    def test_an_outlet_that_differs_on_each_topic_still_does(self) -> None:
        made = [
            a
            for o in "ABC"
            for t in "xy"
            for a in drawn(o, 60, 0.1, ord(o) * ord(t), t)
        ]
        made += [a for t in "xy" for a in drawn("Dora", 40, 0.35, ord(t), t)]
        row = by_key(differences(made))["Dora", "opinion", "topic"]
        assert row.difference == pytest.approx(0.25, abs=0.08)
        assert row.q < 0.01

    def test_a_topic_that_nobody_else_covers_says_nothing(self) -> None:
        made = [*drawn("A", 60, 0.3, 1, "war"), *drawn("B", 60, 0.1, 2, "trade")]
        assert {d.within for d in differences(made)} == {None}

    def test_topics_weigh_as_mantel_and_haenszel_have_it(self) -> None:
        """Risks 3/10 against 1/10, and 20/40 against 60/120: weights 5 and 30."""
        outlet = np.repeat([0, 1, 0, 1], [2, 2, 4, 4])
        topic = np.repeat([0, 0, 1, 1], [2, 2, 4, 4])
        x = np.array([1, 2, 0, 1, 5, 5, 5, 5, 15, 15, 15, 15], float)
        y = np.array([5, 5, 5, 5, 10, 10, 10, 10, 30, 30, 30, 30], float)
        found = standardised("share", Entries(outlet, topic, x, y))
        assert found.difference[0] == pytest.approx(5 * 0.2 / 35)


class TestWithinEvents:
    def test_events_that_share_an_article_are_one_story(self) -> None:
        events: list[set[str]] = [{"a"}, {"b"}, {"a", "c"}, set(), {"c"}]
        assert stories(events).tolist() == [0, 1, 0, -1, 0]

    def told(self, count: int, more: float) -> list[ArticleMeasures]:
        """Stories, each told by three outlets, one of them in more loaded terms."""
        rng = np.random.default_rng(7)
        made = []
        for story in range(count):
            heat = rng.gamma(2) * 0.002
            for outlet, factor in (("A", more), ("B", 1), ("C", 1)):
                words = int(rng.integers(200, 900))
                sums = {"loaded": (float(rng.poisson(words * heat * factor)), words)}
                name = f"{outlet}{story}"
                made.append(article(name, outlet, sums, events=[f"e{story}"]))
        return made

    def test_an_outlet_is_compared_with_others_on_the_stories_both_tell(self) -> None:
        found = by_key(differences(self.told(60, 3)))["A", "loaded", "event"]
        assert found.low > 0
        assert (found.articles, found.others) == (60, 120)

    @pytest.mark.parametrize(
        ("count", "rows"), [(MINIMUM_STRATA - 1, 0), (MINIMUM_STRATA, 3)]
    )
    def test_too_few_stories_give_no_row(self, count: int, rows: int) -> None:
        lonely = [
            article(f"{o}-{i}", o, {"loaded": (1, 300)}, events=[f"{o}-{i}"])
            for o in "ABC"
            for i in range(30)
        ]
        found = differences([*self.told(count, 1), *lonely])
        assert len([d for d in found if d.within == "event"]) == rows

    def test_an_outlet_that_covers_hotter_stories_does_not_differ_on_them(self) -> None:
        rng = np.random.default_rng(3)
        made = []
        for story in range(120):
            hot = story % 2
            for outlet in ("Dora", "A", "B") if hot else ("C", "A", "B"):
                terms = float(rng.poisson(8 if hot else 1))
                name = f"{outlet}{story}"
                sums = {"loaded": (terms, 500.0)}
                made.append(article(name, outlet, sums, events=[str(story)]))
        found = by_key(differences(made))
        assert found["Dora", "loaded", None].q < 0.01
        assert found["Dora", "loaded", "event"].q > 0.05


@pytest.fixture(scope="module")
def runs() -> list[tuple[Difference, ...]]:
    """Thirty collections of eight outlets that do not differ."""
    return [
        differences(
            [a for o in range(8) for a in drawn(str(o), 50, 0.15, 100 * run + o)]
        )
        for run in range(30)
    ]


class TestFalseDiscoveries:
    def test_outlets_that_do_not_differ_are_rarely_said_to(
        self, runs: list[tuple[Difference, ...]]
    ) -> None:
        """Every discovery is false, so 5 % of runs may have one: 1.5 of 30."""
        assert sum(any(d.q < 0.05 for d in run) for run in runs) <= 4

    @pytest.mark.parametrize("measure", ["opinion", "loaded", "stance"])
    def test_p_is_below_5_per_cent_in_about_5_per_cent_of_them(
        self, runs: list[tuple[Difference, ...]], measure: str
    ) -> None:
        p = np.array([d.p for run in runs for d in run if d.measure == measure])
        assert len(p) == 240
        assert 0.015 < (p < 0.05).mean() < 0.085

    def test_those_that_do_differ_are_found(self) -> None:
        made = [a for o in range(12) for a in drawn(str(o), 60, 0.12, o)]
        made += [a for o in "XYZ" for a in drawn(o, 60, 0.35, ord(o))]
        called = {
            (d.outlet, d.measure)
            for d in differences(made)
            if d.q < 0.05 and d.difference > 0
        }
        assert called == {(o, m) for o in "XYZ" for m in ("opinion", "loaded")}

    def test_q_is_that_of_benjamini_and_hochberg(self) -> None:
        made = [
            a for o in "ABCD" for a in drawn(o, 60, 0.1 + 0.05 * (o == "A"), ord(o))
        ]
        found = sorted(differences(made), key=lambda d: d.p)
        expected = 1.0
        for rank in range(len(found), 0, -1):
            expected = min(expected, found[rank - 1].p * len(found) / rank)
            assert found[rank - 1].q == pytest.approx(expected)
