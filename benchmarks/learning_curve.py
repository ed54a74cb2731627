"""A configuration and labelled data -> what more data would bring.

    python benchmarks/learning_curve.py --config models/compact/stage1.toml \
        --claims train.jsonl --spans spans.jsonl --dev dev.jsonl --out runs/curve

Trains on a quarter, a half and all of the training articles, each share within the
next, chosen by a hash of the article's id; the articles that stop training and fit
the calibration stay the same throughout. Prints macro-F1 and the F1 of each label on
`--dev` with 95 % intervals, and draws macro-F1 in `curve.png`. A share that was
trained before is not trained again; a run that was cut off goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Picture

from annotator.codebook import LABELS
from annotator.report.terminal import SHORT
from annotator.tag.folder import load_model
from annotator.tag.shelf import DESCRIPTION
from annotator.train.config import TrainingConfig, read_config
from annotator.train.data import Claim, Part, read_claims, read_runs
from annotator.train.evaluate import probabilities
from annotator.train.measure import labelled
from annotator.train.run import Material, train
from annotator.train.scores import Scores, score

SHARES = (0.25, 0.5, 1.0)


class Point(NamedTuple):
    """What a share of the training articles comes to."""

    share: float
    sentences: int
    scores: Scores


def rank(article: str) -> float:
    """Where an article stands among the shares, from 0 to 1.

    Salted, since the splits are made from the unsalted hash.
    """
    digest = hashlib.blake2b(article.encode(), digest_size=8, salt=b"curve").digest()
    return int.from_bytes(digest, "big") / 2**64


def subset(claims: Mapping[str, Claim], share: float) -> list[Claim]:
    """The claims of a share of the training articles, and all held-out ones."""
    return [
        c
        for c in claims.values()
        if Part.HELD_OUT.has(c.article) or rank(c.article) < share
    ]


def write_rows(claims: Sequence[Claim], path: Path) -> None:
    """Write JSON Lines in the claims format, every place spelt out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for c in claims:
            place = {"id": c.sentence.id, "article": c.article, "index": c.index}
            file.write(json.dumps(c.row.values | place) + "\n")


def curve(
    config: TrainingConfig, data: tuple[Path, Path | None], dev: Path, out: Path
) -> list[Point]:
    """A point a share; `data` are the claims and the spans file."""
    claims = read_claims(data[0])
    dev_runs = read_runs(dev)
    points = []
    for share in SHARES:
        folder = out / f"share-{share:g}"
        chosen = subset(claims, share)
        if not (folder / DESCRIPTION).exists():
            rows = out / "rows" / f"share-{share:g}.jsonl"
            write_rows(chosen, rows)
            work = out / "work" / folder.name
            train(config, Material(rows, data[1]), folder, work, lambda _: None)
        likely = probabilities(load_model(folder), dev_runs)
        training = sum(Part.TRAIN.has(c.article) for c in chosen)
        points.append(Point(share, training, score(labelled(dev_runs), likely)))
        show(points[-1])
    return points


def show(point: Point) -> None:
    labels = "  ".join(
        f"{SHORT[name]} {s.f1}"
        for name, s in zip(LABELS, point.scores.labels, strict=True)
    )
    print(
        f"{point.share:.0%} of the articles, {point.sentences:,} sentences: "
        f"macro-F1 {point.scores.macro_f1}  {labels}",
        flush=True,
    )


def draw(points: Sequence[Point], out: Path) -> None:
    figures = [p.scores.macro_f1 for p in points]
    values = [f.value for f in figures]
    below = [max(f.value - f.low, 0) for f in figures]
    above = [max(f.high - f.value, 0) for f in figures]
    picture = Picture(figsize=(5, 4), layout="constrained")
    FigureCanvasAgg(picture)
    axes = picture.subplots()
    sentences = [p.sentences for p in points]
    axes.errorbar(sentences, values, (below, above), fmt="o-", capsize=3)
    axes.set_xscale("log", base=2)
    axes.set_xticks(sentences, [f"{n:,}" for n in sentences])
    axes.set_xlabel("training sentences")
    axes.set_ylabel("macro-F1, with 95 % interval")
    picture.savefig(out, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--config", "--claims", "--dev", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--spans", type=Path)
    parser.add_argument("--epochs", type=int, help="instead of the configuration's")
    a = parser.parse_args()
    config = read_config(a.config)
    if a.epochs:
        config = replace(config, epochs=a.epochs)
    draw(curve(config, (a.claims, a.spans), a.dev, a.out), a.out / "curve.png")


if __name__ == "__main__":
    main()
