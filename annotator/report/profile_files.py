"""Profiles -> CSV for spreadsheets, JSON for other programs.

Columns and fields are those of the tables of a results folder.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Final

from annotator.export.tabular import cell
from annotator.profile import MEASURES
from annotator.records import Actor, Estimate, Group
from annotator.store import profiles
from annotator.store.derived import BY_PEOPLE
from annotator.store.tables import Row

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
    BY_PEOPLE,
    "needed",
    "numerator",
    "denominator",
    "scale",
    "actor_id",
)


def estimates_csv(
    estimates: Iterable[Estimate],
    actors: Iterable[Actor],
    labels_by_people: Mapping[Group, int],
) -> str:
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
            BY_PEOPLE: labels_by_people.get(estimate.group, 0),
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
