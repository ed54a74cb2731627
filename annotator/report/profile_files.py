"""Profiles -> CSV for spreadsheets, JSON for other programs.

Columns and fields are those of the tables of a results folder.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Final

from annotator.profile import MEASURES
from annotator.records import Actor, Estimate
from annotator.report.terminal import safe
from annotator.store import profiles
from annotator.store.tables import Row

_FORMULA: Final = re.compile("[\\s\ufeff\u200b-\u200f\u2060]*[=+\\-@＝＋－＠]")

COLUMNS: Final = (
    "outlet",
    "topic",
    "month",
    "measure",
    "actor",
    "voice",
    "value",
    "unit",
    "low",
    "high",
    "pooled",
    "pooled_low",
    "pooled_high",
    "articles",
    "needed",
    "numerator",
    "denominator",
    "scale",
    "actor_id",
)


def cell(value: object) -> object:
    """Text as a cell that is no formula (OWASP, "CSV Injection") and steers nothing.

    >>> [cell(v) for v in ("=1+1", " @cmd", "a-b", -0.5, None)]
    ["'=1+1", "' @cmd", 'a-b', -0.5, '']
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    shown = safe(value)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def estimates_csv(estimates: Iterable[Estimate], actors: Iterable[Actor]) -> str:
    """Give one line an estimate, under a header, in the order given.

    Empty is what is not grouped by, not known, or has too little data.
    """
    names = {actor.actor_id: actor.name for actor in actors}
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for estimate in estimates:
        row = profiles.estimate_row(estimate) | {
            "actor": estimate.actor_id and names.get(estimate.actor_id),
            "unit": MEASURES[estimate.measure].unit,
        }
        writer.writerow({name: cell(row[name]) for name in COLUMNS})
    return out.getvalue()


def profiles_json(
    facts: Mapping[str, object], tables: Mapping[str, Sequence[Row]]
) -> str:
    """Give one object: the facts, what the measures mean, and the rows of each table.

    It is plain ASCII, so that nothing in it can steer a terminal.
    """
    measures = {name: asdict(measure) for name, measure in MEASURES.items()}
    found = {**facts, "measures": measures, **tables}
    return json.dumps(found, indent=2, allow_nan=False) + "\n"
