"""The axis on which outlets differ: found where it is, not where it is not."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import binom, spearmanr

from annotator.profile.axis import (
    LEAST_OUTLETS,
    NAMED,
    TOLD,
    outlet_axis,
    residuals,
    solve,
)
from annotator.profile.measures import ArticleMeasures
from annotator.profile.votes import (
    LEAST_ARTICLES,
    MOST_FEATURES,
    Feature,
    Votes,
    votes_of,
)
from annotator.records import Actor, AxisPlace, OutletAxis, Voice

ACTORS = [Actor(f"a{n}", f"Actor {n}", "group", 0, 0, (), ()) for n in range(6)]


def simulate(
    seed: int,
    sizes: Sequence[int],
    slant: float = 0.0,
    covers: Sequence[float] | None = None,
    by_topic: float = 0.0,
) -> list[ArticleMeasures]:
    """Draw articles of outlets that stand evenly between -1 and 1.

    Each names three of six actors, hard or soft, and leans against or towards them.

    Parameters
    ----------
    sizes
        Articles of each outlet.
    slant, by_topic
        How much the place of the outlet, and the topic, decide how an article names.
    covers
        Share of each outlet's articles on the war; topics unknown if None.
    """
    rng = np.random.default_rng(seed)
    articles = []
    for n, place in enumerate(np.linspace(-1, 1, len(sizes))):
        for number in range(sizes[n]):
            war = bool(covers and rng.random() < covers[n])
            names: Counter[tuple[str, str]] = Counter()
            stances: dict[tuple[str, Voice], tuple[float, float]] = {}
            for actor in rng.choice(6, 3, replace=False):
                side = 1 if actor % 2 else -1
                lean = side * (slant * place + by_topic * (war - 0.5)) + rng.normal()
                mentions = int(rng.geometric(0.4))
                soft = int(rng.binomial(mentions, 1 / (1 + np.exp(-lean))))
                names[f"a{actor}", "soft"] += soft
                names[f"a{actor}", "hard"] += mentions - soft
                leaning = np.clip(rng.normal(0.2 * lean, 0.3, mentions), -1, 1).sum()
                stances[f"a{actor}", "outlet"] = float(leaning), mentions
            articles.append(
                article(f"o{n:02}", number, names, stances, war if covers else None)
            )
    return articles


def article(
    outlet: str | None,
    number: int,
    names: dict[tuple[str, str], int],
    stances: dict[tuple[str, Voice], tuple[float, float]] | None = None,
    war: bool | None = None,
) -> ArticleMeasures:
    return ArticleMeasures(
        article_id=f"{outlet}-{number}",
        outlet=outlet,
        topic=None if war is None else ("peace", "war")[war],
        month=None,
        events=frozenset(),
        duplicate_of=None,
        sums={},
        stances=stances or {},
        names={key: n for key, n in names.items() if n},
        loaded_names={},
        words=(),
    )


def axis(
    articles: list[ArticleMeasures], seed: int = 1, permutations: int = 99
) -> OutletAxis:
    return outlet_axis(articles, ACTORS, seed, permutations=permutations, resamples=40)


def outlets(found: OutletAxis) -> dict[str, AxisPlace]:
    return {p.name: p for p in found.places if p.what == "outlet"}


class TestCorrespondenceAnalysis:
    """Staff and smoking: Greenacre (1984), as R's package ca gives it."""

    COUNTS = (
        (4, 2, 3, 2),
        (4, 3, 7, 4),
        (25, 10, 12, 4),
        (18, 24, 33, 13),
        (10, 6, 7, 2),
    )

    def votes(self) -> Votes:
        """One article a person, whose only vote is on how much it smokes."""
        people = [
            (group, kind)
            for group, counts in enumerate(self.COUNTS)
            for kind, count in enumerate(counts)
            for _ in range(count)
        ]
        staff, smoking = np.array(people).T
        return Votes(
            outlets=("SM", "JM", "SE", "JE", "SC"),
            features=tuple(Feature("naming", "", kind) for kind in "0123"),
            outlet=staff,
            topic=np.zeros_like(staff),
            article=np.repeat(np.arange(len(people)), 4),
            feature=np.tile(np.arange(4), len(people)),
            vote=(smoking[:, None] == np.arange(4)).ravel().astype(float),
        )

    def test_inertias(self) -> None:
        votes = self.votes()
        found = solve(residuals(votes, votes.outlet))
        assert found.inertias[:3] == pytest.approx(
            [0.074759, 0.010017, 0.000414], abs=5e-7
        )

    def test_standard_coordinates_of_the_rows(self) -> None:
        votes = self.votes()
        found = solve(residuals(votes, votes.outlet))
        standard: NDArray[np.float64] = found.outlets[:, 0] / found.inertias[0] ** 0.5
        published = [-0.240539, 0.947105, -1.391973, 0.851989, -0.735456]
        sign = np.sign(standard[1])
        assert sign * standard == pytest.approx(published, abs=5e-6)


