"""Small things every test file may ask for: a random encoder, a model of it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
from tokenizers.models import WordPiece
from transformers import BertConfig, BertModel

from annotator.tag.description import Description
from annotator.tag.folder import padded, save_model
from annotator.tag.windows import WindowShape

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = [
    "the",
    "a",
    "of",
    "in",
    "on",
    "and",
    "said",
    "says",
    "according",
    "to",
    "reportedly",
    "was",
    "were",
    "killed",
    "minister",
    "army",
    "police",
    "attack",
    "bridge",
    "city",
    "report",
    "he",
    "she",
    "they",
    "it",
    "is",
    "not",
    "by",
    "sources",
]
PIECES = [chr(c) for c in range(33, 127) if not chr(c).isupper()]


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random two-layer encoder with a WordPiece tokenizer, as a folder."""
    folder = tmp_path_factory.mktemp("encoder")
    vocabulary = {
        token: i
        for i, token in enumerate(
            [*SPECIAL, *WORDS, *PIECES, *(f"##{p}" for p in PIECES)]
        )
    }
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=512,
    )
    torch.manual_seed(0)
    network = BertModel(config, add_pooling_layer=False)
    config.to_json_file(folder / "config.json")
    save_file(network.state_dict(), folder / "model.safetensors")
    return folder


@pytest.fixture(scope="session")
def tiny_model(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder with random weights; its labels mean nothing."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    torch.manual_seed(0)
    network = padded(BertConfig.from_json_file(tiny_encoder / "config.json"))
    save_model(
        folder,
        network,
        Description("tiny", "", WindowShape(max_tokens=96, max_sentences=4)),
        tiny_encoder / "tokenizer.json",
    )
    return folder
