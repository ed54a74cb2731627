"""A results folder or a database's URL -> transactions in it, one writer at a time."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import uniform
from threading import Condition
from time import monotonic, sleep
from typing import Any, Final, Self
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from annotator.errors import BadResults
from annotator.store.reviews.migrations import migrate, pending

FILE: Final = "review.db"
PATIENCE: Final = 30
"""Seconds a writer waits for its turn; see `benchmarks/review_store.py`."""
ASK_AGAIN: Final = (0.001, 0.008)
"""Seconds between two questions for the turn to write; a commit takes about as long."""
TURN: Final = 0x616E6E6F
"""Names the turn to write among PostgreSQL's advisory locks of a database."""

PRIMARY: Final = 0xFF
"""Of SQLite's error codes; what is above it tells more."""
OUT_OF_SPACE: Final = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
"""A quota that is used up is of the second kind."""
DISK_FULL: Final = "53100"
"""PostgreSQL documentation, appendix A: Error Codes."""
MAKE_ROOM: Final = "what was decided before is kept; make room on its disk"

UNREACHABLE: Final = (InterfaceError, OperationalError, PoolTimeout)
"""What is raised where the fault is not this program's."""


class Turns:
    """A lock that threads get in the order they came; `threading.Lock` starves some."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._came = 0
        self._served = 0

    def __enter__(self) -> None:
        with self._changed:
            ticket = self._came
            self._came += 1
            self._changed.wait_for(lambda: self._served == ticket)

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._served += 1
            self._changed.notify_all()


class Database:
    """An open database, migrated to the newest version; close it after use.

    Writers take turns, also those of other processes: decisions become visible in the
    order of their numbers of arrival, and whoever has read up to one misses none.

    Raises
    ------
    BadResults
        From any method, if the database cannot be reached or is damaged.
    """

    def __init__(self, url: URL) -> None:
        self._url = url
        self._engine = _engine(url)
        self._writer = self._engine.execution_options(writes=True)
        self._turns = Turns()
        try:
            with self._explained((DBAPIError, PoolTimeout)):
                self._migrate()
        except BadResults:
            self.close()
            raise

    def close(self) -> None:
        """Let go of all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._explained(), self._engine.begin() as db:
            yield db

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """Wait for the turn to write; what is written is on the disk afterwards."""
        # Threads wait here, where they hold no connection that readers could use.
        with self._turns, self._explained(), self._writer.begin() as db:
            if db.dialect.name == "postgresql":
                db.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": TURN})
            yield db

    def _migrate(self) -> None:
        with self._reading() as db:
            if db.dialect.name == "postgresql":
                _refuse_unless_unicode(db)
            if not pending(db):
                return
        with self._writing() as db:
            migrate(db)

    @contextmanager
    def _explained(
        self, errors: tuple[type[Exception], ...] = UNREACHABLE
    ) -> Iterator[None]:
        """Turn what is wrong with the database itself into one line."""
        try:
            yield
        except errors as e:
            raise BadResults(f"{_place(self._url)}: {_reason(e, self._url)}") from e


def url_of(where: Path | str, reading: bool = False) -> URL:
    """Give the URL of a review.

    Parameters
    ----------
    where
        A results folder, whose review is its `review.db`, made if there is none and
        readable by its owner only; or the URL of a PostgreSQL or SQLite database.
    reading
        Whether nothing is to be written: a folder that nobody may write will do then.

    Raises
    ------
    BadResults
        If the folder is not there or the URL is none of these; passwords are not said.
    """
    if isinstance(where, str) and "://" in where:
        return _checked(where)
    folder = Path(where)
    if not folder.is_dir():
        raise BadResults(f"there is no results folder {folder}")
    file = folder / FILE
    if reading and file.exists() and not os.access(folder, os.W_OK):
        return _read_only(file)
    try:
        file.touch(mode=0o600)
    except OSError as e:
        raise BadResults(
            f"{file} cannot be written: {e.strerror}; mend that, or keep decisions "
            "elsewhere with --db sqlite:///FILE"
        ) from e
    return URL.create("sqlite", database=str(file))


def _read_only(file: Path) -> URL:
    """Give the URL of a database beside which SQLite can put no file of its own."""
    cut = file.with_name(f"{FILE}-wal").exists()  # by a kill: what it holds counts
    how = {"mode": "ro"} if cut else {"immutable": "1"}
    name = f"file:{quote(str(file))}"
    return URL.create("sqlite", database=name, query={**how, "uri": "true"})


def _checked(where: str) -> URL:
    try:
        url = make_url(where)
    except (ArgumentError, ValueError):
        # The reason may repeat a part of the password.
        raise BadResults(
            "the URL of the database cannot be read; expected "
            "postgresql://name:password@host/database, with %40 for an @ in the "
            "password and the like"
        ) from None
    if url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        patience = {"connect_timeout": "10"} | dict(url.query)
        return url.set(drivername="postgresql+psycopg", query=patience)
    if url.drivername == "sqlite" and url.database not in {None, "", ":memory:"}:
        return url
    raise BadResults(
        f"got the URL of a {url.drivername!a} database, expected "
        "postgresql://name:password@host/database or sqlite:///file"
    )


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        # A snapshot of the whole transaction would hide what others wrote while it
        # waited for its turn.
        return create_engine(
            url,
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            hide_parameters=True,
        )
    engine = create_engine(
        url, connect_args={"timeout": PATIENCE}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Make SQLite keep what it acknowledged, also when the power fails."""
    connection.isolation_level = None  # this module begins transactions, not the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(db: Connection) -> None:
    """Take the turn before reading: one who had read first could not get it any more.

    SQLite itself asks ever less often the longer one waits, so that among many writers
    some wait for ever; here all ask alike.
    """
    if not db.get_execution_options().get("writes"):
        db.exec_driver_sql("BEGIN")
        return
    driver: sqlite3.Connection = db.connection.driver_connection  # type: ignore[assignment]
    until = monotonic() + PATIENCE
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while not _begun(driver) and monotonic() < until:
            sleep(uniform(*ASK_AGAIN))  # noqa: S311 no secret
        if not driver.in_transaction:
            db.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={PATIENCE * 1000}")


def _begun(driver: sqlite3.Connection) -> bool:
    """Try to take the turn; False if it is another's."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as e:
        return e.sqlite_errorcode != sqlite3.SQLITE_BUSY
    return True


def _refuse_unless_unicode(db: Connection) -> None:
    encoding = db.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise BadResults(
            f"{_place(db.engine.url)} keeps text as {encoding}, expected UTF8; make a "
            "database WITH ENCODING 'UTF8' TEMPLATE template0"
        )


def _place(url: URL) -> str:
    """Name a database without what may be secret."""
    bare = URL.create(
        url.get_backend_name(), host=url.host, port=url.port, database=url.database
    )
    return f"the review's database {bare.render_as_string()} cannot be used"


def _reason(error: Exception, url: URL) -> str:
    """Give the driver's own words in one line, with no password, and what to do."""
    cause = getattr(error, "orig", error)
    words = " ".join(str(cause).split())
    for secret in (url.password, url.query.get("password")):
        if secret:
            words = words.replace(str(secret), "***")
    full = (
        getattr(cause, "sqlite_errorcode", 0) & PRIMARY in OUT_OF_SPACE
        or getattr(cause, "sqlstate", None) == DISK_FULL
    )
    return f"{words[:300]}; {MAKE_ROOM}" if full else words[:300]
