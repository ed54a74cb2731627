"""Labels that changed -> a file of them: CSV, JSONL or Parquet, by its suffix."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final

from annotator.comparison.labels import Change
from annotator.export.tabular import cell
from annotator.store.parquet import Table
from annotator.store.tables import NUMBER, TEXT, Row, fields, schema

COLUMNS: Final = tuple(Change.__slots__)

Add = Callable[[Row], object]


def written(changes: Iterable[Change], out: Path) -> Iterator[Change]:
    """Pass changes on, each also written to a file; a few thousand are in memory.

    The file stands under its name once the last change was taken.

    Parameters
    ----------
    out
        Ends in one of `SUFFIXES`, in small or capital letters.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = out.with_name(f".{out.name}.partial")
    try:
        with _WRITERS[out.suffix.lower()](partial) as add:
            for change in changes:
                add(fields(change))
                yield change
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _csv(path: Path) -> Iterator[Add]:
    """Write cells that no spreadsheet takes for a formula, with a byte order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        yield lambda row: rows.writerow([cell(row[name]) for name in COLUMNS])


@contextmanager
def _jsonl(path: Path) -> Iterator[Add]:
    with path.open("w", encoding="ascii") as file:
        yield lambda row: file.write(json.dumps(row) + "\n")


@contextmanager
def _parquet(path: Path) -> Iterator[Add]:
    kinds = {n: NUMBER if n.startswith("confidence") else TEXT for n in COLUMNS}
    table = Table(path, schema(**kinds))
    try:
        yield table.add
        table.close()
    finally:
        table.discard()


_WRITERS: Final[dict[str, Callable[[Path], AbstractContextManager[Add]]]] = {
    ".csv": _csv,
    ".jsonl": _jsonl,
    ".parquet": _parquet,
}

SUFFIXES: Final = tuple(_WRITERS)
