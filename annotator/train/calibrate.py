"""A network and articles it did not train on -> how far its probabilities hold.

Two things are fitted on the calibration split: the temperature, and for each
confidence a bound on the error of the labels given with at least that confidence.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import betaincinv

from annotator.tag.model import TaggerModel
from annotator.tag.windows import WindowBuilder
from annotator.train.data import Run
from annotator.train.measure import label_logits, labelled
from annotator.train.scores import Scores, calibrated, fit_temperature, score

DOUBT: Final = 0.1
"""Chance that a bound on the error is too low, over all thresholds together."""

THRESHOLDS: Final = np.arange(25, 100) / 100


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted, and how the model scores on the split it was fitted on."""

    temperature: float
    risk: tuple[tuple[float, float], ...]
    scores: Scores
    sentences: int


def calibrate(
    network: TaggerModel,
    builder: WindowBuilder,
    runs: Sequence[Run],
    device: torch.device,
) -> Calibration:
    """Fit temperature and error bounds on runs that trained nothing."""
    rows = labelled(runs)
    logits = label_logits(network, builder, runs, device)
    truth = np.array([r.truth for r in rows])
    temperature = fit_temperature(truth, logits)
    likely = calibrated(logits, temperature)
    right = likely.argmax(axis=1) == truth
    return Calibration(
        temperature,
        error_bounds(likely.max(axis=1), right),
        score(rows, likely),
        len(rows),
    )


def error_bounds(
    confidence: NDArray[np.float64], right: NDArray[np.bool_]
) -> tuple[tuple[float, float], ...]:
    """Pairs of a threshold and a bound on the error at or above it.

    The bound is the exact binomial one (Clopper & Pearson 1934); the doubt is
    shared among the steps of a search for the lowest threshold that keeps a
    promise, as in Geifman & El-Yaniv (2017), "Selective classification for deep
    neural networks". Thresholds that nothing reaches are left out.
    """
    share = DOUBT / math.ceil(math.log2(len(THRESHOLDS)))
    bounds = []
    for threshold in THRESHOLDS:
        kept = right[confidence >= threshold]
        wrong = int((~kept).sum())
        if wrong < len(kept):
            bound = float(betaincinv(wrong + 1, len(kept) - wrong, 1 - share))
            bounds.append((float(threshold), round(bound, 4)))
    return tuple(bounds)
