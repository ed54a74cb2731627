"""Texts -> unit vectors that lie close where meanings are alike.

The mean of an encoder's token vectors, length one (Reimers and Gurevych 2019,
"Sentence-BERT").
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import nn

from annotator.errors import BadModel
from annotator.tag.encoders import encoder_folder
from annotator.tag.folder import TOKENIZER, load_model
from annotator.tag.shelf import DESCRIPTION, model_folder
from annotator.tag.unpadded import UnpaddedEncoder, can_read
from annotator.tag.windows import WindowBuilder, WindowShape, like_lengths

if TYPE_CHECKING:
    from transformers import PreTrainedModel

    Encoder = UnpaddedEncoder | PreTrainedModel

COMPARING: Final = "sentence-transformers/all-MiniLM-L6-v2"
"""The encoder that claims are compared with: `benchmarks/corroborate.md` says why."""

CACHE: Final = Path.home() / ".cache" / "source-annotator"
"""Where an encoder that comes in pieces is put together."""

_ENCODER_CONFIG: Final = "config.json"
_ENCODER_WEIGHTS: Final = "model.safetensors"
_LONGEST: Final = 126
"""Tokens read of a text, its two marks left out."""


class Embedder:
    """An encoder in memory.

    Parameters
    ----------
    model
        Name of a shipped model, a model folder, or a bare encoder: a folder with its
        configuration, tokenizer and weights, or a hub name.
    device
        "cpu", "cuda", "mps"; picked if None.

    Raises
    ------
    BadModel
        If the model is missing, altered or too new.
    """

    def __init__(
        self, model: str | Path = COMPARING, device: str | None = None
    ) -> None:
        picked = device or ("cuda" if torch.cuda.is_available() else "cpu")
        encoder, self._builder = _load(model, picked == "cpu")
        if isinstance(encoder, UnpaddedEncoder):
            encoder.pack()
        self._encoder = encoder.to(torch.device(picked))  # type: ignore[arg-type]

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give a unit vector for each text, shape (texts, hidden size)."""
        return embed(self._encoder, self._builder, texts)


def _load(model: str | Path, on_cpu: bool) -> tuple[Encoder, WindowBuilder]:
    if "/" in str(model) and not (Path(model) / DESCRIPTION).is_file():
        folder = encoder_folder(str(model), CACHE)
    elif (Path(model) / _ENCODER_WEIGHTS).is_file():
        folder = Path(model)
    else:
        loaded = load_model(model_folder(str(model)), on_cpu)
        return loaded.network.encoder, loaded.builder
    try:
        encoder = (_unpadded(folder) if on_cpu else None) or _padded(folder)
    except (OSError, ValueError) as error:
        raise BadModel(f"{folder} is not a complete encoder: {error}") from error
    return encoder.eval(), WindowBuilder(folder / TOKENIZER, WindowShape())


def _unpadded(folder: Path) -> UnpaddedEncoder | None:
    """The bare encoder in a folder; None if it is another or has other names."""
    described = json.loads((folder / _ENCODER_CONFIG).read_text(encoding="utf-8"))
    if not can_read(described):
        return None
    encoder = UnpaddedEncoder(described)
    weights = load_file(folder / _ENCODER_WEIGHTS)
    single = {name: weight.float() for name, weight in weights.items()}
    missing, _ = encoder.load_state_dict(single, strict=False, assign=True)
    return None if missing else encoder


def _padded(folder: Path) -> PreTrainedModel:
    from transformers import AutoModel
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    encoder: PreTrainedModel = AutoModel.from_pretrained(
        folder, local_files_only=True, use_safetensors=True
    )
    return encoder


def embed(
    encoder: Encoder, builder: WindowBuilder, texts: Sequence[str]
) -> NDArray[np.float32]:
    """Give a unit vector for each text, shape (texts, hidden size), in their order."""
    device = next(encoder.parameters()).device
    tokens = [t.ids for t in builder.tokenize(texts, _LONGEST)]
    found = np.zeros((len(texts), encoder.config.hidden_size), dtype=np.float32)
    for rows in like_lengths([len(ids) + 2 for ids in tokens]):
        width = len(tokens[rows[0]]) + 2
        ids = torch.full((len(rows), width), builder.pad_id, dtype=torch.int64)
        attention = torch.zeros_like(ids)
        for place, row in enumerate(rows):
            marked = [builder.start_id, *tokens[row], builder.separator_id]
            ids[place, : len(marked)] = torch.tensor(marked)
            attention[place, : len(marked)] = 1
        attention = attention.to(device)
        with torch.inference_mode():
            hidden = encoder(ids.to(device), attention_mask=attention)[0].float()
            summed = (hidden * attention.unsqueeze(-1)).sum(dim=1)
            unit = nn.functional.normalize(summed, dim=-1)
        found[rows] = unit.cpu().numpy()
    return found
