"""A `config.toml` -> the settings of one training run."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, get_args, get_type_hints

from annotator.errors import BadConfig
from annotator.tag.packing import Storage
from annotator.tag.windows import WindowShape


@dataclass(frozen=True, slots=True)
class LossWeights:
    """What each layer counts in the loss."""

    label: float = 1.0
    body: float = 0.2
    tags: float = 1.0
    kind: float = 0.3
    polarity: float = 0.1
    voice: float = 0.2
    stance: float = 1.0


@dataclass(frozen=True, slots=True)
class Teaching:
    """Whose answers on unlabelled articles are learned besides the labels.

    Attributes
    ----------
    model
        Name of a shipped model, or a model folder; none if empty.
    sentences
        Sentences it is asked about.
    spans
        Whether its spans are learned too, or its labels alone.
    """

    model: str = ""
    sentences: int = 20_000
    spans: bool = True


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """One training run.

    Attributes
    ----------
    encoder
        Folder or hub name of the encoder to start from.
    start
        A model folder to go on from, of the same encoder.
    start_share
        The share of the start's weights in the mean of them and the trained ones that
        the run ends with (Wortsman et al. 2022, "Robust fine-tuning of zero-shot
        models"): some keeps what the start knew, all would undo the run.
    epochs, batch_windows, learning_rate, head_learning_rate
        Passes over the data, windows a step, peak rates of encoder top and heads.
    layer_decay
        Rate of each encoder layer as a share of the layer above it (Howard &
        Ruder 2018, discriminative fine-tuning).
    warmup
        Share of all steps in which the rate rises; it falls to 0 linearly.
    accept_weight
        Share of a sentence's target given to the other labels that a careful
        reader could defend.
    dropout
        In the encoder; 0 saves a third of the time on a CPU.
    frozen_layers
        The embeddings and this many of the lowest encoder layers stay as they are:
        at half of the layers a third of the time is saved (Lee et al. 2019, "What
        would Elsa do?"). 0 trains everything.
    labelled_share
        Share of the labelled runs shown in an epoch, drawn anew each time; less than
        all keeps what a model knows while it learns something else.
    drop_title, drop_context, strip_quotes, strip_commas
        Share of runs shown without title, without the two sentences before,
        without quotation marks, without commas: what scraped news looks like.
    swap_names
        Share of runs in which names are exchanged; see `annotator.train.augment`.
    storage
        How the weights are written; see `annotator.tag.packing`.
    patience
        Epochs without a better validation score before the run ends.
    """

    encoder: str
    start: str = ""
    start_share: float = 0.0
    seed: int = 1
    epochs: int = 5
    batch_windows: int = 8
    learning_rate: float = 2e-4
    head_learning_rate: float = 1e-3
    layer_decay: float = 0.9
    weight_decay: float = 0.01
    warmup: float = 0.06
    accept_weight: float = 0.2
    dropout: float = 0.0
    frozen_layers: int = 0
    labelled_share: float = 1.0
    drop_title: float = 0.5
    drop_context: float = 0.2
    strip_quotes: float = 0.1
    strip_commas: float = 0.1
    swap_names: float = 0.0
    patience: int = 3
    storage: Storage = "half"
    loss: LossWeights = field(default_factory=LossWeights)
    window: WindowShape = field(default_factory=WindowShape)
    teacher: Teaching = field(default_factory=Teaching)

    def as_dict(self) -> dict[str, Any]:
        """The settings as plain values, tables as nested dicts."""
        return asdict(self)


def read_config(path: Path) -> TrainingConfig:
    """Settings from a TOML file.

    Raises
    ------
    BadConfig
        If the file is missing or no TOML, or has an unknown or wrong value.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BadConfig(f"no configuration at {path}") from error
    except tomllib.TOMLDecodeError as error:
        raise BadConfig(f"{path} is not TOML: {error}") from error
    config: TrainingConfig = _build(TrainingConfig, values, path)
    return config


def _build(kind: type, values: dict[str, Any], path: Path) -> Any:
    hints = get_type_hints(kind)
    known = {f.name for f in fields(kind)}
    if unknown := sorted(set(values) - known):
        raise BadConfig(
            f"{path}: unknown setting {unknown[0]!r}; there are {', '.join(known)}"
        )
    built = {}
    for name, value in values.items():
        wanted = hints[name]
        if isinstance(value, dict):
            built[name] = _build(wanted, value, path)
        elif get_args(wanted):
            if value not in get_args(wanted):
                there = ", ".join(map(str, get_args(wanted)))
                raise BadConfig(f"{path}: {name} is {value!r}, expected one of {there}")
            built[name] = value
        elif isinstance(value, wanted) or (wanted is float and type(value) is int):
            built[name] = value
        else:
            raise BadConfig(f"{path}: {name} is {value!r}, expected {wanted.__name__}")
    try:
        return kind(**built)
    except TypeError as error:
        raise BadConfig(f"{path}: {error}") from error
