"""Records <-> rows of the tables of a results folder.

Column names are an interface: additions raise `SCHEMA_VERSION` only if an older
reader would misread what it knows.
"""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa

from annotator.codebook import LABELS
from annotator.records import (
    Article,
    Attribution,
    DroppedLine,
    Headline,
    Label,
    LoadedTerm,
    OutletProfile,
    Passage,
    Sentence,
    Share,
    Span,
    VoicedSpan,
)

Row = dict[str, Any]
"""One row of a table; what each column holds is in `SCHEMAS`."""

SCHEMA_VERSION: Final = 1

SPAN_COLUMNS: Final = {
    "source": "source",
    "cue": "cue",
    "content": "content",
    "named_at": "named",
}
"""Spans of an attribution, and what their columns' names begin with."""

SHARES: Final = (*LABELS, "flagged")
"""The shares of an outlet, each a group of columns."""


def schema(**columns: pa.DataType) -> pa.Schema:
    """Make a schema that carries the version it was written by."""
    return pa.schema(columns, {"annotator.schema": str(SCHEMA_VERSION)})


def share_columns(*names: str) -> dict[str, pa.DataType]:
    """Name the columns of shares, five each."""
    return {
        f"{name}_{part}": WHOLE if part in ("count", "total") else NUMBER
        for name in names
        for part in ("count", "total", "share", "low", "high")
    }


TEXT, WHOLE, NUMBER, YES_NO = pa.string(), pa.int32(), pa.float64(), pa.bool_()
TEXTS = pa.list_(TEXT)
SPAN = pa.struct({"start": WHOLE, "end": WHOLE})
PASSAGE = pa.struct(dict.fromkeys(Passage.__slots__, WHOLE))

SCHEMAS: Final[dict[str, pa.Schema]] = {
    "articles": schema(
        article_id=TEXT,
        source_path=TEXT,
        source_id=TEXT,
        outlet=TEXT,
        title=TEXT,
        author=TEXT,
        published=TEXT,
        url=TEXT,
        language=TEXT,
        text=TEXT,
        topic=TEXT,
        n_sentences=WHOLE,
        status=TEXT,
        reason=TEXT,
        n_dropped=WHOLE,
        duplicate_of=TEXT,
        notes=TEXTS,
        headings=pa.list_(SPAN),
        passages=pa.list_(PASSAGE),
        headline_label=TEXT,
        headline_confidence=NUMBER,
        headline_source=TEXT,
        headline_cue=TEXT,
        digest=TEXT,
    ),
    "sentences": schema(
        article_id=TEXT,
        sentence_id=TEXT,
        index=WHOLE,
        start=WHOLE,
        end=WHOLE,
        source_start=WHOLE,
        source_end=WHOLE,
        text=TEXT,
        label=TEXT,
        **{f"p_{name}": NUMBER for name in LABELS},
        confidence=NUMBER,
        flagged=YES_NO,
        flag_reasons=TEXTS,
        kind=TEXT,
        language=TEXT,
        skipped=TEXT,
        model=TEXT,
    ),
    "attributions": schema(
        sentence_id=TEXT,
        source=TEXT,
        source_start=WHOLE,
        source_end=WHOLE,
        cue=TEXT,
        cue_start=WHOLE,
        cue_end=WHOLE,
        content=TEXT,
        content_start=WHOLE,
        content_end=WHOLE,
        source_kind=TEXT,
        resolved_source=TEXT,
        depth=WHOLE,
        form=TEXT,
        article_id=TEXT,
        attribution_id=TEXT,
        resolved_confidence=NUMBER,
        named_start=WHOLE,
        named_end=WHOLE,
        parent_id=TEXT,
        weakest_kind=TEXT,
    ),
    "voices": schema(
        sentence_id=TEXT,
        start=WHOLE,
        end=WHOLE,
        voice=TEXT,
        attribution_id=TEXT,
        speaker=TEXT,
        article_id=TEXT,
    ),
    "loaded_terms": schema(
        sentence_id=TEXT,
        start=WHOLE,
        end=WHOLE,
        text=TEXT,
        target=TEXT,
        polarity=TEXT,
        voice=TEXT,
        article_id=TEXT,
        attribution_id=TEXT,
        speaker=TEXT,
    ),
    "dropped": schema(
        source_path=TEXT,
        article_id=TEXT,
        line=WHOLE,
        start=WHOLE,
        end=WHOLE,
        text=TEXT,
        reason=TEXT,
    ),
    "files": schema(source_path=TEXT, bytes=pa.int64(), sha256=TEXT),
    "outlets": schema(
        outlet=TEXT,
        n_articles=WHOLE,
        n_duplicates=WHOLE,
        n_sentences=WHOLE,
        **share_columns(*SHARES),
        enough=YES_NO,
        note=TEXT,
    ),
}


def article_row(article: Article) -> Row:
    """Give what a row of `articles` takes from the record."""
    return fields(article) | {
        "notes": list(article.notes),
        "headings": [h._asdict() for h in article.headings],
        "passages": [fields(p) for p in article.passages],
    }


