"""What outlets call the same actor."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.profile.measures import ArticleMeasures
from annotator.profile.naming import (
    ENOUGH_ARTICLES,
    MOST_ACTORS,
    MOST_NAMES,
    OTHER,
    PLAIN,
    namings,
)
from annotator.profile.shares import interval
from annotator.records import Actor, ActorKind, Naming, Polarity, Share

STATE = "dunland-government"


def actor(actor_id: str = STATE, kind: ActorKind = "body") -> Actor:
    return Actor(actor_id, actor_id, kind, 0, 0, (), ())


def article(
    outlet: str | None,
    number: int,
    names: dict[str, int],
    marked: dict[str, tuple[int, int]] | None = None,
    actor_id: str = STATE,
) -> ArticleMeasures:
    return ArticleMeasures(
        article_id=f"{outlet}{number}",
        outlet=outlet,
        topic=None,
        month=None,
        events=frozenset(),
        duplicate_of=None,
        sums={},
        stances={},
        names={(actor_id, name): n for name, n in names.items()},
        loaded_names={(actor_id, name): n for name, n in (marked or {}).items()},
        words=(),
    )


def outlet(name: str | None, articles: int = 12, **names: int) -> list[ArticleMeasures]:
    """Articles that all call the actor the same."""
    return [article(name, n, names) for n in range(articles)]


def cells(
    rows: list[ArticleMeasures],
    kind: ActorKind = "body",
    polarities: dict[str, Polarity] | None = None,
) -> dict[tuple[str, str], Naming]:
    found = namings(rows, [actor(kind=kind)], polarities)
    return {(naming.outlet, naming.name): naming for naming in found}


LAKE = outlet("Lake", regime=3, government=1)
HILL = outlet("Hill", regime=1, government=4)


class TestTheMatrix:
    def test_each_outlet_has_its_share_of_a_name_beside_that_of_the_others(
        self,
    ) -> None:
        cell = cells(LAKE + HILL)["Lake", "regime"]
        assert (cell.share.count, cell.share.total) == (36, 48)
        assert (cell.others.count, cell.others.total) == (12, 60)

    def test_a_name_that_an_outlet_never_uses_has_a_share_of_0(self) -> None:
        found = cells(outlet("Lake", regime=2) + outlet("Hill", government=1))
        assert found["Hill", "regime"].share.count == 0
        assert found["Hill", "regime"].share.low == 0
        assert found["Lake", "government"].others.value == 1

    def test_rows_come_by_actor_outlet_and_commonest_name(self) -> None:
        found = namings(LAKE + HILL, [actor("nobody"), actor()])
        assert [(n.outlet, n.name) for n in found] == [
            ("Hill", "government"),
            ("Hill", "regime"),
            ("Lake", "government"),
            ("Lake", "regime"),
        ]

    @pytest.mark.parametrize(
        ("kind", "names", "columns"),
        [
            ("person", {"Orman": 2, "Leyla Orman": 1, "tyrant": 1}, {PLAIN, "tyrant"}),
            ("state", {"Burma": 2, "Myanmar": 1}, {"Burma", "Myanmar"}),
            ("group", {"Al-Nur": 2, "al Núr": 1, "Nur": 1, "HN": 1}, {"Al-Nur", "HN"}),
            ("body", {"Lake Front": 2, "LF": 1, "front": 1}, {"Lake Front", "front"}),
            ("body", {"L.L.": 1, "Lake of Lakes": 1, "X": 1}, {"Lake of Lakes", "X"}),
        ],
    )
    def test_forms_of_one_name_are_one(
        self, kind: ActorKind, names: dict[str, int], columns: set[str]
    ) -> None:
        found = cells(outlet("Lake", **names) + outlet("Hill", **names), kind)
        assert {name for _, name in found} == columns

    def test_rare_names_are_taken_together(self) -> None:
        rare = [article("Lake", 99, {"junta": 40}), article("Hill", 99, {"clique": 2})]
        found = cells(LAKE + HILL + rare)
        assert found["Lake", OTHER].share == Share(
            40, 88, *bounds(found["Lake", OTHER])
        )
        assert list(found)[2] == ("Hill", OTHER)

    def test_no_more_names_than_can_be_read(self) -> None:
        many = {f"noun{n}": 1 for n in range(40)}
        found = cells(outlet("Lake", **many) + outlet("Hill", **many))
        assert len({name for _, name in found}) == MOST_NAMES + 1

    def test_no_more_actors_than_can_be_read(self) -> None:
        actors = [actor(f"a{n}") for n in range(MOST_ACTORS + 5)]
        rows = [
            article(name, n, {"regime": 3, "government": 3}, actor_id=a.actor_id)
            for n, a in enumerate(actors * 3)
            for name in ("Lake", "Hill")
        ]
        found = namings(rows, actors)
        assert {n.actor_id for n in found} == {a.actor_id for a in actors[:MOST_ACTORS]}

    @pytest.mark.parametrize(
        "rows",
        [
            [],
            outlet("Lake", regime=3) + outlet("Hill", regime=1),
            outlet("Lake", regime=3, government=2),
            outlet("Lake", regime=3) + outlet(None, government=2),
            outlet("Lake", 2, regime=3) + outlet("Hill", 2, government=2),
        ],
        ids=[
            "nothing",
            "one name",
            "one outlet",
            "an outlet that is not known",
            "two articles",
        ],
    )
    def test_an_actor_needs_two_names_and_two_outlets(
        self, rows: list[ArticleMeasures]
    ) -> None:
        assert namings(rows, [actor()]) == ()

    def test_an_outlet_that_hardly_names_the_actor_has_no_row(self) -> None:
        found = cells(LAKE + HILL + outlet("Dale", 4, regime=1))
        assert {name for name, _ in found} == {"Lake", "Hill"}
        assert found["Lake", "regime"].others.total == 64

    def test_copies_count_once_in_an_outlet(self) -> None:
        copies = [
            replace(a, article_id=f"{a.article_id}'", duplicate_of=a.article_id)
            for a in LAKE
        ]
        assert cells(LAKE + HILL + copies) == cells(LAKE + HILL)

    @given(st.randoms(use_true_random=False))
    def test_the_order_of_articles_makes_no_difference(
        self, rng: random.Random
    ) -> None:
        mixed = LAKE + HILL
        rng.shuffle(mixed)
        assert cells(mixed) == cells(LAKE + HILL)

    @given(
        st.lists(
            st.dictionaries(st.sampled_from("abcD"), st.integers(1, 9), max_size=4),
            max_size=40,
        )
    )
    def test_shares_of_an_outlet_sum_to_1(self, names: list[dict[str, int]]) -> None:
        rows = [article("AB"[n % 2], n, each) for n, each in enumerate(names)]
        found = cells(rows)
        for name in {name for name, _ in found}:
            shares = [n.share for (o, _), n in found.items() if o == name]
            assert {share.total for share in shares} == {sum(s.count for s in shares)}


def bounds(naming: Naming) -> tuple[float | None, float | None]:
    return naming.share.low, naming.share.high


class TestLoadedNames:
    @pytest.mark.parametrize(
        ("marked", "polarities", "loaded", "neutral"),
        [
            ({"regime": (3, 0)}, {}, "-", "government"),
            ({"regime": (0, 2)}, {}, "+", "government"),
            ({"regime": (1, 0)}, {}, None, None),
            ({"regime": (1, 0)}, {"regime": "-"}, "-", "government"),
            ({"regime": (0, 3)}, {"regime": "-"}, "+", "government"),
            ({"regime": (3, 3)}, {}, None, None),
            ({"regime": (3, 0), "government": (4, 0)}, {}, "-", None),
        ],
    )
    def test_a_name_is_loaded_where_most_mentions_are_marked_or_the_table_says_so(
        self,
        marked: dict[str, tuple[int, int]],
        polarities: dict[str, Polarity],
        loaded: Polarity | None,
        neutral: str | None,
    ) -> None:
        names = {"regime": 3, "government": 4}
        rows = [
            article(o, n, names, marked) for o in ("Lake", "Hill") for n in range(5)
        ]
        cell = cells(rows, polarities=polarities)["Lake", "regime"]
        assert (cell.loaded, cell.neutral) == (loaded, neutral)

    def test_the_neutral_name_is_the_commonest_of_the_other_outlets(self) -> None:
        rows = outlet("Lake", regime=9, government=9)
        rows += outlet("Hill", authorities=2, government=1)
        cell = cells(rows, polarities={"regime": "-"})["Lake", "regime"]
        assert cell.neutral == "authorities"


class TestIntervals:
    @pytest.mark.parametrize(
        ("articles", "given"), [(ENOUGH_ARTICLES - 1, False), (ENOUGH_ARTICLES, True)]
    )
    def test_an_interval_needs_enough_articles_that_name_the_actor(
        self, articles: int, given: bool
    ) -> None:
        rows = outlet("Lake", articles, regime=3, government=1) + HILL
        share = cells(rows)["Lake", "regime"].share
        assert (share.low is not None) is given
        assert (share.high is not None) is given

    @pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
    @pytest.mark.parametrize("alike", [0.3, 0.8])
    def test_intervals_of_few_articles_hold_the_true_share(
        self, share: float, alike: float
    ) -> None:
        """Articles name an actor four times on average, mostly by the same name."""
        rng = np.random.default_rng(5)
        samples, shape = 600, (600, ENOUGH_ARTICLES)
        mentions = rng.geometric(1 / 4, shape)
        spread = (1 - alike) / alike
        own = rng.beta(share * spread, (1 - share) * spread, shape)
        named = rng.binomial(mentions, own).astype(float)
        held = 0
        for n in range(samples):
            low, high = interval(named[n : n + 1], mentions[n].astype(float))
            held += bool(low[0] <= share <= high[0])
        assert held / samples > 0.92
