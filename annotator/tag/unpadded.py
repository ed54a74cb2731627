"""Token ids -> hidden states by BERT or MPNet without padding: to read with, on CPUs.

The sums of transformers' `BertModel` (Devlin et al. 2019) and `MPNetModel` (Song et al.
2020) from the same weights. Windows lie end to end in one matrix and each attends to
itself, which saves what padding costs (`benchmarks/speed.py padding`). Importing the
networks of transformers takes longer than importing torch, and a run of few articles
consists of little else.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

ATTENTION: Final = {
    "bert": (
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "attention.output.LayerNorm",
    ),
    "mpnet": (
        "attention.attn.q",
        "attention.attn.k",
        "attention.attn.v",
        "attention.attn.o",
        "attention.LayerNorm",
    ),
}
"""What the two call query, key, value, what follows them, and its norm."""

FIRST_PLACE: Final = {"bert": 0, "mpnet": 2}
"""Row of the position embeddings that the first token has."""

BUCKETS: Final = 32
"""How many groups of distances between two tokens MPNet tells apart."""

FARTHEST: Final = 128
"""Tokens between two, from which on MPNet takes all distances for the same."""

SCORES_AT_ONCE: Final = 2**20
"""Numbers of attention that a core's cache holds, in bfloat16."""

ROWS: Final = 128
"""Tokens of a batch are filled up to a multiple of it, and those of a window in
attention to one of `TOKENS`: oneDNN keeps a program of some 0.6 MB for every shape of a
matrix product, and with whatever lengths there are memory grows with every article."""

TOKENS: Final = 32

SUMS: Final = (1e-36, 1e38)
"""A sum of exponentials of scores between these has lost nothing in bfloat16."""


class Hidden(NamedTuple):
    """Hidden states of shape (windows, tokens, hidden size), zero where padded."""

    last_hidden_state: Tensor


def can_read(config: Mapping[str, Any]) -> bool:
    """Whether an encoder of this configuration is one of the two."""
    return (
        config.get("model_type") in ATTENTION
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
        and config.get("relative_attention_num_buckets", BUCKETS) == BUCKETS
        and not config.get("is_decoder")
    )


def can_pack() -> bool:
    """Whether this build of torch can pack weights; others read as they are."""
    return torch.backends.mkldnn.is_available() and all(  # type: ignore[no-untyped-call]
        hasattr(torch.ops.mkldnn, name)
        for name in ("_reorder_linear_weight", "_linear_pointwise")
    )


