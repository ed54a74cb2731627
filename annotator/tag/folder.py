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

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from safetensors.torch import load_file, save_file
from transformers import AutoConfig

from annotator.errors import BadModel
from annotator.tag import packing
from annotator.tag.description import (
    WEIGHTS,
    Description,
    checked_description,
    sha256_of,
    write_description,
)
from annotator.tag.model import STANCE_HEAD, TaggerModel
from annotator.tag.packing import Storage
from annotator.tag.windows import WindowBuilder

ENCODER: Final = "encoder.json"
TOKENIZER: Final = "tokenizer.json"


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
        description = checked_description(folder)
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
