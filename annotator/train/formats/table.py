"""A CSV table with a header -> a row a record.

Rows are counted as a spreadsheet counts them: the header is row 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from annotator.errors import BadTrainingData
from annotator.train.formats.row import Row, shown

DELIMITERS: Final = ",;\t"
NEEDED: Final = {"text", "label"}


def read_table(path: Path, text: str) -> Iterator[Row | BadTrainingData]:
    """Rows by the names in the header; empty cells are left out.

    Raises
    ------
    BadTrainingData
        If no delimiter gives a header with the columns text and label.
    """
    delimiter, names = _header(path, text)
    for number, record in _records(text, delimiter):
        place = f"{path}, row {number}"
        if isinstance(record, csv.Error):
            yield BadTrainingData(f"{place}: {record}: is a quotation mark not closed?")
        elif number == 1 or not any(cell.strip() for cell in record):
            continue
        elif len(record) > len(names) and any(record[len(names) :]):
            yield BadTrainingData(
                f"{place}: {len(record)} fields, expected {len(names)}: is a "
                "delimiter in the text not quoted?"
            )
        else:
            cells = zip(names, record, strict=False)
            yield Row(place, {name: cell for name, cell in cells if cell.strip()})


def _header(path: Path, text: str) -> tuple[str, list[str]]:
    """The delimiter, and the names of the columns in small letters."""
    headers = {d: _names(text, d) for d in DELIMITERS}
    for delimiter, names in headers.items():
        if set(names) >= NEEDED:
            twice = {name for name in names if name and names.count(name) > 1}
            if twice:
                raise BadTrainingData(f"{path}: two columns {shown(min(twice))}")
            return delimiter, names
    likeliest = max(headers.values(), key=len)
    raise BadTrainingData(
        f"{path}: its header has the columns {shown(', '.join(likeliest))}, expected "
        "text and label among them"
    )


def _names(text: str, delimiter: str) -> list[str]:
    _, first = next(_records(text, delimiter), (1, []))
    return [] if isinstance(first, csv.Error) else [n.strip().lower() for n in first]


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Numbered records; one that breaks the rules as its error."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield number, error
