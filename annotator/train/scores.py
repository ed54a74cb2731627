"""Truth and probabilities -> figures with intervals, and calibration.

Intervals are 95 % percentile intervals from drawing whole articles with
replacement, since the sentences of one article resemble each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from annotator.codebook import LABELS
from annotator.train.measure import Labelled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

RESAMPLES: Final = 2000
"""Drawings of articles; the second decimal of an interval is stable from 1,000."""

BINS: Final = 15
"""Bins of confidence, of equal width, as in Guo et al. (2017)."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value and its 95 % interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """Give the value and interval to three decimals."""
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True)
class LabelScores:
    """How well one label is found."""

    precision: Figure
    recall: Figure
    f1: Figure
    support: int


@dataclass(frozen=True, slots=True)
class Scores:
    """How well a model labels.

    Attributes
    ----------
    labels
        In the order of `codebook.LABELS`.
    lenient
        Share of sentences whose predicted label a careful reader could defend.
    calibration_error
        Expected calibration error; 0 for predictions that give no probability.
    confusion
        (4, 4): rows truth, columns prediction.
    """

    macro_f1: Figure
    accuracy: Figure
    lenient: Figure
    calibration_error: Figure
    labels: tuple[LabelScores, ...]
    confusion: Ints


def score(rows: Sequence[Labelled], probabilities: Floats, seed: int = 0) -> Scores:
    """Score probabilities of shape (sentences, 4) against the labels of the rows."""
    guess = probabilities.argmax(axis=1)
    confusions, sums = _per_article(rows, guess)
    drawn = draws(len(confusions), seed)
    precision, recall, f1 = _rates(np.tensordot(drawn, confusions, axes=1))
    agreed = drawn @ sums
    return Scores(
        figure_of(f1.mean(axis=-1)),
        figure_of(agreed[:, 1] / agreed[:, 0]),
        figure_of(agreed[:, 2] / agreed[:, 0]),
        calibration_figure(
            probabilities,
            np.array([r.truth for r in rows]),
            article_numbers(rows),
            drawn,
        ),
        tuple(
            LabelScores(
                figure_of(precision[:, i]),
                figure_of(recall[:, i]),
                figure_of(f1[:, i]),
                int(confusions.sum(axis=0)[i].sum()),
            )
            for i in range(len(LABELS))
        ),
        confusions.sum(axis=0),
    )


def draws(articles: int, seed: int) -> Ints:
    """How often each article is drawn, shape (1 + RESAMPLES, articles).

    The first row is the data as they are.
    """
    rng = np.random.default_rng(seed)
    even = np.full(articles, 1 / articles)
    drawn = rng.multinomial(articles, even, size=RESAMPLES)
    return np.concatenate((np.ones((1, articles), dtype=np.int64), drawn))


def figure_of(values: Floats) -> Figure:
    """The first value, with the 95 % percentile interval of the others."""
    low, high = np.quantile(values[1:], (0.025, 0.975))
    return Figure(float(values[0]), float(low), float(high))


def article_numbers(rows: Sequence[Labelled]) -> Ints:
    """Which article each row is from, numbered from 0."""
    return np.unique([r.article for r in rows], return_inverse=True)[1]


def _per_article(rows: Sequence[Labelled], guess: Ints) -> tuple[Ints, Ints]:
    """Confusions (articles, 4, 4); counts of all, right, defensible (articles, 3)."""
    number = article_numbers(rows)
    truth = np.array([r.truth for r in rows])
    confusions = np.zeros((number.max() + 1, len(LABELS), len(LABELS)), dtype=np.int64)
    np.add.at(confusions, (number, truth, guess), 1)
    sums = np.zeros((number.max() + 1, 3), dtype=np.int64)
    defended = [
        LABELS[g] in (r.sentence.accept or (r.sentence.label,))
        for r, g in zip(rows, guess, strict=True)
    ]
    facts = np.stack((np.ones_like(truth), truth == guess, defended), axis=1)
    np.add.at(sums, number, facts.astype(np.int64))
    return confusions, sums


def _rates(confusions: Ints) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 of confusions (..., 4, 4); 0 where undefined."""
    hits = np.diagonal(confusions, axis1=-2, axis2=-1).astype(float)
    guessed = confusions.sum(axis=-2)
    there = confusions.sum(axis=-1)
    return (
        hits / np.maximum(guessed, 1),
        hits / np.maximum(there, 1),
        2 * hits / np.maximum(guessed + there, 1),
    )


def calibration_figure(
    probabilities: Floats, truth: Ints, cluster: Ints, drawn: Ints
) -> Figure:
    """Expected calibration error, in `BINS` bins.

    Parameters
    ----------
    probabilities, truth
        Shape (rows, classes); the right column of each row.
    cluster, drawn
        What each row is drawn with, numbered from 0; and how often each is drawn, as
        `draws` gives it.
    """
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.zeros((cluster.max() + 1, BINS))
    np.add.at(gaps, (cluster, bins), right - confidence)
    total = drawn @ np.bincount(cluster)
    return figure_of(np.abs(drawn @ gaps).sum(axis=1) / total)


def fit_temperature(truth: Ints, logits: Floats) -> float:
    """The temperature that makes the true classes likeliest (Guo et al. 2017).

    `truth` are columns of `logits`, which is of shape (sentences, classes).
    """

    def loss(temperature: float) -> float:
        likely = log_softmax(logits / temperature, axis=1)
        return float(-likely[np.arange(len(truth)), truth].mean())

    return float(minimize_scalar(loss, bounds=(0.2, 5.0), method="bounded").x)


def calibrated(logits: Floats, temperature: float) -> Floats:
    """Probabilities of shape (sentences, 4)."""
    return np.asarray(softmax(logits / temperature, axis=1))
