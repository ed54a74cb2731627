"""A file -> its text; a row of it, and the faults a row may have."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from annotator.errors import BadTrainingData

SHOWN: Final = 60
"""Characters of a wrong value that a message shows: enough to find it by."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a training file: where it stands and its values by field.

    Once read, `values` has the fields of a claims row, whatever the format; none
    of them is checked yet.
    """

    place: str
    values: dict[str, Any]

    def fault(self, what: str) -> BadTrainingData:
        """An error that says where it is."""
        return BadTrainingData(f"{self.place}: {what}")

    def within(self, name: str) -> Row:
        """The row, its place naming a part of it too."""
        return replace(self, place=f"{self.place}, {name}")

    def mapping(self, value: object, what: str) -> dict[str, Any]:
        """The value, which has to be an object."""
        if not isinstance(value, dict):
            raise self.fault(f"{what} is {shown(value)}, expected an object")
        return value

    def items(self, value: object, what: str) -> list[Any]:
        """The value, which has to be a list."""
        if not isinstance(value, list):
            raise self.fault(f"{what} is {shown(value)}, expected a list")
        return value


def shown(value: object) -> str:
    """A wrong value as a message shows it: quoted, on one line, not too long."""
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def plain(name: str) -> str:
    """A name as the codebook spells names.

    >>> plain(" Reported fact"), plain("Not-Body")
    ('reported_fact', 'not_body')
    """
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


def decoded(path: Path) -> str:
    """The text of a file in UTF-8, without its byte order mark.

    Raises
    ------
    BadTrainingData
        If the file is missing or in another encoding.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadTrainingData(
            f"{path} cannot be read: {error}; expected text in UTF-8"
        ) from error
