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

import json
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from safetensors.torch import load_file, save_file

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
from annotator.tag.unpadded import UnpaddedEncoder, can_read
from annotator.tag.windows import WindowBuilder

if TYPE_CHECKING:
    from transformers import PretrainedConfig

ENCODER: Final = "encoder.json"
TOKENIZER: Final = "tokenizer.json"


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """A model in memory with its tokenizer."""

    description: Description
    network: TaggerModel
    builder: WindowBuilder


def padded(config: PretrainedConfig) -> TaggerModel:
    """Untrained heads on an encoder of transformers, for training and for GPUs."""
    # It takes longer to import than torch does.
    from transformers import AutoModel

    encoder = AutoModel.from_config(  # type: ignore[no-untyped-call]
        config, add_pooling_layer=False
    )
    return TaggerModel(encoder, config.hidden_size)


def load_model(folder: Path, on_cpu: bool = True) -> LoadedModel:
    """Load a model after checking its weights against their hash.

    Parameters
    ----------
    on_cpu
        Whether it will read on a CPU, which is done without padding if the encoder is
        a BERT or MPNet. What is to be trained, or to read on a GPU, is transformers'.

    Raises
    ------
    BadModel
        If a file is missing, of a newer format, or not what its hash says.
    """
    try:
        description = checked_description(folder)
        network = _network(folder / ENCODER, on_cpu)
        weights = packing.loaded(load_file(folder / WEIGHTS))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadModel(f"{folder} is not a complete model: {error}") from error
    missing, unknown = network.load_state_dict(weights, strict=False, assign=True)
    if unknown or not all(name.startswith(STANCE_HEAD) for name in missing):
        raise BadModel(f"{folder} has weights of another network; fetch it again")
    network.eval()
    builder = WindowBuilder(folder / TOKENIZER, description.window)
    return LoadedModel(description, network, builder)


def _network(encoder: Path, on_cpu: bool) -> TaggerModel:
    described = json.loads(encoder.read_text(encoding="utf-8"))
    if on_cpu and can_read(described):
        return TaggerModel(UnpaddedEncoder(described), described["hidden_size"])
    from transformers import AutoConfig

    return padded(AutoConfig.from_pretrained(encoder))


def save_model(
    folder: Path,
    network: TaggerModel,
    description: Description,
    tokenizer: Path,
    storage: Storage = "half",
) -> Description:
    """Write a model folder; returns its description with the weights' hash.

    The network is one that `padded` made. An earlier model in the folder is replaced
    only when the new one is wholly written.
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
