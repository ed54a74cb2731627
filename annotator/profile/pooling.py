"""Figures of several groups, and their variances -> figures shrunk to their mean.

Each figure is taken to be drawn about a true one, and the true ones about a common
mean, all normally. The spread of the true ones, tau, is not known either: what is
returned is averaged over what the figures leave likely of it, tau being uniform
beforehand. So the intervals know that tau is uncertain, and three groups are the
fewest that say anything of it.

References
----------
Gelman, Carlin, Stern, Dunson, Vehtari & Rubin (2013), "Bayesian Data Analysis", 3rd
edition, section 5.4. Gelman (2006), "Prior distributions for variance parameters in
hierarchical models", Bayesian Analysis 1(3).
Efron & Morris (1975), "Data analysis using Stein's estimator and its
generalizations", JASA 70: the arcsine scale.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from annotator.profile.intervals import Ratios
from annotator.profile.measures import MeasureKind
from annotator.profile.shares import Floats

FEWEST_GROUPS: Final = 3
"""Below this the posterior is improper under a uniform tau (Gelman 2006)."""

PRIOR_ARTICLES: Final = 30
"""How many articles of its own weigh as much as all groups together in saying how
much the articles of one group differ. With 10, pooled 95 % intervals cover 91 to 93 %;
with 30, 92 to 94. Run `benchmarks/intervals.py` again if it changes."""

_STEPS: Final = 400


class Pooled(NamedTuple):
    """Posterior mean and 95 % limits, of shape (groups,) each."""

    value: Floats
    low: Floats
    high: Floats


def shrink(figures: Floats, variances: Floats) -> tuple[Floats, Floats]:
    """Give the posterior mean and standard deviation of each group's true figure.

    Parameters
    ----------
    figures, variances
        Shape (groups,), at least `FEWEST_GROUPS`; variances above 0.

    Examples
    --------
    The eight schools of Rubin (1981):

    >>> effects = np.array([28.0, 8, -3, 7, -1, 1, 18, 12])
    >>> errors = np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    >>> shrink(effects, errors**2)[0].round().tolist()
    [11.0, 8.0, 6.0, 8.0, 5.0, 6.0, 11.0, 8.0]
    """
    top = 10 * max(float(np.std(figures)), float(np.sqrt(np.median(variances))))
    tau = top * np.linspace(0, 1, _STEPS) ** 2
    around = variances + tau[:, None] ** 2
    spread = 1 / (1 / around).sum(axis=1)
    mean = spread * (figures / around).sum(axis=1)
    misfit = ((figures - mean[:, None]) ** 2 / around).sum(axis=1)
    log_density = (np.log(spread) - np.log(around).sum(axis=1) - misfit) / 2
    weight = np.exp(log_density - log_density.max()) * np.gradient(tau)
    weight = (weight / weight.sum())[:, None]
    to_mean = variances / around
    means = to_mean * mean[:, None] + (1 - to_mean) * figures
    varied = variances * (1 - to_mean) + to_mean**2 * spread[:, None]
    centre = (weight * means).sum(axis=0)
    return centre, np.sqrt((weight * (varied + (means - centre) ** 2)).sum(axis=0))


def pool(kind: MeasureKind, found: Ratios) -> Pooled | None:
    """Shrink the ratios of one measure to their mean.

    None of too few groups, and where no group has articles that differ: then nothing
    is known of the errors.

    Shares are shrunk as the arcsine of their root and rates as their root, where the
    variance does not hang on the figure; a mean as it is.
    """
    if len(found.value) < FEWEST_GROUPS or not found.error.any():
        return None
    variance = _variances(kind, found)
    centre, deviation = shrink(_scaled(kind, found.value, variance), variance)
    low, high = centre - 1.96 * deviation, centre + 1.96 * deviation
    return Pooled(*(_unscaled(kind, each) for each in (centre, low, high)))


def _variances(kind: MeasureKind, found: Ratios) -> Floats:
    """Give the variances on the scale of pooling, steadied by the other groups'."""
    value = found.value
    slope: dict[MeasureKind, Floats] = {
        "share": 4 * value * (1 - value),
        "rate": 4 * value,
        "mean": np.ones_like(value),
    }
    known = (found.error > 0) & (slope[kind] > 0)
    own = np.zeros_like(value)
    np.divide(found.error**2, slope[kind], out=own, where=known)
    freedom = np.where(known, found.articles - 1, 0)
    common = (freedom * found.articles * own).sum() / max(freedom.sum(), 1)
    steadied: Floats = freedom * own + PRIOR_ARTICLES * common / found.articles
    steadied /= freedom + PRIOR_ARTICLES
    return np.maximum(steadied, 1e-12)


def _scaled(kind: MeasureKind, value: Floats, variance: Floats) -> Floats:
    """Transform; a quarter of an observation is added, lest the root falls short."""
    if kind == "share":
        return np.arcsin(np.sqrt((value + variance) / (1 + 2 * variance)))
    return np.sqrt(value + variance) if kind == "rate" else value


def _unscaled(kind: MeasureKind, scaled: Floats) -> Floats:
    if kind == "share":
        return np.sin(np.clip(scaled, 0, np.pi / 2)) ** 2
    return np.maximum(scaled, 0) ** 2 if kind == "rate" else np.clip(scaled, -1, 1)
