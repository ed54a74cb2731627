"""Labelled rows (`claims`, `spans`) -> runs of consecutive labelled sentences.

Rows are JSON Lines. A `claims` row has id, article, index, text, label and, where
known, accept, source_kind, context, title. A `spans` row has id, text,
attributions and loaded, and is joined to the claims row of the same id. Both
sets of labels this project trains on were given by a language model following
the codebook.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from annotator.codebook import LABELS, NOT_BODY, SOURCE_KINDS
from annotator.errors import BadTrainingData
from annotator.records import MarkedSpan, Span, SpanLayer

Split = Literal["train", "validation", "calibration"]


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence and what is known of it; None where a layer is not marked.

    `accept` holds every label a careful reader could defend, `label` first.
    `source_kind` is for the sentence as a whole.
    """

    text: str
    label: str | None = None
    accept: tuple[str, ...] = ()
    source_kind: str | None = None
    spans: tuple[MarkedSpan, ...] | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive sentences of one article; the first `context` are unlabelled."""

    article: str
    title: str | None
    outlet: str | None
    sentences: tuple[LabelledSentence, ...]
    context: int


def split_of(article: str) -> Split:
    """The split an article belongs to, by a hash of its id.

    A twentieth stops training early, a twentieth fits the calibration; together
    they are the tenth on which spans are measured.
    """
    bucket = hashlib.blake2b(article.encode(), digest_size=4).digest()
    share = int.from_bytes(bucket, "big") % 100
    if share < 5:
        return "validation"
    return "calibration" if share < 10 else "train"


def index_of(label: str | None) -> int:
    """Index in `codebook.LABELS`."""
    names: tuple[str | None, ...] = LABELS
    return names.index(label)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """JSON objects of a JSON Lines file, in order.

    Raises
    ------
    BadTrainingData
        If the file cannot be read, or naming its first malformed line.
    """
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadTrainingData(
            f"{path} cannot be read: {error}; expected JSON Lines in UTF-8"
        ) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadTrainingData(f"{path}:{number}: not JSON: {error.msg}") from error
        if not isinstance(row, dict):
            raise BadTrainingData(
                f"{path}:{number}: got {type(row).__name__}, expected an object"
            )
        rows.append(row)
    if not rows:
        raise BadTrainingData(f"{path}: no rows")
    return rows


def read_runs(claims: Path, spans: Path | None = None) -> list[Run]:
    """Runs of consecutive sentences from a claims file, with spans where marked.

    Spans rows whose id is not among the claims are left out.

    Raises
    ------
    BadTrainingData
        Naming file, line or row and what is wrong with it.
    """
    marked = {r["id"]: r for r in read_rows(spans)} if spans else {}
    runs: list[Run] = []
    last: tuple[str, int] | None = None
    for number, row in enumerate(read_rows(claims), 1):
        place = f"{claims}, row {number}"
        try:
            sentence = _sentence(row, marked.get(str(row.get("id"))), place)
            here = (str(row.get("article", row.get("id", number))), int(row["index"]))
        except KeyError as error:
            raise BadTrainingData(f"{place}: no field {error}") from error
        except ValueError as error:
            raise BadTrainingData(
                f"{place}: index {row['index']!r}, expected a number"
            ) from error
        if last == (here[0], here[1] - 1):
            runs[-1] = replace(runs[-1], sentences=(*runs[-1].sentences, sentence))
        else:
            context = [LabelledSentence(t) for t in row.get("context") or []]
            runs.append(
                Run(
                    here[0],
                    row.get("title"),
                    row.get("outlet"),
                    (*context, sentence),
                    len(context),
                )
            )
        last = here
    return runs


def _sentence(
    row: dict[str, Any], marks: dict[str, Any] | None, place: str
) -> LabelledSentence:
    label = row["label"]
    if label not in (*LABELS, NOT_BODY):
        raise BadTrainingData(
            f"{place}: label {label!r}, expected one of {', '.join(LABELS)}, {NOT_BODY}"
        )
    text = row["text"]
    spans = None
    if marks is not None:
        if marks["text"] != text:
            raise BadTrainingData(f"{place}: claims and spans differ in text")
        spans = tuple(_marked_spans(marks, place))
    return LabelledSentence(
        text,
        label,
        tuple(row.get("accept") or (label,)),
        row.get("source_kind"),
        spans,
    )


def _marked_spans(row: dict[str, Any], place: str) -> Iterable[MarkedSpan]:
    for attribution in row["attributions"]:
        kind = attribution.get("kind")
        if kind is not None and kind not in SOURCE_KINDS:
            raise BadTrainingData(f"{place}: unknown source kind {kind!r}")
        layers: tuple[SpanLayer, ...] = ("source", "cue", "content")
        for layer in layers:
            if attribution.get(layer):
                span = _span(attribution[layer], row["text"], place)
                yield MarkedSpan(layer, span, kind=kind)
                kind = None
    for term in row["loaded"]:
        yield MarkedSpan(
            "loaded",
            _span(term["span"], row["text"], place),
            polarity=term["polarity"],
            voice=term["voice"],
        )


def _span(pair: Sequence[int], text: str, place: str) -> Span:
    start, end = pair
    if not 0 <= start < end <= len(text):
        raise BadTrainingData(f"{place}: span {pair} outside a text of {len(text)}")
    return Span(start, end)
