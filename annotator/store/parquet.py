"""Rows -> one Parquet file, a row group at a time, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from annotator.store.folder import without_surrogates
from annotator.store.tables import Row

ROWS_IN_MEMORY: Final = 4096
CHARACTERS_IN_MEMORY: Final = 4_000_000
"""A row group is written when either is reached: enough rows to compress well,
and a bound on memory where articles are long."""


def open_table(path: Path) -> pq.ParquetFile:
    """Open a file whose batches are read as they are asked for.

    The library's default holds the whole compressed file from the first batch on.
    """
    return pq.ParquetFile(path, pre_buffer=False)


class Table:
    """A Parquet file being written."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._file = pq.ParquetWriter(path, schema, compression="zstd")
        self._rows: list[Row] = []
        self._characters = 0

    def add(self, row: Row) -> None:
        """Add a row; rows are written some thousands at a time."""
        self._rows.append(row)
        self._characters += len(row.get("text") or "")
        if (
            len(self._rows) >= ROWS_IN_MEMORY
            or self._characters >= CHARACTERS_IN_MEMORY
        ):
            self._flush()

    def close(self) -> None:
        """Write what is still in memory, and end the file."""
        if self._rows:
            self._flush()
        self._file.close()

    def discard(self) -> None:
        """Close without writing what is still in memory; harmless once closed."""
        self._rows.clear()
        self._file.close()

    def _flush(self) -> None:
        try:
            batch = pa.Table.from_pylist(self._rows, self._schema)
        except UnicodeEncodeError:
            batch = pa.Table.from_pylist(_storable(self._rows), self._schema)
        self._file.write_table(batch)
        self._rows, self._characters = [], 0


def _storable(value: Any) -> Any:
    """Rid every string in rows of lone surrogates."""
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, list):
        return [_storable(v) for v in value]
    if isinstance(value, dict):
        return {k: _storable(v) for k, v in value.items()}
    return value
