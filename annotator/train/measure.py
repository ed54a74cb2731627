"""A network and labelled runs -> logits and spans beside the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from annotator.codebook import LABELS, LabelName
from annotator.tag.model import STANCES, TaggerModel, collate
from annotator.tag.windows import WindowBuilder, tokens_of
from annotator.train.batches import examples, in_batches, with_targets
from annotator.train.data import LabelledSentence, Run, index_of

Floats = NDArray[np.float64]

UNREAD: Final = np.array([-20.0, 0.0, -20.0])
"""Logits of a stance towards a name that the encoder does not reach: neutral."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A labelled body sentence with the article and outlet it is from.

    `before` is the text of the two sentences before it, as far as its run goes.
    """

    sentence: LabelledSentence
    article: str
    outlet: str | None
    before: str = ""

    @property
    def truth(self) -> int:
        """Index of its label in `codebook.LABELS`."""
        return index_of(self.sentence.label)


def labelled(runs: Sequence[Run]) -> list[Labelled]:
    """The sentences that have one of the four labels, in the order of the runs."""
    names: tuple[LabelName, ...] = LABELS
    return [
        Labelled(s, run.article, run.outlet, _text(run.sentences[max(0, i - 2) : i]))
        for run in runs
        for i, s in enumerate(run.sentences)
        if s.label in names
    ]


def _text(sentences: Sequence[LabelledSentence]) -> str:
    return " ".join(s.text for s in sentences)


def label_logits(
    network: TaggerModel,
    builder: WindowBuilder,
    runs: Sequence[Run],
    device: torch.device,
    batch_windows: int = 16,
) -> Floats:
    """Label logits, before calibration, of the sentences that `labelled` lists.

    Returns
    -------
    array of shape (sentences, 4)
    """
    found: dict[tuple[int, int], Floats] = {}
    network.eval()
    for batch in in_batches(examples(runs, builder), batch_windows):
        inputs = collate([e.window for e in batch], builder.pad_id).to(device)
        with torch.inference_mode():
            logits = network(inputs).label.cpu().double().numpy()
        for row, (number, index) in enumerate(inputs.sentences):
            if index in batch[number].window.scored:
                found[id(batch[number].sentences), index] = logits[row]
    rows = [
        found[id(run.sentences), i]
        for run in runs
        for i, s in enumerate(run.sentences)
        if s.label in LABELS
    ]
    return np.array(rows).reshape(-1, len(LABELS))


def stance_logits(
    network: TaggerModel,
    builder: WindowBuilder,
    sentences: Sequence[LabelledSentence],
    device: torch.device,
    batch_sentences: int = 64,
) -> Floats:
    """Stance logits, before calibration, of the stances of sentences read alone.

    Returns
    -------
    array of shape (stances, 3)
        Sentence by sentence. Where the encoder does not reach the actor's name, all of
        it is neutral.
    """
    found: dict[int, Floats] = {}
    runs = [Run("", None, None, (sentence,), 0) for sentence in sentences]
    network.eval()
    for batch in in_batches(examples(runs, builder), batch_sentences):
        inputs, targets = with_targets(batch, builder.pad_id, 0)
        with torch.inference_mode():
            hidden = network(inputs.to(device)).hidden
            logits = network.of_mentions(
                hidden,
                targets.stance_slot.to(device),
                targets.stance_separator.to(device),
            )
        rows = iter(logits.float().cpu().double().numpy())
        for example in batch:
            sentence = example.sentences[0]
            offsets = example.window.offsets
            found[id(example.sentences)] = np.array(
                [
                    next(rows) if len(tokens_of(span, offsets)) else UNREAD
                    for span, _ in sentence.stances
                ]
            )
    return np.concatenate([found[id(run.sentences)] for run in runs])


def stance_f1(
    network: TaggerModel,
    builder: WindowBuilder,
    sentences: Sequence[LabelledSentence],
    device: torch.device,
) -> float:
    """Macro-F1 of negative, neutral and positive stances."""
    truth = [STANCES.index(p) for s in sentences for _, p in s.stances]
    guess = stance_logits(network, builder, sentences, device).argmax(axis=1)
    return float(f1_score(truth, guess, average="macro", zero_division=0))


def label_scores(
    network: TaggerModel,
    builder: WindowBuilder,
    runs: Sequence[Run],
    device: torch.device,
) -> dict[str, float]:
    """Macro-F1, accuracy and the F1 of each label."""
    truth = [row.truth for row in labelled(runs)]
    guess = label_logits(network, builder, runs, device).argmax(axis=1)
    each = f1_score(
        truth, guess, labels=range(len(LABELS)), average=None, zero_division=0
    )
    return {
        "macro_f1": float(np.mean(each)),
        "accuracy": float(np.mean(guess == truth)),
        **{name: float(f) for name, f in zip(LABELS, each, strict=True)},
    }
