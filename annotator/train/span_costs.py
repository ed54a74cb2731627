"""A model and runs with marked spans -> what opening a span should cost.

The tag probabilities alone say little of how doubtful a word must be to stand outside:
a layer with few examples is opened too seldom, a name of many words cut in two.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from annotator.records import SpanLayer
from annotator.tag.model import SPAN_LAYERS
from annotator.tag.tagger import Tagger
from annotator.train.data import Run
from annotator.train.span_scores import AllSpanScores, score_spans

COSTS: Final = (-3.0, -2.0, -1.0, 0.0, 0.75, 1.5, 2.5)
"""Log-odds tried; a finer grid would choose among chances."""


def fit_opening_costs(model: Path, runs: Sequence[Run]) -> tuple[float, ...]:
    """The cost of each layer with the best mean of exact and overlap F1.

    The layers do not depend on one another, so each cost is tried for all at once.
    """
    tagger = Tagger(model)
    tried = {
        cost: score_spans(tagger.with_opening_costs((cost,) * len(SPAN_LAYERS)), runs)
        for cost in COSTS
    }
    return tuple(_best(tried, layer) for layer in SPAN_LAYERS)


def _best(tried: Mapping[float, AllSpanScores], layer: SpanLayer) -> float:
    def both(cost: float) -> float:
        found = tried[cost].layers[layer]
        return found.exact_f1.value + found.overlap_f1.value

    return max(tried, key=both)
