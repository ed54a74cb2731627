"""Sentences <-> JSONL of Prodigy, for its `choice` and `spans_manual` interfaces.

Offsets are code points. What people settled goes out as accepted; what the machine
says goes out without an answer, which only Prodigy gives.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from reprlib import repr as shown
from typing import Any, Final

from annotator.codebook import LABELS, LabelName
from annotator.errors import BadExchange
from annotator.export.answers import (
    Answer,
    Read,
    label_name,
    moment,
    one_label,
    read_records,
    unique,
    whole,
)
from annotator.export.items import Item, facts
from annotator.export.marks import attributes, mark
from annotator.export.parsing import Record, json_lines
from annotator.records import MarkedSpan, Span

OPTIONS: Final = [{"id": label, "text": label.replace("_", " ")} for label in LABELS]


def rows(items: Iterable[Item]) -> Iterator[str]:
    """Write a sentence a line."""
    for item in items:
        told = facts(item)
        shown_on_card = ("sentence_id", "outlet", "published", "labelled_by")
        row: dict[str, Any] = {
            "text": item.text,
            "meta": {name: told[name] for name in shown_on_card},
            "spans": [
                {**m.span._asdict(), "label": m.layer, **attributes(m)}
                for m in item.spans
            ],
            "label": item.label,
            "score": None if item.verdict else item.machine.confidence,
            "options": OPTIONS,
            "accept": [item.label],
            "note": item.note,
            **told,
        }
        if item.verdict:
            row["answer"] = "accept"
        yield json.dumps(row) + "\n"


def read(data: bytes) -> Read:
    """Read a JSONL file as `prodigy db-out` writes it, an answer a line.

    An answer "ignore" is a skip. "reject" says that a label is wrong and not which is
    right, and is refused.

    Raises
    ------
    BadExchange
        If it is not UTF-8.
    """
    return read_records(json_lines(data), _answer)


def _answer(row: Record, into: Read) -> None:
    given = row.value.get("answer")
    if given is None:
        into.untouched += 1
        return
    if given not in ("accept", "ignore"):
        raise BadExchange(
            f"got the answer {shown(given)}, which does not say what label is right; "
            "expected accept or ignore"
        )
    ignored = given == "ignore"
    text = row.sentence()
    answer = Answer(
        row.line,
        text,
        row.anchor(),
        None if ignored else _label(row.value),
        None if ignored else _spans(text, row.value.get("spans")),
        row.text("note") or "",
        reviewer=row.text("_annotator_id") or row.text("_session_id"),
        at=moment(row.value.get("_timestamp")),
    )
    if answer.digest == row.text("settled"):
        into.unchanged += 1
    else:
        into.answers.append(answer)


def _label(row: dict[str, Any]) -> LabelName:
    """Give the option chosen, or the label of a card that had none to choose."""
    if "accept" in row:
        label = one_label(row["accept"])
        if label is None:
            raise BadExchange("no label was chosen")
        return label
    return label_name(row.get("label"))


def _spans(text: str, spans: object) -> tuple[MarkedSpan, ...] | None:
    if spans is None:
        return None
    if not isinstance(spans, list) or not all(isinstance(s, dict) for s in spans):
        raise BadExchange(f"got {shown(spans)} as spans, expected a list of objects")
    return unique(_mark(text, span) for span in spans)


def _mark(text: str, told: dict[str, Any]) -> MarkedSpan:
    start, end = (whole(told.get(name), name) for name in ("start", "end"))
    if not 0 <= start < end <= len(text):
        raise BadExchange(f"{start} to {end} is no span of this text")
    return mark(Span(start, end), {**told, "layer": told.get("label")})
