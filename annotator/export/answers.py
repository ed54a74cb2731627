"""Records of a file of annotations -> what they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from reprlib import repr as shown
from typing import Final

from annotator.codebook import LABELS, LabelName
from annotator.errors import BadExchange
from annotator.export.items import digest, in_order
from annotator.export.parsing import Anchor, Record, Refused
from annotator.records import MarkedSpan

LONGEST_SITTING: Final = 86_400.0
"""Seconds; a tool that was left open for longer does not tell how long it took."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one person says of one sentence in a file.

    Attributes
    ----------
    line
        Of the file, from 1, where its record begins.
    label
        None where the sentence was skipped.
    spans
        Into `text`, in code points; None where the file says nothing of spans.
    reviewer, at
        None where the file does not say.
    """

    line: int
    text: str
    anchor: Anchor
    label: LabelName | None
    spans: tuple[MarkedSpan, ...] | None
    note: str = ""
    reviewer: str | None = None
    seconds: float = 0.0
    at: datetime | None = None

    @property
    def digest(self) -> str:
        """What `Item.settled` would be of it."""
        return digest(self.label, self.spans, self.note)


@dataclass(slots=True)
class Read:
    """What a file holds.

    Attributes
    ----------
    untouched
        Records that nobody annotated.
    unchanged
        Annotations that are what people had settled before the export.
    """

    answers: list[Answer] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    untouched: int = 0
    unchanged: int = 0


def read_records(
    records: Iterable[Record | Refused], answers_of: Callable[[Record, Read], None]
) -> Read:
    """Gather what each record answers; one that cannot be read is refused alone."""
    read = Read()
    for record in records:
        if isinstance(record, Refused):
            read.refused.append(record)
            continue
        try:
            answers_of(record, read)
        except BadExchange as e:
            read.refused.append(
                Refused(record.line, str(e), record.text("sentence_id"))
            )
    return read


def label_name(value: object) -> LabelName:
    """Read the name of a label.

    Raises
    ------
    BadExchange
        If the codebook has none of that name.
    """
    for label in LABELS:
        if value == label:
            return label
    raise BadExchange(f"got the label {shown(value)}, expected {', '.join(LABELS)}")


def one_label(values: object) -> LabelName | None:
    """Read a list that should hold one label; None of an empty one.

    Raises
    ------
    BadExchange
        If there are several, or something else than a list.
    """
    if not isinstance(values, list):
        raise BadExchange(f"got {shown(values)}, expected a list with one label")
    if len(values) > 1:
        raise BadExchange(f"got {len(values)} labels, expected one")
    return label_name(values[0]) if values else None


def whole(value: object, name: str) -> int:
    """Read a whole number.

    Raises
    ------
    BadExchange
        If it is none.
    """
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadExchange(f"got {shown(value)} as {name}, expected a whole number")
    return value


def unique(marks: Iterable[MarkedSpan]) -> tuple[MarkedSpan, ...]:
    """Put spans in order, each once."""
    return in_order(dict.fromkeys(marks))


def seconds(value: object) -> float:
    """Give how long something took; 0 where that is not known."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if 0 <= value <= LONGEST_SITTING else 0.0


def moment(value: object) -> datetime | None:
    """Read a time in ISO 8601 or in seconds since 1970; None of anything else."""
    try:
        if isinstance(value, str):
            read = datetime.fromisoformat(value)
            return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC) if isfinite(value) else None
    except (ValueError, OverflowError, OSError):
        return None
    return None
