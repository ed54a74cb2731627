"""Two models and labelled runs -> figures of both, and how far they differ.

Whole articles are drawn with replacement, the same for both models (paired bootstrap,
Efron & Tibshirani 1993), so that a difference is surer than the figures it is of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from annotator.codebook import LABELS
from annotator.tag.folder import LoadedModel
from annotator.train.data import Run
from annotator.train.evaluate import probabilities
from annotator.train.groups import macro_f1
from annotator.train.measure import Labelled, labelled
from annotator.train.scores import Figure, article_numbers, draws, figure_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Change:
    """A figure before and after, and after less before, each with a 95 % interval.

    Attributes
    ----------
    data, figure
        What was measured on, and what.
    tolerance
        How far it may fall for the later model still to count as no worse; None where
        it is only told.
    """

    data: str
    figure: str
    before: Figure
    after: Figure
    difference: Figure
    sentences: int
    articles: int
    tolerance: float | None = None

    @property
    def worse(self) -> bool:
        """Whether it fell by more than is tolerated."""
        return self.tolerance is not None and self.difference.value < -self.tolerance


def changes(
    data: str,
    runs: Sequence[Run],
    models: tuple[LoadedModel, LoadedModel],
    tolerances: dict[str, float],
) -> list[Change]:
    """Give the changes of macro-F1 and accuracy from the first model to the second.

    Parameters
    ----------
    data
        What the runs are, in words.
    tolerances
        By the name of the figure, one of `FIGURES`.
    """
    rows = labelled(runs)
    guesses = [probabilities(model, runs).argmax(axis=1) for model in models]
    before, after = (_confusions(rows, guess) for guess in guesses)
    drawn = draws(len(before), seed=0)
    found = []
    for name, measure in FIGURES.items():
        values = [measure(np.tensordot(drawn, c, axes=1)) for c in (before, after)]
        found.append(
            Change(
                data,
                name,
                figure_of(values[0]),
                figure_of(values[1]),
                figure_of(values[1] - values[0]),
                len(rows),
                len(before),
                tolerances.get(name),
            )
        )
    return found


def _confusions(rows: Sequence[Labelled], guess: Ints) -> Ints:
    """Confusions of each article, (articles, 4, 4): rows truth, columns prediction."""
    number = article_numbers(rows)
    truth = np.array([row.truth for row in rows])
    found = np.zeros((number.max() + 1, len(LABELS), len(LABELS)), dtype=np.int64)
    np.add.at(found, (number, truth, guess), 1)
    return found


def _accuracy(confusions: Ints) -> Floats:
    right: Floats = np.trace(confusions, axis1=-2, axis2=-1) / confusions.sum((-2, -1))
    return right


FIGURES: Final = {"macro-F1": macro_f1, "accuracy": _accuracy}
