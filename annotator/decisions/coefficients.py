"""Tables of who gave which label -> agreement beyond chance, with its interval.

Both coefficients are 1 where people always agree and 0 where they agree as often as
chance would have it; they are not defined where only one label was ever given.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Floats = NDArray[np.float64]

RESAMPLES: Final = 1_000

MINIMUM_ARTICLES: Final = 10
"""The fewest articles for an interval. From here on what is called 95 % covers 90 to
97 % of simulated panels; `tests/test_agreement.py` simulates them at this number."""


@dataclass(frozen=True, slots=True)
class Coefficient:
    """Agreement beyond chance.

    Attributes
    ----------
    value
        1 at best, 0 at chance, below 0 under it; None where it is not defined.
    low, high
        95 % interval, articles resampled; None with fewer than `MINIMUM_ARTICLES`, and
        where all of them look alike, as where nobody ever disagreed: that shows nothing
        of how often people would.
    sentences, articles
        That it rests on.
    """

    value: float | None
    low: float | None
    high: float | None
    sentences: int
    articles: int


def kappa(tables: Floats) -> Floats:
    """Give Cohen's kappa; nan where only one label was given.

    Parameters
    ----------
    tables
        Shape (..., labels, labels): how often the first person gave the label of the
        row and the second that of the column.

    References
    ----------
    Cohen (1960), "A coefficient of agreement for nominal scales", Educational and
    Psychological Measurement 20(1).

    Examples
    --------
    Two hundred diagnoses of Cohen (1968), "Weighted kappa", Psychological Bulletin
    70(4):

    >>> table = np.array([[88.0, 14, 18], [10, 40, 10], [2, 6, 12]])
    >>> round(float(kappa(table)), 3)
    0.492
    """
    total = tables.sum(axis=(-2, -1))
    same = np.trace(tables, axis1=-2, axis2=-1) * total
    chance = (tables.sum(axis=-1) * tables.sum(axis=-2)).sum(axis=-1)
    return _over(same - chance, total**2 - chance)


def alpha(tables: Floats) -> Floats:
    """Give Krippendorff's alpha of nominal data; nan where only one label was given.

    Parameters
    ----------
    tables
        Shape (..., labels, labels): sums of what `coincidences` gives.

    References
    ----------
    Krippendorff (2011), "Computing Krippendorff's alpha-reliability", section C.
    """
    given = tables.sum(axis=-1)
    total = given.sum(axis=-1)
    differing = total - np.trace(tables, axis1=-2, axis2=-1)
    chance = total**2 - (given**2).sum(axis=-1)
    return 1 - _over((total - 1) * differing, chance)


def coincidences(votes: Floats) -> Floats:
    """Give how often two labels meet on each sentence.

    Parameters
    ----------
    votes
        Shape (sentences, labels): how many people gave each label.

    Returns
    -------
    array of shape (sentences, labels, labels)
        All ordered pairs of two people's labels, each over one less than the number of
        people; 0 where there was but one.
    """
    people = votes.sum(axis=1)[:, None, None]
    pairs = votes[:, :, None] * votes[:, None, :]
    pairs -= votes[:, :, None] * np.eye(votes.shape[1])
    pairs /= np.maximum(people - 1, 1)
    return pairs


def estimate(
    measure: Callable[[Floats], Floats],
    tables: Floats,
    articles: NDArray[np.int_],
    seed: int,
) -> Coefficient:
    """Give a coefficient of all sentences, and its interval by the cluster bootstrap.

    Sentences of one article resemble each other, so whole articles are drawn with
    replacement (Field & Welsh 2007, "Bootstrapping clustered data", JRSS B 69(3)). The
    standard error of the draws gives limits that are even about the logarithm of
    disagreement, 1 - value, since agreement is skewed where it is good: percentiles of
    the same draws cover 86 to 92 % there. Draws in which the coefficient is not defined
    are left out.

    Parameters
    ----------
    measure
        `kappa` or `alpha`.
    tables
        Shape (sentences, labels, labels), to be added up.
    articles
        Shape (sentences,): the number of each sentence's article.
    """
    numbers, place = np.unique(articles, return_inverse=True)
    value = float(measure(tables.sum(axis=0)))
    low = high = None
    if len(numbers) >= MINIMUM_ARTICLES and value < 1:
        sums = np.zeros((len(numbers), *tables.shape[1:]))
        np.add.at(sums, place, tables)
        low, high = _limits(value, _standard_error(measure, sums, seed), len(sums))
    return Coefficient(
        value=value if math.isfinite(value) else None,
        low=low,
        high=high,
        sentences=len(tables),
        articles=len(numbers),
    )


def _standard_error(
    measure: Callable[[Floats], Floats], sums: Floats, seed: int
) -> float:
    """Give the spread of a measure over articles drawn with replacement."""
    count = len(sums)
    equal = np.full(count, 1 / count)
    drawn = np.random.default_rng(seed).multinomial(count, equal, size=RESAMPLES)
    return float(np.nanstd(measure(np.tensordot(drawn, sums, axes=1))))


def _limits(
    value: float, error: float, articles: int
) -> tuple[float, float] | tuple[None, None]:
    """Give the 95 % interval; None where all draws come to the same."""
    if error < 1e-9:
        return None, None
    half = float(stdtrit(articles - 1, 0.975)) * error / (1 - value)
    apart = 1 - value
    return max(-1.0, 1 - apart * math.exp(half)), 1 - apart * math.exp(-half)


def _over(numerator: Floats, denominator: Floats) -> Floats:
    """Divide; nan where the denominator is 0."""
    nothing = np.full_like(np.asarray(denominator, dtype=np.float64), np.nan)
    return np.divide(numerator, denominator, out=nothing, where=denominator != 0)
