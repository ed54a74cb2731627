"""A model and sentences with stances -> how well stances are found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from annotator.errors import BadModel
from annotator.tag.folder import LoadedModel, load_model
from annotator.tag.model import STANCES
from annotator.train.data import LabelledSentence
from annotator.train.measure import stance_logits
from annotator.train.scores import (
    Figure,
    calibrated,
    calibration_figure,
    draws,
    figure_of,
)
from annotator.train.stance import read_stances

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NAMES: Final = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class StanceScores:
    """How well stances towards named actors are found on one file.

    Attributes
    ----------
    f1
        Of negative, neutral and positive.
    macro_f1
        Their mean, as published figures on this task are (Hamborg & Donnay 2021).
    calibration_error
        Expected calibration error, in `scores.BINS` bins.
    confusion
        (3, 3): rows truth, columns prediction.
    """

    data: str
    macro_f1: Figure
    accuracy: Figure
    calibration_error: Figure
    f1: tuple[Figure, ...]
    stances: int
    sentences: int
    confusion: tuple[tuple[int, ...], ...]


def evaluate_stances(folder: Path, data: Path) -> StanceScores:
    """Score a model folder on a file of stances, each sentence read alone.

    Raises
    ------
    BadModel, BadTrainingData
        If the model has no stance head, or a row cannot be read.
    """
    model = load_model(folder)
    sentences = read_stances(data)
    return score_stances(sentences, _likely(model, sentences), data.name)


def score_stances(
    sentences: Sequence[LabelledSentence], likely: Floats, data: str
) -> StanceScores:
    """Score probabilities of shape (stances, 3); sentences are drawn for intervals."""
    truth = stance_truth(sentences)
    number = np.repeat(np.arange(len(sentences)), [len(s.stances) for s in sentences])
    confusions = np.zeros((len(sentences), 3, 3), dtype=np.int64)
    np.add.at(confusions, (number, truth, likely.argmax(axis=1)), 1)
    drawn = draws(len(sentences), seed=0)
    f1, accuracy = _rates(np.tensordot(drawn, confusions, axes=1))
    return StanceScores(
        data,
        figure_of(f1.mean(axis=1)),
        figure_of(accuracy),
        calibration_figure(likely, truth, number, drawn),
        tuple(figure_of(f1[:, i]) for i in range(3)),
        len(truth),
        len(sentences),
        tuple(tuple(row) for row in confusions.sum(axis=0).tolist()),
    )


def stance_truth(sentences: Sequence[LabelledSentence]) -> Ints:
    """Index in `model.STANCES` of each stance, sentence by sentence."""
    return np.array([STANCES.index(p) for s in sentences for _, p in s.stances])


def _likely(model: LoadedModel, sentences: Sequence[LabelledSentence]) -> Floats:
    temperature = model.description.stance_temperature
    if temperature is None:
        raise BadModel(
            f"{model.description.version} was trained without stances: there is "
            "nothing to measure; train it with --stances"
        )
    logits = stance_logits(model.network, model.builder, sentences, torch.device("cpu"))
    return calibrated(logits, temperature)


def _rates(confusions: Ints) -> tuple[Floats, Floats]:
    """F1 of each class (drawings, 3), and accuracy (drawings,)."""
    right = np.diagonal(confusions, axis1=1, axis2=2)
    either = confusions.sum(axis=1) + confusions.sum(axis=2)
    return 2 * right / np.maximum(either, 1), right.sum(axis=1) / confusions.sum((1, 2))
