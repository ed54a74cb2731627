"""Articles -> the first axis on which outlets differ, if it can be told from noise.

What is scaled is how outlets name actors and lean towards them: of an outlet's
articles on an actor, how many call it so, how far they lean, beyond what all articles
on the same actor, and of the same topic where topics are known, would lead one to
expect. How often an actor is named is not, or the axis would be what outlets write
about. This is correspondence analysis in reference to a model (Escofier 1984); with a
single actor and topic it is ordinary correspondence analysis.

The test deals the articles of each topic to outlets at random. The intervals resample
the articles of each outlet and turn each solution onto the first by Procrustes
rotation. Both decompose a table hundreds of times, which libraries for correspondence
analysis are too slow for; nor do they know any model but independence.

References
----------
Escofier (1984), "Analyse factorielle en référence à un modèle", Revue de
statistique appliquée 32(4).
Greenacre (2017), "Correspondence Analysis in Practice", 3rd edition, chapter 29.
Milan & Whittaker (1995), "Application of the parametric bootstrap to models that
incorporate a singular value decomposition", Applied Statistics 44(1).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import orthogonal_procrustes
from scipy.special import stdtrit

from annotator.profile.measures import ArticleMeasures
from annotator.profile.votes import LEAST_ARTICLES, Votes, votes_of
from annotator.records import Actor, AxisPlace, OutletAxis

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

LEAST_OUTLETS: Final = 5
"""Fewer lie on a line, or nearly so, whatever they write."""

PERMUTATIONS: Final = 499
RESAMPLES: Final = 200

TOLD: Final = 0.05
"""The p-value below which the axis is told from noise."""

NAMED: Final = 10
"""Features given at either end."""

_NOTHING: Final = 1e-12
"""Inertia that only rounding leaves."""

_TURNED: Final = 3
"""Dimensions in which a resample is turned onto the solution: axes of nearly the same
inertia change places from sample to sample."""


class Residuals(NamedTuple):
    """What outlets have above or below expectation, and the margins.

    Attributes
    ----------
    table
        Shape (outlets, features), standardised: squares sum to the total inertia.
    outlets, features
        Masses, each summing to 1.
    """

    table: Floats
    outlets: Floats
    features: Floats


class Solution(NamedTuple):
    """Principal coordinates, shape (points, dimensions); inertias, falling."""

    outlets: Floats
    features: Floats
    inertias: Floats


def outlet_axis(
    articles: Sequence[ArticleMeasures],
    actors: Sequence[Actor],
    seed: int = 1,
    *,
    permutations: int = PERMUTATIONS,
    resamples: int = RESAMPLES,
) -> OutletAxis:
    """Scale outlets on how they name actors and lean towards them.

    Parameters
    ----------
    articles
        In any order; the narrator's voice only. Copies count once in each outlet;
        articles of an unknown outlet are left out.
    actors
        The most mentioned first; the last are left out if there are too many.
    seed
        Of the permutations and resamples.

    Returns
    -------
    OutletAxis
        Outlets have a mean of 0 and a standard deviation of 1, weighted by votes. A
        feature stands at the mean place of the outlets that have it, less what it
        would be if all outlets named the actor alike; the `NAMED` that load most at
        either end are given. Which end is positive says nothing. Not told, with the
        reason in `note`, where fewer than `LEAST_OUTLETS` outlets have
        `votes.LEAST_ARTICLES` articles that name an actor.
    """
    votes = votes_of(articles, actors)
    if len(votes.outlets) < LEAST_OUTLETS or not votes.features:
        return OutletAxis(0.0, 1.0, False, _too_few(votes))
    observed = residuals(votes, votes.outlet)
    found = solve(observed)
    total = found.inertias.sum()
    if total < _NOTHING:
        return OutletAxis(0.0, 1.0, False, "All outlets name and lean alike.")
    rng = np.random.default_rng(seed)
    larger = sum(
        np.linalg.norm(residuals(votes, dealt).table, 2) ** 2 >= found.inertias[0]
        for dealt in _dealt(votes, permutations, rng)
    )
    p = float((1 + larger) / (1 + permutations))
    told = p < TOLD
    return OutletAxis(
        inertia=float(found.inertias[0] / total),
        p=p,
        told=told,
        note=_note(votes, observed, found, told),
        places=_places(votes, found, actors, resamples, rng) if told else (),
    )


def residuals(votes: Votes, outlet: Whole, weight: Floats | None = None) -> Residuals:
    """Give what outlets have beyond what their articles' topics and actors explain.

    Parameters
    ----------
    outlet
        Shape (articles,): which outlet each article is dealt to.
    weight
        Shape (articles,): how often each counts; once if None.
    """
    times = np.ones(len(outlet)) if weight is None else weight
    times = times[votes.article]
    table = votes.table(outlet, times * votes.vote)
    table /= table.sum()
    beyond = votes.vote - votes.expected(times, votes.topic)
    beyond = votes.table(outlet, times * beyond) / (times * votes.vote).sum()
    outlets, features = table.sum(axis=1), table.sum(axis=0)
    scale = np.sqrt(np.outer(outlets, features))
    beyond = np.divide(beyond, scale, out=np.zeros_like(table), where=scale > 0)
    return Residuals(beyond, outlets, features)


def solve(found: Residuals) -> Solution:
    """Decompose residuals; the largest feature loading is made positive."""
    left, values, right = np.linalg.svd(found.table, full_matrices=False)
    largest = np.abs(right).argmax(axis=1)[:, None]
    sign = np.where(np.take_along_axis(right, largest, axis=1) < 0, -1.0, 1.0)
    heavy = np.sqrt(np.where(found.features > 0, found.features, np.inf))
    return Solution(
        left * (sign.T * values) / np.sqrt(found.outlets)[:, None],
        (right * sign).T * values / heavy[:, None],
        values**2,
    )


def _dealt(votes: Votes, times: int, rng: np.random.Generator) -> Iterator[Whole]:
    """Outlets of the articles after those of each topic were dealt to them anew."""
    by_topic = np.argsort(votes.topic, kind="stable")
    for _ in range(times):
        shuffled = np.lexsort((rng.random(len(by_topic)), votes.topic))
        dealt = np.empty_like(votes.outlet)
        dealt[by_topic] = votes.outlet[shuffled]
        yield dealt


def _spread_by_topics(votes: Votes, observed: Residuals, found: Solution) -> float:
    """Share of topics in how far outlets would lie apart if topics were not regarded.

    0 to 1: the variance, weighted by votes, of the places that the topics alone give
    outlets on the axis, of its sum with the variance of their places.
    """
    once = np.ones(len(votes.vote))
    by_topic = votes.expected(once, votes.topic)
    overall = votes.expected(once, np.zeros_like(votes.topic))
    sums = votes.table(votes.outlet, by_topic - overall)
    each = votes.table(votes.outlet, votes.vote).sum(axis=1)
    alone = sums @ found.features[:, 0] / each / found.inertias[0] ** 0.5
    variance = float(np.cov(alone, aweights=observed.outlets, ddof=0))
    return variance / (variance + float(found.inertias[0]))


def _places(
    votes: Votes,
    found: Solution,
    actors: Sequence[Actor],
    resamples: int,
    rng: np.random.Generator,
) -> tuple[AxisPlace, ...]:
    """Outlets, then the features that load most; each by place."""
    spread = found.inertias[0] ** 0.5
    places = found.outlets[:, 0] / spread
    half = _half_widths(votes, found, resamples, rng)
    outlets = [
        AxisPlace("outlet", name, float(at), float(at - half[n]), float(at + half[n]))
        for n, (name, at) in enumerate(zip(votes.outlets, places, strict=True))
    ]
    names = {actor.actor_id: actor.name for actor in actors}
    load = votes.table(votes.outlet, votes.vote).sum(axis=0) * found.features[:, 0] ** 2
    features = [
        AxisPlace(f.what, f"{names[f.actor_id]}: {f.name}", float(found.features[n, 0]))
        for n in np.argsort(-load, kind="stable")
        for f in [votes.features[n]]
    ]
    ends = [f for f in features if f.place > 0][:NAMED]
    ends += [f for f in features if f.place < 0][:NAMED]
    return (*sorted(outlets, key=_by_place), *sorted(ends, key=_by_place))


def _by_place(place: AxisPlace) -> tuple[float, str]:
    return place.place, place.name


def _half_widths(
    votes: Votes, found: Solution, resamples: int, rng: np.random.Generator
) -> Floats:
    """Half the 95 % interval of each outlet, by Student's t with its articles."""
    sizes = np.bincount(votes.outlet)
    starts = np.cumsum(sizes) - sizes
    turned = min(_TURNED, len(found.inertias))
    fixed = found.outlets[:, :turned]
    places = []
    for _ in range(resamples):
        drawn = (rng.random(len(votes.outlet)) * sizes[votes.outlet]).astype(np.int64)
        weight = np.bincount(starts[votes.outlet] + drawn, minlength=len(drawn))
        sample = residuals(votes, votes.outlet, weight.astype(np.float64))
        rows = solve(sample).outlets[:, :turned]
        mass = np.sqrt(sample.outlets)[:, None]
        turn, _ = orthogonal_procrustes(rows * mass, fixed * mass)
        places.append((rows @ turn)[:, 0] / found.inertias[0] ** 0.5)
    few = np.sqrt(sizes / (sizes - 1)) * stdtrit(sizes - 1, 0.975)
    return np.asarray(few * np.std(places, axis=0))


