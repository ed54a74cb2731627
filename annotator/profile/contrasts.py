"""Sums of articles by outlet and stratum -> each outlet's difference from the others.

Strata are averaged by the weights of Mantel and Haenszel, which hold up where strata
are small. Two ways to an interval:

- `standardised`: either side gets the interval that suits its measure, and the limits
  of the difference are put together from theirs (MOVER).
- `paired`: articles of one stratum are alike on purpose, so the stratum is what is
  resampled, both sides at once; the limits are set about an outlet's own figure, the
  more skewed of the two.

References
----------
Greenland & Robins (1985), "Estimation of a common effect parameter from sparse
follow-up data", Biometrics 41(1).
Zou & Donner (2008), "Construction of confidence limits about effect measures: a
general approach", Statistics in Medicine 27(10).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from annotator.profile.intervals import MINIMUM, Ints, Ratios, added, limits
from annotator.profile.measures import MeasureKind
from annotator.profile.shares import Floats

MINIMUM_STRATA: Final = 15
"""The fewest strata whose differences `paired` averages. From here on no more than
5 % of outlets that do not differ are said to. Run `benchmarks/intervals.py` again if
the method changes."""

_CELL_ARTICLES: Final = 2
"""Of either side in a stratum; one says nothing of how the articles of it differ."""


class Entries(NamedTuple):
    """What each article adds, of shape (entries,) each; denominators above 0.

    `outlet` and `stratum` are numbers from 0 on.
    """

    outlet: Ints
    stratum: Ints
    numerator: Floats
    denominator: Floats


class Contrast(NamedTuple):
    """Each outlet less all others together, of shape (outlets,) each, not scaled.

    `articles` and `others` are those compared. What is not `usable` rests on too
    little to be given out.
    """

    difference: Floats
    low: Floats
    high: Floats
    p: Floats
    articles: Floats
    others: Floats
    usable: NDArray[np.bool_]


class _Sums(NamedTuple):
    """Of one side, of shape (outlets, strata) each."""

    articles: Floats
    numerator: Floats
    denominator: Floats
    squares: Floats
    products: Floats
    exposures: Floats

    @property
    def ratio(self) -> Floats:
        return self.numerator / self.denominator

    def less(self, own: _Sums) -> _Sums:
        return _Sums(*(a - b for a, b in zip(self, own, strict=True)))

    def over_outlets(self) -> _Sums:
        return _Sums(*(each.sum(axis=0, keepdims=True) for each in self))


def standardised(kind: MeasureKind, entries: Entries) -> Contrast:
    """Compare outlets over strata that hold several articles of both sides.

    Usable from `MINIMUM` articles of both sides on.
    """
    own = _sums(entries)
    others = own.over_outlets().less(own)
    weight = _weights(own, others, _CELL_ARTICLES)
    with np.errstate(divide="ignore", invalid="ignore"):
        mine = _side(own, weight)
        theirs = _side(others, weight)
        surplus = _surplus(entries, own, weight)
        low, high = limits(kind, mine._replace(surplus=surplus))
        their_low, their_high = limits(kind, theirs)
        difference = mine.value - theirs.value
        down = np.hypot(mine.value - low, their_high - theirs.value)
        up = np.hypot(high - mine.value, theirs.value - their_low)
    return Contrast(
        difference,
        difference - down,
        difference + up,
        _p_values(difference, down, up, mine.articles - 1),
        mine.articles,
        theirs.articles,
        np.minimum(mine.articles, theirs.articles) >= MINIMUM[kind],
    )


def paired(kind: MeasureKind, entries: Entries) -> Contrast:
    """Compare outlets over strata that hold an article of both sides.

    The limits are those of an outlet's own figure with the error of the difference,
    and no nearer than those of Student's t. Usable from `MINIMUM_STRATA` on.
    """
    own = _sums(entries)
    others = own.over_outlets().less(own)
    weight = _weights(own, others, 1)
    shared = weight > 0
    strata = shared.sum(axis=1).astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = weight / weight.sum(axis=1, keepdims=True)
        each = np.where(shared, own.ratio - others.ratio, 0)
        difference = (part * each).sum(axis=1)
        apart = part * (each - difference[:, None])
        error = np.sqrt((apart**2).sum(axis=1) * strata / (strata - 1))
        mine = Ratios(
            (part * np.where(shared, own.ratio, 0)).sum(axis=1),
            error,
            (own.denominator * shared).sum(axis=1),
            strata,
            apart.max(axis=1),
        )
        low, high = limits(kind, mine)
        half = error * stdtrit(strata - 1, 0.975)
        down = np.fmax(mine.value - low, half)
        up = np.fmax(high - mine.value, half)
    return Contrast(
        difference,
        difference - down,
        difference + up,
        _p_values(difference, down, up, strata - 1),
        (own.articles * shared).sum(axis=1),
        (others.articles * shared).sum(axis=1),
        strata >= MINIMUM_STRATA,
    )


def _p_values(difference: Floats, down: Floats, up: Floats, freedom: Floats) -> Floats:
    """Give two-sided p-values, below 0.05 where the 95 % interval leaves 0 out."""
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where(difference > 0, down, up) / stdtrit(freedom, 0.975)
        p: Floats = 2 * stdtr(freedom, -np.abs(difference) / error)
    return p


def _sums(entries: Entries) -> _Sums:
    outlets, strata = (int(each.max()) + 1 for each in entries[:2])
    cell = entries.outlet * strata + entries.stratum
    x, y = entries.numerator, entries.denominator
    return _Sums(
        *(
            added(cell, each, outlets * strata).reshape(outlets, strata)
            for each in (np.ones_like(x), x, y, x * x, x * y, y * y)
        )
    )


def _weights(own: _Sums, others: _Sums, articles: int) -> Floats:
    """Give the weights of Mantel and Haenszel; 0 where a side has too few articles."""
    shared = np.minimum(own.articles, others.articles) >= articles
    product = own.denominator * others.denominator
    both = own.denominator + others.denominator
    weights: Floats = np.divide(product, both, out=np.zeros_like(both), where=shared)
    return weights


def _side(sums: _Sums, weight: Floats) -> Ratios:
    """Average the ratios of strata; their errors are linearised."""
    shared = weight > 0
    part = weight / weight.sum(axis=1, keepdims=True)
    ratio = np.where(shared, sums.ratio, 0)
    spread = sums.squares - 2 * ratio * sums.products + ratio**2 * sums.exposures
    few = sums.articles / (sums.articles - 1)
    variance = few * np.maximum(spread, 0) * (part / sums.denominator) ** 2
    return Ratios(
        (part * ratio).sum(axis=1),
        np.sqrt(np.where(shared, variance, 0).sum(axis=1)),
        (sums.denominator * shared).sum(axis=1),
        (sums.articles * shared).sum(axis=1),
        np.zeros(len(ratio)),
    )


def _surplus(entries: Entries, own: _Sums, weight: Floats) -> Floats:
    """Give the most that one article of each outlet adds to its average."""
    at = entries.outlet, entries.stratum
    part = weight[at] / weight.sum(axis=1)[entries.outlet]
    more = entries.numerator - own.ratio[at] * entries.denominator
    surplus = np.zeros(len(weight))
    np.maximum.at(
        surplus, entries.outlet, np.nan_to_num(part * more / own.denominator[at])
    )
    return surplus
