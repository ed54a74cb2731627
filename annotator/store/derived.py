"""Records worked out from a finished results folder -> tables beside its own.

They can be written again at any time: each replaces the one before it, whole.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pyarrow as pa

from annotator.store.commit import commit, locked, stage, writing
from annotator.store.events import EVENT_SCHEMAS
from annotator.store.parquet import Table
from annotator.store.profiles import PROFILE_SCHEMAS
from annotator.store.sources import SOURCE_SCHEMAS
from annotator.store.tables import SCHEMAS, WHOLE, Row

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
        If the folder is being written by another run, or cannot be written.
    """
    with writing(path), locked(path), ExitStack() as open_tables:
        staged = stage(path)
        open_tables.callback(shutil.rmtree, staged, ignore_errors=True)
        for name, rows in tables.items():
            table = Table(staged / f"{name}.parquet", schemas[name])
            open_tables.callback(table.discard)
            for row in rows:
                table.add(row)
            table.close()
        commit(path)