class UnpaddedEncoder(nn.Module):
    """BERT or MPNet, its weights named as in transformers and still to be loaded.

    Parameters
    ----------
    config
        What `encoder.json` says, of an encoder that `can_read` accepts.
    """

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        self.config = SimpleNamespace(**config)
        size: int = config["hidden_size"]
        self._first_place = FIRST_PLACE[config["model_type"]]
        tables = {
            "word_embeddings": config["vocab_size"],
            "position_embeddings": config["max_position_embeddings"],
            "token_type_embeddings": config.get("type_vocab_size", 0),
        }
        self.embeddings = nn.ModuleDict(
            {name: _Rows(rows, size) for name, rows in tables.items() if rows}
        )
        self.embeddings["LayerNorm"] = _norm(config)
        layers = [_Layer(config) for _ in range(config["num_hidden_layers"])]
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(layers)})
        if config["model_type"] == "mpnet":
            bias = _Rows(BUCKETS, config["num_attention_heads"])
            self.encoder["relative_attention_bias"] = bias
        # In a tuple they are not registered a second time.
        self._layers = tuple(layers)

    def pack(self) -> None:
        """Make ready to read on this CPU; nothing but reading can be done after it."""
        if can_pack():
            for module in self.modules():
                if isinstance(module, _Product):
                    module.pack()

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Hidden:
        """Hidden states of windows.

        Parameters
        ----------
        input_ids, attention_mask
            Shape (windows, tokens); each window's tokens are the first in its row, and
            the mask is 1 there and 0 behind them.
        """
        inside = attention_mask.bool()
        place = attention_mask.cumsum(dim=1)[inside] - 1
        x = self._embedded(input_ids[inside], place)
        rows = len(x)
        x = functional.pad(x, (0, 0, 0, -rows % ROWS))
        lengths = attention_mask.sum(dim=1).tolist()
        runs = [(n, len(list(same))) for n, same in groupby(lengths)]
        longest = max(lengths) + -max(lengths) % TOKENS
        bias = self._bias(torch.arange(longest, device=x.device))
        for layer in self._layers:
            x = layer(x, runs, bias)
        padded = x.new_zeros((*input_ids.shape, x.shape[-1]))
        padded[inside] = x[:rows]
        return Hidden(padded)

    def _embedded(self, ids: Tensor, place: Tensor) -> Tensor:
        x: Tensor = self.embeddings["word_embeddings"](ids)
        if "token_type_embeddings" in self.embeddings:
            x = x + self.embeddings["token_type_embeddings"](torch.zeros_like(ids[:1]))
        x = x + self.embeddings["position_embeddings"](place + self._first_place)
        normed: Tensor = self.embeddings["LayerNorm"](x)
        return normed

    def _bias(self, place: Tensor) -> Tensor | None:
        """What MPNet adds to attention by distance: (1, heads, tokens, tokens)."""
        if "relative_attention_bias" not in self.encoder:
            return None
        table = self.encoder["relative_attention_bias"]
        by_distance: Tensor = table(bucket(place[None, :] - place[:, None]))
        return by_distance.permute(2, 0, 1).unsqueeze(0)


class _Rows(nn.Embedding):
    def reset_parameters(self) -> None:
        """Draw nothing at random: weights are loaded."""


class _Product(nn.Linear):
    """Rows times a matrix, and GELU of it where `curved`.

    `pack` puts the matrix into the order that oneDNN reads it in, which spares doing so
    for every batch, and lets the product apply GELU before it leaves the registers: on
    two cores 1.1 and, with GELU, 1.6 times as fast (`benchmarks/speed.md`).
    """

    def __init__(self, size: int, into: int, curved: bool = False) -> None:
        super().__init__(size, into)
        self._curved = curved
        self._packed: Tensor | None = None

    def reset_parameters(self) -> None:
        """Draw nothing at random: weights are loaded."""

    def pack(self) -> None:
        """Reorder the weights, of which only that order stays."""
        self._packed = torch.ops.mkldnn._reorder_linear_weight(self.weight.detach())
        del self.weight

    def forward(self, rows: Tensor) -> Tensor:
        """Give (rows, `into`) for (rows, `size`)."""
        if self._packed is None:
            product = super().forward(rows)
            return functional.gelu(product) if self._curved else product
        name, algorithm = ("gelu", "none") if self._curved else ("none", "")
        fused: Tensor = torch.ops.mkldnn._linear_pointwise(
            rows, self._packed, self.bias, name, [], algorithm
        )
        return fused


