"""What articles measure -> figures of outlets, topics and months, with intervals."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Final, NamedTuple, TypeAlias

import numpy as np

from annotator.profile.copies import once_each
from annotator.profile.intervals import MINIMUM, Ints, Ratios, limits, ratios
from annotator.profile.measures import MEASURES, STANCE, ArticleMeasures
from annotator.profile.pooling import Pooled, pool
from annotator.profile.shares import Floats
from annotator.records import Estimate, Group, Voice

ACTOR_MENTIONS: Final = 10
ACTOR_ARTICLES: Final = 5
"""An actor that a group of articles names less often gets no row of that group; with
fewer, a row is one article's."""

PARTS: Final = tuple(field.name for field in fields(Group))


class Subject(NamedTuple):
    """What is measured: a measure, and whom it is towards in whose voice."""

    measure: str
    actor_id: str | None = None
    voice: Voice | None = None


Rows: TypeAlias = "array[float]"
"""Three numbers for each article that has a subject: its group's or its own, and what
it adds to numerator and denominator. Millions of tuples would take much more room."""


def new_rows() -> Rows:
    """None yet."""
    return array("d")


def columns_of(rows: Rows) -> tuple[Ints, Floats, Floats]:
    """Give the numbers of each place in a row, each of shape (rows,)."""
    first, numerators, denominators = np.array(rows).reshape(-1, 3).T
    return first.astype(np.intp), numerators, denominators


class Table(NamedTuple):
    """The figures of one subject, by group."""

    groups: list[Group]
    numerators: list[float]
    ratios: Ratios


def estimates(
    articles: Sequence[ArticleMeasures], by: Sequence[str] = ("outlet",)
) -> tuple[Estimate, ...]:
    """Give each group's figures, with their intervals, and shrunk to all groups'.

    Parameters
    ----------
    by
        Of `PARTS`; articles are grouped by all of them together.

    Returns
    -------
    tuple of Estimate
        By group, the unknown last; then in the order of `MEASURES`, the actors named
        most first. Copies count once in each outlet. Actors that the group names
        fewer than `ACTOR_MENTIONS` times or in fewer than `ACTOR_ARTICLES` articles
        are left out.

    Raises
    ------
    ValueError
        If articles cannot be grouped by a part.
    """
    unknown = sorted(set(by) - set(PARTS))
    if unknown or not by:
        raise ValueError(
            f"articles are grouped by one or more of {', '.join(PARTS)}; "
            f"got {', '.join(unknown) or 'nothing'}"
        )
    groups, entries = _entries(articles, by)
    found = [
        estimate
        for subject, rows in entries.items()
        for estimate in _estimates(subject, _table(groups, rows, subject))
    ]
    return tuple(sorted(found, key=_order))


def _entries(
    articles: Sequence[ArticleMeasures], by: Sequence[str]
) -> tuple[list[Group], dict[Subject, Rows]]:
    """Spread what articles measure over subjects; each row begins with its group."""
    number: dict[Group, int] = {}
    rows: defaultdict[Subject, Rows] = defaultdict(new_rows)
    for article in once_each(articles):
        group = Group(**{part: getattr(article, part) or "" for part in by})
        place = number.setdefault(group, len(number))
        for subject, sums in subjects_of(article):
            rows[subject].extend((place, *sums))
    return list(number), rows


def subjects_of(
    article: ArticleMeasures,
) -> Iterator[tuple[Subject, tuple[float, float]]]:
    """Give all that an article measures, with numerator and denominator above 0."""
    for measure, sums in article.sums.items():
        if sums[1] > 0:
            yield Subject(measure), sums
    for (actor_id, voice), sums in article.stances.items():
        if sums[1] > 0:
            yield Subject(STANCE, actor_id, voice), sums


def _table(groups: Sequence[Group], rows: Rows, subject: Subject) -> Table:
    """Add up by group; groups that name an actor too rarely are left out."""
    group, numerators, denominators = columns_of(rows)
    kept = np.bincount(group, minlength=len(groups)) > 0
    if subject.actor_id is not None:
        kept &= np.bincount(group, minlength=len(groups)) >= ACTOR_ARTICLES
        mentions = np.bincount(group, denominators, minlength=len(groups))
        kept &= mentions >= ACTOR_MENTIONS
    inside = kept[group]
    cell = (np.cumsum(kept) - 1)[group[inside]]
    cells = int(kept.sum())
    return Table(
        [g for g, keep in zip(groups, kept, strict=True) if keep],
        np.bincount(cell, numerators[inside], minlength=cells).tolist(),
        ratios(cell, numerators[inside], denominators[inside], cells),
    )


def _estimates(subject: Subject, table: Table) -> Iterator[Estimate]:
    if not table.groups:
        return
    measure, found = MEASURES[subject.measure], table.ratios
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = limits(measure.kind, found)
    enough = found.articles >= MINIMUM[measure.kind]
    nothing = np.full(len(table.groups), np.nan)
    pooled = pool(measure.kind, found) or Pooled(nothing, nothing, nothing)
    bounds = (np.where(enough, low, nothing), np.where(enough, high, nothing))
    figures = measure.scale * np.array([*bounds, *pooled])
    for i, group in enumerate(table.groups):
        given = [None if np.isnan(x) else float(x) for x in figures[:, i]]
        yield Estimate(
            group,
            subject.measure,
            table.numerators[i],
            float(found.total[i]),
            int(found.articles[i]),
            measure.scale,
            subject.actor_id,
            subject.voice,
            **dict(zip(_BOUNDS, given, strict=True)),
            needed=max(0, MINIMUM[measure.kind] - int(found.articles[i])),
        )


_BOUNDS: Final = ("low", "high", "pooled", "pooled_low", "pooled_high")
_RANK: Final = {name: rank for rank, name in enumerate(MEASURES)}


def _order(estimate: Estimate) -> tuple[object, ...]:
    parts = [getattr(estimate.group, part) or "" for part in PARTS]
    mentions = estimate.denominator if estimate.actor_id else 0.0
    return (
        [(not part, part.casefold(), part) for part in parts],
        _RANK[estimate.measure],
        -mentions,
        estimate.actor_id or "",
        estimate.voice or "",
    )
