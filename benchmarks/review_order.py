"""Labelled sentences, a model -> how many decisions each order of the queue takes.

    python benchmarks/review_order.py --claims dev.jsonl --model compact \
        --out docs/review_order.png

A simulated reviewer gives each sentence the label that the file has, in one order
after another, until at most one in twenty sentences of the queue still has a wrong
one; once for a queue of all sentences and once for the flagged ones. The last column
asks for nine in ten of the mistakes between an allegation and another label.

Figures are of the file as it is, those of the random order means over `--seeds`
orders. Intervals are 95 %, from drawing articles with replacement, each time with
another random order; savings are against that one. "best possible" knows where the
mistakes are.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Picture
from numpy.typing import NDArray

from annotator.decisions.queue import ORDERS, QueueItem, ordered, priority, weights
from annotator.records import TaggedSentence
from annotator.tag.flags import decide
from annotator.tag.folder import load_model
from annotator.tag.shelf import model_folder
from annotator.train.data import read_runs
from annotator.train.evaluate import probabilities
from annotator.train.measure import labelled

ERROR = 0.05
FOUND = 0.9
RESAMPLES = 200
ALLEGATION = "unverifiable_allegation"
DRAWN = ("random", "text", "uncertainty", "priority")

Queue = Sequence[QueueItem]
Truth = Mapping[str, str]
Ordering = Callable[[Queue, Truth, int], list[QueueItem]]


class Effort(NamedTuple):
    """Decisions until the error of all, and of the flagged, is low, and allegations."""

    all: float
    flagged: float
    allegations: float


def orderings() -> dict[str, Ordering]:
    """Give the orders of the program, and those they are compared with."""
    found: dict[str, Ordering] = {
        name: lambda items, truth, seed, by=name: ordered(items, by, seed)
        for name in ORDERS
    }
    found["priority, not spaced"] = lambda items, truth, seed: sorted(
        items, key=lambda item: -priority(item)
    )
    found["least confident"] = lambda items, truth, seed: sorted(
        items, key=lambda item: max(item.probabilities)
    )
    found["best possible"] = lambda items, truth, seed: sorted(
        items, key=lambda item: not wrong(item, truth)
    )
    return found


def wrong(item: QueueItem, truth: Truth) -> bool:
    return item.label != truth[item.sentence_id]


def about_allegation(item: QueueItem, truth: Truth) -> bool:
    labels = {item.label, truth[item.sentence_id]}
    return len(labels) == 2 and ALLEGATION in labels


def errors(order: Queue, truth: Truth) -> NDArray[np.float64]:
    """Give the share that is still wrong after 0, 1, 2.. decisions."""
    mistakes = np.array([wrong(item, truth) for item in order])
    return (mistakes.sum() - np.cumsum([0, *mistakes])) / max(len(order), 1)


def effort(order: Queue, truth: Truth) -> Effort:
    """Count decisions; what is not flagged is passed over in a queue of the flagged."""
    flagged = [item for item in order if item.reasons]
    found = np.cumsum([0, *(about_allegation(item, truth) for item in order)])
    return Effort(
        *(int(np.argmax(errors(part, truth) <= ERROR)) for part in (order, flagged)),
        int(np.argmax(found >= FOUND * found[-1])),
    )


def items_of(path: Path, model: str) -> tuple[list[QueueItem], dict[str, str]]:
    """Tag the labelled sentences of a claims file; give them, and the right labels."""
    runs = read_runs(path)
    rows = labelled(runs)
    likely = probabilities(load_model(model_folder(model)), runs)
    weight = weights(Counter(row.outlet for row in rows))
    items, truth = [], {}
    for number, (row, p) in enumerate(zip(rows, likely.tolist(), strict=True)):
        name = f"{row.article}:{number}"
        label = decide(name, TaggedSentence(tuple(p), 1.0, ()), model)
        truth[name] = str(row.sentence.label)
        items.append(
            QueueItem(
                sentence_id=name,
                article_id=row.article,
                outlet=row.outlet,
                title=None,
                topic=None,
                published=None,
                text=row.sentence.text,
                label=label.label,
                probabilities=label.probabilities,
                reasons=label.flag_reasons,
                sources=(),
                weight=weight[row.outlet],
            )
        )
    return items, truth


def resample(
    items: Queue, truth: Truth, seed: int
) -> tuple[list[QueueItem], dict[str, str]]:
    """Draw articles with replacement; each copy is an article of its own."""
    articles: dict[str, list[QueueItem]] = {}
    for item in items:
        articles.setdefault(item.article_id, []).append(item)
    rng = np.random.default_rng(seed)
    drawn = rng.choice(list(articles), size=len(articles))
    copies, right = [], {}
    for number, article in enumerate(drawn.tolist()):
        for item in articles[article]:
            name = f"{number}/{item.sentence_id}"
            right[name] = truth[item.sentence_id]
            own = f"{number}/{article}"
            copies.append(replace(item, sentence_id=name, article_id=own))
    return copies, right


def measure(items: Queue, truth: Truth, seeds: int) -> None:
    flagged = [item for item in items if item.reasons]
    for name, queue in (("all", items), ("flagged", flagged)):
        error = errors(queue, truth)[0]
        print(f"{name}: {len(queue):,} sentences, {error:.1%} of them labelled wrongly")
    orders = orderings()
    draws = [resample(items, truth, seed) for seed in range(RESAMPLES)]
    random = drawn_efforts(orders["random"], draws)
    print(
        "| order | " + " | ".join(f"{part} | saved" for part in Effort._fields) + " |"
    )
    print("|---" * (1 + 2 * len(Effort._fields)) + "|")
    baseline = mean_effort(orders["random"], items, truth, seeds)
    for name, ordering in orders.items():
        efforts = drawn_efforts(ordering, draws)
        here = mean_effort(ordering, items, truth, seeds if name == "random" else 1)
        saved = 1 - efforts / np.maximum(random, 1)
        cells = []
        for at in range(len(Effort._fields)):
            cells.append(f"{here[at]:.0f} {span(efforts[:, at], '.0f')}")
            share = 1 - here[at] / max(baseline[at], 1)
            cells.append(f"{share:.0%} {span(saved[:, at], '.0%')}")
        if name == "random":
            cells[1::2] = ["" for _ in Effort._fields]
        print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def drawn_efforts(
    ordering: Ordering, draws: Sequence[tuple[Queue, Truth]]
) -> NDArray[np.float64]:
    """Give efforts of shape (draws, 3)."""
    return np.array(
        [
            effort(ordering(items, truth, seed), truth)
            for seed, (items, truth) in enumerate(draws)
        ],
        dtype=np.float64,
    )


def mean_effort(ordering: Ordering, items: Queue, truth: Truth, seeds: int) -> Effort:
    efforts = [effort(ordering(items, truth, s), truth) for s in range(seeds)]
    return Effort(*np.mean(efforts, axis=0))


def span(values: NDArray[np.float64], form: str) -> str:
    low, high = np.percentile(values, [2.5, 97.5])
    return f"[{low:{form}}, {high:{form}}]"


def draw(items: Queue, truth: Truth, seeds: int, out: Path) -> None:
    """Draw what is left wrong against decisions, all beside flagged."""
    picture = Picture(figsize=(9, 3.8), layout="constrained")
    FigureCanvasAgg(picture)
    parts = {"all sentences": items, "flagged only": [i for i in items if i.reasons]}
    for axes, (title, queue) in zip(picture.subplots(1, 2), parts.items(), strict=True):
        for name in DRAWN:
            orders = range(seeds if name == "random" else 1)
            lines = [errors(ordered(queue, name, seed), truth) for seed in orders]
            axes.plot(np.mean(lines, axis=0), label=name)
            if name == "random":
                low, high = np.percentile(lines, [2.5, 97.5], axis=0)
                axes.fill_between(range(len(low)), low, high, alpha=0.2, linewidth=0)
        axes.axhline(ERROR, color="grey", linestyle=":", linewidth=1)
        axes.set_title(title)
        axes.set_xlabel("decisions")
        axes.set_ylim(bottom=0)
        axes.yaxis.set_major_formatter("{x:.0%}")
    picture.axes[0].set_ylabel("labels still wrong")
    picture.axes[0].legend(frameon=False)
    picture.savefig(out, dpi=120)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=Path, required=True)
    parser.add_argument("--model", default="compact")
    parser.add_argument("--seeds", type=int, default=50)
    parser.add_argument("--out", type=Path, help="picture to draw")
    a = parser.parse_args()
    items, truth = items_of(a.claims, a.model)
    measure(items, truth, a.seeds)
    if a.out:
        draw(items, truth, a.seeds, a.out)


if __name__ == "__main__":
    main()
