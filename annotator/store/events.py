"""Records of what articles say of the same events <-> rows of their tables.

`corroborations.parquet`, `standings.parquet` and `losses.parquet` are written after
the tables of a scoring run, from them, and can be written again.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

from annotator.records import AttributionLoss, Corroboration, Standing
from annotator.store.tables import (
    NUMBER,
    TEXT,
    WHOLE,
    YES_NO,
    Row,
    fields,
    schema,
    taken,
)

EVENT_SCHEMAS: Final[dict[str, pa.Schema]] = {
    "corroborations": schema(
        event_id=TEXT,
        sentence_id=TEXT,
        other_id=TEXT,
        relation=TEXT,
        similarity=NUMBER,
        same_origin=YES_NO,
        figure=TEXT,
        other_figure=TEXT,
        figure_of=TEXT,
        reason=TEXT,
    ),
    "standings": schema(
        sentence_id=TEXT,
        event_id=TEXT,
        articles=WHOLE,
        outlets=WHOLE,
        origins=WHOLE,
        contradicting=WHOLE,
        differing=WHOLE,
        origin=TEXT,
    ),
    "losses": schema(
        place=TEXT,
        asserted_id=TEXT,
        asserted=TEXT,
        asserted_outlet=TEXT,
        attributed_id=TEXT,
        attributed=TEXT,
        attributed_outlet=TEXT,
        lost=TEXT,
        similarity=NUMBER,
    ),
}
"""Every column is the field of that name of the table's record."""


def corroboration_row(pair: Corroboration) -> Row:
    """Give a row of `corroborations`."""
    return fields(pair)


def corroboration(row: Row) -> Corroboration:
    """Read a row of `corroborations` back."""
    return Corroboration(**taken(Corroboration, row))


def standing_row(standing: Standing) -> Row:
    """Give a row of `standings`."""
    return fields(standing)


def standing(row: Row) -> Standing:
    """Read a row of `standings` back."""
    return Standing(**taken(Standing, row))


def loss_row(loss: AttributionLoss) -> Row:
    """Give a row of `losses`."""
    return fields(loss)


def loss(row: Row) -> AttributionLoss:
    """Read a row of `losses` back."""
    return AttributionLoss(**taken(AttributionLoss, row))
