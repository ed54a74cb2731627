"""A file exported from Label Studio as JSON -> what its annotations answer.

Label Studio counts offsets in code points (its own browser tests hold it to that);
releases before 1.4.1, and in part those from 1.8 to 1.13, counted UTF-16 units. Its
files carry the text of every region, and that decides how the offsets are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from reprlib import repr as shown
from typing import Any

from annotator.codebook import LabelName
from annotator.errors import BadExchange
from annotator.export.answers import (
    Answer,
    Read,
    moment,
    one_label,
    read_records,
    seconds,
    unique,
    whole,
)
from annotator.export.label_studio import NO_SPANS
from annotator.export.marks import mark
from annotator.export.offsets import from_utf16
from annotator.export.parsing import Record, Refused, json_array
from annotator.records import MarkedSpan, Span


def read(data: bytes) -> Read:
    """Read a file exported from Label Studio as JSON, an answer an annotation.

    Raises
    ------
    BadExchange
        If it is no list of tasks in JSON.
    """
    return read_records(json_array(data), _answers)


def _answers(task: Record, into: Read) -> None:
    """Read the annotations of a task; each stands or falls alone."""
    data = task.value.get("data")
    if not isinstance(data, dict):
        raise BadExchange("there is no `data`: export as JSON, not as JSON-MIN or CSV")
    sentence = Record(task.line, data)
    annotations = task.value.get("annotations")
    if not isinstance(annotations, list):
        raise BadExchange("there is no list of annotations")
    settled = sentence.text("settled")
    into.untouched += not annotations

    def one(annotation: Record, into: Read) -> None:
        nonlocal settled
        answer = _answer(sentence, annotation)
        if settled is not None and answer.digest == settled:
            into.unchanged, settled = into.unchanged + 1, None
        else:
            into.answers.append(answer)

    found = read_records(
        (Record(task.line, a if isinstance(a, dict) else {}) for a in annotations), one
    )
    name = sentence.text("sentence_id")
    into.answers += found.answers
    into.unchanged += found.unchanged
    into.refused += [Refused(r.line, r.reason, name) for r in found.refused]


def _answer(sentence: Record, annotation: Record) -> Answer:
    value = annotation.value
    text = sentence.sentence()
    cancelled = value.get("was_cancelled") is True
    label, spans, note = (None, None, "") if cancelled else _read_result(text, value)
    return Answer(
        annotation.line,
        text,
        sentence.anchor(),
        label,
        spans,
        note,
        reviewer=_who(value.get("completed_by")),
        seconds=seconds(value.get("lead_time")),
        at=moment(value.get("updated_at") or value.get("created_at")),
    )


def _read_result(
    text: str, annotation: dict[str, Any]
) -> tuple[LabelName, tuple[MarkedSpan, ...] | None, str]:
    """Read label, spans and note of an annotation."""
    result = annotation.get("result")
    if not isinstance(result, list):
        raise BadExchange("the annotation has no `result`")
    chosen: dict[str, object] = {}
    notes: list[str] = []
    regions: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for part in result:
        name, region, value = _part(part)
        if name in ("label", "spans"):
            chosen[name] = value.get("choices")
        elif name == "note":
            notes += _lines(value.get("text"))
        elif name == "layer":
            regions[region] |= {"at": value, "layers": value.get("labels")}
        elif name in ("kind", "polarity", "voice"):
            regions[region][name] = _one(value.get("choices"), name)
    label = one_label(chosen.get("label", []))
    if label is None:
        raise BadExchange("no label was chosen")
    marks = unique(m for told in regions.values() for m in _marks(text, told))
    nothing = chosen.get("spans") == [NO_SPANS]
    if nothing and marks:
        raise BadExchange(f"it has spans, and says {NO_SPANS!r}")
    return label, marks if marks or nothing else None, "\n".join(notes)


def _part(part: object) -> tuple[str, str, dict[str, Any]]:
    """Give name, region and value of a part of a result."""
    if isinstance(part, dict):
        name, region, value = (part.get(n) for n in ("from_name", "id", "value"))
        if isinstance(name, str) and isinstance(value, dict):
            return name, region if isinstance(region, str) else "", value
        if part.get("type") == "relation":
            return "", "", {}
    raise BadExchange(f"got {shown(part)} in a result, expected a region or a choice")


def _marks(text: str, told: dict[str, Any]) -> Iterator[MarkedSpan]:
    """Read a region: a span for each of its labels."""
    layers = told.get("layers")
    if not isinstance(layers, list) or not layers:
        raise BadExchange("a region has no label")
    span = _span(text, told["at"])
    for layer in layers:
        yield mark(span, {**told, "layer": layer})


def _span(text: str, at: dict[str, Any]) -> Span:
    """Read offsets in the unit in which they give the text of the region.

    Where both do, they are code points.

    Raises
    ------
    BadExchange
        If they do in neither, or if there is no such text and the units differ.
    """
    start, end = (whole(at.get(name), name) for name in ("start", "end"))
    readings = dict.fromkeys((Span(start, end), _in_code_points(text, start, end)))
    fitting = [s for s in readings if s and 0 <= s.start < s.end <= len(text)]
    told = at.get("text")
    if isinstance(told, str):
        fitting = [s for s in fitting if _bare(text[slice(*s)]) == _bare(told)]
        if not fitting:
            raise BadExchange(f"the text from {start} to {end} is not {shown(told)}")
    if not fitting:
        raise BadExchange(f"{start} to {end} is no span of this text")
    if len(readings) > 1 and not isinstance(told, str):
        raise BadExchange(
            f"{start} to {end} differs in code points and in UTF-16 units, and the "
            "region has no text to tell which they are"
        )
    return fitting[0]


def _in_code_points(text: str, start: int, end: int) -> Span | None:
    first, last = from_utf16(text, start), from_utf16(text, end)
    return None if first is None or last is None else Span(first, last)


def _bare(text: str) -> str:
    r"""Give a text without white space, which Label Studio writes in its own way.

    A line end comes back as a space, or as a backslash and an `n`.
    """
    return "".join(text.replace("\\n", " ").split())


def _one(values: object, name: str) -> str:
    if isinstance(values, list) and len(values) == 1 and isinstance(values[0], str):
        return values[0]
    raise BadExchange(f"got {shown(values)} as {name}, expected a list with one choice")


def _lines(value: object) -> list[str]:
    lines = value if isinstance(value, list) else [value]
    texts = [line for line in lines if isinstance(line, str)]
    if len(texts) < len(lines):
        raise BadExchange(f"got {shown(value)} as note, expected text")
    return texts


def _who(completed_by: object) -> str | None:
    """Name an annotator by mail address, or by the number Label Studio gave."""
    if isinstance(completed_by, dict):
        mail = completed_by.get("email")
        completed_by = mail if isinstance(mail, str) else completed_by.get("id")
    if isinstance(completed_by, int) and not isinstance(completed_by, bool):
        return f"label-studio-{completed_by}"
    return completed_by if isinstance(completed_by, str) and completed_by else None
