"""A network's weights <-> the smaller numbers a weight file holds.

Weights are stored, never multiplied, in few bits: a loaded network is in single
precision, so that it gives the same labels on every machine. "half" keeps 16 bits a
weight. "packed" keeps 8 bits of a weight matrix, in even steps, and 4 bits of the word
embeddings, on the levels of NF4 (Dettmers et al. 2023, "QLoRA"), both with a scale for
each group of neighbours: their largest. "tight" keeps 4 bits of the lowest layer's
feed-forward besides, which takes a network of 110 million weights below 100 MB.
"""

from __future__ import annotations

from typing import Final, Literal

import torch
from torch import Tensor

Storage = Literal["half", "packed", "tight"]

EMBEDDINGS: Final = "encoder.embeddings.word_embeddings.weight"
LOWEST: Final = tuple(
    f"encoder.encoder.layer.0.{part}.dense.weight"
    for part in ("intermediate", "output")
)
"""In all-mpnet-base-v2 its feed-forward at 4 bits moves the last layer by 0.019 of its
norm, that of any other layer by 0.033 to 0.080."""

GROUP: Final = 256
"""Weights of a matrix that share a scale. In all-mpnet-base-v2 it halves the error of
the last layer against one scale a row (0.028 for 0.056 of its norm), because a single
large weight spoils fewer others; 64 would take another 2 MB for a fifth less."""

NIBBLE_GROUP: Final = 32
"""Weights of four bits that share a scale: 4.5 bits a weight in all."""

SCALE: Final = ":scale"
NIBBLES: Final = ":nibbles"
"""Endings of the names of a packed weight's parts; no weight's name has a colon."""

LEVELS: Final = (
    -1.0,
    -0.6961928009986877,
    -0.5250730514526367,
    -0.39491748809814453,
    -0.28444138169288635,
    -0.18477343022823334,
    -0.09105003625154495,
    0.0,
    0.07958029955625534,
    0.16093020141124725,
    0.24611230194568634,
    0.33791524171829224,
    0.44070982933044434,
    0.5626170039176941,
    0.7229568362236023,
    1.0,
)
"""NF4: the sixteen quantiles of a normal distribution, appendix E of the paper."""


def stored(weights: dict[str, Tensor], storage: Storage) -> dict[str, Tensor]:
    """The tensors of a weight file."""
    in_nibbles = {EMBEDDINGS, *(LOWEST if storage == "tight" else ())}
    made: dict[str, Tensor] = {}
    for name, tensor in weights.items():
        weight = tensor.detach().to("cpu", torch.float32)
        if storage == "half" or weight.ndim < 2:
            made[name] = weight.half().contiguous()
        elif name in in_nibbles and weight.shape[1] % NIBBLE_GROUP == 0:
            made |= _nibbles(name, weight)
        else:
            groups = _groups(weight)
            scale = (_largest(groups) / 127).half()
            steps = (groups / scale.float()).round().clamp(-127, 127)
            made[name] = steps.to(torch.int8).reshape(weight.shape)
            made[name + SCALE] = scale
    return made


def loaded(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The weights, in single precision, of the tensors of a weight file."""
    weights: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if name.endswith(NIBBLES):
            name = name.removesuffix(NIBBLES)
            weights[name] = _of_nibbles(tensor, tensors[name + SCALE])
        elif not name.endswith(SCALE):
            weight = tensor.float()
            if name + SCALE in tensors:
                scaled = _groups(weight) * tensors[name + SCALE].float()
                weight = scaled.reshape(weight.shape)
            weights[name] = weight
    return weights


def _nibbles(name: str, weight: Tensor) -> dict[str, Tensor]:
    groups = weight.reshape(-1, NIBBLE_GROUP)
    scale = _largest(groups).half()
    levels = torch.tensor(LEVELS)
    between = (levels[1:] + levels[:-1]) / 2
    codes = torch.bucketize(groups / scale.float(), between).to(torch.uint8)
    pairs = codes.reshape(len(weight), -1, 2)
    return {
        name + NIBBLES: pairs[..., 0] | (pairs[..., 1] << 4),
        name + SCALE: scale,
    }


def _of_nibbles(nibbles: Tensor, scale: Tensor) -> Tensor:
    codes = torch.stack((nibbles & 15, nibbles >> 4), dim=-1).long()
    groups = torch.tensor(LEVELS)[codes].reshape(-1, NIBBLE_GROUP)
    groups = groups * scale.float()
    return groups.reshape(len(nibbles), -1)


def _groups(weight: Tensor) -> Tensor:
    """A matrix in rows that share a scale: its own rows where they do not divide."""
    return weight.reshape(-1, GROUP) if weight.numel() % GROUP == 0 else weight


def _largest(groups: Tensor) -> Tensor:
    """The largest absolute weight of each group, no less than half precision holds."""
    return groups.abs().amax(1, keepdim=True).clamp(min=1e-4)
