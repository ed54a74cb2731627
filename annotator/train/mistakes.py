"""Rows and probabilities -> the sentences got wrong, worst first, for reading."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from annotator.codebook import LABELS
from annotator.export.tabular import cell
from annotator.train.measure import Labelled
from annotator.train.scores import Floats

COLUMNS: Final = (
    "id",
    "article",
    "outlet",
    "label",
    "predicted",
    "defensible",
    *(f"p_{name}" for name in LABELS),
    "before",
    "text",
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A sentence whose likeliest label is another than its own."""

    row: Labelled
    probabilities: tuple[float, ...]

    @property
    def predicted(self) -> str:
        """The likeliest label."""
        return LABELS[int(np.argmax(self.probabilities))]


def mistakes(rows: Sequence[Labelled], probabilities: Floats) -> list[Mistake]:
    """The sentences got wrong, the one whose own label is least likely first."""
    wrong = [
        Mistake(row, tuple(likely.tolist()))
        for row, likely in zip(rows, probabilities, strict=True)
        if likely.argmax() != row.truth
    ]
    return sorted(wrong, key=lambda m: m.probabilities[m.row.truth])


def write_mistakes(found: Sequence[Mistake], path: Path) -> None:
    """Write a CSV that a spreadsheet opens without running anything in it."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for m in found:
            sentence = m.row.sentence
            writer.writerow(
                [
                    *map(cell, (sentence.id, m.row.article, m.row.outlet)),
                    sentence.label,
                    m.predicted,
                    "yes" if m.predicted in sentence.accept else "no",
                    *(f"{p:.4f}" for p in m.probabilities),
                    *map(cell, (m.row.before, sentence.text)),
                ]
            )
