"""Rows, probabilities and the group of each row -> figures a group, and their spread.

A group is whatever a column of the data names: an outlet, a topic, a leaning.
Intervals as in `scores`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from annotator.codebook import LABELS
from annotator.train.measure import Labelled
from annotator.train.scores import Figure, Floats, Ints, draws, figure_of

LEAST_SENTENCES: Final = 30
LEAST_ARTICLES: Final = 5
"""Of a group that is shown: with fewer articles, drawing them anew says little."""

SHUFFLES: Final = 1000


@dataclass(frozen=True, slots=True)
class GroupScores:
    """How well a model labels one group; `macro_f1` as in `macro_f1`."""

    name: str
    sentences: int
    articles: int
    macro_f1: Figure
    accuracy: Figure


@dataclass(frozen=True, slots=True)
class Grouping:
    """Figures by one column, and how far they lie apart.

    Attributes
    ----------
    groups
        Those with enough sentences and articles, the largest first.
    left_out
        Sentences of smaller groups, or of none.
    spread
        Largest macro-F1 less the smallest.
    spread_by_chance
        What 95 % of spreads stay under where articles are dealt out to the groups
        at random: a spread above it is more than chance.
    """

    column: str
    groups: tuple[GroupScores, ...]
    left_out: int
    spread: float
    spread_by_chance: float


def by_group(
    rows: Sequence[Labelled],
    probabilities: Floats,
    column: str,
    group_of: Mapping[str, str],
) -> Grouping:
    """Score each group; `group_of` names the group of a sentence by its id."""
    names = [group_of.get(str(r.sentence.id), "") for r in rows]
    cells = sorted({(n, r.article) for n, r in zip(names, rows, strict=True)})
    number = {cell: i for i, cell in enumerate(cells)}
    confusions = np.zeros((len(cells), len(LABELS), len(LABELS)), dtype=np.int64)
    for name, row, guess in zip(names, rows, probabilities.argmax(axis=1), strict=True):
        confusions[number[name, row.article], row.truth, guess] += 1
    of_group: dict[str, list[int]] = {}
    for i, (name, _) in enumerate(cells):
        of_group.setdefault(name, []).append(i)
    shown = {
        name: inside
        for name, inside in of_group.items()
        if name
        and len(inside) >= LEAST_ARTICLES
        and confusions[inside].sum() >= LEAST_SENTENCES
    }
    groups = [_scores(name, confusions[inside]) for name, inside in shown.items()]
    parts = [confusions[inside] for inside in shown.values()]
    return Grouping(
        column,
        tuple(sorted(groups, key=lambda g: -g.sentences)),
        len(rows) - sum(g.sentences for g in groups),
        _spread(parts),
        _spread_by_chance(parts),
    )


def macro_f1(confusions: Ints) -> Floats:
    """Mean F1 of confusions (..., 4, 4) over labels that are true or predicted.

    A small group may lack a label altogether; its F1 is undefined and left out, as
    scikit-learn does.
    """
    hits = np.diagonal(confusions, axis1=-2, axis2=-1)
    there = confusions.sum(axis=-1) + confusions.sum(axis=-2)
    defined = np.maximum((there > 0).sum(axis=-1), 1)
    mean: Floats = (2 * hits / np.maximum(there, 1)).sum(axis=-1) / defined
    return mean


def _scores(name: str, confusions: Ints) -> GroupScores:
    drawn = np.tensordot(draws(len(confusions), seed=0), confusions, axes=1)
    right = np.trace(drawn, axis1=-2, axis2=-1)
    return GroupScores(
        name,
        int(confusions.sum()),
        len(confusions),
        figure_of(macro_f1(drawn)),
        figure_of(right / drawn.sum(axis=(-2, -1))),
    )


def _spread(parts: Sequence[Ints]) -> float:
    if not parts:
        return 0.0
    return float(np.ptp(macro_f1(np.stack([p.sum(axis=0) for p in parts]))))


def _spread_by_chance(parts: Sequence[Ints]) -> float:
    if len(parts) < 2:
        return 0.0
    rng = np.random.default_rng(0)
    every = np.concatenate(parts)
    starts = np.cumsum([0, *(len(p) for p in parts[:-1])])
    spreads = [
        np.ptp(macro_f1(np.add.reduceat(every[rng.permutation(len(every))], starts)))
        for _ in range(SHUFFLES)
    ]
    return float(np.quantile(spreads, 0.95))
