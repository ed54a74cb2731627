"""Records worked out from a finished results folder -> tables beside its own.

They can be written again at any time: each replaces the one before it, whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pyarrow as pa
from filelock import FileLock, Timeout

from annotator.errors import BadResults
from annotator.store.events import EVENT_SCHEMAS
from annotator.store.folder import LOCK
from annotator.store.profiles import PROFILE_SCHEMAS
from annotator.store.sources import SOURCE_SCHEMAS
from annotator.store.tables import SCHEMAS, WHOLE, Row
from annotator.store.writer import Table

BY_PEOPLE: Final = "labels_by_people"
"""Column that says how many of the labels behind a row people gave."""

_BY_PEOPLE: Final = pa.field(BY_PEOPLE, WHOLE)

DERIVED: Final[dict[str, pa.Schema]] = {
    **SOURCE_SCHEMAS,
    **EVENT_SCHEMAS,
    **PROFILE_SCHEMAS,
    "profiles": PROFILE_SCHEMAS["profiles"].append(_BY_PEOPLE),
    "outlets": SCHEMAS["outlets"].append(_BY_PEOPLE),
}


def write_derived(
    path: Path,
    tables: Mapping[str, Iterable[Row]],
    schemas: Mapping[str, pa.Schema] = DERIVED,
) -> None:
    """Write derived tables, all or none.

    Parameters
    ----------
    path
        A results folder.
    tables
        Rows by the name of their table.
    schemas
        Of the tables, by name.

    Raises
    ------
    BadResults
        If the folder is being written by another run.
    """
    lock = FileLock(path / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise BadResults(
            f"{path} is being written by another run; wait for it"
        ) from None
    written = {path / f"{n}.parquet": path / f".{n}.parquet.new" for n in tables}
    try:
        with ExitStack() as open_tables:
            for (name, rows), new in zip(tables.items(), written.values(), strict=True):
                table = Table(new, schemas[name])
                open_tables.callback(table.discard)
                for row in rows:
                    table.add(row)
                table.close()
        for final, new in written.items():
            new.replace(final)
    finally:
        for new in written.values():
            new.unlink(missing_ok=True)
        lock.release()
        (path / LOCK).unlink(missing_ok=True)
