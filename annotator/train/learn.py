"""A reviewed results folder and a model -> a model that learned from it, if no worse.

Both models are measured on what neither learned from, and nothing that is worse is
installed.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

from annotator.errors import BadModel, BadTrainingData
from annotator.store import Results
from annotator.tag.description import Description
from annotator.tag.folder import TOKENIZER, LoadedModel, load_model, save_model
from annotator.train.batches import Lessons
from annotator.train.changes import Change, changes
from annotator.train.config import TrainingConfig
from annotator.train.data import LabelledSentence, Run, read_runs, split_of
from annotator.train.decided import decided_runs, is_held_out
from annotator.train.measure import labelled
from annotator.train.progress import Progress
from annotator.train.rehearse import ALONE, GOING_ON, REPLAYED, replay, size, teach
from annotator.train.stance import read_stances

LEAST_SENTENCES: Final = 50
"""Verdicts below which nothing is learned: a quarter of them, twelve, measure it."""

LEAST_HELD_OUT: Final = 2
"""Articles below which nothing can be drawn with replacement."""

DEV_TOLERANCE: Final = 0.005
"""Macro-F1 that may be lost on dev: on a thousand sentences a fifth of the half-width
of its interval, which nobody can tell from chance."""


@dataclass(frozen=True, slots=True)
class Known:
    """What else is known besides the decisions; each may be missing.

    Attributes
    ----------
    claims, spans, stances
        What the model learned from: see `annotator.train.run.Material`.
    dev
        Labelled sentences that no model learned from.
    """

    claims: Path | None = None
    spans: Path | None = None
    stances: Path | None = None
    dev: Path | None = None


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned from, what it changed, and whether it was installed.

    Attributes
    ----------
    candidate
        The folder of the new model in any case.
    decided, held_out
        Sentences with a verdict that taught, and that measured.
    missing
        In words, what could not be done for want of data.
    """

    description: Description
    candidate: Path
    changes: tuple[Change, ...]
    decided: int
    held_out: int
    replayed: int
    missing: tuple[str, ...]

    @property
    def installed(self) -> bool:
        """Whether nothing is worse."""
        return not any(change.worse for change in self.changes)


def learn(
    results: Results,
    model: Path,
    known: Known,
    config: TrainingConfig | None,
    folders: tuple[Path, Path],
    report: Callable[[Progress], None],
) -> Learned:
    """Teach a model what people decided, and install the outcome if it is no worse.

    A quarter of the articles with decisions teaches nothing and measures both models.
    Accuracy on it must not fall, nor macro-F1 on dev by more than `DEV_TOLERANCE`.

    Parameters
    ----------
    model
        The folder of the model to go on from.
    config
        Settings of the training; `GOING_ON` by default, or `ALONE` without claims. Its
        encoder, start, window and teacher are not used.
    folders
        Where the model is installed, which must not exist; and a folder for work, where
        an unfinished run on the same data is gone on with.
    report
        Called after every step.

    Raises
    ------
    BadTrainingData
        If people decided on too little; the message says how much it takes.
    BadModel
        If the model cannot be read, or there is something where it would be installed.
    """
    out, work = folders
    if out.exists():
        raise BadModel(f"{out} is there already: give another folder for the new model")
    start = load_model(model, on_cpu=False)
    config = config or (GOING_ON if known.claims else ALONE)
    config = replace(config, start=start.description.version)
    decided = decided_runs(results.scored())
    dev = read_runs(known.dev) if known.dev else []
    held_out = [run for run in decided if is_held_out(run.article)]
    taught = [run for run in decided if not is_held_out(run.article)]
    taught = _without(taught, _texts([*held_out, *dev]))
    _check(taught, held_out)
    claims = read_runs(known.claims, known.spans) if known.claims else []
    claims = _without(claims, _texts([*decided, *dev]))
    replayed = replay(claims, REPLAYED * size(taught), config.seed)
    stances = _stances(known.stances) if known.stances else ()
    lessons = Lessons([*taught, *replayed], stances=stances)
    work /= _digest(config, start, lessons)
    learned = teach(start, lessons, claims, config, work, report)
    candidate = work / out.name
    described = replace(learned.description, name=out.name)
    tokenizer = model / TOKENIZER
    described = save_model(
        candidate, learned.network, described, tokenizer, config.storage
    )
    found = _measured((start, load_model(candidate)), held_out, dev)
    sizes = (size(taught), size(held_out), size(replayed))
    done = Learned(described, candidate, found, *sizes, tuple(_missing(known)))
    _write_record(done, config)
    if done.installed:
        _install(candidate, out)
    return done


def _measured(
    models: tuple[LoadedModel, LoadedModel], held_out: Sequence[Run], dev: Sequence[Run]
) -> tuple[Change, ...]:
    found = changes("decided, held out", held_out, models, {"accuracy": 0.0})
    if dev:
        found += changes("dev", dev, models, {"macro-F1": DEV_TOLERANCE})
    return tuple(found)


def _texts(runs: Sequence[Run]) -> set[str]:
    return {row.sentence.text for row in labelled(runs)}


def _without(runs: Sequence[Run], texts: set[str]) -> list[Run]:
    """Leave out articles that have one of the sentences labelled."""
    named = {run.article for run in runs if texts & _texts([run])}
    return [run for run in runs if run.article not in named]


def _stances(path: Path) -> list[LabelledSentence]:
    """The sentences with stances that `annotator train` trains on."""
    return [s for s in read_stances(path) if split_of(s.text) == "train"]


def _check(taught: Sequence[Run], held_out: Sequence[Run]) -> None:
    """Raise BadTrainingData where there is too little to learn from or measure on."""
    sentences = size(taught) + size(held_out)
    if sentences < LEAST_SENTENCES:
        raise BadTrainingData(
            f"people decided on {sentences:,} sentences without a tie between them, it "
            f"takes {LEAST_SENTENCES}: decide on {LEAST_SENTENCES - sentences} more"
        )
    measured = len({run.article for run in held_out})
    if measured < LEAST_HELD_OUT or not taught:
        articles = measured + len({run.article for run in taught})
        raise BadTrainingData(
            f"the decisions are on {articles:,} articles, of which {measured} fall "
            f"among those that measure what was learned, and it takes {LEAST_HELD_OUT} "
            "and others to learn from: decide on sentences of about 8 more articles"
        )


def _missing(known: Known) -> list[str]:
    told = {
        "claims": "without --claims nothing that the model learned first was repeated, "
        "so its rates were lowered, and its calibration is the old one",
        "dev": "without --dev nobody knows whether it forgot: only the decisions held "
        "out were measured",
    }
    return [words for name, words in told.items() if getattr(known, name) is None]


def _digest(config: TrainingConfig, start: LoadedModel, lessons: Lessons) -> str:
    """Name a run by all that goes into it."""
    told = repr((config, start.description.sha256, lessons))
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def _write_record(done: Learned, config: TrainingConfig) -> None:
    """Write `training.json` beside the candidate."""
    record = {
        "model": done.description.version,
        "config": config.as_dict(),
        "sentences": {
            "decided": done.decided,
            "held_out": done.held_out,
            "replayed": done.replayed,
        },
        "changes": [asdict(change) for change in done.changes],
        "missing": done.missing,
    }
    text = json.dumps(record, indent=2) + "\n"
    (done.candidate / "training.json").write_text(text, encoding="utf-8")


def _install(candidate: Path, out: Path) -> None:
    """Put a copy of a model folder into place, whole."""
    out.parent.mkdir(parents=True, exist_ok=True)
    new = out.with_name(f".{out.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(candidate, new)
    new.rename(out)
