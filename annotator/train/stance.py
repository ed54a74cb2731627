"""Rows of sentiment towards a named target -> sentences with stances.

The format is NewsMTSC's (Hamborg & Donnay 2021): `sentence`, `mention`, `from` and `to`
in code points, `polarity` -1, 0 or 1. Rows of one sentence are one sentence.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from annotator.errors import BadTrainingData
from annotator.records import PolarityTowards, Span
from annotator.train.data import LabelledSentence, raise_faults
from annotator.train.formats.json_rows import read_json_lines
from annotator.train.formats.row import Row, decoded, shown

POLARITIES: Final[dict[object, PolarityTowards]] = {-1: -1, 0: 0, 1: 1}


@dataclass(frozen=True, slots=True)
class _StanceRow:
    sentence: str
    span: Span
    polarity: PolarityTowards


def read_stances(path: Path) -> list[LabelledSentence]:
    """Sentences of a JSON Lines file with their stances, in order.

    Raises
    ------
    BadTrainingData
        Naming each row that is wrong, up to `data.FAULTS` of them, and how.
    """
    rows: list[_StanceRow] = []
    faults: list[BadTrainingData] = []
    for row in read_json_lines(path, decoded(path)):
        try:
            if isinstance(row, BadTrainingData):
                raise row
            rows.append(_checked(row))
        except BadTrainingData as fault:
            faults.append(fault)
    raise_faults(path, faults)
    if not rows:
        raise BadTrainingData(f"{path}: no rows")
    return _by_sentence(rows)


def _by_sentence(rows: Sequence[_StanceRow]) -> list[LabelledSentence]:
    marks: dict[str, dict[Span, PolarityTowards]] = {}
    for row in rows:
        marks.setdefault(row.sentence, {})[row.span] = row.polarity
    return [
        LabelledSentence(text, stances=tuple(sorted(towards.items())))
        for text, towards in marks.items()
    ]


def _checked(row: Row) -> _StanceRow:
    values = row.values
    sentence, mention = values.get("sentence"), values.get("mention")
    if not isinstance(sentence, str) or not sentence.strip():
        raise row.fault(f"sentence is {shown(sentence)}, expected a sentence")
    start, end = values.get("from"), values.get("to")
    if not (type(start) is int and type(end) is int):
        raise row.fault(
            f"from and to are {shown([start, end])}, expected whole numbers"
        )
    span = Span(start, end)
    if not 0 <= span.start < span.end <= len(sentence):
        raise row.fault(f"span {list(span)} outside a sentence of {len(sentence)}")
    if mention is not None and sentence[slice(*span)] != mention:
        raise row.fault(
            f"mention is {shown(mention)}, but from and to point at "
            f"{shown(sentence[slice(*span)])}"
        )
    polarity = values.get("polarity")
    if type(polarity) is not int or polarity not in POLARITIES:
        raise row.fault(f"polarity {json.dumps(polarity)}, expected -1, 0 or 1")
    return _StanceRow(sentence, span, POLARITIES[polarity])
