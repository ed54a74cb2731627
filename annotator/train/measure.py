"""A network and labelled runs -> logits and spans beside the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from annotator.codebook import LABELS, LabelName
from annotator.tag.model import TaggerModel, collate
from annotator.tag.windows import WindowBuilder
from annotator.train.batches import examples, in_batches
from annotator.train.data import LabelledSentence, Run, index_of

Floats = NDArray[np.float64]


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