def _note(votes: Votes, observed: Residuals, found: Solution, told: bool) -> str:
    """Say in words what was scaled, and what not to conclude."""
    kinds = [feature.what for feature in votes.features]
    scaled = (
        f"{len(votes.outlets)} outlets on {kinds.count('naming')} names of actors and "
        f"the narrator's leaning towards {kinds.count('stance') // 2}, in "
        f"{len(votes.outlet):,} articles."
    )
    if not told:
        return (
            f"{scaled} The outlets differ no more than they would if their articles "
            "were dealt to them at random: there is no axis to show."
        )
    topics = len(set(votes.topic.tolist()))
    spread = _spread_by_topics(votes, observed, found)
    topic = (
        "The articles state no topics: part of the axis may be what the outlets write "
        "about."
        if topics == 1
        else f"Articles are compared within {topics} topics; otherwise {spread:.0%} of "
        "the variance along the axis would be that of the outlets' topics."
    )
    return (
        f"{scaled} {topic} What the axis is can only be read from the names and "
        "leanings at its ends; neither end is left or right, good or bad."
    )


def _too_few(votes: Votes) -> str:
    return (
        f"Not enough data: {len(votes.outlets)} outlets have {LEAST_ARTICLES} articles "
        f"that name an actor of several names or lean towards one, it takes "
        f"{LEAST_OUTLETS}."
    )
