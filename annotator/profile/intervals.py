"""Sums over articles -> ratios, their standard errors and 95 % intervals.

The sentences of one article resemble each other, so the article is what is
resampled: standard errors are the jackknife's, each article left out in turn. From
them each kind of measure gets the interval that covers best where articles are few
and figures skewed; `benchmarks/intervals.md` has what each covers.

References
----------
Fay & Feuer (1997), "Confidence intervals for directly standardized rates: a method
based on the gamma distribution", Statistics in Medicine 16(7).
Field & Welsh (2007), "Bootstrapping clustered data", JRSS B 69(3).
Korn & Graubard (1998); see `annotator.profile.shares`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtri, stdtrit

from annotator.profile.measures import MeasureKind
from annotator.profile.shares import MINIMUM_ARTICLES, Floats, korn_graubard

Ints = NDArray[np.intp]

MINIMUM: Final[Mapping[MeasureKind, int]] = MappingProxyType(
    {"share": MINIMUM_ARTICLES, "rate": 50, "mean": 30}
)
"""The fewest articles at which 95 % intervals cover 92 to 98 % for simulated outlets.
Run `benchmarks/intervals.py` again if an interval changes."""

_ROUNDING: Final = 1e-6
"""A smaller error of a mean is none: its articles are all alike."""


class Ratios(NamedTuple):
    """Ratios of sums over articles, one an entry of each array.

    Attributes
    ----------
    value
        Numerator over denominator, not scaled.
    error
        Standard error, articles being the clusters; 0 of one article.
    total
        The denominator.
    articles
        That the denominator is not 0 in.
    surplus
        The most that one article adds to the ratio beyond what its denominator lets
        expect.
    """

    value: Floats
    error: Floats
    total: Floats
    articles: Floats
    surplus: Floats


def added(cell: Ints, values: Floats, cells: int) -> Floats:
    """Add up values by cell."""
    return np.bincount(cell, values, cells).astype(np.float64)


def ratios(cell: Ints, numerators: Floats, denominators: Floats, cells: int) -> Ratios:
    """Add up articles by cell, and take the jackknife's error.

    Parameters
    ----------
    cell
        Shape (entries,): which ratio, below `cells`, an article adds to. No article
        has two entries in a cell, and each cell has one entry at least.
    numerators, denominators
        Shape (entries,); denominators above 0.

    Returns
    -------
    Ratios
        Arrays of shape (cells,).
    """
    articles = added(cell, np.ones(len(cell)), cells)
    sums = added(cell, numerators, cells)
    total = added(cell, denominators, cells)
    value = sums / total
    several = articles[cell] > 1
    without = np.zeros_like(numerators)
    np.divide(
        sums[cell] - numerators,
        total[cell] - denominators,
        out=without,
        where=several,
    )
    mean = added(cell, without, cells) / articles
    spread = added(cell, (without - mean[cell]) ** 2, cells) / articles
    surplus = np.zeros(cells)
    np.maximum.at(surplus, cell, numerators - value[cell] * denominators)
    return Ratios(
        value,
        np.sqrt((articles - 1) * spread),
        total,
        articles,
        surplus / total,
    )


def limits(kind: MeasureKind, found: Ratios) -> tuple[Floats, Floats]:
    """Give the 95 % intervals of ratios of one kind, from two articles on.

    A share and a mean get Korn and Graubard's, the mean as the share (1 + mean) / 2,
    whose effective number of observations nothing caps. A rate gets Fay and Feuer's.

    Returns
    -------
    low, high
        Of the shape of the ratios, around each value; not scaled.
    """
    if kind == "share":
        return korn_graubard(found.value, found.error, found.total, found.articles)
    if kind == "rate":
        return fay_feuer(found)
    known = np.where(found.error > _ROUNDING, np.inf, found.articles)
    share = (1 + np.clip(found.value, -1, 1)) / 2
    low, high = korn_graubard(share, found.error / 2, known, found.articles)
    return 2 * low - 1, 2 * high - 1


def fay_feuer(found: Ratios) -> tuple[Floats, Floats]:
    """Give the gamma intervals of rates.

    Events are never taken to vary less than independent ones do. For the upper limit
    one more article like the one with the largest surplus is imagined, as Fay and
    Feuer imagine one more event of the largest weight; of independent events it is
    one event, and the limits are the exact ones of a Poisson count.

    Examples
    --------
    Of 10 independent events, Garwood's limits are 4.795 and 18.39:

    >>> ten = Ratios(*np.array([[10.0], [10.0**0.5], [1.0], [np.inf], [1.0]]))
    >>> np.round(fay_feuer(ten), 2).ravel().tolist()
    [4.8, 18.39]
    """
    few = (stdtrit(found.articles - 1, 0.975) / ndtri(0.975)) ** 2
    variance = few * np.maximum(found.error**2, found.value / found.total)
    jump = np.maximum(found.surplus, 1 / found.total)
    rate = np.where(found.value > 0, found.value, 1)
    low = variance / rate * gammaincinv(rate**2 / np.maximum(variance, 1e-300), 0.025)
    more, spread = found.value + jump, variance + jump**2
    high = spread / more * gammaincinv(more**2 / spread, 0.975)
    # Of two or three articles the gamma may be so skewed that its quantile falls short.
    high = np.maximum(high, found.value)
    return np.where(found.value > 0, low, 0.0), high
