"""Simulated outlets -> how often each 95 % interval holds the true share.

    python benchmarks/intervals.py --replicates 2000
    python benchmarks/intervals.py --replicates 300 --sizes 10 30 --bootstrap

An outlet is a mixture of kinds of article. An article's length is log-normal
(median 24 sentences, log standard deviation 0.6), its label mix Dirichlet about
that of its kind, with an intra-article correlation of labels of `rho`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap, t

from annotator.codebook import LABELS
from annotator.profile import interval, standard_error

Floats = NDArray[np.float64]
Interval = tuple[Floats, Floats]


class Kind(NamedTuple):
    """A kind of article: how common, its mix of labels, and its length."""

    weight: float
    mix: tuple[float, float, float, float]
    rho: float
    length: float = 1.0


OUTLETS = {
    "wire agency": [Kind(1, (0.42, 0.52, 0.01, 0.05), 0.05)],
    "news site": [Kind(1, (0.30, 0.44, 0.17, 0.09), 0.2)],
    "uneven site": [Kind(1, (0.30, 0.44, 0.17, 0.09), 0.4)],
    "paper with columns": [
        Kind(0.85, (0.34, 0.52, 0.05, 0.09), 0.2),
        Kind(0.15, (0.22, 0.13, 0.61, 0.04), 0.2, length=1.6),
    ],
}
SIZES = [5, 10, 15, 20, 30, 50, 100]


def draw(kinds: list[Kind], articles: int, rng: np.random.Generator) -> Floats:
    """Draw the label counts of articles, of shape (labels, articles)."""
    chosen = rng.choice(len(kinds), articles, p=[kind.weight for kind in kinds])
    medians = 24 * np.array([kind.length for kind in kinds])[chosen]
    lengths = np.maximum(3, rng.lognormal(np.log(medians), 0.6)).astype(int)
    about = np.array([np.array(k.mix) * (1 - k.rho) / k.rho for k in kinds])[chosen]
    weights = rng.gamma(about)
    mixes = weights / weights.sum(axis=1, keepdims=True)
    return rng.multinomial(lengths, mixes).T.astype(np.float64)


def true_shares(kinds: list[Kind]) -> Floats:
    """Give the share of each label among all sentences of the outlet."""
    sums = sum(k.weight * k.length * np.array(k.mix) for k in kinds)
    return np.asarray(sums / np.sum(sums))


def bootstrap_intervals(
    counts: Floats, rng: np.random.Generator
) -> Iterator[tuple[str, Interval]]:
    """Give the limits usual for articles drawn with replacement."""
    totals = np.broadcast_to(counts.sum(axis=0), counts.shape)
    resampled = None
    for method in ("percentile", "basic", "BCa"):
        resampled = bootstrap(
            (counts, totals),
            lambda x, y, axis: x.sum(axis=axis) / y.sum(axis=axis),
            axis=-1,
            paired=True,
            vectorized=True,
            n_resamples=0 if resampled else 1000,
            method=method,
            bootstrap_result=resampled,
            rng=rng,
        )
        yield method, tuple(resampled.confidence_interval)


def closed_intervals(counts: Floats) -> Iterator[tuple[str, Interval]]:
    """Give the intervals that need no random numbers; the last is the package's."""
    totals = counts.sum(axis=0)
    share = counts.sum(axis=1) / totals.sum()
    half = t.ppf(0.975, len(totals) - 1) * standard_error(counts, totals)
    yield "t", (share - half, share + half)
    yield "Korn-Graubard", interval(counts, totals)


def main() -> None:
    """Print, for each outlet and size, coverage and width in per cent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--bootstrap", action="store_true")
    options = parser.parse_args()
    head = " ".join(f"{name[:10]:>10}" for name in LABELS)
    print(f"{'outlet':<20}{'n':>4} {'method':<14}{head} {'mean':>6} {'width':>6}")
    for outlet, kinds in OUTLETS.items():
        truth = true_shares(kinds)
        rng = np.random.default_rng(options.seed)
        for size in options.sizes:
            held: dict[str, Floats] = {}
            width: dict[str, float] = {}
            for _ in range(options.replicates):
                counts = draw(kinds, size, rng)
                found = list(closed_intervals(counts))
                if options.bootstrap:
                    found = [*bootstrap_intervals(counts, rng), *found]
                for method, (low, high) in found:
                    inside = (low <= truth) & (truth <= high)
                    held[method] = held.get(method, np.zeros(len(LABELS))) + inside
                    width[method] = width.get(method, 0.0) + float(
                        np.nanmean(high - low)
                    )
            for method, hits in held.items():
                percent = 100 * hits / options.replicates
                cells = " ".join(f"{p:>10.1f}" for p in percent)
                mean_width = 100 * width[method] / options.replicates
                print(
                    f"{outlet:<20}{size:>4} {method:<14}{cells} "
                    f"{percent.mean():>6.1f} {mean_width:>6.1f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
