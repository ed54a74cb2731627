"""Runs of labelled sentences -> batches with a target for every layer."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from annotator.codebook import LABELS, NOT_BODY, SOURCE_KINDS
from annotator.tag.model import (
    POLARITIES,
    SPAN_LAYERS,
    STANCES,
    VOICES,
    Batch,
    collate,
)
from annotator.tag.spans import BEGIN, INSIDE
from annotator.tag.windows import NO_SENTENCE, Window, WindowBuilder, tokens_of
from annotator.train.augment import roughened
from annotator.train.config import TrainingConfig
from annotator.train.data import LabelledSentence, Run, index_of
from annotator.train.distill import Taught, layers_of

IGNORE: Final = -100
"""Target of a tag, kind, polarity or voice that is not known."""


@dataclass(frozen=True, slots=True)
class Targets:
    """What the outputs for one batch should be.

    Attributes
    ----------
    label, label_known
        (sentences, 4) shares summing to 1, and which rows have one.
    body, body_known
        (sentences,) 1 for body text, 0 for furniture, and which rows are known.
    tags
        (windows, tokens, 4 layers, 3 tags) shares summing to 1, or to 0 where not
        marked.
    kind_slot, kind, loaded_slot, polarity, voice
        Which span each token belongs to, (windows, tokens), and what each span is.
    stance_slot, stance_separator, stance
        Which mention of an actor each token belongs to, (windows, tokens); the flat
        position of the separator of each mention's sentence; the index of its polarity
        in `model.STANCES`.
    """

    label: Tensor
    label_known: Tensor
    body: Tensor
    body_known: Tensor
    tags: Tensor
    kind_slot: Tensor
    kind: Tensor
    loaded_slot: Tensor
    polarity: Tensor
    voice: Tensor
    stance_slot: Tensor
    stance_separator: Tensor
    stance: Tensor

    def to(self, device: torch.device) -> Targets:
        """The same targets on another device."""
        return Targets(
            *(getattr(self, name).to(device) for name in self.__dataclass_fields__)
        )


@dataclass(frozen=True, slots=True)
class Example:
    """A window with the labelled sentences its indexes point at."""

    window: Window
    sentences: tuple[LabelledSentence, ...]


@dataclass(frozen=True, slots=True)
class Lessons:
    """What is learned from: labelled runs, a teacher's answers, stances.

    `stances` are sentences that have stances alone, without a neighbour.
    """

    runs: Sequence[Run]
    taught: Sequence[Taught] = ()
    stances: Sequence[LabelledSentence] = ()


def examples(runs: Sequence[Run], builder: WindowBuilder) -> list[Example]:
    """Windows over whole runs, as they are read when scoring."""
    made = []
    for run in runs:
        texts = [s.text for s in run.sentences]
        made += [
            Example(window, run.sentences)
            for window in builder.windows(texts, run.title)
        ]
    return made


def epoch_batches(
    lessons: Lessons,
    builder: WindowBuilder,
    config: TrainingConfig,
    epoch: int,
) -> list[Sequence[Example] | Sequence[Taught]]:
    """The batches of one epoch, the same for the same seed and epoch.

    Windows of like length stand together so that little is padded; a batch is
    labelled or taught, and their order is random.
    """
    rng = random.Random(f"{config.seed}-{epoch}")  # noqa: S311 not for secrets
    shown = lessons.runs
    if config.labelled_share < 1:
        shown = rng.sample(shown, round(config.labelled_share * len(shown)))
    made = examples([roughened(r, config, rng) for r in shown], builder)
    made += examples(list(together(lessons.stances, rng)), builder)
    batches: list[Sequence[Example] | Sequence[Taught]] = [
        *_alike(made, config.batch_windows, rng),
        *_alike(lessons.taught, config.batch_windows, rng),
    ]
    rng.shuffle(batches)
    return batches


MOST_TOGETHER: Final = 8
"""Unrelated sentences put into one window: about as many as a window of an article
holds, since that is what the stance head will read."""


def together(
    sentences: Sequence[LabelledSentence], rng: random.Random
) -> Iterator[Run]:
    """Sentences of no common article, one to `MOST_TOGETHER` of them a run."""
    order = rng.sample(sentences, len(sentences))
    at = 0
    while at < len(order):
        size = rng.randint(1, MOST_TOGETHER)
        yield Run("", None, None, tuple(order[at : at + size]), 0)
        at += size


_Windowed = TypeVar("_Windowed", Example, Taught)


def _alike(
    made: Sequence[_Windowed], size: int, rng: random.Random
) -> Iterator[Sequence[_Windowed]]:
    """Windows of about the same length together."""
    near = sorted(made, key=lambda e: len(e.window.token_ids) + rng.random() * 32)
    for i in range(0, len(near), size):
        yield near[i : i + size]


def targets_of(
    batch: Sequence[Example] | Sequence[Taught], pad_id: int, accept_weight: float
) -> tuple[Batch, Targets]:
    """Inputs and targets of a batch, labelled or taught."""
    taught = [t for t in batch if isinstance(t, Taught)]
    if taught:
        return taught_targets(taught, pad_id)
    return with_targets(
        [e for e in batch if isinstance(e, Example)], pad_id, accept_weight
    )


def with_targets(
    batch: Sequence[Example], pad_id: int, accept_weight: float
) -> tuple[Batch, Targets]:
    """Inputs and targets of a labelled batch."""
    inputs = collate([e.window for e in batch], pad_id)
    n = len(inputs.sentences)
    width = inputs.token_ids.shape
    label = torch.zeros(n, len(LABELS))
    label_known = torch.zeros(n, dtype=torch.bool)
    body = torch.zeros(n)
    body_known = torch.zeros(n, dtype=torch.bool)
    tags = np.full((*width, len(SPAN_LAYERS)), IGNORE, dtype=np.int64)
    kinds = _Slots(width)
    loaded = _Slots(width)
    actors = _Slots(width)
    separators: list[int] = []
    for row, (number, index) in enumerate(inputs.sentences):
        window = batch[number].window
        sentence = batch[number].sentences[index]
        if index not in window.scored:
            continue
        where = np.flatnonzero(window.sentence_index == index)[:-1]
        offsets = window.offsets[where]
        for span, polarity in sentence.stances:
            if actors.add(number, where[tokens_of(span, offsets)], str(polarity)):
                separators.append(int(inputs.separator[row]))
        if sentence.label is None:
            continue
        body_known[row] = True
        body[row] = float(sentence.label != NOT_BODY)
        if sentence.label != NOT_BODY:
            label[row] = soft_target(sentence, accept_weight)
            label_known[row] = True
        if sentence.spans is None:
            kinds.add(number, where, sentence.source_kind)
            continue
        tags[number, where] = sentence_tags(sentence, offsets)
        for mark in sentence.spans:
            inside = tokens_of(mark.span, offsets)
            if mark.kind:
                kinds.add(number, where[inside], mark.kind)
            if mark.layer == "loaded":
                loaded.add(number, where[inside], mark.polarity, mark.voice)
    return inputs, Targets(
        label,
        label_known,
        body,
        body_known,
        _shares(tags),
        kinds.slot,
        kinds.column(0, SOURCE_KINDS),
        loaded.slot,
        loaded.column(0, POLARITIES),
        loaded.column(1, VOICES),
        actors.slot,
        torch.tensor(separators, dtype=torch.int64),
        actors.column(0, [str(polarity) for polarity in STANCES]),
    )


def taught_targets(batch: Sequence[Taught], pad_id: int) -> tuple[Batch, Targets]:
    """Inputs of a batch, with a teacher's answers as targets."""
    inputs = collate([t.window for t in batch], pad_id)
    scored = torch.tensor([i in batch[n].window.scored for n, i in inputs.sentences])
    label = torch.zeros(len(scored), len(LABELS))
    label[scored] = torch.cat([t.label for t in batch])
    body = torch.zeros(len(scored))
    body[scored] = torch.cat([t.body for t in batch])
    width = inputs.token_ids.shape
    none = _Slots(width)
    nothing = none.column(0, ())
    return inputs, Targets(
        label,
        scored,
        body,
        scored,
        layers_of(batch, width[1]),
        none.slot,
        nothing,
        none.slot,
        nothing,
        nothing,
        none.slot,
        nothing,
        nothing,
    )