class _Layer(nn.Module):
    """One layer: attention within each window, then what every token does alone."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()
        size, inner = config["hidden_size"], config["intermediate_size"]
        self._heads: int = config["num_attention_heads"]
        *projections, norm = ATTENTION[config["model_type"]]
        leaves: dict[str, nn.Module] = {
            **{name: _Product(size, size) for name in projections},
            norm: _norm(config),
            "intermediate.dense": _Product(size, inner, curved=True),
            "output.dense": _Product(inner, size),
            "output.LayerNorm": _norm(config),
        }
        for name, tree in _tree(leaves.items()).items():
            self.add_module(name, tree)
        self._parts = tuple(leaves.values())

    def forward(
        self, x: Tensor, runs: Sequence[tuple[int, int]], bias: Tensor | None
    ) -> Tensor:
        """`x` has shape (tokens of all windows and more, hidden size).

        `runs` are the windows in their order: so many tokens, in so many windows.
        """
        query, key, value, out, norm, up, down, last = self._parts
        projected = [query(x), key(x), value(x)]
        attended = torch.zeros_like(x)
        begin = 0
        attend = in_bfloat16 if x.dtype is torch.bfloat16 else _exact
        for tokens, windows in runs:
            end = begin + tokens * windows
            q, k, v, into = (
                p[begin:end].view(windows, tokens, self._heads, -1).transpose(1, 2)
                for p in (*projected, attended)
            )
            attend(q, k, v, into, bias)
            begin = end
        x = norm(out(attended).add_(x))
        result: Tensor = last(down(up(x)).add_(x))
        return result


def _exact(
    query: Tensor, key: Tensor, value: Tensor, into: Tensor, bias: Tensor | None
) -> None:
    tokens = query.shape[2]
    near = None if bias is None else bias[..., :tokens, :tokens]
    into.copy_(
        functional.scaled_dot_product_attention(query, key, value, attn_mask=near)
    )


def in_bfloat16(
    query: Tensor, key: Tensor, value: Tensor, into: Tensor, bias: Tensor | None
) -> None:
    """Attention by plain products: on CPUs, half of torch's own time in bfloat16.

    The largest score of each row is not looked for, which is most of the time of a
    softmax: scores of trained networks seldom have an exponential beyond bfloat16, and
    where one does not (`SUMS`) torch's own attention is taken.

    Parameters
    ----------
    query, key, value
        Shape (windows, heads, tokens, size of a head).
    into
        Where the outcome is written; the same shape.
    bias
        Added to the scores; has room for more tokens.
    """
    windows, heads, tokens, size = query.shape
    room = tokens + -tokens % TOKENS
    wide = [
        functional.pad(p, (0, 0, 0, room - tokens))
        for p in (query * size**-0.5, key, value)
    ]
    at_once = max(1, SCORES_AT_ONCE // (heads * room * room))
    for some in range(0, windows, at_once):
        part = slice(some, some + at_once)
        q, k, v = (p[part].reshape(-1, room, size) for p in wide)
        scores = torch.bmm(q, k.transpose(1, 2))
        if bias is not None:
            scores.view(-1, heads, room, room).add_(bias[..., :room, :room])
        weights = scores.exp_()
        total = weights[..., :tokens].sum(dim=-1, keepdim=True)
        least, most = total.aminmax()
        if not SUMS[0] < least <= most < SUMS[1]:
            _exact(query[part], key[part], value[part], into[part], bias)
            continue
        # Behind the last token values are 0: what is weighed there adds nothing.
        found, total = (
            p.view(-1, heads, room, p.shape[-1])[:, :, :tokens]
            for p in (torch.bmm(weights, v), total)
        )
        torch.div(found, total, out=into[part])


def bucket(distance: Tensor) -> Tensor:
    """Which of MPNet's buckets a distance in tokens falls into.

    Half of them for either direction; in each, half for the smallest distances one by
    one and half on a logarithmic scale (Raffel et al. 2020, "T5").
    """
    half = BUCKETS // 2
    exact = half // 2
    far = distance.abs()
    scale = (half - exact) / math.log(FARTHEST / exact)
    steps = torch.log(far.clamp(min=1).float() / exact) * scale
    rough = (exact + steps.long()).clamp(max=half - 1)
    return torch.where(far < exact, far, rough) + half * (distance > 0)


def _norm(config: Mapping[str, Any]) -> nn.LayerNorm:
    return nn.LayerNorm(config["hidden_size"], eps=config["layer_norm_eps"])


def _tree(leaves: Iterable[tuple[str, nn.Module]]) -> nn.ModuleDict:
    """Hang modules where their dotted names say."""
    root = nn.ModuleDict()
    for path, leaf in leaves:
        *parents, name = path.split(".")
        node = root
        for parent in parents:
            if parent not in node:
                node[parent] = nn.ModuleDict()
            node = node[parent]  # type: ignore[assignment]
        node[name] = leaf
    return root
