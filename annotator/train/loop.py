"""Runs and settings -> a trained network, resumable at any step."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional
from transformers import AutoConfig, AutoModel

from annotator.tag.device import bf16_pays, pick_device
from annotator.tag.folder import padded
from annotator.tag.model import Logits, TaggerModel
from annotator.tag.windows import WindowBuilder
from annotator.train.batches import (
    IGNORE,
    Example,
    Lessons,
    Targets,
    epoch_batches,
    targets_of,
)
from annotator.train.config import TrainingConfig
from annotator.train.distill import Taught
from annotator.train.measure import label_scores, stance_f1
from annotator.train.progress import Progress

CHECKPOINT_STEPS = 100
"""Steps between checkpoints: some three minutes of MiniLM on two cores."""


@dataclass(slots=True)
class State:
    """Where a run stands; written to disk with the weights."""

    step: int = 0
    best_score: float = -1.0
    best_epoch: int = -1
    history: list[dict[str, float]] = field(default_factory=list)


def new_network(encoder: Path, dropout: float) -> TaggerModel:
    """An encoder's weights under untrained heads."""
    config = AutoConfig.from_pretrained(encoder)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = dropout
    network = padded(config)
    pretrained = AutoModel.from_pretrained(
        encoder, use_safetensors=True, add_pooling_layer=False, dtype=torch.float32
    )
    network.encoder.load_state_dict(pretrained.state_dict())
    return network


def loss_of(
    network: TaggerModel, logits: Logits, targets: Targets, config: TrainingConfig
) -> Tensor:
    """Weighted sum of the layers' losses; layers without a target add nothing."""
    weight = config.loss
    known = targets.label_known
    total = logits.hidden.new_zeros((), dtype=torch.float32)
    if known.any():
        total = total + weight.label * functional.cross_entropy(
            logits.label[known].float(), targets.label[known]
        )
    if targets.body_known.any():
        total = total + weight.body * functional.binary_cross_entropy_with_logits(
            logits.body[targets.body_known].float(), targets.body[targets.body_known]
        )
    marked = targets.tags.sum(-1) > 0
    if marked.any():
        total = total + weight.tags * functional.cross_entropy(
            logits.tags[marked].float(), targets.tags[marked].float()
        )
    pieces = (
        ("kind", weight.kind, targets.kind_slot, targets.kind),
        ("polarity", weight.polarity, targets.loaded_slot, targets.polarity),
        ("voice", weight.voice, targets.loaded_slot, targets.voice),
    )
    for name, share, slot, wanted in pieces:
        if (wanted != IGNORE).any():
            got = network.of_spans(logits.hidden, slot, len(wanted))[name]
            total = total + share * functional.cross_entropy(got.float(), wanted)
    if len(targets.stance):
        got = network.of_mentions(
            logits.hidden, targets.stance_slot, targets.stance_separator
        )
        total = total + weight.stance * functional.cross_entropy(
            got.float(), targets.stance
        )
    return total


def rate_groups(network: TaggerModel, config: TrainingConfig) -> list[dict[str, Any]]:
    """Optimizer groups: heads, then encoder layers at falling rates.

    Frozen layers are in no group, and no gradient is worked out for them.
    """
    layers = network.encoder.config.num_hidden_layers
    groups: dict[tuple[float, float], list[Tensor]] = {}
    for name, parameter in network.named_parameters():
        decay = 0.0 if parameter.ndim < 2 else config.weight_decay
        if not name.startswith("encoder."):
            rate = config.head_learning_rate
        else:
            parts = name.split(".")
            depth = int(parts[parts.index("layer") + 1]) + 1 if "layer" in parts else 0
            if depth <= config.frozen_layers > 0:
                parameter.requires_grad_(False)
                continue
            rate = config.learning_rate * config.layer_decay ** (layers - depth)
        groups.setdefault((rate, decay), []).append(parameter)
    return [
        {"params": parameters, "lr": rate, "weight_decay": decay}
        for (rate, decay), parameters in groups.items()
    ]


