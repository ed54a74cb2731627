"""What is read without padding is what transformers reads from the same weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from torch.nn import functional
from transformers import AutoModel, BertConfig, MPNetConfig, PretrainedConfig

from annotator.tag.folder import load_model
from annotator.tag.unpadded import UnpaddedEncoder, can_read, in_bfloat16

SIZES = {
    "vocab_size": 90,
    "hidden_size": 32,
    "num_hidden_layers": 3,
    "num_attention_heads": 4,
    "intermediate_size": 48,
    "max_position_embeddings": 400,
}
CONFIGS = {"bert": BertConfig(**SIZES), "mpnet": MPNetConfig(**SIZES)}
WIDTHS = {
    "one window": [7],
    "one token": [1],
    "ragged": [300, 300, 211, 90, 90, 90, 17, 2, 1],
    "in no order": [3, 140, 3, 9],
}


def both(config: PretrainedConfig) -> tuple[torch.nn.Module, UnpaddedEncoder]:
    """Make the encoder of transformers, random weights, and ours of the same."""
    torch.manual_seed(7)
    theirs = AutoModel.from_config(config, add_pooling_layer=False).eval()
    for weight in theirs.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    ours = UnpaddedEncoder(config.to_dict())
    ours.load_state_dict(theirs.state_dict())
    return theirs, ours


@pytest.mark.parametrize("packed", [False, True], ids=["as loaded", "packed"])
@pytest.mark.parametrize("widths", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", CONFIGS)
def test_every_token_has_the_vector_that_transformers_gives_it(
    name: str, widths: list[int], packed: bool
) -> None:
    theirs, ours = both(CONFIGS[name])
    if packed:
        ours.pack()
    attention = (torch.arange(max(widths)) < torch.tensor(widths)[:, None]).long()
    ids = torch.randint(5, 90, attention.shape).where(
        attention.bool(), torch.tensor(CONFIGS[name].pad_token_id)
    )
    with torch.inference_mode():
        wanted = theirs(input_ids=ids, attention_mask=attention).last_hidden_state
        found = ours(input_ids=ids, attention_mask=attention).last_hidden_state
    inside = attention.bool()
    torch.testing.assert_close(found[inside], wanted[inside], atol=2e-4, rtol=1e-4)
    assert not found[~inside].any()


@pytest.mark.parametrize("name", CONFIGS)
def test_in_bfloat16_it_reads_nearly_the_same(name: str) -> None:
    config = CONFIGS[name]
    torch.manual_seed(3)
    plain = AutoModel.from_config(config, add_pooling_layer=False).eval()
    ours = UnpaddedEncoder(config.to_dict())
    ours.load_state_dict(plain.state_dict())
    attention = (torch.arange(300) < torch.tensor([300, 41, 41, 1])[:, None]).long()
    ids = torch.randint(5, 90, attention.shape)
    with torch.inference_mode():
        wanted = ours(ids, attention).last_hidden_state
        ours.bfloat16().pack()
        found = ours(ids, attention).last_hidden_state
    assert found.dtype == torch.bfloat16
    torch.testing.assert_close(found.float(), wanted, atol=0.06, rtol=0.02)


@pytest.mark.parametrize("scale", [1.0, 40.0])
def test_attention_in_bfloat16_is_attention_and_always_a_number(scale: float) -> None:
    torch.manual_seed(5)
    query, key, value = torch.randn(3, 5, 4, 90, 8)
    query, near = query * scale, torch.randn(1, 4, 96, 96)
    wanted = functional.scaled_dot_product_attention(
        query, key, value, near[..., :90, :90]
    )
    found = torch.empty_like(query, dtype=torch.bfloat16)
    q, k, v, bias = (x.bfloat16() for x in (query, key, value, near))
    in_bfloat16(q, k, v, found, bias)
    found = found.float()
    assert found.isfinite().all()
    if scale == 1.0:
        torch.testing.assert_close(found, wanted, atol=0.03, rtol=0.02)


def test_a_model_is_read_without_padding_on_a_cpu_and_trained_with_it(
    tiny_model: Path,
) -> None:
    reads, trains = load_model(tiny_model), load_model(tiny_model, on_cpu=False)
    assert isinstance(reads.network.encoder, UnpaddedEncoder)
    assert not isinstance(trains.network.encoder, UnpaddedEncoder)
    one, other = reads.network.state_dict(), trains.network.state_dict()
    assert one.keys() == other.keys()
    for name, weight in one.items():
        assert torch.equal(weight, other[name]), name


@pytest.mark.parametrize(
    "change",
    [
        {"model_type": "roberta"},
        {"hidden_act": "relu"},
        {"is_decoder": True},
        {"position_embedding_type": "relative_key"},
        {"relative_attention_num_buckets": 64},
    ],
)
def test_what_is_computed_otherwise_is_left_to_transformers(
    change: dict[str, object],
) -> None:
    described = json.loads(CONFIGS["bert"].to_json_string(use_diff=False))
    assert can_read(described)
    assert not can_read(described | change)
