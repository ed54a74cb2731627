"""Labelled rows of any format -> runs of consecutive labelled sentences.

A claims row has text and label and, where known, id, article, index, title, outlet,
accept, source_kind and context; `annotator.train.formats` brings other formats into
this shape. A `spans` row has id, text, attributions and loaded, and is joined to the
claims row of the same id. Both sets of labels this project trains on were given by
a language model following the codebook.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final, Literal

from annotator.codebook import LABELS
from annotator.errors import BadTrainingData
from annotator.records import MarkedSpan, PolarityTowards, Span
from annotator.train.checks import (
    accepted_of,
    context_of,
    label_of,
    number_of,
    source_kind_of,
    spans_of,
    text_of,
    word_of,
)
from annotator.train.formats import Row, read_rows

Split = Literal["train", "validation", "calibration"]

FAULTS: Final = 20
"""Wrong rows that one message names: a screen of them."""


class Part(StrEnum):
    """Which articles of a file are meant; `held-out` is what no run trains on."""

    HELD_OUT = "held-out"
    VALIDATION = "validation"
    CALIBRATION = "calibration"
    TRAIN = "train"
    ALL = "all"

    def has(self, article: str) -> bool:
        """Whether an article is in this part, by `split_of`."""
        if self is Part.ALL:
            return True
        split = split_of(article)
        return split != "train" if self is Part.HELD_OUT else split == self.value


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence and what is known of it; None where a layer is not marked.

    `accept` holds every label a careful reader could defend, `label` first.
    `source_kind` is for the sentence as a whole; `stances` are towards the actors named
    at their spans.
    """

    text: str
    label: str | None = None
    accept: tuple[str, ...] = ()
    source_kind: str | None = None
    spans: tuple[MarkedSpan, ...] | None = None
    id: str | None = None
    stances: tuple[tuple[Span, PolarityTowards], ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive sentences of one article; the first `context` are unlabelled."""

    article: str
    title: str | None
    outlet: str | None
    sentences: tuple[LabelledSentence, ...]
    context: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A checked row: a sentence and where it stands; `row` has every column of it."""

    sentence: LabelledSentence
    article: str
    index: int
    title: str | None
    outlet: str | None
    context: tuple[str, ...]
    row: Row


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


def read_runs(claims: Path, spans: Path | None = None) -> list[Run]:
    """Runs of consecutive sentences from a claims file, with spans where marked.

    Spans rows whose id is not among the claims are left out.

    Raises
    ------
    BadTrainingData
        Naming each row that is wrong, up to `FAULTS` of them, and how.
    """
    read = read_claims(claims)
    return runs_of(_joined(read, read_spans(spans)) if spans else read)


def read_claims(path: Path) -> dict[str, Claim]:
    """Checked rows of a claims file by id, in order.

    A row without an article is an article of its own. A row without an index
    follows the row before it of its article. A row that repeats an id with the same
    text and label takes the place of the earlier one.

    Raises
    ------
    BadTrainingData
        As `read_runs`.
    """
    return claims_of(path, read_rows(path))


def claims_of(path: Path, rows: Iterable[Row | BadTrainingData]) -> dict[str, Claim]:
    """`read_claims` of rows already read; `path` is for messages."""
    return _by_id(path, rows, _labelled)


def read_spans(path: Path) -> dict[str, Claim]:
    """Checked rows of a spans file by id; their sentences have no label.

    Where a row names no article and index, they are those of an id of the form
    ``corpus:article:index``.

    Raises
    ------
    BadTrainingData
        As `read_runs`.
    """
    return _by_id(path, map(_placed_by_id, read_rows(path)), _marked)


def runs_of(claims: Mapping[str, Claim]) -> list[Run]:
    """Claims of one article whose indexes follow on make one run."""
    runs: list[Run] = []
    last: tuple[str, int] | None = None
    for claim in claims.values():
        if last == (claim.article, claim.index - 1):
            sentences = (*runs[-1].sentences, claim.sentence)
            runs[-1] = replace(runs[-1], sentences=sentences)
        else:
            context = tuple(LabelledSentence(text) for text in claim.context)
            sentences = (*context, claim.sentence)
            runs.append(
                Run(claim.article, claim.title, claim.outlet, sentences, len(context))
            )
        last = (claim.article, claim.index)
    return runs


def column_of(claims: Mapping[str, Claim], name: str) -> dict[str, str]:
    """What a column of the file says of each id; where it is empty, left out.

    Raises
    ------
    BadTrainingData
        If it is empty throughout; the message names the columns there are.
    """
    found = {i: word_of(claim.row, name) for i, claim in claims.items()}
    if not any(found.values()):
        there = sorted({field for c in claims.values() for field in c.row.values})
        raise BadTrainingData(f"no column {name!r}: there are {', '.join(there)}")
    return {i: value for i, value in found.items() if value}


def _by_id(
    path: Path,
    rows: Iterable[Row | BadTrainingData],
    read: Callable[[Row], LabelledSentence],
) -> dict[str, Claim]:
    claims: dict[str, Claim] = {}
    reached: dict[str, int] = {}
    faults: list[BadTrainingData] = []
    for number, row in enumerate(rows, 1):
        try:
            if isinstance(row, BadTrainingData):
                raise row
            claim = _claim(row, read(row), number, reached)
            name = str(claim.sentence.id)
            _check_repeated(claim, claims.get(name))
        except BadTrainingData as fault:
            faults.append(fault)
        else:
            claims[name] = claim
            reached[claim.article] = claim.index
    raise_faults(path, faults)
    if not claims:
        raise BadTrainingData(f"{path}: no rows that somebody has labelled")
    return claims


def _claim(
    row: Row, sentence: LabelledSentence, number: int, reached: Mapping[str, int]
) -> Claim:
    """The claim of a row; `reached` has the last index of each article."""
    name = word_of(row, "id")
    article = word_of(row, "article") or name or f"row {number}"
    index = number_of(row, "index")
    if index is None:
        index = reached.get(article, -1) + 1
    return Claim(
        replace(sentence, id=name or f"{article}:{index}"),
        article,
        index,
        word_of(row, "title"),
        word_of(row, "outlet"),
        context_of(row),
        row,
    )


def _labelled(row: Row) -> LabelledSentence:
    text, label = text_of(row), label_of(row)
    return LabelledSentence(
        text,
        label,
        accepted_of(row, label),
        source_kind_of(row),
        spans_of(row, text),
    )


def _marked(row: Row) -> LabelledSentence:
    text = text_of(row)
    spans = spans_of(row, text)
    if spans is None:
        raise row.fault("no spans, expected attributions and loaded")
    return LabelledSentence(text, spans=spans)


def _placed_by_id(row: Row | BadTrainingData) -> Row | BadTrainingData:
    if isinstance(row, BadTrainingData):
        return row
    *_, article, index = ["", "", *str(row.values.get("id")).split(":")]
    if not (article and index.isdecimal()):
        return row
    return replace(row, values={"article": article, "index": index, **row.values})


def _check_repeated(claim: Claim, earlier: Claim | None) -> None:
    if earlier is None:
        return
    for what in ("text", "label"):
        if getattr(claim.sentence, what) != getattr(earlier.sentence, what):
            raise claim.row.fault(
                f"id {claim.sentence.id!r} with another {what} than {earlier.row.place}"
            )


def _joined(
    claims: Mapping[str, Claim], marked: Mapping[str, Claim]
) -> dict[str, Claim]:
    """The claims, with their spans where those are marked."""
    joined = {}
    for name, claim in claims.items():
        marks = marked.get(name)
        if marks and marks.sentence.text != claim.sentence.text:
            raise marks.row.fault(f"claims and spans differ in text: {claim.row.place}")
        sentence = claim.sentence
        if marks:
            sentence = replace(sentence, spans=marks.sentence.spans)
        joined[name] = replace(claim, sentence=sentence)
    return joined


def raise_faults(path: Path, faults: Sequence[BadTrainingData]) -> None:
    """Raise the faults as one, a line each; the only one as it is."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        named = [f"{path}: {len(faults):,} rows cannot be used", *faults[:FAULTS]]
        if len(faults) > FAULTS:
            named.append(f"and {len(faults) - FAULTS:,} more")
        raise BadTrainingData("\n".join(map(str, named)))
