"""Stances towards actors <-> rows of `stances.parquet`."""

from __future__ import annotations

from typing import Final

from annotator.records import Article, Span, Stance
from annotator.store.tables import NUMBER, TEXT, WHOLE, Row, fields, schema, taken

PROBABILITIES: Final = ("p_negative", "p_neutral", "p_positive")

STANCES: Final = schema(
    sentence_id=TEXT,
    target=TEXT,
    start=WHOLE,
    end=WHOLE,
    polarity=WHOLE,
    **dict.fromkeys(PROBABILITIES, NUMBER),
    voice=TEXT,
    text=TEXT,
    kind=TEXT,
    family=TEXT,
    head=TEXT,
    article_id=TEXT,
    attribution_id=TEXT,
    speaker=TEXT,
)
"""A row a mention; polarity and probabilities are null without a stance head."""


def stance_row(article: Article, stance: Stance) -> Row:
    """Give a row of `stances`."""
    given = stance.probabilities or (None, None, None)
    return fields(stance) | {
        "article_id": article.article_id,
        "start": stance.span.start,
        "end": stance.span.end,
        "text": article.text[stance.span.start : stance.span.end],
        "polarity": stance.polarity,
        **dict(zip(PROBABILITIES, given, strict=True)),
    }


def stance(row: Row) -> Stance:
    """Read a row of `stances` back."""
    given = [row[name] for name in PROBABILITIES]
    return Stance(
        **taken(Stance, row)
        | {
            "span": Span(row["start"], row["end"]),
            "probabilities": None if given[0] is None else tuple(given),
        }
    )
