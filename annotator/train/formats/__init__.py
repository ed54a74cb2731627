"""A file of labelled sentences -> rows with the fields of the claims format.

    JSON Lines   an object a line: claims rows, or a doccano export
    JSON         a list: claims rows, or a Label Studio export
    table        CSV with a header, its fields split by , or ; or tab
    data set     a folder that `datasets` saved, or a Parquet file

Which it is is told from the content; a name that ends in .csv, .tsv, .jsonl or
.parquet settles it. A row that cannot be read is yielded as its error, in its
place, so that the others can still be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from annotator.errors import BadTrainingData
from annotator.train.formats.doccano import from_doccano, is_doccano
from annotator.train.formats.json_rows import read_json, read_json_lines
from annotator.train.formats.label_studio import from_label_studio, is_label_studio
from annotator.train.formats.row import Row, decoded
from annotator.train.formats.saved import is_saved, read_saved
from annotator.train.formats.table import read_table

__all__ = ["Row", "read_rows"]


def read_rows(path: Path) -> list[Row | BadTrainingData]:
    """Rows of a training file, in order.

    Raises
    ------
    BadTrainingData
        If the file as a whole cannot be read.
    """
    if is_saved(path):
        return list(read_saved(path))
    text = decoded(path)
    if _is_table(path, text):
        return list(read_table(path, text))
    lines = path.suffix.lower() == ".jsonl"
    return _claims_rows((read_json_lines if lines else read_json)(path, text))


def _is_table(path: Path, text: str) -> bool:
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        return True
    return suffix not in (".json", ".jsonl") and text.lstrip()[:1] not in ("{", "[")


def _claims_rows(
    read: Iterable[Row | BadTrainingData],
) -> list[Row | BadTrainingData]:
    """Rows of JSON, those of an annotation tool brought into the claims format.

    The first row says whose export it is.
    """
    rows = list(read)
    first = next((r.values for r in rows if isinstance(r, Row)), {})
    for told, convert in (
        (is_label_studio, from_label_studio),
        (is_doccano, from_doccano),
    ):
        if told(first):
            return _without_unused_spans(list(_converted(rows, convert)))
    return rows


def _converted(
    rows: Iterable[Row | BadTrainingData], convert: Callable[[Row], list[Row]]
) -> Iterator[Row | BadTrainingData]:
    for row in rows:
        try:
            yield from convert(row) if isinstance(row, Row) else [row]
        except BadTrainingData as fault:
            yield fault


def _without_unused_spans(
    rows: list[Row | BadTrainingData],
) -> list[Row | BadTrainingData]:
    """The rows; where no span is marked in any, spans are unknown and not absent."""
    if any(isinstance(r, Row) and r.values["spans"] for r in rows):
        return rows
    for row in rows:
        if isinstance(row, Row):
            del row.values["spans"]
    return rows
