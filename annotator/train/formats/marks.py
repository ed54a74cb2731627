"""A text that people marked in a tool -> a row a labelled sentence.

A text may be one sentence with a label for the whole of it, or an article in which
each labelled sentence is marked by a span that bears the label's name. In both,
spans of the layers source, cue, content and loaded stand within the sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, get_args

from annotator.codebook import LABELS, NOT_BODY
from annotator.records import SpanLayer
from annotator.train.formats.row import Row, plain, shown

LAYERS: Final[tuple[str, ...]] = get_args(SpanLayer)
UNUSED: Final = ("hedge", "target")
"""Spans of the codebook that no model here learns; they are passed over."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A marked stretch of a text, in code points.

    `name` is a label, a layer, or one of `UNUSED`; `facts` are the kind, polarity
    and voice of a layer's span where known.
    """

    name: str
    start: int
    end: int
    facts: dict[str, str] = field(default_factory=dict)


def mark(row: Row, name: str, start: int, end: int) -> Mark:
    """A mark of the row's text, white space at its ends taken off.

    Raises
    ------
    BadTrainingData
        If the name is unknown, or nothing of the text is marked.
    """
    known = (*LAYERS, *UNUSED, *LABELS, NOT_BODY)
    if plain(name) not in known:
        raise row.fault(
            f"a span of type {shown(name)}, expected one of {', '.join(known)}"
        )
    text = row.values["text"]
    if not 0 <= start < end <= len(text):
        raise row.fault(f"span [{start}, {end}] outside a text of {len(text)}")
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    if not inside.strip():
        raise row.fault(f"span [{start}, {end}] marks nothing but white space")
    return Mark(plain(name), start, start + len(inside.strip()))


def sentence_rows(row: Row, marks: Sequence[Mark]) -> list[Row]:
    """A claims row for the text, or for each sentence marked in it.

    Raises
    ------
    BadTrainingData
        If the text has a label and sentences in it too, or neither, or a span
        stands in no sentence.
    """
    parts = [m for m in marks if m.name in (*LABELS, NOT_BODY)]
    layers = [m for m in marks if m.name in LAYERS]
    if "label" in row.values and parts:
        raise row.fault(
            f"a label for the whole text and {len(parts)} marked sentences in it, "
            "expected one or the other"
        )
    if "label" in row.values:
        return [Row(row.place, {**row.values, "spans": _shifted(layers, 0)})]
    if not parts:
        raise row.fault(f"no label, expected one of {', '.join((*LABELS, NOT_BODY))}")
    rows = list(_parts(row, sorted(parts, key=lambda m: m.start), layers))
    if sum(len(r.values["spans"]) for r in rows) != len(layers):
        raise row.fault("a span that is not within one marked sentence")
    return rows


def _parts(row: Row, parts: Sequence[Mark], layers: Sequence[Mark]) -> list[Row]:
    """Rows of the marked sentences, numbered so that gaps in the text show."""
    text = row.values["text"]
    article = str(row.values.get("article", row.values.get("id", row.place)))
    rows: list[Row] = []
    index, reached = 0, 0
    for part in parts:
        if part.start < reached:
            raise row.fault(f"two sentences marked at [{part.start}, {reached}]")
        index += bool(rows) + bool(text[reached : part.start].strip())
        reached = part.end
        inside = [m for m in layers if part.start <= m.start and m.end <= part.end]
        values = {
            **row.values,
            "id": f"{row.values.get('id', article)}:{index}",
            "article": article,
            "index": index,
            "text": text[part.start : part.end],
            "label": part.name,
            "spans": _shifted(inside, part.start),
        }
        rows.append(Row(f"{row.place}, sentence {len(rows) + 1}", values))
    return rows


def _shifted(marks: Sequence[Mark], by: int) -> list[dict[str, Any]]:
    return [
        {"layer": m.name, "start": m.start - by, "end": m.end - by, **m.facts}
        for m in marks
    ]
