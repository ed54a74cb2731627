"""Actors, and what outlets' articles add up to <-> rows of their tables.

`profiles.parquet` holds the estimates. A column is the field of that name of the
table's record; a `Group` is three columns, a `Share` five, a tally a list of value and
count. The span of a mention is its start and end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyarrow as pa

from annotator.records import (
    Actor,
    AxisPlace,
    Difference,
    DistinctiveTerm,
    Estimate,
    Group,
    LinkedMention,
    Naming,
    OutletAxis,
    Span,
    Tally,
)
from annotator.store.sources import TALLIES
from annotator.store.tables import (
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Row,
    fields,
    schema,
    share,
    share_columns,
    share_row,
    taken,
)

ACTOR_TALLIES: Final = ("outlets", "variants")

NAMING_SHARES: Final = {"share": "own", "others": "others"}
"""Shares of a naming, and what their columns' names begin with."""

PROFILE_SCHEMAS: Final[dict[str, pa.Schema]] = {
    "actors": schema(
        actor_id=TEXT,
        name=TEXT,
        kind=TEXT,
        family=TEXT,
        mentions=WHOLE,
        articles=WHOLE,
        **dict.fromkeys(ACTOR_TALLIES, TALLIES),
    ),
    "mentions": schema(
        sentence_id=TEXT,
        start=WHOLE,
        end=WHOLE,
        article_id=TEXT,
        actor_id=TEXT,
        name=TEXT,
    ),
    "profiles": schema(
        **dict.fromkeys(Group.__slots__, TEXT),
        measure=TEXT,
        actor_id=TEXT,
        voice=TEXT,
        value=NUMBER,
        low=NUMBER,
        high=NUMBER,
        pooled=NUMBER,
        pooled_low=NUMBER,
        pooled_high=NUMBER,
        articles=WHOLE,
        needed=WHOLE,
        numerator=NUMBER,
        denominator=NUMBER,
        scale=NUMBER,
    ),
    "differences": schema(
        outlet=TEXT,
        measure=TEXT,
        actor_id=TEXT,
        voice=TEXT,
        within=TEXT,
        difference=NUMBER,
        low=NUMBER,
        high=NUMBER,
        p=NUMBER,
        q=NUMBER,
        articles=WHOLE,
        others=WHOLE,
    ),
    "namings": schema(
        outlet=TEXT,
        actor_id=TEXT,
        name=TEXT,
        loaded=TEXT,
        neutral=TEXT,
        **share_columns(*NAMING_SHARES.values()),
    ),
    "terms": schema(
        outlet=TEXT,
        term=TEXT,
        z=NUMBER,
        log_odds=NUMBER,
        count=WHOLE,
        others=WHOLE,
        articles=WHOLE,
    ),
    "axis": schema(
        what=TEXT,
        name=TEXT,
        place=NUMBER,
        low=NUMBER,
        high=NUMBER,
        inertia=NUMBER,
        p=NUMBER,
        told=YES_NO,
        note=TEXT,
    ),
}


def actor_row(actor: Actor) -> Row:
    """Give a row of `actors`."""
    tallies = {name: getattr(actor, name) for name in ACTOR_TALLIES}
    return fields(actor) | {n: [fields(t) for t in ts] for n, ts in tallies.items()}


def actor(row: Row) -> Actor:
    """Read a row of `actors` back."""
    tallies = {name: tuple(Tally(**t) for t in row[name]) for name in ACTOR_TALLIES}
    return Actor(**row | tallies)


def mention_row(mention: LinkedMention) -> Row:
    """Give a row of `mentions`."""
    row = fields(mention)
    row["start"], row["end"] = row.pop("span")
    return row


def mention(row: Row) -> LinkedMention:
    """Read a row of `mentions` back."""
    span = Span(row["start"], row["end"])
    return LinkedMention(**taken(LinkedMention, row), span=span)


def estimate_row(estimate: Estimate) -> Row:
    """Give a row of `profiles`; `value` is null of nothing."""
    row = fields(estimate) | fields(estimate.group) | {"value": estimate.value}
    del row["group"]
    return row


def estimate(row: Row) -> Estimate:
    """Read a row of `profiles` back."""
    return Estimate(group=Group(**taken(Group, row)), **taken(Estimate, row))


def difference_row(difference: Difference) -> Row:
    """Give a row of `differences`."""
    return fields(difference)


def difference(row: Row) -> Difference:
    """Read a row of `differences` back."""
    return Difference(**row)


def naming_row(naming: Naming) -> Row:
    """Give a row of `namings`."""
    row = fields(naming)
    for field, name in NAMING_SHARES.items():
        row |= share_row(name, row.pop(field))
    return row


def naming(row: Row) -> Naming:
    """Read a row of `namings` back."""
    shares = {field: share(name, row) for field, name in NAMING_SHARES.items()}
    return Naming(**taken(Naming, row) | shares)


def term_row(term: DistinctiveTerm) -> Row:
    """Give a row of `terms`."""
    return fields(term)


def term(row: Row) -> DistinctiveTerm:
    """Read a row of `terms` back."""
    return DistinctiveTerm(**row)


def axis_rows(axis: OutletAxis) -> Iterator[Row]:
    """Give the rows of `axis`: one a place, what holds for the axis in each.

    An axis without places is one row whose `what` is null.
    """
    whole = fields(axis)
    for place in whole.pop("places") or (None,):
        placed = fields(place) if place else dict.fromkeys(AxisPlace.__slots__)
        yield placed | whole


def axis(rows: Iterable[Row]) -> OutletAxis | None:
    """Read the rows of `axis` back; None of no rows."""
    rows = list(rows)
    if not rows:
        return None
    places = [taken(AxisPlace, row) for row in rows if row["what"] is not None]
    whole = taken(OutletAxis, rows[0])
    return OutletAxis(**whole, places=tuple(AxisPlace(**place) for place in places))
