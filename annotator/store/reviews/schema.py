"""Nothing -> the tables of a review, as the last migration leaves them.

`decisions` only grows: triggers refuse to change or delete a row. The tables of
`migrations/` and these are kept the same by a test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Identity,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

from annotator.records import MarkedSpan, Span
from annotator.store.folder import without_surrogates

VERSION_TABLE: Final = "annotator_version"
"""Named so that another program's migrations may live in the same database."""


class Plain(TypeDecorator[str]):
    """Text both databases can hold: U+FFFD for each NUL and each lone surrogate."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Give what is stored, or looked for."""
        if value is None:
            return None
        return without_surrogates(value).replace("\0", "\N{REPLACEMENT CHARACTER}")


class Moment(TypeDecorator[datetime]):
    """A time in UTC; SQLite, which knows no zones, keeps it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Refuse a time without a zone: it could be any."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"got {value} without a time zone, expected UTC")
        return value.astimezone(UTC)

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """Give it in UTC, whatever the zone of the connection."""
        if value is None:
            return None
        return value.replace(tzinfo=value.tzinfo or UTC).astimezone(UTC)


class Spans(TypeDecorator[tuple[MarkedSpan, ...]]):
    """Marked spans as JSON: one object each, its `span` as [start, end]."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(
        self, value: Sequence[MarkedSpan] | None, dialect: Dialect
    ) -> list[dict[str, Any]] | None:
        """Give what `json` can write."""
        if value is None:
            return None
        return [asdict(m) | {"span": [m.span.start, m.span.end]} for m in value]

    def process_result_value(
        self, value: list[dict[str, Any]] | None, dialect: Dialect
    ) -> tuple[MarkedSpan, ...] | None:
        """Give the records back."""
        if value is None:
            return None
        return tuple(MarkedSpan(**m | {"span": Span(*m["span"])}) for m in value)


def needed(name: str, kind: Any, *more: Any, **options: Any) -> Column[Any]:
    """Make a column that is never null."""
    return Column(name, kind, *more, nullable=False, **options)


metadata: Final = MetaData()

accounts: Final = Table(
    "accounts",
    metadata,
    Column("key", Plain, primary_key=True),  # the name as it is compared
    needed("name", Plain),
    needed("role", Plain),
    needed("created", Moment),
    Column("password_hash", Plain),
    CheckConstraint("role IN ('reviewer', 'adjudicator')", name="role_known"),
)


def tokens(name: str) -> Table:
    """Make a table of what lets the bearer in for a while: only hashes are kept."""
    return Table(
        name,
        metadata,
        Column("token_hash", Plain, primary_key=True),
        needed(
            "account", Plain, ForeignKey("accounts.key", name=f"{name}_of"), index=True
        ),
        needed("expires", Moment),
    )


invites: Final = tokens("invites")
sessions: Final = tokens("sessions")

assignments: Final = Table(
    "assignments",
    metadata,
    Column("sentence_id", Plain, primary_key=True),
    Column(
        "account",
        Plain,
        ForeignKey("accounts.key", name="assignments_of"),
        primary_key=True,
        index=True,
    ),
)

decisions: Final = Table(
    "decisions",
    metadata,
    Column(
        "arrival",
        BigInteger().with_variant(Integer, "sqlite"),
        Identity(),
        primary_key=True,
    ),
    needed("decision_id", Plain),
    needed("sentence_id", Plain),
    needed("article_id", Plain),
    needed("reviewer", Plain),
    needed("action", Plain),
    Column("label", Plain),
    Column("spans", Spans),
    needed("note", Plain),
    needed("seconds", Float(53)),
    needed("at", Moment),
    needed("blind", Boolean),
    needed("turn", Plain),
    needed("machine_label", Plain),
    needed("machine_confidence", Float(53)),
    needed("model", Plain),
    needed("origin", Plain),
    needed("owner", Plain),  # of the thread: the reviewer; '' of adjudications
    needed("number", Integer),  # in the thread, from 1
    UniqueConstraint("decision_id", name="stored_once"),
    UniqueConstraint("sentence_id", "turn", "owner", "number", name="one_follows"),
    CheckConstraint("action IN ('label', 'skip', 'undo')", name="action_known"),
    CheckConstraint("turn IN ('review', 'adjudication')", name="turn_known"),
    CheckConstraint("(action = 'label') = (label IS NOT NULL)", name="label_if_label"),
    CheckConstraint(
        "owner = CASE turn WHEN 'review' THEN reviewer ELSE '' END", name="owner_of_it"
    ),
    CheckConstraint("seconds BETWEEN 0 AND 1e9", name="seconds_sane"),
    CheckConstraint("machine_confidence BETWEEN 0 AND 1", name="a_probability"),
    sqlite_autoincrement=True,
)
