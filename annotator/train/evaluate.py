"""A model and labelled data -> a table of figures, a record and a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from rich.table import Table

from annotator.codebook import LABELS
from annotator.errors import BadModel
from annotator.report.figures import confusion_picture
from annotator.tag.folder import LoadedModel, load_model, sha256_of
from annotator.tag.tagger import Tagger
from annotator.train.baselines import bag_of_words, majority
from annotator.train.data import Run, read_runs, split_of
from annotator.train.measure import label_logits, labelled
from annotator.train.scores import Figure, Scores, calibrated, score, selective
from annotator.train.span_scores import AllSpanScores, score_spans

TARGET_ERRORS: Final = (0.05, 0.10)
"""Promises an evaluation checks, if the model's calibration supports them."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What a target error comes to: what is kept, and how much of it is wrong."""

    target_error: float
    least_confidence: float
    coverage: Figure
    error: Figure


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores of a model, and of baselines, on one file.

    Attributes
    ----------
    scores
        By name; the model's version first.
    data_sha256
        Of the file the scores are on.
    """

    scores: Mapping[str, Scores]
    data: str
    data_sha256: str
    sentences: int
    articles: int
    spans: AllSpanScores | None = None
    promises: tuple[Promise, ...] = ()


def evaluate(
    folder: Path, data: Path, baselines_from: Path | None, spans: Path | None
) -> Evaluation:
    """Score a model folder on a claims file.

    Parameters
    ----------
    baselines_from
        A claims file to fit the majority and bag-of-words baselines on.
    spans
        A spans file for the sentences of `baselines_from`. Spans are scored on
        its articles that no training run sees (see `split_of`).

    Raises
    ------
    BadModel, BadTrainingData
        If the model or a row of the data cannot be read.
    """
    model = load_model(folder)
    runs = read_runs(data)
    rows = labelled(runs)
    likely = probabilities(model, runs)
    scores = {model.description.version: score(rows, likely)}
    promises = [
        Promise(target, least, *selective(rows, likely, least))
        for target in TARGET_ERRORS
        if (least := least_confidence(model, target)) is not None
    ]
    span_scores = None
    if baselines_from:
        known = read_runs(baselines_from, spans)
        scores["TF-IDF + logistic regression"] = score(rows, bag_of_words(known, runs))
        scores["majority label"] = score(rows, majority(known, runs))
        if spans:
            held_out = [r for r in known if split_of(r.article) != "train"]
            span_scores = score_spans(Tagger(folder), held_out)
    return Evaluation(
        scores,
        data.name,
        sha256_of(data),
        len(rows),
        len({r.article for r in rows}),
        span_scores,
        tuple(promises),
    )


def least_confidence(model: LoadedModel, target_error: float) -> float | None:
    """The confidence that keeps a target error; None if the model promises none."""
    try:
        return model.description.confidence_for(target_error)
    except BadModel:
        return None


def probabilities(model: LoadedModel, runs: Sequence[Run]) -> NDArray[np.float64]:
    """Calibrated probabilities of the sentences that `labelled` lists."""
    logits = label_logits(model.network, model.builder, runs, torch.device("cpu"))
    return calibrated(logits, model.description.temperature)


def score_table(evaluation: Evaluation) -> Table:
    """A row a figure, a column a model."""
    table = Table(
        title=f"{evaluation.data}: {evaluation.sentences:,} sentences of "
        f"{evaluation.articles:,} articles",
        caption="95 % intervals in brackets, articles drawn with replacement.",
        box=None,
    )
    table.add_column("")
    for name in evaluation.scores:
        table.add_column(name, justify="right")
    every = list(evaluation.scores.values())
    table.add_row("macro-F1", *(str(s.macro_f1) for s in every), style="bold")
    for i, name in enumerate(LABELS):
        n = every[0].labels[i].support
        title = f"F1 {name.replace('_', ' ')} ({n})"
        table.add_row(title, *(str(s.labels[i].f1) for s in every))
    table.add_row("accuracy", *(str(s.accuracy) for s in every))
    table.add_row("defensible label", *(str(s.lenient) for s in every))
    table.add_row("calibration error", *(str(s.calibration_error) for s in every))
    for p in evaluation.promises:
        name = f"at --target-error {p.target_error:g}"
        table.add_row(f"{name}: coverage", str(p.coverage))
        table.add_row(f"{name}: error", str(p.error))
    return table


def span_table(scores: AllSpanScores) -> Table:
    """A row a span layer."""
    table = Table(
        title=f"spans: {scores.sentences:,} sentences of {scores.articles:,} articles "
        "that no training run sees",
        box=None,
    )
    for column in ("", "exact F1", "overlap F1", "marked"):
        table.add_column(column, justify="right" if column else "left")
    for name, s in scores.layers.items():
        table.add_row(name, str(s.exact_f1), str(s.overlap_f1), f"{s.marked:,}")
    table.add_row(
        "source kind", f"accuracy {scores.kind_accuracy}", "", f"{scores.kinds:,}"
    )
    return table


def write_evaluation(evaluation: Evaluation, out: Path) -> None:
    """Write `metrics.json` and `confusion.png` into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    record: dict[str, object] = {
        "data": evaluation.data,
        "data_sha256": evaluation.data_sha256,
        "sentences": evaluation.sentences,
        "articles": evaluation.articles,
        "scores": {
            name: asdict(s) | {"confusion": s.confusion.tolist()}
            for name, s in evaluation.scores.items()
        },
    }
    record["promises"] = [asdict(p) for p in evaluation.promises]
    if evaluation.spans:
        record["spans"] = asdict(evaluation.spans)
    (out / "metrics.json").write_text(
        json.dumps(record, indent=2) + "\n", encoding="utf-8"
    )
    first = next(iter(evaluation.scores.values()))
    confusion_picture(first.confusion, out / "confusion.png")
