"""Truth and probabilities -> how far a label's confidence can be believed.

Two views: how often labels of like confidence are right (a reliability diagram),
and how many labels are left, and how many of those are wrong, where only the surest
are kept (selective classification, Geifman & El-Yaniv 2017). Intervals as in
`scores`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from annotator.errors import BadModel
from annotator.tag.description import Description
from annotator.train.measure import Labelled
from annotator.train.scores import (
    Figure,
    Floats,
    Ints,
    article_numbers,
    draws,
    figure_of,
)

TARGET_ERRORS: Final = (0.01, 0.02, 0.05, 0.10)
"""Promises that an evaluation checks."""

BINS: Final = 10
"""Of as many sentences each: on a thousand, a share in one has some 3 % error."""


@dataclass(frozen=True, slots=True)
class Bin:
    """Sentences of like confidence: how sure the model was, and how often right."""

    confidence: float
    accuracy: Figure
    sentences: int


@dataclass(frozen=True, slots=True)
class Promise:
    """What a target error comes to.

    Attributes
    ----------
    least_confidence, coverage, error
        Where the model's calibration promises the target: the confidence from
        which labels are kept, the share kept, and how many of those are wrong.
    within_reach
        The share that could be kept if the confidence were chosen on the very
        sentences it is measured on: no calibration does better.
    """

    target_error: float
    within_reach: Figure
    least_confidence: float | None = None
    coverage: Figure | None = None
    error: Figure | None = None


def reliability(rows: Sequence[Labelled], probabilities: Floats) -> tuple[Bin, ...]:
    """Bins of as many sentences each, confidence rising."""
    confidence, right = _judged(rows, probabilities)
    number = article_numbers(rows)
    drawn = draws(int(number.max()) + 1, seed=0)
    bins = []
    for inside in np.array_split(np.argsort(confidence, kind="stable"), BINS):
        if len(inside):
            every, hits = (
                np.bincount(number[inside], weights, minlength=drawn.shape[1])
                for weights in (None, right[inside])
            )
            accuracy = figure_of((drawn @ hits) / np.maximum(drawn @ every, 1))
            bins.append(Bin(float(confidence[inside].mean()), accuracy, len(inside)))
    return tuple(bins)


def promises(
    rows: Sequence[Labelled], probabilities: Floats, model: Description
) -> tuple[Promise, ...]:
    """What each of `TARGET_ERRORS` comes to on the rows."""
    found = []
    for target in TARGET_ERRORS:
        reach = within_reach(rows, probabilities, target)
        try:
            least = model.confidence_for(target)
        except BadModel:
            found.append(Promise(target, reach))
        else:
            kept = selective(rows, probabilities, least)
            found.append(Promise(target, reach, least, *kept))
    return tuple(found)


def selective(
    rows: Sequence[Labelled], probabilities: Floats, least_confidence: float
) -> tuple[Figure, Figure]:
    """Share of labels at or above a confidence, and the share of those wrong."""
    confidence, right = _judged(rows, probabilities)
    kept = confidence >= least_confidence
    number = article_numbers(rows)
    sums = np.zeros((number.max() + 1, 3), dtype=np.int64)
    facts = np.stack((np.ones_like(kept), kept, kept & ~right), axis=1)
    np.add.at(sums, number, facts.astype(int))
    all_of, kept_of, wrong_of = (draws(len(sums), seed=0) @ sums).T
    return figure_of(kept_of / all_of), figure_of(wrong_of / np.maximum(kept_of, 1))


def within_reach(
    rows: Sequence[Labelled], probabilities: Floats, target_error: float
) -> Figure:
    """The largest share of labels, the surest first, of which so few are wrong."""
    confidence, right = _judged(rows, probabilities)
    order = np.argsort(-confidence, kind="stable")
    number = article_numbers(rows)[order]
    ends = np.append(np.diff(confidence[order]) < 0, True)
    wrong = ~right[order]

    def share(drawn: Ints) -> float:
        weight = drawn[number]
        kept = weight.cumsum()
        few = ends & ((weight * wrong).cumsum() <= target_error * kept)
        return float((kept * few).max() / kept[-1])

    return figure_of(np.array([share(d) for d in draws(int(number.max()) + 1, seed=0)]))


def _judged(
    rows: Sequence[Labelled], probabilities: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    """Confidence of each label, and whether it is right."""
    truth = np.array([r.truth for r in rows])
    return probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
