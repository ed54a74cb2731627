"""Estimates and differences -> figures with their intervals, as marks and whiskers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Final, NamedTuple

from annotator.profile.measures import STANCE
from annotator.records import Difference, Estimate, Voice
from annotator.report.evidence import Cell

FALSE_DISCOVERIES: Final = 0.05
"""Differences are marked where `q` is at most this."""


class Reading(NamedTuple):
    """A figure with its interval, as a mark and a whisker.

    `sign` is 1 or -1 where the outlet's figure is above or below that of all others
    together and the difference survives the control of false discoveries, else 0.
    """

    estimate: Estimate
    value: float
    low: float
    high: float
    sign: int
    cell: Cell


class TooFew(NamedTuple):
    """An outlet without enough articles for a figure."""

    outlet: str
    articles: int
    needed: int


Signs = Mapping[tuple[str, str, str | None, Voice | None], int]
"""By outlet, measure, actor and voice: which way an outlet differs, if it does."""


def signs_of(differences: Iterable[Difference]) -> Signs:
    """Say which differences of all articles survive."""
    return {
        (d.outlet, d.measure, d.actor_id, d.voice): 1 if d.difference > 0 else -1
        for d in differences
        if d.within is None and d.q <= FALSE_DISCOVERIES
    }


def is_of_an_outlet(estimate: Estimate) -> bool:
    """Whether it is of all articles of one outlet, and a number."""
    group, value = estimate.group, estimate.value
    whole = group.topic is None and group.month is None
    return group.outlet is not None and whole and value is not None and isfinite(value)


def reading_of(estimate: Estimate, signs: Signs) -> Reading | None:
    """Give a figure that has an interval."""
    e, value = estimate, estimate.value
    if value is None or e.low is None or e.high is None:
        return None
    outlet = e.group.outlet or ""
    cell = Cell(outlet, "measure", e.measure)
    if e.actor_id is not None:
        cell = Cell(outlet, STANCE, e.voice or "outlet", e.actor_id)
    sign = signs.get((outlet, e.measure, e.actor_id, e.voice), 0)
    return Reading(e, value, e.low, e.high, sign, cell)


def too_few(estimates: Iterable[Estimate]) -> list[TooFew]:
    """Give the outlets that have no interval, in the order of the estimates."""
    return [
        TooFew(e.group.outlet or "", e.articles, e.needed)
        for e in estimates
        if e.low is None
    ]
