"""A model and labelled data -> figures of its labels and spans."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from annotator.errors import BadTrainingData
from annotator.tag.description import sha256_of
from annotator.tag.folder import LoadedModel, load_model
from annotator.tag.tagger import Tagger
from annotator.train.baselines import bag_of_words, majority
from annotator.train.confidence import Bin, Promise, promises, reliability
from annotator.train.data import (
    Part,
    Run,
    column_of,
    read_claims,
    read_runs,
    read_spans,
    runs_of,
)
from annotator.train.groups import Grouping, by_group
from annotator.train.measure import label_logits, labelled
from annotator.train.mistakes import Mistake, mistakes
from annotator.train.scores import Scores, calibrated, score
from annotator.train.span_scores import AllSpanScores, score_spans


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores of a model, and of baselines, on one file.

    Attributes
    ----------
    scores
        By name; the model's version first.
    data_sha256
        Of the file the scores are on.
    reliability, promises, groupings, mistakes
        Of the model alone.
    """

    scores: Mapping[str, Scores]
    data: str
    data_sha256: str
    sentences: int
    articles: int
    spans: AllSpanScores | None = None
    promises: tuple[Promise, ...] = ()
    reliability: tuple[Bin, ...] = ()
    groupings: tuple[Grouping, ...] = ()
    mistakes: tuple[Mistake, ...] = ()


def evaluate(
    folder: Path,
    data: Path,
    baselines_from: Path | None = None,
    spans: Path | None = None,
    part: Part = Part.HELD_OUT,
    group_by: Sequence[str] = (),
) -> Evaluation:
    """Score a model folder on a claims file.

    Parameters
    ----------
    baselines_from
        A claims file to fit the majority and bag-of-words baselines on.
    spans, part
        See `evaluate_spans`, which is given both claims files.
    group_by
        Columns of the data; figures are given for each of their values.

    Raises
    ------
    BadModel, BadTrainingData
        If the model or a row of the data cannot be read.
    """
    claims = read_claims(data)
    groups = {name: column_of(claims, name) for name in group_by}
    runs = runs_of(claims)
    rows = labelled(runs)
    if not rows:
        raise BadTrainingData(f"{data}: no sentence has one of the four labels")
    model = load_model(folder)
    likely = probabilities(model, runs)
    scores = {model.description.version: score(rows, likely)}
    if baselines_from:
        known = read_runs(baselines_from)
        scores["TF-IDF + logistic regression"] = score(rows, bag_of_words(known, runs))
        scores["majority label"] = score(rows, majority(known, runs))
    sources = [path for path in (baselines_from, data) if path]
    return Evaluation(
        scores,
        data.name,
        data_hash(data),
        len(rows),
        len({r.article for r in rows}),
        evaluate_spans(folder, spans, sources, part) if spans else None,
        promises(rows, likely, model.description),
        reliability(rows, likely),
        tuple(by_group(rows, likely, name, of) for name, of in groups.items()),
        tuple(mistakes(rows, likely)),
    )


def evaluate_spans(
    folder: Path,
    spans: Path,
    claims: Sequence[Path] = (),
    part: Part = Part.HELD_OUT,
) -> AllSpanScores:
    """Score a model folder on a spans file.

    Parameters
    ----------
    claims
        Claims files: the first that has sentences of the spans file gives their
        neighbours and titles. Without one they are read as they stand in the file.
    part
        The articles to score.

    Raises
    ------
    BadModel, BadTrainingData
        If the model or a row cannot be read, or no article is in that part.
    """
    runs = _marked_runs(spans, claims)
    chosen = [run for run in runs if part.has(run.article)]
    if not chosen:
        articles = len({run.article for run in runs})
        raise BadTrainingData(
            f"{spans}: none of its {articles:,} articles is in the part {part.value}: "
            "name another with --split, all for every one"
        )
    return score_spans(Tagger(folder), chosen)


def _marked_runs(spans: Path, claims: Sequence[Path]) -> list[Run]:
    for path in claims:
        runs = [
            run
            for run in read_runs(path, spans)
            if any(s.spans is not None for s in run.sentences)
        ]
        if runs:
            return runs
    return runs_of(read_spans(spans))


def probabilities(model: LoadedModel, runs: Sequence[Run]) -> NDArray[np.float64]:
    """Calibrated probabilities of the sentences that `labelled` lists."""
    logits = label_logits(model.network, model.builder, runs, torch.device("cpu"))
    return calibrated(logits, model.description.temperature)


def data_hash(path: Path) -> str:
    """Hex SHA-256 of a file; of a folder, of the hashes and names of its files."""
    if path.is_file():
        return sha256_of(path)
    files = sorted(p for p in path.rglob("*") if p.is_file())
    listing = "".join(f"{sha256_of(p)}  {p.relative_to(path)}\n" for p in files)
    return hashlib.sha256(listing.encode()).hexdigest()
