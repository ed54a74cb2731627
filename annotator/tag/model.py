"""Token windows -> logits of every layer, from one encoder and its heads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch import Tensor, nn

from annotator.codebook import LABELS, SOURCE_KINDS
from annotator.records import SpanLayer
from annotator.tag.unpadded import UnpaddedEncoder
from annotator.tag.windows import NO_SENTENCE, Window

if TYPE_CHECKING:
    from transformers import PreTrainedModel

SPAN_LAYERS: Final[tuple[SpanLayer, ...]] = ("source", "cue", "content", "loaded")
"""Token-tag layers; each has three tags, outside, begin and inside."""

POLARITIES: Final = ("-", "+")
STANCES: Final = (-1, 0, 1)

STANCE_HEAD: Final = "stance."
"""What the names of the stance head's weights begin with."""
VOICES: Final = ("outlet", "quoted")


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows side by side, padded to the longest.

    Attributes
    ----------
    token_ids, attention
        Shape (windows, tokens).
    slot
        Row of the sentence each token belongs to among all sentences of the
        batch, `NO_SENTENCE` for none; shape (windows, tokens).
    separator
        Flat position of each sentence's separator; shape (sentences,).
    sentences
        For each row (window in batch, sentence index in its article).
    """

    token_ids: Tensor
    attention: Tensor
    slot: Tensor
    separator: Tensor
    sentences: tuple[tuple[int, int], ...]

    def to(self, device: torch.device) -> Batch:
        """The same batch on another device."""
        return Batch(
            self.token_ids.to(device),
            self.attention.to(device),
            self.slot.to(device),
            self.separator.to(device),
            self.sentences,
        )


def collate(windows: Sequence[Window], pad_id: int) -> Batch:
    """Pad windows to one batch."""
    width = max(len(w.token_ids) for w in windows)
    shape = (len(windows), width)
    ids = np.full(shape, pad_id, dtype=np.int64)
    attention = np.zeros(shape, dtype=np.int64)
    slot = np.full(shape, NO_SENTENCE, dtype=np.int64)
    separator: list[int] = []
    sentences: list[tuple[int, int]] = []
    for row, window in enumerate(windows):
        n = len(window.token_ids)
        ids[row, :n] = window.token_ids
        attention[row, :n] = 1
        for number in np.unique(window.sentence_index):
            if number == NO_SENTENCE:
                continue
            where = np.flatnonzero(window.sentence_index == number)
            slot[row, where] = len(sentences)
            separator.append(row * width + int(where[-1]))
            sentences.append((row, int(number)))
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(attention),
        torch.from_numpy(slot),
        torch.tensor(separator, dtype=torch.int64),
        tuple(sentences),
    )


@dataclass(frozen=True, slots=True)
class Logits:
    """Raw outputs for one batch.

    Attributes
    ----------
    label
        (sentences, 4), in the order of `codebook.LABELS`.
    body
        (sentences,): above 0 for body text, below for furniture.
    tags
        (windows, tokens, 4 layers, 3 tags).
    hidden
        (windows, tokens, hidden size): what the span heads pool.
    """

    label: Tensor
    body: Tensor
    tags: Tensor
    hidden: Tensor


class TaggerModel(nn.Module):
    """An encoder with a head for every layer.

    A sentence is read from the mean of its own tokens beside its separator; a
    span from the mean of its tokens; the stance towards an actor from the mean of the
    tokens that name it beside the separator of its sentence.

    Parameters
    ----------
    encoder
        Gives each token a vector of `size` numbers.
    """

    def __init__(self, encoder: UnpaddedEncoder | PreTrainedModel, size: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.sentence = nn.Sequential(nn.Linear(2 * size, size), nn.GELU())
        self.label = nn.Linear(size, len(LABELS))
        self.body = nn.Linear(size, 1)
        self.tags = nn.Linear(size, len(SPAN_LAYERS) * 3)
        self.kind = nn.Linear(size, len(SOURCE_KINDS))
        self.polarity = nn.Linear(size, len(POLARITIES))
        self.voice = nn.Linear(size, len(VOICES))
        self.stance = nn.Sequential(
            nn.Linear(2 * size, size), nn.GELU(), nn.Linear(size, len(STANCES))
        )

    def forward(self, batch: Batch) -> Logits:
        """Logits of the layers that every sentence and token has."""
        hidden: Tensor = self.encoder(
            input_ids=batch.token_ids, attention_mask=batch.attention
        ).last_hidden_state.float()
        flat = hidden.reshape(-1, hidden.shape[-1])
        means = pool(hidden, batch.slot, len(batch.sentences))
        pooled = torch.cat((means, flat[batch.separator]), dim=-1)
        sentence = self.sentence(pooled)
        tags = self.tags(hidden).unflatten(-1, (len(SPAN_LAYERS), 3))
        return Logits(
            self.label(sentence),
            self.body(sentence).squeeze(-1),
            tags,
            hidden,
        )

    def of_spans(self, hidden: Tensor, slot: Tensor, n: int) -> dict[str, Tensor]:
        """Source kind, polarity and voice logits of `n` spans.

        `slot` gives each token's span, shape (windows, tokens); every layer is
        answered for every span, and the caller reads the one that applies.
        """
        pooled = pool(hidden, slot, n)
        return {
            "kind": self.kind(pooled),
            "polarity": self.polarity(pooled),
            "voice": self.voice(pooled),
        }

    def of_mentions(self, hidden: Tensor, slot: Tensor, separator: Tensor) -> Tensor:
        """Stance logits of mentions of actors, shape (mentions, 3): -1, 0, 1.

        Parameters
        ----------
        slot
            Which mention each token belongs to, shape (windows, tokens).
        separator
            Flat position of the separator of each mention's sentence.
        """
        flat = hidden.reshape(-1, hidden.shape[-1])
        pooled = pool(hidden, slot, len(separator))
        logits: Tensor = self.stance(torch.cat((pooled, flat[separator]), dim=-1))
        return logits


def pool(hidden: Tensor, slot: Tensor, n: int) -> Tensor:
    """Mean of `hidden` over the tokens of each slot, shape (n, hidden size)."""
    flat = hidden.reshape(-1, hidden.shape[-1]).float()
    rows = slot.reshape(-1)
    inside = rows != NO_SENTENCE
    rows = rows[inside]
    total = torch.zeros(n, flat.shape[-1], device=flat.device)
    total = total.index_add(0, rows, flat[inside])
    count = torch.zeros(n, device=flat.device).index_add(
        0, rows, torch.ones_like(rows, dtype=flat.dtype)
    )
    return total / count.clamp(min=1).unsqueeze(-1)
