"""Rows of a doccano export -> claims rows.

Text classification, sequence labelling and relation projects; doccano counts code
points. What is in `meta` is taken as fields of the row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from annotator.train.formats.marks import Mark, mark, sentence_rows
from annotator.train.formats.row import Row, shown

MARKED: Final = ("label", "labels", "entities", "cats")


def is_doccano(values: Mapping[str, Any]) -> bool:
    """Whether a row's labels are in a list, as doccano exports them."""
    return any(isinstance(values.get(name), list) for name in MARKED)


def from_doccano(row: Row) -> list[Row]:
    """The claims rows of one row; none if nobody has labelled it.

    Raises
    ------
    BadTrainingData
        If it is not laid out as doccano does.
    """
    if not isinstance(row.values.get("text"), str):
        raise row.fault(f"text is {shown(row.values.get('text'))}, expected a string")
    given = [
        item for name in MARKED for item in row.items(row.values.get(name) or [], name)
    ]
    if not given:
        return []
    values = {k: v for k, v in row.values.items() if k not in (*MARKED, "meta")}
    meta = row.mapping(row.values.get("meta") or {}, "meta")
    meta = {k: v for k, v in meta.items() if k not in MARKED}
    labels = [item for item in given if isinstance(item, str)]
    if len(labels) > 1:
        raise row.fault(f"the labels {shown(labels)}, expected one")
    bare = Row(
        row.place, {**meta, **values, **({"label": labels[0]} if labels else {})}
    )
    return sentence_rows(bare, list(_marks(bare, given)))


def _marks(row: Row, given: list[Any]) -> Iterator[Mark]:
    for item in given:
        if isinstance(item, str):
            continue
        if isinstance(item, dict):
            found: list[Any] = [
                item.get(k) for k in ("start_offset", "end_offset", "label")
            ]
        else:
            found = row.items(item, "a span")
        if [type(value) for value in found] != [int, int, str]:
            raise row.fault(f"a span {shown(item)}, expected [start, end, type]")
        start, end, name = found
        yield mark(row, name, start, end)