class Trainer:
    """A training run that can be stopped at any step and gone on with.

    Parameters
    ----------
    folder
        Where checkpoints go; an unfinished run found there is gone on with.
    report
        Called after every step.
    """

    def __init__(
        self,
        network: TaggerModel,
        builder: WindowBuilder,
        config: TrainingConfig,
        folder: Path,
        report: Callable[[Progress], None],
        device: torch.device | None = None,
    ) -> None:
        self.device = device or pick_device()
        self.network = network.to(self.device)
        self.builder = builder
        self.config = config
        self.folder = folder
        self.report = report
        self.bf16 = bf16_pays(self.device)
        self.state = State()
        self.optimizer = torch.optim.AdamW(rate_groups(network, config), fused=True)
        self._rates = [g["lr"] for g in self.optimizer.param_groups]

    def run(self, lessons: Lessons, validation: Lessons) -> State:
        """Train; leaves the weights of the epoch with the best score in the network."""
        self._resume()
        first = epoch_batches(lessons, self.builder, self.config, 0)
        # Epochs differ by a few windows at most: what is dropped is random.
        steps = len(first) * self.config.epochs
        for epoch in range(self.config.epochs):
            if self.state.step >= (epoch + 1) * len(first):
                continue
            batches = epoch_batches(lessons, self.builder, self.config, epoch)
            batches = batches[: len(first)]
            for number, batch in enumerate(batches, epoch * len(first)):
                if number < self.state.step:
                    continue
                self._step(batch, epoch, steps)
                if self.state.step % CHECKPOINT_STEPS == 0:
                    self._checkpoint()
            self.state.step = (epoch + 1) * len(first)
            self._validate(epoch, validation)
            self._checkpoint()
            if epoch - self.state.best_epoch >= self.config.patience:
                break
        self.network.load_state_dict(load_file(self.folder / "best.safetensors"))
        return self.state

    def _step(
        self, batch: Sequence[Example] | Sequence[Taught], epoch: int, steps: int
    ) -> None:
        started = perf_counter()
        self._set_rates(steps)
        inputs, targets = targets_of(
            batch, self.builder.pad_id, self.config.accept_weight
        )
        inputs, targets = inputs.to(self.device), targets.to(self.device)
        self.network.train()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            logits = self.network(inputs)
            loss = loss_of(self.network, logits, targets, self.config)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.state.step += 1
        rate = int(targets.body_known.sum()) / (perf_counter() - started)
        doing = f"epoch {epoch + 1}"
        self.report(Progress(doing, self.state.step, steps, rate, loss.item()))

    def _set_rates(self, steps: int) -> None:
        done = self.state.step / steps
        rise = self.config.warmup
        factor = done / rise if done < rise else (1 - done) / (1 - rise)
        for group, rate in zip(self.optimizer.param_groups, self._rates, strict=True):
            group["lr"] = rate * max(factor, 0.01)

    def scores(self, lessons: Lessons) -> dict[str, float]:
        """How well the network does; "score" is what epochs are chosen by.

        It is macro-F1 of the four labels, and the mean of it and that of the stances
        where there are any.
        """
        found = label_scores(self.network, self.builder, lessons.runs, self.device)
        parts = [found["macro_f1"]]
        if lessons.stances:
            parts.append(
                stance_f1(self.network, self.builder, lessons.stances, self.device)
            )
            found["stance_macro_f1"] = parts[1]
        return {**found, "score": sum(parts) / len(parts)}

    def _validate(self, epoch: int, lessons: Lessons) -> None:
        scores = self.scores(lessons)
        self.state.history.append({"epoch": epoch, **scores})
        if scores["score"] > self.state.best_score:
            self.state.best_score = scores["score"]
            self.state.best_epoch = epoch
            _write(self.folder / "best.safetensors", self.network.state_dict())

    def _checkpoint(self) -> None:
        moments = {
            f"{index}.{name}": value
            for index, entry in self.optimizer.state_dict()["state"].items()
            for name, value in entry.items()
        }
        _write(self.folder / "moments.safetensors", moments)
        _write(self.folder / "weights.safetensors", self.network.state_dict())
        text = json.dumps(asdict(self.state))
        written = self.folder / "state.json.new"
        written.write_text(text, encoding="utf-8")
        written.replace(self.folder / "state.json")

    def _resume(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if not (self.folder / "state.json").exists():
            return
        values = json.loads((self.folder / "state.json").read_text(encoding="utf-8"))
        self.state = State(**values)
        self.network.load_state_dict(load_file(self.folder / "weights.safetensors"))
        entries: dict[int, dict[str, Tensor]] = {}
        for key, value in load_file(self.folder / "moments.safetensors").items():
            index, name = key.split(".", 1)
            entries.setdefault(int(index), {})[name] = value
        self.optimizer.load_state_dict(
            {**self.optimizer.state_dict(), "state": entries}
        )


def _write(path: Path, tensors: dict[str, Tensor]) -> None:
    """Write tensors so that a kill leaves the old file or the new, whole."""
    written = path.with_name(path.name + ".new")
    save_file({k: v.detach().cpu().contiguous() for k, v in tensors.items()}, written)
    written.replace(path)
