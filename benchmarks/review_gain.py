"""A model, labelled sentences it never learned from -> what reviewing them is worth.

    python benchmarks/review_gain.py --data dev.jsonl --claims train.jsonl \
        --out runs/review-gain

Labels stand for what a reviewer decides. The articles of `--data` are cut by chance
into a pool to review and a test part, anew for each seed; the pool is reviewed in the
order of uncertainty (as `annotator review --order uncertainty`) and in a random one.
After so many decisions the model learns from them as `annotator learn` does, repeating
some of `--claims`. Printed is the gain in macro-F1 on the test part. A run that was
measured before is not measured again. How many decisions it takes to mend the labels
themselves is what `review_order.py` says.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, stdev

import numpy as np
from numpy.typing import NDArray

from annotator.codebook import LABELS
from annotator.decisions.queue import uncertainty
from annotator.tag.folder import LoadedModel, load_model
from annotator.tag.shelf import model_folder
from annotator.train.batches import Lessons
from annotator.train.changes import Change, changes
from annotator.train.config import TrainingConfig
from annotator.train.data import LabelledSentence, Run, read_runs
from annotator.train.evaluate import probabilities
from annotator.train.measure import labelled
from annotator.train.rehearse import GOING_ON, REPLAYED, replay, size, teach

ORDERS = ("uncertainty", "random")
Row = Mapping[str, float | str]
TEST_SHARE = 0.35
"""Of the articles: enough for an interval, and at 1,200 sentences 700 to review."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Runs to review, with what the model says of their labelled sentences.

    `rank` has for each order the places of the sentences, first to be asked first;
    `right` says whether the model has them right.
    """

    runs: list[Run]
    rank: Mapping[str, NDArray[np.int64]]
    right: NDArray[np.bool_]


def divided(runs: Sequence[Run], seed: int) -> tuple[list[Run], list[Run]]:
    """A pool and a test part, whole articles in each."""

    def chance(article: str) -> float:
        salted = f"{seed}:{article}".encode()
        return int.from_bytes(hashlib.blake2b(salted, digest_size=8).digest()) / 2**64

    test = [run for run in runs if chance(run.article) < TEST_SHARE]
    return [run for run in runs if chance(run.article) >= TEST_SHARE], test


def pool_of(model: LoadedModel, runs: list[Run], seed: int) -> Pool:
    likely = probabilities(model, runs)
    truth = np.array([row.truth for row in labelled(runs)])
    orders = {
        "uncertainty": np.argsort([-uncertainty(p) for p in likely], kind="stable"),
        "random": np.random.default_rng(seed).permutation(len(truth)),
    }
    return Pool(runs, orders, likely.argmax(axis=1) == truth)


def reviewed(pool: Pool, order: str, decisions: int) -> list[Run]:
    """The pool with the labels of the sentences asked about, and no others."""
    asked = set(pool.rank[order][:decisions].tolist())
    place = 0
    made = []
    for run in pool.runs:
        sentences = []
        for sentence in run.sentences:
            if sentence.label in LABELS:
                known = place in asked
                place += 1
                sentences.append(sentence if known else LabelledSentence(sentence.text))
            else:
                sentences.append(LabelledSentence(sentence.text))
        made.append(replace(run, sentences=tuple(sentences)))
    return [run for run in made if size([run])]


def gain(
    start: LoadedModel,
    taught: list[Run],
    claims: list[Run],
    test: list[Run],
    config: TrainingConfig,
    work: Path,
) -> Change:
    """The change in macro-F1 on the test part."""
    drawn = replay(claims, REPLAYED * size(taught), config.seed)
    lessons = Lessons([*taught, *drawn])
    after = teach(start, lessons, claims, config, work, lambda _: None)
    return changes("test", test, (start, after), {})[0]


def measured(args: argparse.Namespace, seed: int) -> list[Row]:
    """One row for each order and number of decisions."""
    start = load_model(model_folder(args.model))
    pool_runs, test = divided(read_runs(args.data), seed)
    pool = pool_of(start, pool_runs, seed)
    claims = read_runs(args.claims)
    rows = []
    for order in ORDERS:
        for decisions in args.decisions:
            work = args.out / f"seed-{seed}" / f"{order}-{decisions}"
            done = work / "gain.json"
            if not done.exists():
                taught = reviewed(pool, order, decisions)
                config = replace(GOING_ON, seed=seed)
                change = gain(start, taught, claims, test, config, work)
                row = {
                    "seed": seed,
                    "order": order,
                    "decisions": size(taught),
                    "corrections": int(
                        (~pool.right[pool.rank[order][:decisions]]).sum()
                    ),
                    "pool": len(pool.right),
                    "test": size(test),
                    "before": change.before.value,
                    "after": change.after.value,
                    "gain": change.difference.value,
                    "low": change.difference.low,
                    "high": change.difference.high,
                }
                done.write_text(json.dumps(row) + "\n", encoding="utf-8")
            rows.append(json.loads(done.read_text(encoding="utf-8")))
            print(json.dumps(rows[-1]), flush=True)
    return rows


def summed_up(rows: Sequence[Row]) -> None:
    """Print the mean over seeds, and their spread."""
    for order in ORDERS:
        own = [r for r in rows if r["order"] == order]
        print(order)
        for decisions in sorted({int(r["decisions"]) for r in own}):
            gains = [float(r["gain"]) for r in own if r["decisions"] == decisions]
            spread = stdev(gains) if len(gains) > 1 else 0.0
            print(
                f"  after {decisions:,}: macro-F1 {mean(gains):+.4f} "
                f"(sd {spread:.4f} over {len(gains)} seeds)"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--data", "--claims", "--out"):
        parser.add_argument(name, type=Path, required=True)
    parser.add_argument("--model", default="compact")
    parser.add_argument("--decisions", type=int, nargs="+", default=[200, 500])
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    args = parser.parse_args()
    summed_up([row for seed in args.seeds for row in measured(args, seed)])


if __name__ == "__main__":
    main()
