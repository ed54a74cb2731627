"""A model folder <-> a model ready to run.

    models/<name>/
        model.json          format version, weight hash, window shape, calibration
        tagger.safetensors  weights of encoder and heads, in few bits (see `packing`)
        encoder.json        the encoder's configuration
        tokenizer.json
        config.toml         the training run that made it
        metrics.json, card.md

Only safetensors are read. The weights are hashed before they are loaded.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from safetensors.torch import load_file, save_file
from transformers import AutoConfig

from annotator.errors import BadModel
from annotator.tag import packing
from annotator.tag.model import SPAN_LAYERS, STANCE_HEAD, TaggerModel
from annotator.tag.packing import Storage
from annotator.tag.shelf import DESCRIPTION, model_folder
from annotator.tag.windows import WindowBuilder, WindowShape

__all__ = [
    "DESCRIPTION",
    "ENCODER",
    "FORMAT",
    "TOKENIZER",
    "WEIGHTS",
    "Description",
    "LoadedModel",
    "load_model",
    "model_folder",
    "save_model",
    "sha256_of",
    "write_description",
]

FORMAT: Final = 1
"""Raise when a folder written now could not be read by the code before."""

WEIGHTS: Final = "tagger.safetensors"
ENCODER: Final = "encoder.json"
TOKENIZER: Final = "tokenizer.json"


@dataclass(frozen=True, slots=True)
class Description:
    """What a model folder says of itself in `model.json`.

    Attributes
    ----------
    temperature
        Divides the label logits before the softmax (Guo et al. 2017).
    risk
        Pairs of a confidence and a bound on the error of labels given with at
        least that confidence, from the calibration split, confidence rising.
    stance_temperature
        Divides the stance logits; None where the stance head was not trained.
    opening_costs
        Log-odds against opening a span, for source, cue, content and loaded; see
        `annotator.tag.spans`.
    """

    name: str
    sha256: str
    window: WindowShape
    temperature: float = 1.0
    risk: tuple[tuple[float, float], ...] = ()
    stance_temperature: float | None = None
    opening_costs: tuple[float, ...] = (0.0,) * len(SPAN_LAYERS)
    format: int = FORMAT

    @property
    def version(self) -> str:
        """Name and the first twelve digits of the weight hash."""
        return f"{self.name}@{self.sha256[:12]}"

    def confidence_for(self, target_error: float) -> float:
        """The least confidence at and above which at most that share is wrong.

        Raises
        ------
        BadModel
            If no confidence promises so little error; says what can be promised.
        """
        kept = [c for c, bound in self.risk if bound <= target_error]
        if not kept:
            least = min((bound for _, bound in self.risk), default=1.0)
            raise BadModel(
                f"{self.name} cannot promise an error of {target_error:g}: the least "
                f"its calibration supports is {least:.3f}"
            )
        return min(kept)


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory with its tokenizer."""

    description: Description
    network: TaggerModel
    builder: WindowBuilder


def load_model(folder: Path) -> LoadedModel:
    """Load a model after checking its weights against their hash.

    Raises
    ------
    BadModel
        If a file is missing, of a newer format, or not what its hash says.
    """
    try:
        description = _read_description(folder / DESCRIPTION)
        digest = sha256_of(folder / WEIGHTS)
        if digest != description.sha256:
            raise BadModel(
                f"{folder / WEIGHTS} hashes to {digest[:12]}, but {DESCRIPTION} says "
                f"{description.sha256[:12]}: the file was changed or is incomplete; "
                "fetch the model again"
            )
        config = AutoConfig.from_pretrained(folder / ENCODER)
        weights = packing.loaded(load_file(folder / WEIGHTS))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadModel(f"{folder} is not a complete model: {error}") from error
    network = TaggerModel(config)
    missing, unknown = network.load_state_dict(weights, strict=False)
    if unknown or not all(name.startswith(STANCE_HEAD) for name in missing):
        raise BadModel(f"{folder} has weights of another network; fetch it again")
    network.eval()
    builder = WindowBuilder(folder / TOKENIZER, description.window)
    return LoadedModel(description, network, builder)


def _read_description(path: Path) -> Description:
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    if values["format"] > FORMAT:
        raise BadModel(
            f"{path} has format {values['format']}, this version reads up to {FORMAT}: "
            "upgrade source-annotator"
        )
    values["window"] = WindowShape(**values["window"])
    values["risk"] = tuple((t, e) for t, e in values["risk"])
    if "opening_costs" in values:
        values["opening_costs"] = tuple(values["opening_costs"])
    return Description(**values)


def save_model(
    folder: Path,
    network: TaggerModel,
    description: Description,
    tokenizer: Path,
    storage: Storage = "half",
) -> Description:
    """Write a model folder; returns its description with the weights' hash.

    An earlier model in the folder is replaced only when the new one is wholly
    written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f"{WEIGHTS}.new"
    save_file(packing.stored(network.state_dict(), storage), written)
    description = replace(description, sha256=sha256_of(written))
    network.encoder.config.to_json_file(folder / ENCODER)
    if tokenizer.resolve() != (folder / TOKENIZER).resolve():
        shutil.copyfile(tokenizer, folder / TOKENIZER)
    written.replace(folder / WEIGHTS)
    write_description(folder, description)
    return description


def write_description(folder: Path, description: Description) -> None:
    """Write `model.json`."""
    text = json.dumps(asdict(description), indent=2)
    (folder / DESCRIPTION).write_text(text + "\n", encoding="utf-8")


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
