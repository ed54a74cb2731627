"""Names, passwords, tokens -> who may review, and who is signed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Row, Table, delete, insert, select, update

from annotator.errors import BadAccount
from annotator.records import Account, Role
from annotator.store.reviews import credentials
from annotator.store.reviews.database import Database
from annotator.store.reviews.schema import accounts, invites, sessions

SESSION: Final = timedelta(hours=12)
"""A working day."""
INVITATION: Final = timedelta(hours=48)

SET_BACK: Final = timedelta(hours=1)
"""How far a clock may be put right without signing people out. Put back by more it
would let a token live for as long again: it ends instead."""


class Accounts(Database):
    """Who may review. Names that differ in case or width only are one name."""

    def add_account(
        self, name: str, role: Role, password: str | None = None
    ) -> Account:
        """Make an account; without a password it is entered by an invitation.

        Raises
        ------
        BadAccount
            If there is one of that name, or the name, role or password is not fit.
        """
        account = Account(
            credentials.fit_name(name), credentials.fit_role(role), datetime.now(UTC)
        )
        password_hash = None if password is None else credentials.hashed(password)
        with self._writing() as db:
            if held := _account(db, name):
                raise BadAccount(f"there is an account {held.name} already")
            db.execute(
                insert(accounts).values(
                    key=credentials.name_key(name),
                    name=account.name,
                    role=account.role,
                    created=account.created,
                    password_hash=password_hash,
                )
            )
        return account

    def account(self, name: str) -> Account | None:
        """Give the account of a name, if there is one."""
        with self._reading() as db:
            return _account(db, name)

    def accounts(self) -> tuple[Account, ...]:
        """Give all accounts in the order of their names."""
        with self._reading() as db:
            found = map(_made, db.execute(select(accounts)))
            return tuple(sorted(found, key=lambda a: credentials.name_key(a.name)))

    def set_role(self, name: str, role: Role) -> None:
        """Give an account another role, which counts from its next request on.

        Raises
        ------
        BadAccount
            If there is no such account or role.
        """
        with self._writing() as db:
            _change(db, name, {"role": credentials.fit_role(role)})

    def check_password(self, name: str, password: str) -> Account | None:
        """Give the account if the password is right.

        Takes the same time whether or not there is such an account.
        """
        with self._reading() as db:
            found = db.execute(_named(name)).one_or_none()
        password_hash = found.password_hash if found else None
        right = credentials.matches(password_hash, password)
        return _made(found) if found and right else None

    def set_password(self, name: str, password: str) -> None:
        """Set a password; ends the account's sessions and its open invitations.

        Raises
        ------
        BadAccount
            If there is no such account, or the password is too short or too long.
        """
        password_hash = credentials.hashed(password)
        with self._writing() as db:
            _change(db, name, {"password_hash": password_hash})
            _end(db, sessions, name)
            _end(db, invites, name)

    def invite(self, name: str, now: datetime) -> str:
        """Make a token that lets somebody into an account once; older ones end.

        It is good for `INVITATION`.

        Raises
        ------
        BadAccount
            If there is no such account.
        """
        with self._writing() as db:
            _end(db, invites, name)
            return _token(db, invites, name, now + INVITATION)

    def invited(self, token: str, now: datetime) -> Account | None:
        """Give whom a token of `invite` lets in, without using it up."""
        with self._reading() as db:
            return _bearer(db, invites, token, now, INVITATION)

    def redeem(
        self, token: str, now: datetime, password: str | None = None
    ) -> Account | None:
        """Use up a token of `invite`; None if it was used before, ended or is none.

        Raises
        ------
        BadAccount
            If a password is given that is too short or too long; the token is then
            still good.
        """
        password_hash = None if password is None else credentials.hashed(password)
        with self._writing() as db:
            account = _bearer(db, invites, token, now, INVITATION)
            if account:
                _end(db, invites, account.name)
            if account and password_hash:
                _change(db, account.name, {"password_hash": password_hash})
                _end(db, sessions, account.name)
            return account

    def open_session(self, name: str, now: datetime) -> str:
        """Sign somebody in for `SESSION` and give the token of it.

        Raises
        ------
        BadAccount
            If there is no such account.
        """
        with self._writing() as db:
            db.execute(delete(sessions).where(sessions.c.expires <= now))
            return _token(db, sessions, name, now + SESSION)

    def session(self, token: str, now: datetime) -> Account | None:
        """Give who is signed in with a token; None if nobody is any more."""
        with self._reading() as db:
            return _bearer(db, sessions, token, now, SESSION)

    def close_session(self, token: str) -> None:
        """Sign somebody out; nothing happens if nobody is signed in."""
        hashed = credentials.token_hash(token)
        with self._writing() as db:
            db.execute(delete(sessions).where(sessions.c.token_hash == hashed))


def account_key(db: Connection, name: str) -> str:
    """Give what an account is stored under; BadAccount if there is none."""
    if _account(db, name) is None:
        raise BadAccount(f"there is no account {name[: credentials.LONGEST_NAME]!a}")
    return credentials.name_key(name)


def _named(name: str) -> Any:
    return select(accounts).where(accounts.c.key == credentials.name_key(name))


def _account(db: Connection, name: str) -> Account | None:
    found = db.execute(_named(name)).one_or_none()
    return _made(found) if found else None


def _made(row: Row[Any]) -> Account:
    return Account(row.name, row.role, row.created)


def _change(db: Connection, name: str, values: dict[str, str]) -> None:
    key = account_key(db, name)
    db.execute(update(accounts).where(accounts.c.key == key).values(values))


def _token(db: Connection, table: Table, name: str, expires: datetime) -> str:
    token = credentials.new_token()
    db.execute(
        insert(table).values(
            token_hash=credentials.token_hash(token),
            account=account_key(db, name),
            expires=expires,
        )
    )
    return token


def _bearer(
    db: Connection, table: Table, token: str, now: datetime, lasts: timedelta
) -> Account | None:
    """Give whom a token lets in, one that `lasts` so long and was made before now."""
    found = db.execute(
        select(accounts)
        .join(table)
        .where(
            table.c.token_hash == credentials.token_hash(token),
            table.c.expires > now,
            table.c.expires <= now + lasts + SET_BACK,
        )
    ).one_or_none()
    return _made(found) if found else None


def _end(db: Connection, table: Table, name: str) -> None:
    db.execute(delete(table).where(table.c.account == credentials.name_key(name)))
