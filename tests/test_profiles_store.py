"""Profiles are tables that come back equal and that other tools open."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.records import (
    Actor,
    Article,
    AxisPlace,
    Difference,
    DistinctiveTerm,
    Estimate,
    Group,
    LinkedMention,
    Naming,
    OutletAxis,
    Sentence,
    Share,
    Span,
    Stance,
    Tally,
)
from annotator.store import (
    Results,
    ResultsWriter,
    profiles,
    read_results,
    write_derived,
)
from annotator.store.tables import Row

PROMISED_COLUMNS = {
    "actors": "actor_id name kind family mentions articles outlets variants",
    "mentions": "sentence_id start end article_id actor_id name",
    "profiles": "outlet topic month measure actor_id voice value low high pooled "
    "pooled_low pooled_high articles needed numerator denominator scale",
    "differences": "outlet measure actor_id voice within difference low high p q "
    "articles others",
    "namings": "outlet actor_id name loaded neutral own_count own_total own_share "
    "own_low own_high others_count others_total others_share others_low others_high",
    "terms": "outlet term z log_odds count others articles",
    "axis": "what name place low high inertia p told note",
}

names = st.text(max_size=8)
maybe = st.none() | names
whole = st.integers(0, 2**31 - 1)
number = st.floats(allow_nan=False, allow_infinity=False)
maybe_number = st.none() | number
voices = st.none() | st.sampled_from(["outlet", "quoted"])
tallies = st.lists(st.builds(Tally, maybe, whole), max_size=3).map(tuple)
shares = st.builds(Share, st.integers(0, 9), st.integers(0, 9), maybe_number)
actors = st.builds(
    Actor,
    actor_id=names,
    name=names,
    kind=st.sampled_from(["person", "body", "state", "group", "unknown"]),
    mentions=whole,
    articles=whole,
    outlets=tallies,
    variants=tallies,
    family=maybe,
)
mentions = st.builds(
    LinkedMention,
    sentence_id=names,
    span=st.builds(Span, whole, whole),
    article_id=names,
    actor_id=names,
    name=maybe,
)
estimates = st.builds(
    Estimate,
    group=st.builds(Group, maybe, maybe, maybe),
    measure=names,
    numerator=st.floats(-1e6, 1e6),
    denominator=st.just(0.0) | st.floats(1, 1e6),
    articles=whole,
    scale=st.sampled_from([1.0, 1000.0]),
    actor_id=maybe,
    voice=voices,
    low=maybe_number,
    high=maybe_number,
    pooled=maybe_number,
    pooled_low=maybe_number,
    pooled_high=maybe_number,
    needed=whole,
)
differences = st.builds(
    Difference,
    outlet=names,
    measure=names,
    **dict.fromkeys(("difference", "low", "high", "p", "q"), number),
    articles=whole,
    others=whole,
    actor_id=maybe,
    voice=voices,
    within=st.sampled_from([None, "topic", "event"]),
)
namings = st.builds(
    Naming,
    outlet=names,
    actor_id=names,
    name=names,
    share=shares,
    others=shares,
    loaded=st.sampled_from([None, "+", "-"]),
    neutral=maybe,
)
terms = st.builds(
    DistinctiveTerm,
    outlet=names,
    term=names,
    z=number,
    log_odds=number,
    count=whole,
    others=whole,
    articles=whole,
)
places = st.builds(
    AxisPlace,
    what=names,
    name=names,
    place=number,
    low=maybe_number,
    high=maybe_number,
)
axes = st.builds(
    OutletAxis,
    inertia=number,
    p=number,
    told=st.booleans(),
    note=names,
    places=st.lists(places, max_size=3).map(tuple),
)


def through_arrow(table: str, *rows: Row) -> list[Row]:
    schema = profiles.PROFILE_SCHEMAS[table]
    assert all(set(row) == set(schema.names) for row in rows)
    return list(pa.Table.from_pylist(list(rows), schema=schema).to_pylist())


@settings(max_examples=40, deadline=None)
@given(actors)
def test_a_stored_actor_comes_back_equal(actor: Actor) -> None:
    (row,) = through_arrow("actors", profiles.actor_row(actor))
    assert profiles.actor(row) == actor


@settings(max_examples=40, deadline=None)
@given(mentions)
def test_a_stored_mention_comes_back_equal(mention: LinkedMention) -> None:
    (row,) = through_arrow("mentions", profiles.mention_row(mention))
    assert profiles.mention(row) == mention


@settings(max_examples=40, deadline=None)
@given(estimates)
def test_a_stored_estimate_comes_back_equal(estimate: Estimate) -> None:
    (row,) = through_arrow("profiles", profiles.estimate_row(estimate))
    assert profiles.estimate(row) == estimate
    assert row["value"] == estimate.value


@settings(max_examples=40, deadline=None)
@given(differences)
def test_a_stored_difference_comes_back_equal(difference: Difference) -> None:
    (row,) = through_arrow("differences", profiles.difference_row(difference))
    assert profiles.difference(row) == difference


@settings(max_examples=40, deadline=None)
@given(namings)
def test_a_stored_naming_comes_back_equal(naming: Naming) -> None:
    (row,) = through_arrow("namings", profiles.naming_row(naming))
    assert profiles.naming(row) == naming
    assert row["own_share"] == naming.share.value


@settings(max_examples=40, deadline=None)
@given(terms)
def test_a_stored_term_comes_back_equal(term: DistinctiveTerm) -> None:
    (row,) = through_arrow("terms", profiles.term_row(term))
    assert profiles.term(row) == term


@settings(max_examples=40, deadline=None)
@given(axes)
def test_a_stored_axis_comes_back_equal_even_without_places(axis: OutletAxis) -> None:
    rows = through_arrow("axis", *profiles.axis_rows(axis))
    assert len(rows) == max(len(axis.places), 1)
    assert profiles.axis(rows) == axis


@pytest.mark.parametrize("table", profiles.PROFILE_SCHEMAS)
def test_columns_are_those_that_are_promised(table: str) -> None:
    assert profiles.PROFILE_SCHEMAS[table].names == PROMISED_COLUMNS[table].split()


@pytest.fixture
def results(tmp_path: Path) -> Results:
    with ResultsWriter(tmp_path / "results") as out:
        out.finish([], {})
    return read_results(tmp_path / "results")


def test_a_folder_that_was_not_profiled_has_no_profiles(results: Results) -> None:
    readers = (
        results.actors,
        results.mentions,
        results.estimates,
        results.differences,
        results.namings,
        results.terms,
    )
    assert [list(read()) for read in readers] == [[]] * 6
    assert results.axis() is None


AXIS = OutletAxis(0.4, 0.5, False, "no axis")
OPINION = Estimate(Group("Herald"), "opinion", 3, 12, 40, low=0.1, high=0.4)
BY_MONTH = Estimate(Group(month="2031-05"), "opinion", 1, 4, 9, needed=21)


def test_profiles_written_are_read_in_their_order(results: Results) -> None:
    rows = [profiles.estimate_row(e) for e in (OPINION, BY_MONTH)]
    write_derived(results.path, {"profiles": rows, "axis": profiles.axis_rows(AXIS)})
    assert list(results.estimates()) == [OPINION, BY_MONTH]
    assert results.axis() == AXIS


def test_articles_are_read_with_their_own_mentions(tmp_path: Path) -> None:
    """Also where an article before them, or after them, has none."""
    with ResultsWriter(tmp_path / "results") as out:
        for name in "abc":
            made = Article(name, f"{name}.txt", "Orman left.")
            sentence = Sentence(f"{name}:0", name, 0, 0, 11)
            out.add_article(made, [sentence], {}, status="scored", reason=None)
            at = Span(0, 5)
            out.add_stances(
                made, [Stance(f"{name}:0", at, "Orman", "person", "outlet")]
            )
        out.finish([], {})
    results = read_results(tmp_path / "results")
    orman = LinkedMention("b:0", Span(0, 5), "b", "orman-1", "plain name")
    assert [found for _, found in results.linked()] == [(), (), ()]
    write_derived(results.path, {"mentions": [profiles.mention_row(orman)]})
    read = [(s.article.article_id, found) for s, found in results.linked()]
    assert read == [("a", ()), ("b", (orman,)), ("c", ())]
    assert list(results.mentions("b")) == list(results.mentions()) == [orman]


def test_a_column_that_is_not_grouped_by_is_null(results: Results) -> None:
    rows = [profiles.estimate_row(e) for e in (OPINION, BY_MONTH)]
    write_derived(results.path, {"profiles": rows})
    found = duckdb.sql(
        f"SELECT outlet, month, value, low FROM '{results.path}/profiles.parquet'"
    ).fetchall()
    assert found == [("Herald", None, 0.25, 0.1), (None, "2031-05", 0.25, None)]


def test_a_new_scoring_run_takes_the_old_profiles_away(results: Results) -> None:
    write_derived(results.path, {name: [] for name in profiles.PROFILE_SCHEMAS})
    with ResultsWriter(results.path) as out:
        out.finish([], {})
    assert not any(results.has(name) for name in profiles.PROFILE_SCHEMAS)