@pytest.fixture(scope="module")
def planted() -> OutletAxis:
    return axis(simulate(0, [30] * 12, slant=1.0))


class TestAPlantedAxis:
    def test_it_is_told(self, planted: OutletAxis) -> None:
        assert planted.told
        assert planted.p == 0.01

    def test_outlets_stand_in_their_order(self, planted: OutletAxis) -> None:
        names = list(outlets(planted))
        order = spearmanr(range(12), [int(name[1:]) for name in names]).statistic
        assert abs(order) > 0.9

    def test_places_are_standardised_and_inside_their_intervals(
        self, planted: OutletAxis
    ) -> None:
        places = outlets(planted).values()
        assert np.mean([p.place for p in places]) == pytest.approx(0, abs=0.1)
        assert np.std([p.place for p in places]) == pytest.approx(1, abs=0.1)
        for place in places:
            assert place.low is not None
            assert place.high is not None
            assert place.low < place.place < place.high

    def test_the_names_and_leanings_that_load_on_it_name_it(
        self, planted: OutletAxis
    ) -> None:
        place = {p.name: p.place for p in planted.places}
        soft = [np.sign(place[f"Actor {n}: soft"]) for n in range(6)]
        assert soft in ([1, -1] * 3, [-1, 1] * 3)
        assert place["Actor 1: soft"] * place["Actor 1: positive"] > 0
        assert place["Actor 1: soft"] * place["Actor 1: hard"] < 0

    def test_few_features_are_given_each_side(self, planted: OutletAxis) -> None:
        features = [p for p in planted.places if p.what != "outlet"]
        assert 0 < len(features) <= 2 * NAMED
        assert {p.what for p in features} == {"naming", "stance"}
        assert {p.low for p in features} == {None}

    def test_it_is_never_called_left_or_right(self, planted: OutletAxis) -> None:
        assert "neither end is left or right" in planted.note
        assert not any("left" in p.name or "right" in p.name for p in planted.places)

    def test_an_outlet_with_few_articles_has_a_wide_interval(self) -> None:
        found = outlets(axis(simulate(3, [10, *[80] * 8, 10], slant=1.0)))
        widths = {n: (p.high or 0) - (p.low or 0) for n, p in found.items()}
        many = [widths[f"o{n:02}"] for n in range(1, 9)]
        assert min(widths["o00"], widths["o09"]) > 1.5 * max(many)

    def test_intervals_hold_the_place_in_a_far_larger_sample(self) -> None:
        true = outlets(axis(simulate(4, [400] * 8, slant=1.5), permutations=39))
        held = []
        for seed in range(10):
            rows = simulate(100 + seed, [20] * 8, slant=1.5)
            sample = outlets(axis(rows, seed, permutations=39))
            same = np.sign(sum(sample[n].place * true[n].place for n in true))
            for name, p in sample.items():
                low, high = sorted((same * (p.low or 0), same * (p.high or 0)))
                held.append(low <= true[name].place <= high)
        assert len(held) == 10 * 8
        assert np.mean(held) > 0.88

    def test_neither_the_order_of_articles_nor_a_copy_makes_a_difference(self) -> None:
        rows = simulate(5, [12] * 6, slant=1.5)
        copies = [
            replace(a, article_id=f"~{a.article_id}", duplicate_of=a.article_id)
            for a in rows[:20]
        ]
        mixed = rows + copies
        random.Random(0).shuffle(mixed)
        assert axis(mixed) == axis(rows)