def article(row: Row) -> Article:
    """Read a row of `articles` back."""
    return Article(
        **taken(Article, row)
        | {
            "notes": tuple(row["notes"]),
            "headings": tuple(Span(**h) for h in row["headings"]),
            "passages": tuple(Passage(**p) for p in row["passages"]),
        }
    )


def sentence_row(article: Article, sentence: Sentence, label: Label | None) -> Row:
    """Give a row of `sentences`; the label's columns are null without one."""
    source = article.source_span(sentence.span)
    row = fields(sentence) | {
        "text": article.text[sentence.start : sentence.end],
        "source_start": source and source.start,
        "source_end": source and source.end,
    }
    if label is None:
        return row
    return row | {
        "label": label.label,
        **{f"p_{n}": p for n, p in zip(LABELS, label.probabilities, strict=True)},
        "confidence": label.confidence,
        "flagged": label.flagged,
        "flag_reasons": list(label.flag_reasons),
        "model": label.model,
    }


def sentence(row: Row) -> Sentence:
    """Read the sentence of a row of `sentences`."""
    return Sentence(**taken(Sentence, row))


def label(row: Row) -> Label | None:
    """Read the label of a row of `sentences`."""
    if row["label"] is None:
        return None
    first, second, third, fourth = (row[f"p_{name}"] for name in LABELS)
    return Label(
        **taken(Label, row)
        | {
            "probabilities": (first, second, third, fourth),
            "flag_reasons": tuple(row["flag_reasons"]),
        }
    )


def attribution_row(article: Article, attribution: Attribution) -> Row:
    """Give a row of `attributions`: each span as its text and its two ends."""
    row = fields(attribution) | {"article_id": article.article_id}
    row["named_start"], row["named_end"] = attribution.named_at or (None, None)
    for name in ("source", "cue", "content"):
        span: Span | None = row[name]
        row[f"{name}_start"] = span and span.start
        row[f"{name}_end"] = span and span.end
        row[name] = span and article.text[span.start : span.end]
    return row


def attribution(row: Row) -> Attribution:
    """Read a row of `attributions` back."""
    spans = {
        field: Span(row[f"{name}_start"], row[f"{name}_end"])
        if row[f"{name}_start"] is not None
        else None
        for field, name in SPAN_COLUMNS.items()
    }
    return Attribution(**taken(Attribution, row) | spans)


def voice_row(article: Article, voiced: VoicedSpan) -> Row:
    """Give a row of `voices`."""
    return fields(voiced) | {
        "article_id": article.article_id,
        "start": voiced.span.start,
        "end": voiced.span.end,
    }


def voice(row: Row) -> VoicedSpan:
    """Read a row of `voices` back."""
    span = Span(row["start"], row["end"])
    return VoicedSpan(**taken(VoicedSpan, row | {"span": span}))


def headline_row(headline: Headline | None) -> Row:
    """Give what a row of `articles` says of its title."""
    names = Headline.__slots__
    return {f"headline_{n}": headline and getattr(headline, n) for n in names}


def headline(row: Row) -> Headline | None:
    """Read the headline of a row of `articles` back."""
    if row["headline_label"] is None:
        return None
    return Headline(**{n: row[f"headline_{n}"] for n in Headline.__slots__})


def loaded_term_row(article: Article, term: LoadedTerm) -> Row:
    """Give a row of `loaded_terms`."""
    return fields(term) | {
        "article_id": article.article_id,
        "start": term.span.start,
        "end": term.span.end,
        "text": article.text[term.span.start : term.span.end],
    }


def loaded_term(row: Row) -> LoadedTerm:
    """Read a row of `loaded_terms` back."""
    span = Span(row["start"], row["end"])
    return LoadedTerm(**taken(LoadedTerm, row | {"span": span}))


def dropped_row(line: DroppedLine) -> Row:
    """Give a row of `dropped`."""
    return fields(line)


def dropped(row: Row) -> DroppedLine:
    """Read a row of `dropped` back."""
    return DroppedLine(**taken(DroppedLine, row))


def outlet_row(profile: OutletProfile) -> Row:
    """Give a row of `outlets`: five columns a share."""
    row = fields(profile)
    for name, share in zip(SHARES, (*profile.labels, profile.flagged), strict=True):
        row |= share_row(name, share)
    return row


def outlet(row: Row) -> OutletProfile:
    """Read a row of `outlets` back."""
    first, second, third, fourth, flagged = (share(name, row) for name in SHARES)
    return OutletProfile(
        **taken(OutletProfile, row)
        | {"labels": (first, second, third, fourth), "flagged": flagged}
    )


def share_row(name: str, share: Share) -> Row:
    """Give the five columns of a share."""
    row = {f"{name}_{part}": value for part, value in fields(share).items()}
    return row | {f"{name}_share": share.value}


def share(name: str, row: Row) -> Share:
    """Read a share back."""
    return Share(**{part: row[f"{name}_{part}"] for part in Share.__slots__})


def fields(record: Any) -> Row:
    """Give the fields of a slotted record, unlike `asdict` one level deep."""
    return {name: getattr(record, name) for name in record.__slots__}


def taken(record: Any, row: Row) -> Row:
    """Keep the columns that are fields of a record."""
    return {name: row[name] for name in record.__slots__ if name in row}
