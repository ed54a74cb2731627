"""Sentences <-> JSONL of doccano, for "Intent Detection and Slot Filling" projects.

That is the one project type of doccano that holds a label of the whole text (`cats`)
and spans (`entities`). Fields besides these come back as they went.

Its page counts UTF-16 units, as JavaScript does (doccano issue 2290), and so do these
files; "Count grapheme clusters as one character" must be off. The machine's label
stands beside and not in `cats`, since doccano does not tell a label that was confirmed
from one that nobody looked at.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from reprlib import repr as shown
from typing import Any

from annotator.codebook import LabelName
from annotator.errors import BadExchange
from annotator.export.answers import (
    Answer,
    Read,
    one_label,
    read_records,
    unique,
    whole,
)
from annotator.export.items import Item, facts
from annotator.export.marks import mark, type_of, typed
from annotator.export.offsets import from_utf16, to_utf16
from annotator.export.parsing import Record, json_lines
from annotator.records import MarkedSpan, Span


def rows(items: Iterable[Item]) -> Iterator[str]:
    """Write a sentence a line."""
    for item in items:
        entities = [
            [
                to_utf16(item.text, marked.span.start),
                to_utf16(item.text, marked.span.end),
                type_of(marked),
            ]
            for marked in item.spans
        ]
        row = {
            "text": item.text,
            "cats": [item.label] if item.verdict else [],
            "entities": entities,
            "note": item.note,
        }
        # doccano reads a data frame, in which a missing value is none of JSON.
        told = {n: "" if v is None else v for n, v in facts(item).items()}
        yield json.dumps(row | told) + "\n"


def read(data: bytes) -> Read:
    """Read a JSONL file exported from doccano, an answer a line.

    Files of text classification projects (`label`, a list of names) give labels alone.

    Raises
    ------
    BadExchange
        If it is not UTF-8.
    """
    return read_records(json_lines(data), _answer)


def _answer(row: Record, into: Read) -> None:
    text = row.sentence()
    label, entities = _label_and_entities(row.value)
    if label is None:
        into.untouched += 1
        return
    spans = None if entities is None else unique(_mark(text, e) for e in entities)
    answer = Answer(row.line, text, row.anchor(), label, spans, _note(row))
    if answer.digest == row.text("settled"):
        into.unchanged += 1
    else:
        into.answers.append(answer)


def _label_and_entities(
    row: dict[str, Any],
) -> tuple[LabelName | None, list[Any] | None]:
    """Give the label and the spans as they stand, whatever the type of project."""
    entities = row.get("entities")
    if entities is not None and not isinstance(entities, list):
        raise BadExchange(f"got {shown(entities)} as entities, expected a list")
    names = row.get("cats", row.get("label", []))
    if isinstance(names, list) and any(isinstance(each, list) for each in names):
        raise BadExchange(
            "it has spans and no label of the sentence: use a project of the type "
            "Intent Detection and Slot Filling"
        )
    return one_label(names), entities


def _mark(text: str, entity: object) -> MarkedSpan:
    """Read a span: start, end and type in a list or in an object."""
    if isinstance(entity, dict):
        entity = [entity.get(n) for n in ("start_offset", "end_offset", "label")]
    if not isinstance(entity, list) or len(entity) != 3:
        raise BadExchange(
            f"got {shown(entity)}, expected start, end and type of a span"
        )
    start, end, name = entity
    if not isinstance(name, str):
        raise BadExchange(f"got {shown(name)} as type of a span, expected text")
    ends = (from_utf16(text, whole(at, "offset")) for at in (start, end))
    first, last = ends
    if first is None or last is None or first >= last:
        raise BadExchange(
            f"{start} to {end} is no span of this text in UTF-16 units: it goes past "
            "its end, or begins or ends inside a character"
        )
    return mark(Span(first, last), typed(name))


def _note(row: Record) -> str:
    """Give the comments made in doccano, else the note that went out."""
    comments = row.value.get("Comments")
    if isinstance(comments, list) and comments:
        if not all(isinstance(line, str) for line in comments):
            raise BadExchange(f"got {shown(comments)} as comments, expected texts")
        return "\n".join(comments)
    return row.text("note") or ""
