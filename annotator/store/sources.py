"""Sources, grades and sourcing <-> rows of their tables in a results folder.

A `Share` is five columns, as in `outlets.parquet`; a tally is a list of value and
count.
"""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa

from annotator.records import Grade, Override, SourceProfile, Sourcing, Tally
from annotator.store.tables import (
    NUMBER,
    TEXT,
    TEXTS,
    WHOLE,
    Row,
    fields,
    schema,
    share,
    share_columns,
    share_row,
)

TALLIES: Final = pa.list_(pa.struct({"value": TEXT, "count": WHOLE}))

SOURCE_SHARES: Final = (
    "direct",
    "contested",
    "alone_in_article",
    "alone_in_paragraph",
    "first_hand",
    "position",
    "stake",
)
SOURCE_TALLIES: Final = ("variants", "kinds", "sides", "outlets", "cues", "reasons")

SOURCING_SHARES: Final = (
    "named",
    "first_hand",
    "documents",
    "single_source_paragraphs",
    "one_anonymous",
    "replied",
)
SOURCING_TALLIES: Final = ("sides", "parties")


SOURCE_SCHEMAS: Final[dict[str, pa.Schema]] = {
    "sources": schema(
        source_id=TEXT,
        name=TEXT,
        identity=TEXT,
        cited=WHOLE,
        articles=WHOLE,
        first=TEXT,
        last=TEXT,
        **dict.fromkeys(SOURCE_TALLIES, TALLIES),
        **share_columns(*SOURCE_SHARES),
    ),
    "grades": schema(
        subject=TEXT,
        axis=TEXT,
        value=TEXT,
        rank=WHOLE,
        rules=TEXTS,
        sentence=TEXT,
        version=WHOLE,
        override=TEXT,
        reviewer=TEXT,
        note=TEXT,
    ),
    "sourcing": schema(
        article_id=TEXT,
        outlet=TEXT,
        articles=WHOLE,
        words=WHOLE,
        attributions=WHOLE,
        per_thousand_words=NUMBER,
        **dict.fromkeys(SOURCING_TALLIES, TALLIES),
        **share_columns(*SOURCING_SHARES),
    ),
}


def source_row(profile: SourceProfile) -> Row:
    """Give a row of `sources`."""
    return _row(profile, SOURCE_SHARES, SOURCE_TALLIES)


def source(row: Row) -> SourceProfile:
    """Read a row of `sources` back."""
    return SourceProfile(**_read(SourceProfile, row, SOURCE_SHARES, SOURCE_TALLIES))


def grade_row(grade: Grade, override: Override | None = None) -> Row:
    """Give a row of `grades`: the machine's grade, and beside it a person's.

    `rank` is null for F and 6, so that no mean can count them. `override` is null
    where the person left this axis as it is.
    """
    row = fields(grade)
    given = override and getattr(override, grade.axis)
    return row | {
        "rules": list(grade.rules),
        "rank": grade.rank,
        "override": given,
        "reviewer": override.reviewer if override and given else None,
        "note": override.note if override and given else None,
    }


def grade(row: Row) -> Grade:
    """Read the machine's grade of a row of `grades`."""
    names = {name: row[name] for name in Grade.__slots__}
    return Grade(**names | {"rules": tuple(row["rules"])})


def override(row: Row) -> Override | None:
    """Read the person's grade of a row of `grades`."""
    if row["override"] is None:
        return None
    given = {"reliability": None, "credibility": None, row["axis"]: row["override"]}
    return Override(
        subject=row["subject"], reviewer=row["reviewer"], note=row["note"], **given
    )


def sourcing_row(sourcing: Sourcing) -> Row:
    """Give a row of `sourcing`; `article_id` is null in an outlet's sum."""
    row = _row(sourcing, SOURCING_SHARES, SOURCING_TALLIES)
    return row | {"per_thousand_words": sourcing.per_thousand_words}


def sourcing(row: Row) -> Sourcing:
    """Read a row of `sourcing` back."""
    return Sourcing(**_read(Sourcing, row, SOURCING_SHARES, SOURCING_TALLIES))


def _row(record: Any, shares: tuple[str, ...], tallies: tuple[str, ...]) -> Row:
    """Spread the shares and tallies of a record over columns."""
    row = {n: v for n, v in fields(record).items() if n not in (*shares, *tallies)}
    for name in shares:
        row |= share_row(name, getattr(record, name))
    for name in tallies:
        row[name] = [
            {"value": t.value, "count": t.count} for t in getattr(record, name)
        ]
    return row


def _read(
    record: Any, row: Row, shares: tuple[str, ...], tallies: tuple[str, ...]
) -> Row:
    """Gather the fields of a record from columns."""
    plain = {n: row[n] for n in record.__slots__ if n not in (*shares, *tallies)}
    read = {name: share(name, row) for name in shares}
    lists = {name: tuple(Tally(**each) for each in row[name]) for name in tallies}
    return plain | read | lists
