"""A model, lessons and what it learned from before -> a model that learned them too.

Some of what was learned before is repeated beside the new lessons, so that it is not
forgotten (rehearsal, Robins 1995), and a share of the old weights is mixed into the new
ones (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from pathlib import Path
from typing import Final

import torch

from annotator.tag.device import pick_device
from annotator.tag.folder import LoadedModel
from annotator.train.batches import Lessons
from annotator.train.calibrate import calibrate
from annotator.train.config import TrainingConfig
from annotator.train.data import Run, split_of
from annotator.train.loop import Trainer
from annotator.train.measure import labelled
from annotator.train.progress import Progress

REPLAYED: Final = 4
"""Sentences learned from before that are repeated for each one decided. Run
`benchmarks/review_gain.py` again if it changes."""

GOING_ON: Final = TrainingConfig(
    encoder="",
    start_share=0.3,
    epochs=2,
    learning_rate=5e-5,
    head_learning_rate=2e-4,
    drop_title=0.2,
    storage="packed",
)
"""How training goes on: a third of the rates that the shipped model was made with, for
few decisions must not move it far. Run `benchmarks/review_gain.py` again if it
changes."""

ALONE: Final = replace(
    GOING_ON, start_share=0.5, learning_rate=2e-5, head_learning_rate=5e-5
)
"""The same where nothing learned before is repeated."""


def teach(
    start: LoadedModel,
    lessons: Lessons,
    claims: Sequence[Run],
    config: TrainingConfig,
    work: Path,
    report: Callable[[Progress], None],
) -> LoadedModel:
    """Go on training; the start stays as it is.

    Parameters
    ----------
    claims
        Runs learned from before. Their validation split says which epoch is kept and
        their calibration split fits the temperature; without them the epoch that fits
        the lessons best is kept, and the start's calibration.
    work
        Checkpoints.
    """
    torch.manual_seed(config.seed)
    builder, device = start.builder, pick_device()
    config = replace(config, window=start.description.window)
    validation = [run for run in claims if split_of(run.article) == "validation"]
    trainer = Trainer(
        deepcopy(start.network), builder, config, work / "checkpoint", report, device
    )
    trainer.run(lessons, Lessons(validation or lessons.runs))
    network = trainer.network.cpu()
    old, share = start.network.state_dict(), config.start_share
    network.load_state_dict(
        {n: share * old[n] + (1 - share) * w for n, w in network.state_dict().items()}
    )
    description = start.description
    calibration = [run for run in claims if split_of(run.article) == "calibration"]
    if calibration:
        fitted = calibrate(network, builder, calibration, torch.device("cpu"))
        description = replace(
            description, temperature=fitted.temperature, risk=fitted.risk
        )
    return LoadedModel(description, network, builder)


def replay(claims: Sequence[Run], sentences: int, seed: int) -> list[Run]:
    """Draw runs from the training split until they hold so many sentences."""
    pool = [run for run in claims if split_of(run.article) == "train"]
    random.Random(seed).shuffle(pool)  # noqa: S311 not for secrets
    drawn: list[Run] = []
    held = 0
    for run in pool:
        if held >= sentences:
            break
        drawn.append(run)
        held += size([run])
    return drawn


def size(runs: Sequence[Run]) -> int:
    """Count the sentences that have one of the four labels."""
    return len(labelled(runs))
