"""Parquet -> one document a row."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

import pyarrow.parquet as pq

from annotator.errors import UnreadableInput
from annotator.ingest.document import Document, Options
from annotator.ingest.fields import (
    KNOWN_FIELDS,
    document_or_fault,
    has_text,
    no_text_field,
    plain_name,
)

_ROWS_AT_A_TIME = 16
"""Rows in memory at once: one may hold as much as a file may."""
_EXPANSION = 100
"""Characters of text for each byte of the file; prose has 3 to 10."""
_MAX_PARTS = 100_000
"""Columns or row groups: about a second of reading."""


def read_parquet(
    stream: BinaryIO, options: Options
) -> Iterator[Document | UnreadableInput]:
    """Read one record a row, only the columns that are known.

    Raises
    ------
    UnreadableInput
        Where it is no table, no column holds the text, or a few values that are
        stored once stand for far more text than the file can hold.
    """
    most = max(options.max_bytes, _EXPANSION * stream.seek(0, io.SEEK_END))
    characters = 0
    for number, record in enumerate(_parquet_records(stream, options), start=1):
        item = document_or_fault(record, number, f"row {number}: ", options)
        characters += len(item.text) if isinstance(item, Document) else 0
        if characters > most:
            raise UnreadableInput(
                f"expands to more than {most:,} characters: write it anew without "
                "repetitions, or raise the limit on bytes"
            )
        yield item


def _parquet_records(stream: BinaryIO, options: Options) -> Iterator[object]:
    """Yield rows as objects; every fault of the library is an `UnreadableInput`."""
    try:
        table = pq.ParquetFile(
            stream,
            pre_buffer=False,  # or it holds the whole file
            thrift_container_size_limit=_MAX_PARTS,
        )
        names = table.schema_arrow.names
        if not has_text(names):
            raise UnreadableInput(no_text_field(names, "column"))
        wanted = [name for name in names if plain_name(name) in KNOWN_FIELDS]
        for group in range(table.num_row_groups):
            _check_group(table.metadata.row_group(group), options.max_bytes)
        for batch in table.iter_batches(_ROWS_AT_A_TIME, columns=wanted):
            yield from batch.to_pylist()
    except UnreadableInput:
        raise
    except Exception as error:  # the library raises whatever a broken file makes it
        raise UnreadableInput(
            f"not a readable Parquet table: {error!r:.200}"
        ) from error


def _check_group(group: pq.RowGroupMetaData, max_bytes: int) -> None:
    """Refuse a row group that says it expands beyond the limit."""
    if group.total_byte_size > max_bytes:
        raise UnreadableInput(
            f"a row group of {group.total_byte_size:,} bytes: expected at most "
            f"{max_bytes:,}; write smaller row groups or raise the limit"
        )
