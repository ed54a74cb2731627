"""Nothing -> accounts, links, sessions, assignments and the log of decisions."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "first_log"
down_revision = None

KEEP_SQLITE = """
CREATE TRIGGER decisions_{event} BEFORE {event} ON decisions {when}
BEGIN SELECT RAISE(ABORT, 'decisions are never changed or deleted'); END
"""
REPLACES = """
WHEN EXISTS (
    SELECT 1 FROM decisions WHERE arrival = NEW.arrival
    OR decision_id = NEW.decision_id
    OR (sentence_id, turn, owner, number)
     = (NEW.sentence_id, NEW.turn, NEW.owner, NEW.number)
)
"""
"""INSERT OR REPLACE deletes without asking the triggers of DELETE."""

REFUSE_POSTGRES = """
CREATE FUNCTION decisions_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'decisions are never changed or deleted'
    USING ERRCODE = 'restrict_violation';
END $$
"""
KEEP_POSTGRES = """
CREATE TRIGGER decisions_keep BEFORE UPDATE OR DELETE OR TRUNCATE ON decisions
FOR EACH STATEMENT EXECUTE FUNCTION decisions_refuse()
"""


def upgrade() -> None:
    """Make the tables, and the triggers that let the log only grow."""
    op.create_table(
        "accounts",
        sa.Column("key", sa.Text, primary_key=True),
        needed("name", sa.Text),
        needed("role", sa.Text),
        needed("created", sa.DateTime(timezone=True)),
        sa.Column("password_hash", sa.Text),
        sa.CheckConstraint("role IN ('reviewer', 'adjudicator')", name="role_known"),
    )
    for name in ("invites", "sessions"):
        op.create_table(
            name,
            sa.Column("token_hash", sa.Text, primary_key=True),
            of_account(name),
            needed("expires", sa.DateTime(timezone=True)),
        )
    op.create_table(
        "assignments",
        sa.Column("sentence_id", sa.Text, primary_key=True),
        of_account("assignments", primary_key=True),
    )
    for name in ("invites", "sessions", "assignments"):
        op.create_index(f"ix_{name}_account", name, ["account"])
    create_decisions()
    keep_decisions()


def needed(name: str, kind: Any, *more: Any) -> sa.Column[Any]:
    """Make a column that is never null."""
    return sa.Column(name, kind, *more, nullable=False)


def of_account(table: str, primary_key: bool = False) -> sa.Column[str]:
    """Make a column that names an account."""
    there = sa.ForeignKey("accounts.key", name=f"{table}_of")
    return sa.Column("account", sa.Text, there, primary_key=primary_key, nullable=False)


def create_decisions() -> None:
    """Make the table of the log."""
    op.create_table(
        "decisions",
        sa.Column(
            "arrival",
            sa.BigInteger().with_variant(sa.Integer, "sqlite"),
            sa.Identity(),
            primary_key=True,
        ),
        needed("decision_id", sa.Text),
        needed("sentence_id", sa.Text),
        needed("article_id", sa.Text),
        needed("reviewer", sa.Text),
        needed("action", sa.Text),
        sa.Column("label", sa.Text),
        sa.Column("spans", sa.JSON),
        needed("note", sa.Text),
        needed("seconds", sa.Float(53)),
        needed("at", sa.DateTime(timezone=True)),
        needed("blind", sa.Boolean),
        needed("turn", sa.Text),
        needed("machine_label", sa.Text),
        needed("machine_confidence", sa.Float(53)),
        needed("model", sa.Text),
        needed("origin", sa.Text),
        needed("owner", sa.Text),
        needed("number", sa.Integer),
        sa.UniqueConstraint("decision_id", name="stored_once"),
        sa.UniqueConstraint(
            "sentence_id", "turn", "owner", "number", name="one_follows"
        ),
        sa.CheckConstraint("action IN ('label', 'skip', 'undo')", name="action_known"),
        sa.CheckConstraint("turn IN ('review', 'adjudication')", name="turn_known"),
        sa.CheckConstraint(
            "(action = 'label') = (label IS NOT NULL)", name="label_if_label"
        ),
        sa.CheckConstraint(
            "owner = CASE turn WHEN 'review' THEN reviewer ELSE '' END",
            name="owner_of_it",
        ),
        sa.CheckConstraint("seconds BETWEEN 0 AND 1e9", name="seconds_sane"),
        sa.CheckConstraint("machine_confidence BETWEEN 0 AND 1", name="a_probability"),
        sqlite_autoincrement=True,
    )


def keep_decisions() -> None:
    """Let the log only grow."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(REFUSE_POSTGRES)
        op.execute(KEEP_POSTGRES)
        return
    for event, when in (("UPDATE", ""), ("DELETE", ""), ("INSERT", REPLACES)):
        op.execute(KEEP_SQLITE.format(event=event, when=when))
