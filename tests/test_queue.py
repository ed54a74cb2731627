"""What people are asked next, and which part of it they want."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.decisions import ORDERS, Filter, QueueItem, matching, ordered, weights
from annotator.decisions.queue import SPACING, priority, uncertainty

SURE, TORN = (0.97, 0.01, 0.01, 0.01), (0.49, 0.49, 0.01, 0.01)
ACCUSING, TORN_ACCUSING = (0.01, 0.01, 0.01, 0.97), (0.49, 0.01, 0.01, 0.49)


def item(name: str = "a:1", **known: Any) -> QueueItem:
    """An item of an article, the part of its name before the colon."""
    plain: dict[str, Any] = {
        "sentence_id": name,
        "article_id": name.rpartition(":")[0],
        "outlet": "Daily",
        "title": None,
        "topic": None,
        "published": None,
        "text": "The bridge was closed.",
        "label": "reported_fact",
        "probabilities": SURE,
        "reasons": (),
        "sources": (),
        "weight": 0.5,
    }
    return QueueItem(**plain | known)


def names(items: list[QueueItem]) -> str:
    return " ".join(i.sentence_id for i in items)


ITEMS = [
    item("a:1", probabilities=SURE, weight=0.9),
    item("a:2", probabilities=TORN, weight=0.9),
    item("b:1", probabilities=ACCUSING, weight=0.1),
    item("c:1", probabilities=TORN, weight=0.1),
    item("d:1", probabilities=TORN_ACCUSING, weight=0.9),
]

MIXED = st.lists(
    st.tuples(
        st.sampled_from("abcdefghijklmnop"),
        st.tuples(*[st.floats(0.01, 1)] * 4),
        st.floats(0, 1),
    ),
    max_size=60,
).map(
    lambda rows: [
        item(f"{a}:{n}", probabilities=tuple(p / sum(ps) for p in ps), weight=w)
        for n, (a, ps, w) in enumerate(rows)
    ]
)


@pytest.mark.parametrize(
    ("by", "order"),
    [
        ("priority", "d:1 a:2 c:1 b:1 a:1"),
        ("uncertainty", "a:2 c:1 d:1 a:1 b:1"),
        ("allegation", "b:1 d:1 a:1 a:2 c:1"),
        ("weight", "a:1 a:2 d:1 b:1 c:1"),
        ("text", "a:1 a:2 b:1 c:1 d:1"),
    ],
)
def test_the_order_asked_for_is_given(by: Any, order: str) -> None:
    assert names(ordered(ITEMS, by)) == order


def test_an_order_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="got the order 'newest', expected one of"):
        ordered(ITEMS, "newest")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("probabilities", "expected"),
    [((1, 0, 0, 0), 0), ((0.25,) * 4, 1), ((0.5, 0.5, 0, 0), 0.5)],
)
def test_uncertainty_goes_from_0_to_1(
    probabilities: tuple[float, ...], expected: float
) -> None:
    assert uncertainty(probabilities) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (item(probabilities=TORN), item(probabilities=SURE)),
        (item(probabilities=TORN_ACCUSING), item(probabilities=TORN)),
        (item(probabilities=TORN, weight=0.6), item(probabilities=TORN, weight=0.5)),
        (item(probabilities=TORN, weight=0), item(probabilities=ACCUSING, weight=1)),
    ],
)
def test_priority_is_uncertainty_times_what_a_mistake_would_cost(
    more: QueueItem, less: QueueItem
) -> None:
    assert priority(more) > priority(less)


@given(MIXED)
@settings(deadline=None, max_examples=50)
def test_every_order_has_every_item_once(items: list[QueueItem]) -> None:
    for by in ORDERS:
        found = ordered(items, by)
        assert sorted(map(id, found)) == sorted(map(id, items))
    assert all(0 <= priority(i) <= 1 for i in items)


@given(MIXED)
@settings(deadline=None, max_examples=50)
def test_no_article_comes_back_soon_as_long_as_others_are_left(
    items: list[QueueItem],
) -> None:
    found = [i.article_id for i in ordered(items, "priority")]
    for place, article in enumerate(found):
        before = found[max(0, place - SPACING + 1) : place]
        assert article not in before or set(found[place:]) <= set(before)


def test_ten_of_one_article_do_not_fill_the_first_page() -> None:
    many = [item(f"a:{n}", probabilities=TORN) for n in range(30)]
    others = [item(f"o{n}:1", probabilities=SURE) for n in range(30)]
    page = ordered([*many, *others])[:SPACING]
    assert len({i.article_id for i in page}) == SPACING
    assert page[0].article_id == "a"


@given(MIXED, st.integers(0, 3), st.data())
@settings(deadline=None, max_examples=50)
def test_a_random_order_stays_when_some_are_left_out(
    items: list[QueueItem], seed: int, data: st.DataObject
) -> None:
    every = ordered(items, "random", seed)
    kept = data.draw(st.sets(st.sampled_from(items)) if items else st.just(set()))
    part = ordered([i for i in items if i in kept], "random", seed)
    assert part == [i for i in every if i in kept]


def test_another_seed_gives_another_random_order() -> None:
    items = [item(f"a:{n}") for n in range(20)]
    assert ordered(items, "random", 1) == ordered(items[::-1], "random", 1)
    assert ordered(items, "random", 1) != ordered(items, "random", 2)


@pytest.mark.parametrize(
    ("wanted", "known", "fits"),
    [
        (Filter(), {}, True),
        (Filter(outlet="Daily"), {"outlet": "Daily"}, True),
        (Filter(outlet="Daily"), {"outlet": "Weekly"}, False),
        (Filter(outlet="Daily"), {"outlet": None}, False),
        (Filter(outlet=""), {"outlet": None}, True),
        (Filter(outlet=""), {"outlet": "Daily"}, False),
        (Filter(topic=""), {"topic": None}, True),
        (Filter(topic="war"), {"topic": "war"}, True),
        (Filter(topic="war"), {"topic": None}, False),
        (Filter(label="opinion"), {"label": "opinion"}, True),
        (Filter(label="opinion"), {"label": "reported_fact"}, False),
        (Filter(source="Ada Roe"), {"sources": ("the ministry", "Ada Roe")}, True),
        (Filter(source="Roe"), {"sources": ("Ada Roe",)}, False),
        (Filter(outlet="Daily", topic="war"), {"topic": "sport"}, False),
        (Filter(contains="'; DROP TABLE"), {"text": "'; drop table x --"}, True),
    ],
)
def test_a_filter_asks_for_all_it_names(
    wanted: Filter, known: dict[str, Any], fits: bool
) -> None:
    assert bool(matching([item(**known)], wanted)) is fits


@pytest.mark.parametrize(
    ("published", "since", "until", "fits"),
    [
        ("2016-05-10", date(2016, 5, 10), date(2016, 5, 10), True),
        ("2016-05-10T23:59:59+02:00", date(2016, 5, 10), date(2016, 5, 10), True),
        ("2016-05-10", date(2016, 5, 11), None, False),
        ("2016-05-10", None, date(2016, 5, 9), False),
        ("2016-05", date(2016, 5, 31), None, True),
        ("2016-05", None, date(2016, 5, 1), True),
        ("2016-05", date(2016, 6, 1), None, False),
        ("2016", date(2016, 12, 31), None, True),
        ("2016", None, date(2015, 12, 31), False),
        (None, date(1900, 1, 1), None, False),
        (None, None, date(2100, 1, 1), False),
        ("2016-05-10", date(2017, 1, 1), date(2016, 1, 1), False),
    ],
)
def test_dates_are_inclusive_and_as_precise_as_they_are_known(
    published: str | None, since: date | None, until: date | None, fits: bool
) -> None:
    found = matching([item(published=published)], Filter(since=since, until=until))
    assert bool(found) is fits


@pytest.mark.parametrize(
    ("part", "text", "fits"),
    [
        ("BRIDGE", "The bridge was closed.", True),
        ("bridge was", "The bridge\nwas  closed.", True),
        ("strasse", "Die Straße ist zu.", True),
        ("ﬁre", "Fire!", True),
        ("zoë", "ZOE\u0308 Roe said", True),
        ("ｗａｒ", "The war", True),
        ("i", "İ", True),
        ("acmetm", "Acme™", True),
        ("\u03b0", "\u03ab\u0301", True),
        ("😀", "He wrote 😀😀.", True),
        ("والي", "قال الوالي", True),
        (".*", "The war", False),
        ("", "The war", True),
        ("peace", "The war", False),
    ],
)
def test_search_does_not_mind_case_width_or_spaces(
    part: str, text: str, fits: bool
) -> None:
    assert bool(matching([item(text=text)], Filter(contains=part))) is fits


@given(st.text(), st.text(), st.text())
def test_whatever_stands_in_a_text_is_found_in_it(a: str, b: str, c: str) -> None:
    text = f"{a} {b} {c}"
    assert matching([item(text=text)], Filter(contains=b))
    assert matching([item(text=text)], Filter(contains=b.casefold()))


def test_what_matches_keeps_its_order() -> None:
    items = [item(f"a:{n}", topic=("war", "sport")[n % 2]) for n in range(6)]
    assert names(matching(items, Filter(topic="war"))) == "a:0 a:2 a:4"


def test_an_outlet_without_sentences_has_no_weight() -> None:
    assert weights({"Daily": 0, "Weekly": 4}) == {"Weekly": 1.0}
    assert weights({}) == {}
