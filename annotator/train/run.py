"""A configuration and labelled data -> a model folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import torch

from annotator.errors import BadTrainingData
from annotator.tag.description import Description, write_description
from annotator.tag.device import pick_device
from annotator.tag.encoders import encoder_folder
from annotator.tag.folder import LoadedModel, load_model, save_model
from annotator.tag.model import STANCE_HEAD, TaggerModel
from annotator.tag.shelf import model_folder
from annotator.tag.windows import WindowBuilder
from annotator.train.batches import Lessons
from annotator.train.calibrate import calibrate
from annotator.train.config import TrainingConfig
from annotator.train.data import LabelledSentence, Run, Split, read_runs, split_of
from annotator.train.distill import Taught, taught_windows, unlabelled
from annotator.train.loop import Trainer, new_network
from annotator.train.measure import labelled, stance_logits
from annotator.train.progress import Progress
from annotator.train.scores import fit_temperature
from annotator.train.span_costs import fit_opening_costs
from annotator.train.stance import read_stances
from annotator.train.stance_scores import stance_truth


@dataclass(frozen=True, slots=True)
class Material:
    """What a model learns from.

    Attributes
    ----------
    claims, spans
        Labelled rows; see `annotator.train.data`.
    stances
        Sentiment towards named actors; see `annotator.train.stance`.
    articles
        Unlabelled articles for a teacher to be asked about.
    without
        Labelled sentences whose articles the teacher is not asked about; nor is it
        about those that `claims` keeps back for validation and calibration.
    """

    claims: Path
    spans: Path | None = None
    stances: Path | None = None
    articles: tuple[Path, ...] = ()
    without: tuple[Path, ...] = ()


def train(
    config: TrainingConfig,
    material: Material,
    out: Path,
    work: Path,
    report: Callable[[Progress], None],
) -> Description:
    """Train, calibrate and write a model folder.

    Parameters
    ----------
    out
        The model folder; its name is the model's name.
    work
        Checkpoints; an unfinished run found there is gone on with.
    report
        Called after every step, and while a teacher answers.

    Raises
    ------
    BadTrainingData
        On a malformed row, or too few articles for the three splits.
    BadModel
        If the encoder cannot be had.
    """
    runs = read_runs(material.claims, material.spans)
    splits = {name: _split(runs, name) for name in ("train", "validation")}
    calibration = _split(runs, "calibration")
    leaning = read_stances(material.stances) if material.stances else []
    held_out = _held_out(leaning)
    encoder = encoder_folder(config.encoder, work / "encoders")
    builder = WindowBuilder(encoder / "tokenizer.json", config.window)
    torch.manual_seed(config.seed)
    start = (
        load_model(model_folder(config.start), on_cpu=False) if config.start else None
    )
    trainer = Trainer(
        deepcopy(start.network) if start else new_network(encoder, config.dropout),
        builder,
        config,
        work / "checkpoint",
        report,
        pick_device(),
    )
    kept_back = {run.article for run in (*splits["validation"], *calibration)}
    lessons = Lessons(
        splits["train"],
        _taught(config, material, kept_back, trainer, work),
        [s for s in leaning if split_of(s.text) == "train"],
    )
    validation = Lessons(splits["validation"], stances=held_out)
    state = trainer.run(lessons, validation)
    if start and config.start_share:
        _mix(trainer, start, config.start_share)
    found = calibrate(trainer.network, builder, calibration, trainer.device)
    description = save_model(
        out,
        trainer.network,
        Description(
            out.name,
            "",
            config.window,
            found.temperature,
            found.risk,
            _stance_temperature(trainer.network, builder, held_out, trainer.device),
        ),
        encoder / "tokenizer.json",
        config.storage,
    )
    if costs := _opening_costs(out, splits["validation"]):
        description = replace(description, opening_costs=costs)
        write_description(out, description)
    record = {
        "model": description.version,
        "config": config.as_dict(),
        "sentences": {name: len(labelled(s)) for name, s in splits.items()},
        "history": state.history,
        "ended_with": trainer.scores(validation),
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


def _held_out(leaning: Sequence[LabelledSentence]) -> list[LabelledSentence]:
    """The tenth of the sentences with stances that trains nothing."""
    return [s for s in leaning if split_of(s.text) != "train"]


def _taught(
    config: TrainingConfig,
    material: Material,
    kept_back: set[str],
    trainer: Trainer,
    work: Path,
) -> list[Taught]:
    """What the teacher answers, where the configuration names one."""
    if not config.teacher.model:
        return []
    evaluated = {run.article for path in material.without for run in read_runs(path)}
    texts = unlabelled(
        material.articles, kept_back | evaluated, config.teacher.sentences, config.seed
    )
    on_cpu = trainer.device.type == "cpu"
    teacher = load_model(model_folder(config.teacher.model), on_cpu)
    cache = work / "taught.safetensors"
    taught = taught_windows(
        teacher, trainer.builder, texts, cache, trainer.device, trainer.report
    )
    if config.teacher.spans:
        return taught
    return [replace(t, tags=torch.zeros_like(t.tags)) for t in taught]


def _stance_temperature(
    network: TaggerModel,
    builder: WindowBuilder,
    held_out: Sequence[LabelledSentence],
    device: torch.device,
) -> float | None:
    """The temperature of the stance logits; None where there are no stances."""
    if not held_out:
        return None
    logits = stance_logits(network, builder, held_out, device)
    return fit_temperature(stance_truth(held_out), logits)


def recalibrate(
    folder: Path,
    claims: Path,
    spans: Path | None = None,
    stances: Path | None = None,
) -> Description:
    """Fit what a model folder says of its own answers anew, weights untouched.

    Temperature and error bounds come from the calibration split of the claims, the
    costs of opening a span from the validation split of the spans, the temperature of
    stances from what training keeps back of them; what has no file stays as it is.
    """
    model = load_model(folder)
    held_out = _held_out(read_stances(stances)) if stances else []
    cpu = torch.device("cpu")
    runs = read_runs(claims, spans)
    found = calibrate(model.network, model.builder, _split(runs, "calibration"), cpu)
    stance_temperature = (
        _stance_temperature(model.network, model.builder, held_out, cpu)
        or model.description.stance_temperature
    )
    description = replace(
        model.description,
        temperature=found.temperature,
        risk=found.risk,
        stance_temperature=stance_temperature,
        opening_costs=_opening_costs(folder, _split(runs, "validation"))
        or model.description.opening_costs,
    )
    write_description(folder, description)
    return description


def _opening_costs(folder: Path, validation: Sequence[Run]) -> tuple[float, ...]:
    """What opening a span costs; empty where no span is marked."""
    if all(s.spans is None for run in validation for s in run.sentences):
        return ()
    return fit_opening_costs(folder, validation)


def _mix(trainer: Trainer, start: LoadedModel, share: float) -> None:
    """Leave the weighted mean of the start's weights and the trained in the network.

    A stance head that the start had not trained is no part of it.
    """
    started = start.network.to(trainer.device).state_dict()
    untrained = STANCE_HEAD if start.description.stance_temperature is None else ()
    trainer.network.load_state_dict(
        {
            name: ended
            if name.startswith(untrained)
            else share * started[name] + (1 - share) * ended
            for name, ended in trainer.network.state_dict().items()
        }
    )


def _split(runs: Sequence[Run], name: Split) -> list[Run]:
    chosen = [r for r in runs if split_of(r.article) == name]
    if not chosen:
        raise BadTrainingData(
            f"no article falls into the {name} split: got "
            f"{len({r.article for r in runs})} articles, expected some hundreds"
        )
    return chosen
