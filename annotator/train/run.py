"""A configuration and labelled data -> a model folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from annotator.errors import BadTrainingData
from annotator.tag.encoders import encoder_folder
from annotator.tag.folder import (
    Description,
    load_model,
    model_folder,
    save_model,
    write_description,
)
from annotator.tag.model import TaggerModel
from annotator.tag.windows import WindowBuilder
from annotator.train.calibrate import calibrate
from annotator.train.config import TrainingConfig
from annotator.train.data import Run, Split, read_runs, split_of
from annotator.train.distill import taught_windows, unlabelled
from annotator.train.loop import Progress, Trainer, new_network, pick_device
from annotator.train.measure import label_scores, labelled


@dataclass(frozen=True, slots=True)
class Articles:
    """Unlabelled articles for a teacher to be asked about.

    `without` are files of labelled sentences whose articles are left out, as are
    those that the training data keeps back for validation and calibration.
    """

    paths: tuple[Path, ...] = ()
    without: tuple[Path, ...] = ()


def train(
    config: TrainingConfig,
    claims: Path,
    spans: Path | None,
    out: Path,
    work: Path,
    report: Callable[[Progress], None],
    articles: Articles = Articles(),
) -> Description:
    """Train, calibrate and write a model folder.

    Parameters
    ----------
    claims, spans
        Labelled rows; see `annotator.train.data`.
    out
        The model folder; its name is the model's name.
    work
        Checkpoints; an unfinished run found there is gone on with.
    report
        Called after every step.
    articles
        What a teacher is asked about, where the configuration names one.

    Raises
    ------
    BadTrainingData
        On a malformed row, or too few articles for the three splits.
    BadModel
        If the encoder cannot be had.
    """
    runs = read_runs(claims, spans)
    splits = {name: _split(runs, name) for name in ("train", "validation")}
    calibration = _split(runs, "calibration")
    encoder = encoder_folder(config.encoder, work / "encoders")
    builder = WindowBuilder(encoder / "tokenizer.json", config.window)
    torch.manual_seed(config.seed)
    start = load_model(model_folder(config.start)).network if config.start else None
    trainer = Trainer(
        deepcopy(start) if start else new_network(encoder, config.dropout),
        builder,
        config,
        work / "checkpoint",
        report,
        pick_device(),
    )
    taught = (
        taught_windows(
            load_model(model_folder(config.teacher.model)),
            builder,
            unlabelled(
                articles.paths,
                {
                    run.article
                    for kept_back in (
                        splits["validation"],
                        calibration,
                        *map(read_runs, articles.without),
                    )
                    for run in kept_back
                },
                config.teacher.sentences,
                config.seed,
            ),
            work / "taught.safetensors",
            trainer.device,
        )
        if config.teacher.model
        else []
    )
    state = trainer.run(splits["train"], splits["validation"], taught)
    mixed = start is not None and _mixed_is_better(trainer, start, splits["validation"])
    found = calibrate(trainer.network, builder, calibration, trainer.device)
    description = save_model(
        out,
        trainer.network,
        Description(out.name, "", config.window, found.temperature, found.risk),
        encoder / "tokenizer.json",
        config.storage,
    )
    record = {
        "model": description.version,
        "config": config.as_dict(),
        "sentences": {name: len(labelled(s)) for name, s in splits.items()},
        "history": state.history,
        "mean_with_start": mixed,
        "temperature": found.temperature,
        "calibration_split": {
            "sentences": found.sentences,
            "macro_f1": asdict(found.scores.macro_f1),
            "calibration_error": asdict(found.scores.calibration_error),
        },
    }
    (out / "training.json").write_text(
        json.dumps(record, indent=2) + "\n", encoding="utf-8"
    )
    return description


def recalibrate(folder: Path, claims: Path) -> Description:
    """Fit temperature and error bounds of a model folder anew, weights untouched.

    Only the calibration split of the claims is read.
    """
    model = load_model(folder)
    found = calibrate(
        model.network,
        model.builder,
        _split(read_runs(claims), "calibration"),
        torch.device("cpu"),
    )
    description = replace(
        model.description, temperature=found.temperature, risk=found.risk
    )
    write_description(folder, description)
    return description


def _mixed_is_better(
    trainer: Trainer, start: TaggerModel, validation: Sequence[Run]
) -> bool:
    """Leave the mean with the start's weights in the network where it scores more."""
    ended = {k: v.clone() for k, v in trainer.network.state_dict().items()}
    started = start.to(trainer.device).state_dict()
    mean = {k: (v + started[k]) / 2 for k, v in ended.items()}
    scores = []
    for weights in (ended, mean):
        trainer.network.load_state_dict(weights)
        found = label_scores(
            trainer.network, trainer.builder, validation, trainer.device
        )
        scores.append(found["macro_f1"])
    if scores[1] > scores[0]:
        return True
    trainer.network.load_state_dict(ended)
    return False


def _split(runs: Sequence[Run], name: Split) -> list[Run]:
    chosen = [r for r in runs if split_of(r.article) == name]
    if not chosen:
        raise BadTrainingData(
            f"no article falls into the {name} split: got "
            f"{len({r.article for r in runs})} articles, expected some hundreds"
        )
    return chosen