class TestNoise:
    def test_outlets_that_differ_by_chance_have_no_axis(self) -> None:
        found = axis(simulate(1, [20] * 8))
        assert not found.told
        assert found.places == ()
        assert "no axis to show" in found.note

    def test_chance_is_taken_for_an_axis_in_five_per_cent_of_collections(self) -> None:
        runs = 60
        told = sum(axis(simulate(200 + n, [12] * 6), n, 39).told for n in range(runs))
        assert told <= binom.ppf(0.99, runs, TOLD)

    @pytest.mark.parametrize(("known", "told"), [(True, False), (False, True)])
    def test_outlets_that_cover_other_topics_have_no_axis_where_topics_are_known(
        self, known: bool, told: bool
    ) -> None:
        rows = simulate(
            6, [40] * 8, covers=np.linspace(0.1, 0.9, 8).tolist(), by_topic=2
        )
        if not known:
            rows = [replace(a, topic=None) for a in rows]
        assert axis(rows).told is told

    def test_the_note_says_how_much_of_the_axis_would_be_topics(self) -> None:
        apart = simulate(
            7, [40] * 8, slant=1.0, covers=np.linspace(0.1, 0.9, 8).tolist(), by_topic=2
        )
        alike = simulate(7, [40] * 8, slant=1.0, covers=[0.5] * 8, by_topic=2)
        assert topics_in(axis(apart).note) > 50 > 20 > topics_in(axis(alike).note)
        assert "state no topics" in axis(simulate(7, [40] * 8, slant=1.0)).note


def topics_in(note: str) -> int:
    """The per cent that a note gives topics."""
    before, _, _ = note.partition("% of the variance")
    return int(before.split()[-1])


class TestTooLittle:
    @pytest.mark.parametrize(
        "rows",
        [
            [],
            simulate(0, [30] * (LEAST_OUTLETS - 1), slant=2.0),
            simulate(0, [LEAST_ARTICLES - 1] * 12, slant=2.0),
            [article("o", n, {}) for n in range(99)],
            [
                article(None, n, {("a0", "soft"): 1, ("a0", "hard"): 1})
                for n in range(99)
            ],
        ],
        ids=["nothing", "outlets", "articles", "no names", "outlets unknown"],
    )
    def test_it_is_said(self, rows: list[ArticleMeasures]) -> None:
        found = axis(rows)
        assert (found.told, found.inertia, found.p, found.places) == (False, 0, 1, ())
        assert "Not enough data" in found.note

    def test_outlets_that_are_all_alike_have_no_axis(self) -> None:
        names = {("a0", "soft"): 1, ("a0", "hard"): 1}
        found = axis([article(f"o{n % 6}", n, names) for n in range(120)])
        assert (found.told, found.note) == (False, "All outlets name and lean alike.")


class TestVotes:
    def test_an_article_has_one_vote_on_each_actor_it_names(self) -> None:
        rows = simulate(8, [20] * 6)
        votes = votes_of(rows, ACTORS)
        blocks = [feature[:2] for feature in votes.features]
        sums: Counter[tuple[int, tuple[str, str]]] = Counter()
        for cell, feature, vote in zip(
            votes.article, votes.feature, votes.vote, strict=True
        ):
            sums[int(cell), blocks[int(feature)]] += vote
        assert len(sums) == 120 * 6
        assert all(total == pytest.approx(1) for total in sums.values())

    def test_a_leaning_of_the_narrator_is_a_vote_for_and_against(self) -> None:
        rows = [
            article(
                f"o{n % 5}",
                n,
                {},
                {("a0", "outlet"): (-2, 4), ("a0", "quoted"): (9, 9)},
            )
            for n in range(50)
        ]
        votes = votes_of(rows, ACTORS)
        assert [f.name for f in votes.features] == ["negative", "positive"]
        assert votes.vote[:2].tolist() == [0.75, 0.25]

    def test_there_are_no_more_features_than_are_scaled(self) -> None:
        many = [replace(ACTORS[0], actor_id=f"m{n}") for n in range(MOST_FEATURES)]
        names = {(a.actor_id, name): 1 for a in many for name in ("soft", "hard")}
        rows = [article(f"o{n % 5}", n, names) for n in range(50)]
        assert len(votes_of(rows, many).features) == MOST_FEATURES
