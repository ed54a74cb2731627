"""Decisions -> a log that only grows, and back; which sentences are whose to review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Row, func, insert, select

from annotator.errors import StaleDecision
from annotator.records import Decision, Turn
from annotator.store.reviews.accounts import Accounts, account_key
from annotator.store.reviews.credentials import name_key
from annotator.store.reviews.database import url_of
from annotator.store.reviews.schema import accounts, assignments, decisions

FIELDS: Final = tuple(field.name for field in fields(Decision))
PAGE: Final = 1_000
"""Decisions in memory at a time while all are read."""


class ReviewLog(Accounts):
    """The review of a results folder, open; safe from several threads and processes.

    The decisions of a person on a sentence are a thread, and so are all adjudications
    of a sentence. None is ever changed or deleted: the database refuses to.
    """

    def record(self, decision: Decision, after: str | None) -> Decision:
        """Store a decision and give it as it is stored; it is on the disk then.

        Parameters
        ----------
        decision
            The same sent again is stored once, as it first came. NUL and lone
            surrogates, which databases cannot hold, become U+FFFD.
        after
            Id of the last decision of the thread that its maker had seen; None if
            there was none.

        Raises
        ------
        StaleDecision
            If the thread has a newer one, or its id is that of another decision.
        """
        with self._writing() as db:
            if stored := _by_id(db, decision.decision_id):
                return _the_same(stored, decision)
            last = _last(db, decision.sentence_id, decision.reviewer, decision.turn)
            if (last and last.decision_id) != after:
                raise StaleDecision(_news(decision.sentence_id, last))
            values = {name: getattr(decision, name) for name in FIELDS}
            values["owner"] = _owner(decision.reviewer, decision.turn)
            values["number"] = last.number + 1 if last else 1
            added = insert(decisions).values(values).returning(decisions)
            return _made(db.execute(added).one())

    def last(
        self, sentence_id: str, reviewer: str, turn: Turn = "review"
    ) -> str | None:
        """Give the id of a thread's last decision, an undo or a skip as well."""
        with self._reading() as db:
            found = _last(db, sentence_id, reviewer, turn)
            return found.decision_id if found else None

    def decisions(self, after: str | None = None) -> Iterator[Decision]:
        """Give the decisions in order of arrival, a thousand in memory at a time.

        Parameters
        ----------
        after
            Id of a decision: only those that came after it. Whoever goes on from the
            last one read misses none, whichever process wrote it.
        """
        with self._reading() as db:
            seen = _arrival(db, after) if after else 0
        while True:
            with self._reading() as db:
                rows = db.execute(
                    select(decisions)
                    .where(decisions.c.arrival > seen)
                    .order_by(decisions.c.arrival)
                    .limit(PAGE)
                ).all()
            yield from map(_made, rows)
            if len(rows) < PAGE:
                return
            seen = rows[-1].arrival

    def history(self, sentence_id: str) -> tuple[Decision, ...]:
        """Give all decisions on a sentence in order of arrival."""
        with self._reading() as db:
            rows = db.execute(
                select(decisions)
                .where(decisions.c.sentence_id == sentence_id)
                .order_by(decisions.c.arrival)
            )
            return tuple(map(_made, rows))

    def count(self) -> int:
        """Count the decisions, undone and replaced ones too."""
        with self._reading() as db:
            return db.scalar(select(func.count()).select_from(decisions)) or 0

    def assign(self, pairs: Iterable[tuple[str, str]]) -> int:
        """Add to what people are to review and count what was not theirs before.

        Parameters
        ----------
        pairs
            Sentence id and the name of a reviewer.

        Raises
        ------
        BadAccount
            If one of them has no account; nothing is added then.
        """
        wanted = set(pairs)
        with self._writing() as db:
            keys = {name: account_key(db, name) for _, name in wanted}
            held = {(row.sentence_id, row.account) for row in _assigned(db)}
            new = {(sentence, keys[name]) for sentence, name in wanted} - held
            if new:
                rows = [{"sentence_id": s, "account": key} for s, key in sorted(new)]
                db.execute(insert(assignments), rows)
            return len(new)

    def assigned(self, reviewer: str) -> frozenset[str]:
        """Give the ids of the sentences somebody is to review."""
        with self._reading() as db:
            rows = _assigned(db, assignments.c.account == name_key(reviewer))
            return frozenset(row.sentence_id for row in rows)

    def assignments(self) -> dict[str, tuple[str, ...]]:
        """Give who is to review each sentence that is assigned, by sentence id."""
        with self._reading() as db:
            rows = sorted((row.sentence_id, row.name) for row in _assigned(db))
        by_sentence = groupby(rows, key=lambda row: row[0])
        return {sentence: tuple(n for _, n in rows) for sentence, rows in by_sentence}


def open_log(where: Path | str, reading: bool = False) -> ReviewLog:
    """Open the review of a results folder and bring its tables up to date.

    Parameters
    ----------
    where
        A results folder on a disk of this machine (SQLite's WAL does not work over a
        network), whose review is its `review.db`; or the URL of a database, such as
        ``postgresql://name:password@host/database``.
    reading
        Whether nothing is to be recorded: a folder that nobody may write will do then.

    Raises
    ------
    BadResults
        If the folder is not there, the database cannot be reached, is none, or was
        written by a newer version. No message holds the password.
    """
    return ReviewLog(url_of(where, reading))


def _owner(reviewer: str, turn: Turn) -> str:
    """Give whose thread it is: an adjudication goes on from anybody's."""
    return reviewer if turn == "review" else ""


def _last(
    db: Connection, sentence_id: str, reviewer: str, turn: Turn
) -> Row[Any] | None:
    return db.execute(
        select(decisions)
        .where(
            decisions.c.sentence_id == sentence_id,
            decisions.c.turn == turn,
            decisions.c.owner == _owner(reviewer, turn),
        )
        .order_by(decisions.c.number.desc())
        .limit(1)
    ).first()


def _by_id(db: Connection, decision_id: str) -> Decision | None:
    wanted = select(decisions).where(decisions.c.decision_id == decision_id)
    found = db.execute(wanted).one_or_none()
    return _made(found) if found else None


def _arrival(db: Connection, decision_id: str) -> int:
    wanted = select(decisions.c.arrival).where(decisions.c.decision_id == decision_id)
    return db.scalar(wanted) or 0


def _assigned(db: Connection, *where: Any) -> Sequence[Row[Any]]:
    columns = select(assignments, accounts.c.name).join(accounts)
    return db.execute(columns.where(*where)).all()


def _made(row: Row[Any]) -> Decision:
    return Decision(**{name: getattr(row, name) for name in FIELDS})


def _the_same(stored: Decision, sent: Decision) -> Decision:
    """Give what is stored, unless an id was used for two decisions."""

    def core(decision: Decision) -> tuple[object, ...]:
        thread = decision.sentence_id, decision.reviewer, decision.turn
        return *thread, decision.action, decision.label, decision.spans

    if core(stored) != core(sent):
        raise StaleDecision(
            f"{sent.decision_id} is the id of another decision; send this one anew, "
            "with an id of its own"
        )
    return stored


def _news(sentence_id: str, last: Row[Any] | None) -> str:
    if last is None:
        return f"nothing has been decided on {sentence_id} yet; look at it again"
    return (
        f"{sentence_id} has been decided anew by {last.reviewer} at "
        f"{last.at:%H:%M:%S} UTC; look at it again"
    )
