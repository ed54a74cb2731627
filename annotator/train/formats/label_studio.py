"""Tasks of a Label Studio export -> claims rows.

What people annotated counts, never `predictions`. Choices give the label of the
text; labels give spans, whose offsets count UTF-16 units; choices on a span give
its source kind, polarity or voice. Of several people's labels the ground truth
holds, else that of most of them, and the others are taken as defensible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from annotator.codebook import LABELS, NOT_BODY, SOURCE_KINDS
from annotator.train.formats.marks import Mark, mark, sentence_rows
from annotator.train.formats.row import Row, plain, shown

FACTS: Final[Mapping[str, tuple[str, str]]] = {
    **{kind: ("kind", kind) for kind in SOURCE_KINDS},
    "+": ("polarity", "+"),
    "positive": ("polarity", "+"),
    "-": ("polarity", "-"),
    "negative": ("polarity", "-"),
    "outlet": ("voice", "outlet"),
    "quoted": ("voice", "quoted"),
}
"""What a choice on a span says of it."""

ANNOTATED: Final = ("label", "accept", "source_kind", "spans")
"""Fields of a claims row that only annotations may fill."""


def is_label_studio(values: Mapping[str, Any]) -> bool:
    """Whether a row is a task with its data apart from what was annotated."""
    return "data" in values and ("annotations" in values or "predictions" in values)


def from_label_studio(row: Row) -> list[Row]:
    """The claims rows of one task; none if nobody has annotated it.

    Raises
    ------
    BadTrainingData
        If it is not laid out as Label Studio does, its people disagree evenly, or
        a span's text is not what stands at its offsets.
    """
    task = row.within(f"task {shown(row.values.get('id'))}")
    data = task.mapping(row.values.get("data"), "data")
    if not isinstance(data.get("text"), str):
        raise task.fault(f"data.text is {shown(data.get('text'))}, expected a string")
    results = [
        [task.mapping(r, "a result") for r in task.items(a["result"], "result")]
        for a in _annotations(task)
        if a.get("result")
    ]
    if not results:
        return []
    labels = [_label(task, result) for result in results]
    if len(results) > 1 and not any(labels):
        raise task.fault(
            f"{len(results)} people marked sentences: mark one annotation as ground "
            "truth"
        )
    known = {k: v for k, v in data.items() if k not in ANNOTATED}
    given = {"id": str(row.values.get("id")), **known, **_agreed(task, labels)}
    task = Row(task.place, given)
    chosen = results[labels.index(task.values.get("label"))]
    return sentence_rows(task, list(_marks(task, chosen)))


def _annotations(task: Row) -> list[dict[str, Any]]:
    """What people handed in; the ground truth alone if there is one."""
    every = [
        task.mapping(a, "an annotation")
        for a in task.items(task.values.get("annotations") or [], "annotations")
    ]
    done = [a for a in every if not a.get("was_cancelled")]
    return [a for a in done if a.get("ground_truth")][:1] or done


def _label(task: Row, results: Sequence[dict[str, Any]]) -> str | None:
    """The label one person chose for the text; None if sentences are marked in it."""
    regions = {_region(r) for r in results if str(r.get("type")).endswith("labels")}
    chosen = [
        choice
        for r in results
        if r.get("type") == "choices" and _region(r) not in regions
        for choice in _names(task, r, "choices")
    ]
    labels = [c for c in chosen if plain(c) in (*LABELS, NOT_BODY)]
    if len(labels) > 1:
        raise task.fault(f"the choices {shown(labels)}, expected one label")
    if chosen and not labels:
        raise task.fault(
            f"the choices {shown(chosen)}, expected one of "
            f"{', '.join((*LABELS, NOT_BODY))}"
        )
    return plain(labels[0]) if labels else None


def _agreed(task: Row, labels: Sequence[str | None]) -> dict[str, Any]:
    """The label that most people gave, and all that were given."""
    votes = Counter(label for label in labels if label)
    if not votes:
        return {}
    (label, most), *others = votes.most_common()
    if others and others[0][1] == most:
        raise task.fault(
            f"as many people say {label} as {others[0][0]}: mark one annotation as "
            "ground truth"
        )
    return {"label": label, "accept": list(votes)}


def _marks(task: Row, results: Sequence[dict[str, Any]]) -> Iterator[Mark]:
    facts: dict[str, dict[str, str]] = {}
    for result in results:
        if result.get("type") == "choices":
            for choice in _names(task, result, "choices"):
                if fact := FACTS.get(choice.strip(), FACTS.get(plain(choice))):
                    facts.setdefault(_region(result), {}).update([fact])
    for result in results:
        kind = str(result.get("type"))
        if kind.endswith("labels") and kind != "labels":
            raise task.fault(f"a region of type {shown(kind)}, expected labels on Text")
        if kind == "labels":
            start, end = _code_points(task, task.mapping(result.get("value"), "value"))
            for name in _names(task, result, "labels"):
                found = mark(task, name, start, end)
                yield replace(found, facts=facts.get(_region(result), {}))


def _region(result: dict[str, Any]) -> str:
    """What a region and the choices made on it have in common."""
    return str(result.get("id", id(result)))


def _names(task: Row, result: dict[str, Any], key: str) -> list[str]:
    value = task.mapping(result.get("value"), "value")
    names = task.items(value.get(key), key)
    if not all(isinstance(name, str) for name in names):
        raise task.fault(f"{key} is {shown(names)}, expected a list of strings")
    return names


def _code_points(task: Row, value: dict[str, Any]) -> tuple[int, int]:
    """Where a region's UTF-16 offsets stand in the text, checked against its copy."""
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int:
        raise task.fault(
            f"a span from {shown(start)} to {shown(end)}, expected numbers"
        )
    text: str = task.values["text"]
    units = text.encode("utf-16-le", "surrogatepass")
    if not 0 <= start < end <= len(units) // 2:
        raise task.fault(f"span [{start}, {end}] outside a text of {len(units) // 2}")
    try:
        before, inside = (
            units[2 * a : 2 * b].decode("utf-16-le")
            for a, b in ((0, start), (start, end))
        )
    except UnicodeDecodeError as error:
        raise task.fault(f"span [{start}, {end}] cuts a character in two") from error
    copy = value.get("text")
    if isinstance(copy, str) and copy.split() != inside.split():
        raise task.fault(
            f"span [{start}, {end}] is {shown(inside)}, but its text {shown(copy)}"
        )
    return len(before), len(before) + len(inside)
