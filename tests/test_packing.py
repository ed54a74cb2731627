"""A weight file holds few bits a weight; what is loaded is near what was trained."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from annotator.tag.description import Description
from annotator.tag.folder import load_model, save_model
from annotator.tag.packing import (
    EMBEDDINGS,
    LEVELS,
    LOWEST,
    NIBBLE_GROUP,
    loaded,
    stored,
)
from annotator.tag.windows import WindowShape
from annotator.train.loop import new_network


@given(
    seed=st.integers(0, 1000),
    spread=st.sampled_from([1e-5, 0.02, 1.0, 40.0]),
    shape=st.sampled_from([(6, 50, 50), (8, 64, 256), (2, 768, 256)]),
)
def test_no_weight_of_a_matrix_is_off_by_more_than_half_a_step_of_its_group(
    seed: int, spread: float, shape: tuple[int, int, int]
) -> None:
    *size, columns = shape
    weight = torch.randn(size, generator=torch.Generator().manual_seed(seed)) * spread
    got = loaded(stored({"w": weight}, "packed"))["w"]
    steps = weight.reshape(-1, columns).abs().amax(1, keepdim=True).clamp(1e-4) / 127
    errors = (got - weight).reshape(-1, columns).abs()
    assert (errors <= steps * 0.57).all()  # 0.5, and what half precision takes


def test_embeddings_keep_the_nearest_of_sixteen_levels() -> None:
    levels = torch.tensor(LEVELS)
    weight = torch.cat((levels, levels.flip(0))).repeat(4, 2)
    parts = stored({EMBEDDINGS: weight}, "packed")
    assert {k: v.dtype for k, v in parts.items()} == {
        f"{EMBEDDINGS}:nibbles": torch.uint8,
        f"{EMBEDDINGS}:scale": torch.float16,
    }
    torch.testing.assert_close(loaded(parts)[EMBEDDINGS], weight)
    bits = sum(8 * p.numel() * p.element_size() for p in parts.values())
    assert bits == weight.numel() * (4 + 16 / NIBBLE_GROUP)


@pytest.mark.parametrize("storage", ["half", "packed", "tight"])
def test_zeros_and_vectors_come_back_as_they_are(storage: str) -> None:
    weights = {"b": torch.tensor([0.0, 1.5, -3.0]), "w": torch.zeros(3, 4)}
    got = loaded(stored(weights, storage))  # type: ignore[arg-type]
    assert got.keys() == weights.keys()
    assert all(torch.equal(got[name], weights[name]) for name in weights)


def test_a_packed_model_is_smaller_and_loads(
    tiny_encoder: Path, tmp_path: Path
) -> None:
    network = new_network(tiny_encoder, 0.0)
    sizes = {}
    for storage in ("half", "packed", "tight"):
        folder = tmp_path / storage
        made = Description(storage, "", WindowShape())
        save_model(folder, network, made, tiny_encoder / "tokenizer.json", storage)
        sizes[storage] = (folder / "tagger.safetensors").stat().st_size
        got = load_model(folder).network.state_dict()
        for name, weight in network.state_dict().items():
            error = (got[name] - weight).abs().max() / weight.abs().max().clamp(1e-6)
            coarse = name == EMBEDDINGS or (storage == "tight" and name in LOWEST)
            assert error < (0.15 if coarse else 0.01)
    assert sizes["packed"] < 0.65 * sizes["half"]
    assert sizes["tight"] < sizes["packed"]
