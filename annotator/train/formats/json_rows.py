"""JSON or JSON Lines -> a row an object."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from annotator.errors import BadTrainingData
from annotator.train.formats.row import Row


def read_json(path: Path, text: str) -> Iterator[Row | BadTrainingData]:
    """Rows of a list of objects or of one object; of JSON Lines where it is neither."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        if text.lstrip()[:1] == "[":
            raise BadTrainingData(f"{path}: not JSON: {_fault(error)}") from error
        yield from read_json_lines(path, text)
        return
    for number, item in enumerate(value if isinstance(value, list) else [value], 1):
        place = f"{path}, row {number}"
        if isinstance(item, dict):
            yield Row(place, item)
        else:
            yield BadTrainingData(f"{place}: {_no_object(item)}")


def read_json_lines(path: Path, text: str) -> Iterator[Row | BadTrainingData]:
    """Rows of the lines that are not blank; a row's number is that of its line."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except (ValueError, RecursionError) as error:
            yield BadTrainingData(f"{path}:{number}: not JSON: {_fault(error)}")
            continue
        if isinstance(item, dict):
            yield Row(f"{path}, row {number}", item)
        else:
            yield BadTrainingData(f"{path}:{number}: {_no_object(item)}")


def _no_object(item: object) -> str:
    return f"got {type(item).__name__}, expected an object"


def _fault(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    return str(error)
