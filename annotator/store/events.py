"""Records of what articles say of the same events <-> rows of their tables.

`corroborations.parquet`, `standings.parquet` and `losses.parquet` are written after
the tables of a scoring run, from them, and can be written again.
"""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa

from annotator.records import AttributionLoss, Corroboration, Standing
from annotator.store.tables import NUMBER, SCHEMA_VERSION, TEXT, WHOLE, YES_NO, Row

_META: Final = {"annotator.schema": str(SCHEMA_VERSION)}

EVENT_SCHEMAS: Final[dict[str, pa.Schema]] = {
    "corroborations": pa.schema(
        {
            "event_id": TEXT,
            "sentence_id": TEXT,
            "other_id": TEXT,
            "relation": TEXT,
            "similarity": NUMBER,
            "same_origin": YES_NO,
            "figure": TEXT,
            "other_figure": TEXT,
            "figure_of": TEXT,
            "reason": TEXT,
        },
        _META,
    ),
    "standings": pa.schema(
        {
            "sentence_id": TEXT,
            "event_id": TEXT,
            "articles": WHOLE,
            "outlets": WHOLE,
            "origins": WHOLE,
            "contradicting": WHOLE,
            "differing": WHOLE,
            "origin": TEXT,
        },
        _META,
    ),
    "losses": pa.schema(
        {
            "place": TEXT,
            "asserted_id": TEXT,
            "asserted": TEXT,
            "asserted_outlet": TEXT,
            "attributed_id": TEXT,
            "attributed": TEXT,
            "attributed_outlet": TEXT,
            "lost": TEXT,
            "similarity": NUMBER,
        },
        _META,
    ),
}
"""Every column is the field of that name of the table's record."""


def corroboration_row(pair: Corroboration) -> Row:
    """Give a row of `corroborations`."""
    return _row(pair)


def corroboration(row: Row) -> Corroboration:
    """Read a row of `corroborations` back."""
    return Corroboration(**_taken(Corroboration, row))


def standing_row(standing: Standing) -> Row:
    """Give a row of `standings`."""
    return _row(standing)


def standing(row: Row) -> Standing:
    """Read a row of `standings` back."""
    return Standing(**_taken(Standing, row))


def loss_row(loss: AttributionLoss) -> Row:
    """Give a row of `losses`."""
    return _row(loss)


def loss(row: Row) -> AttributionLoss:
    """Read a row of `losses` back."""
    return AttributionLoss(**_taken(AttributionLoss, row))


def _row(record: Any) -> Row:
    return {name: getattr(record, name) for name in record.__slots__}


def _taken(record: Any, row: Row) -> Row:
    """Keep the columns that are fields of a record; an older table may lack some."""
    return {name: row[name] for name in record.__slots__ if name in row}
