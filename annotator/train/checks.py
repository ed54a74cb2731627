"""A row of any format -> its values, checked.

Names may be spelt as people spell them: "Reported fact" is `reported_fact`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, get_args

from annotator.codebook import LABELS, NOT_BODY, SOURCE_KINDS
from annotator.records import MarkedSpan, Span, SpanLayer
from annotator.records.tags import Polarity, Voice
from annotator.train.formats.row import Row, plain, shown

MARKS: Final = (*LABELS, NOT_BODY)
BARE_ACCUSATION: Final = "bare_accusation"
"""Stands for a source kind in data where an accusation has no source at all."""


def text_of(row: Row) -> str:
    """The sentence."""
    text = _value(row, "text")
    if not isinstance(text, str) or not text.strip():
        raise row.fault(f"text is {shown(text)}, expected a sentence")
    if re.search("[\ud800-\udfff]", text):
        raise row.fault(f"text {shown(text)} holds half a character")
    return text


def label_of(row: Row) -> str:
    """One of the four labels, or `not_body`."""
    return _named(row, "label", _value(row, "label"), MARKS)


def accepted_of(row: Row, label: str) -> tuple[str, ...]:
    """The label, then the others that a careful reader could defend.

    A list, or in a table the names with ``|``, ``;`` or ``,`` between them.
    """
    given = row.values.get("accept") or []
    if isinstance(given, str):
        given = [name for name in re.split(r"[|;,]", given) if name.strip()]
    names = [_named(row, "accept", n, MARKS) for n in row.items(given, "accept")]
    return tuple(dict.fromkeys((label, *names)))


def source_kind_of(row: Row) -> str | None:
    """The source kind of the sentence as a whole."""
    kind = row.values.get("source_kind") or None
    if kind is None:
        return None
    return _named(row, "source_kind", kind, (*SOURCE_KINDS, BARE_ACCUSATION))


def word_of(row: Row, field: str) -> str | None:
    """A name or title; None where empty. A number becomes its digits."""
    value = row.values.get(field)
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise row.fault(f"{field} is {shown(value)}, expected a string")
    return str(value)


def number_of(row: Row, field: str) -> int | None:
    """A whole number, in figures or digits; None where there is none."""
    value = word_of(row, field)
    if value is None:
        return None
    if not re.fullmatch(r"\s*[0-9]{1,9}(\.0*)?\s*", value):
        raise row.fault(f"{field} {shown(row.values[field])}, expected a number")
    return int(float(value))


def context_of(row: Row) -> tuple[str, ...]:
    """The sentences before it in the article that are not labelled."""
    given = row.items(row.values.get("context") or [], "context")
    if not all(isinstance(text, str) for text in given):
        raise row.fault(f"context is {shown(given)}, expected a list of strings")
    return tuple(given)


def spans_of(row: Row, text: str) -> tuple[MarkedSpan, ...] | None:
    """Marked spans of the text, layer by layer or as attributions; None if unmarked."""
    given = {name: row.values.get(name) for name in _READERS}
    if all(items is None for items in given.values()):
        return None
    return tuple(
        span
        for name, items in given.items()
        for item in row.items(items or [], name)
        for span in _READERS[name](row, row.mapping(item, f"one of {name}"), text)
    )


def _flat(row: Row, item: Mapping[str, Any], text: str) -> Iterator[MarkedSpan]:
    layer = _one_of(row, "layer", item.get("layer"), get_args(SpanLayer))
    span = _span(row, [item.get("start"), item.get("end")], text)
    yield MarkedSpan(
        layer,
        span,
        _one_of(row, "kind", item.get("kind"), (*SOURCE_KINDS, None)),
        _one_of(row, "polarity", item.get("polarity"), (*get_args(Polarity), None)),
        _one_of(row, "voice", item.get("voice"), (*get_args(Voice), None)),
    )


def _attribution(row: Row, item: Mapping[str, Any], text: str) -> Iterator[MarkedSpan]:
    """Its spans; the first bears the source kind."""
    kind = _one_of(row, "kind", item.get("kind"), (*SOURCE_KINDS, None))
    layers: tuple[SpanLayer, ...] = ("source", "cue", "content")
    for layer in layers:
        if item.get(layer):
            yield MarkedSpan(layer, _span(row, item[layer], text), kind=kind)
            kind = None


def _loaded(row: Row, item: Mapping[str, Any], text: str) -> Iterator[MarkedSpan]:
    yield MarkedSpan(
        "loaded",
        _span(row, item.get("span"), text),
        polarity=_one_of(row, "polarity", item.get("polarity"), get_args(Polarity)),
        voice=_one_of(row, "voice", item.get("voice"), get_args(Voice)),
    )


_READERS: Final = {"spans": _flat, "attributions": _attribution, "loaded": _loaded}


def _span(row: Row, pair: object, text: str) -> Span:
    ends = row.items(pair, "a span")
    if [type(end) for end in ends] != [int, int]:
        raise row.fault(f"a span {shown(ends)}, expected [start, end]")
    if not 0 <= ends[0] < ends[1] <= len(text):
        raise row.fault(f"span {ends} outside a text of {len(text)}")
    return Span(*ends)


def _value(row: Row, field: str) -> object:
    if field not in row.values:
        raise row.fault(f"no field {field!r}, expected text and label")
    return row.values[field]


def _named(row: Row, field: str, value: object, names: Collection[str]) -> str:
    """A name of the codebook, however it is spelt."""
    if isinstance(value, str) and plain(value) in names:
        return plain(value)
    return str(_one_of(row, field, value, names))


def _one_of(row: Row, field: str, value: Any, names: Collection[Any]) -> Any:
    if isinstance(value, str | None) and value in names:
        return value
    expected = ", ".join(str(name) for name in names if name is not None)
    raise row.fault(f"{field} {shown(value)}, expected one of {expected}")