def _shares(tags: NDArray[np.int64]) -> Tensor:
    """Tags as shares: all of it to the one tag, nothing where there is none."""
    known = torch.from_numpy(tags)
    return functional.one_hot(known.clamp(min=0), 3) * (known != IGNORE).unsqueeze(-1)


def soft_target(sentence: LabelledSentence, accept_weight: float) -> Tensor:
    """Shares of the four labels: the label, and a part for the others accepted."""
    others = [
        i
        for i, name in enumerate(LABELS)
        if name in sentence.accept and name != sentence.label
    ]
    target = torch.zeros(len(LABELS))
    target[others] = accept_weight / max(len(others), 1)
    target[index_of(sentence.label)] = 1 - float(target.sum())
    return target


def sentence_tags(
    sentence: LabelledSentence, offsets: NDArray[np.int64]
) -> NDArray[np.int64]:
    """BIO tags of one sentence's tokens, shape (tokens, layers).

    Where spans of a layer overlap, the longer is written and the shorter left
    out: one layer holds one span a token.
    """
    tags = np.zeros((len(offsets), len(SPAN_LAYERS)), dtype=np.int64)
    marks = sorted(sentence.spans or (), key=lambda m: m.span.start - m.span.end)
    for mark in marks:
        layer = SPAN_LAYERS.index(mark.layer)
        inside = tokens_of(mark.span, offsets)
        if len(inside) and not tags[inside, layer].any():
            tags[inside, layer] = INSIDE
            tags[inside[0], layer] = BEGIN
    return tags


class _Slots:
    """Spans of a batch: which tokens each holds, and its class names.

    A token of two spans counts for the later one.
    """

    def __init__(self, shape: torch.Size) -> None:
        self.slot = torch.full(shape, NO_SENTENCE, dtype=torch.int64)
        self._names: list[tuple[str | None, ...]] = []

    def add(self, row: int, where: NDArray[np.int64], *names: str | None) -> bool:
        """Add a span; whether it was, for one without a token or a class is not."""
        if not (len(where) and any(names)):
            return False
        self.slot[row, torch.from_numpy(where)] = len(self._names)
        self._names.append(names)
        return True

    def column(self, which: int, classes: Sequence[str]) -> Tensor:
        values = [n[which] for n in self._names]
        return torch.tensor(
            [classes.index(v) if v in classes else IGNORE for v in values],
            dtype=torch.int64,
        )


def in_batches(made: Sequence[Example], size: int) -> Iterator[Sequence[Example]]:
    """Examples of like length together, longest first."""
    ordered = sorted(made, key=lambda e: -len(e.window.token_ids))
    for i in range(0, len(ordered), size):
        yield ordered[i : i + size]
