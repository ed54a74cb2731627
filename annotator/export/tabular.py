"""Sentences -> CSV for spreadsheets, and JSONL with all that is known of them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from annotator.codebook import LABELS
from annotator.export.items import Item, Said, facts
from annotator.export.marks import attributes
from annotator.records import Span

COLUMNS: Final = (
    "sentence_id",
    "article_id",
    "outlet",
    "title",
    "author",
    "published",
    "url",
    "sentence",
    "start",
    "end",
    "label",
    "labelled_by",
    "reviewers",
    "note",
    "machine_label",
    *(f"p_{label}" for label in LABELS),
    "confidence",
    "reasons",
    "sources",
    "source_kinds",
    "cues",
    "loaded",
    "reliability",
    "credibility",
    "model",
)

BYTE_ORDER_MARK: Final = "\ufeff"
"""With it spreadsheets read UTF-8."""

_BETWEEN: Final = " | "

_FORMULA: Final = re.compile("[\\s\ufeff\u200b-\u200f\u2060]*[=+\\-@＝＋－＠]")
_SPACES: Final = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def csv_rows(items: Iterable[Item]) -> Iterator[str]:
    """Write a header and a sentence a row, in UTF-8 with a byte order mark.

    A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP,
    "CSV Injection"); line ends are spaces, other control characters their number.
    """
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    for item in items:
        row = _row(item)
        yield _line([cell(row[name]) for name in COLUMNS])


def jsonl_rows(items: Iterable[Item]) -> Iterator[str]:
    """Write a sentence a line; offsets are code points, spans are into `text`."""
    for item in items:
        yield json.dumps(_object(item)) + "\n"


def cell(value: object) -> object:
    """Give a value as a cell that is no formula and steers nothing.

    >>> [cell(v) for v in ("=1+1", " @cmd", "a-b", -0.5, None)]
    ["'=1+1", "' @cmd", 'a-b', -0.5, '']
    """
    if not isinstance(value, str):
        return "" if value is None else value
    plain = _UNSAFE.sub(lambda m: f"⟨{ord(m[0]):02X}⟩", _SPACES.sub(" ", value))
    return f"'{plain}" if _FORMULA.match(plain) else plain


def _line(cells: Iterable[object]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _row(item: Item) -> dict[str, Any]:
    known = facts(item)
    said = [s.attribution for s in item.said]
    return known | {
        "sentence": item.text,
        "start": item.sentence.start,
        "end": item.sentence.end,
        "label": item.label,
        "reviewers": _BETWEEN.join(known["reviewers"]),
        "note": item.note,
        **{f"p_{label}": p for label, p in known["probabilities"].items()},
        "reasons": _BETWEEN.join(known["reasons"]),
        "sources": _BETWEEN.join(
            a.resolved_source or _text(item, a.source) or "?" for a in said
        ),
        "source_kinds": _BETWEEN.join(a.source_kind or "?" for a in said),
        "cues": _BETWEEN.join(filter(None, (_text(item, a.cue) for a in said))),
        "loaded": _BETWEEN.join(
            item.quote(m.span) for m in item.spans if m.layer == "loaded"
        ),
        "reliability": item.reliability,
        "credibility": item.credibility,
    }


def _object(item: Item) -> dict[str, Any]:
    return facts(item) | {
        "text": item.text,
        "start": item.sentence.start,
        "end": item.sentence.end,
        "label": item.label,
        "adjudicated": item.verdict.adjudicated if item.verdict else None,
        "note": item.note,
        "spans": [
            {
                "layer": m.layer,
                **m.span._asdict(),
                "text": item.quote(m.span),
                **attributes(m),
            }
            for m in item.spans
        ],
        "attributions": [_said(item, said) for said in item.said],
    }


def _said(item: Item, said: Said) -> dict[str, Any]:
    found = said.attribution
    return {
        "attribution_id": found.attribution_id,
        "parent_id": found.parent_id,
        "source": _text(item, found.source),
        "cue": _text(item, found.cue),
        "content": _text(item, found.content),
        "source_kind": found.source_kind,
        "resolved_source": found.resolved_source,
        "form": found.form,
        "depth": found.depth,
        "reliability": said.reliability,
        "credibility": said.credibility,
    }


def _text(item: Item, span: Span | None) -> str | None:
    return item.article.text[span.start : span.end] if span else None
