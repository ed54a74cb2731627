"""Simulated outlets -> how often each 95 % interval holds the true figure.

    python benchmarks/intervals.py --replicates 2000
    python benchmarks/intervals.py --replicates 300 --sizes 10 30 --bootstrap

An outlet is a mixture of kinds of article. Of shares, an article's length is
log-normal (median 24 sentences, log standard deviation 0.6), its label mix Dirichlet
about that of its kind, with an intra-article correlation of labels of `rho`. Of
rates, it has a log-normal number of the narrator's words (median 500, 0.5) and a
negative binomial count of terms. Of stances, it names the actor a geometric number of
times; its mix of negative, neutral and positive mentions is Dirichlet, and a model
that is mostly sure gives each mention a leaning.

Pooled intervals are tried on collections of outlets. Last come outlets that do not
differ: how often each is said to differ from the
others, at p < 0.05, over all articles and over stories.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap, t

from annotator.codebook import LABELS
from annotator.profile import interval, standard_error
from annotator.profile.contrasts import Contrast, Entries, paired, standardised
from annotator.profile.intervals import Ratios, limits, ratios
from annotator.profile.measures import MeasureKind
from annotator.profile.pooling import pool

Floats = NDArray[np.float64]
Interval = tuple[Floats, Floats]
Sample = tuple[Floats, Floats, float]
"""Numerators and denominators, shape (outlets, articles), and the true ratio."""


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
        low, high = map(np.asarray, resampled.confidence_interval)
        yield method, (low, high)


def closed_intervals(counts: Floats) -> Iterator[tuple[str, Interval]]:
    """Give the intervals that need no random numbers; the last is the package's."""
    totals = counts.sum(axis=0)
    share = counts.sum(axis=1) / totals.sum()
    half = t.ppf(0.975, len(totals) - 1) * standard_error(counts, totals)
    yield "t", (share - half, share + half)
    yield "Korn-Graubard", interval(counts, totals)


class Usage(NamedTuple):
    """A kind of article: how common, its terms per 1,000 words, how even they are.

    `shape` is the negative binomial's; counts vary by 1 + mean / shape times as much
    as independent ones. Loaded terms in labelled news have about 2 within an outlet.
    """

    weight: float
    per_thousand: float
    shape: float


class Leaning(NamedTuple):
    """How articles lean towards an actor: mix of mentions, correlation, mentions."""

    mix: tuple[float, float, float]
    rho: float
    mentions: float


RATES = {
    "very rare": [Usage(1, 0.2, 1)],
    "rare": [Usage(1, 0.8, 1)],
    "usual": [Usage(1, 2, 0.7)],
    "frequent": [Usage(1, 6, 1)],
    "clumped": [Usage(1, 2, 0.3)],
    "attributions": [Usage(1, 17, 4)],
    "columns 10 times": [Usage(0.85, 0.5, 1.5), Usage(0.15, 5, 1.5)],
    "columns 16 times": [Usage(0.85, 0.5, 0.8), Usage(0.15, 8, 0.8)],
}
STANCES = {
    "even": Leaning((0.2, 0.6, 0.2), 0.2, 2.5),
    "mostly neutral": Leaning((0.05, 0.92, 0.03), 0.2, 2.5),
    "negative": Leaning((0.7, 0.28, 0.02), 0.3, 3),
    "divided": Leaning((0.4, 0.3, 0.3), 0.6, 4),
    "a few main actors": Leaning((0.15, 0.83, 0.02), 0.3, 7),
}


def draw_rates(kinds: list[Usage], shape: tuple[int, int], seed: int) -> Sample:
    """Draw the terms and words of articles."""
    rng = np.random.default_rng(seed)
    table = np.array(kinds)
    weight, rate, even = table.T
    chosen = rng.choice(len(kinds), shape, p=weight)
    words = np.maximum(40, rng.lognormal(np.log(500), 0.5, shape)).round()
    terms = rng.poisson(
        words * rate[chosen] / 1000 * rng.gamma(even[chosen]) / even[chosen]
    )
    return terms.astype(np.float64), words, float(weight @ rate) / 1000


def draw_stances(kind: Leaning, shape: tuple[int, int], seed: int) -> Sample:
    """Draw the summed leanings and the mentions of articles."""
    rng = np.random.default_rng(seed)
    mentions = rng.geometric(1 / kind.mentions, shape)
    weights = rng.gamma(
        np.array(kind.mix) * (1 - kind.rho) / kind.rho, size=(*shape, 3)
    )
    weights += 1e-12
    polarity = rng.multinomial(mentions, weights / weights.sum(axis=-1, keepdims=True))
    leaning = np.array([-0.75, -0.03, 0.75])
    blur = rng.normal(0, 0.12, shape) * np.sqrt(mentions)
    summed = np.clip(polarity @ leaning + blur, -mentions, mentions)
    return summed, mentions.astype(np.float64), float(leaning @ np.array(kind.mix))


def by_cell(numerators: Floats, denominators: Floats) -> Ratios:
    """Add up each outlet."""
    outlets, articles = numerators.shape
    cell = np.repeat(np.arange(outlets), articles)
    return ratios(cell, numerators.ravel(), denominators.ravel(), outlets)


def cover(kind: MeasureKind, sample: Sample) -> Iterator[tuple[str, float, float]]:
    """Give coverage in per cent, and mean width, of t and of the package."""
    numerators, denominators, truth = sample
    found = by_cell(numerators, denominators)
    half = t.ppf(0.975, numerators.shape[1] - 1) * found.error
    intervals = {
        "t": (found.value - half, found.value + half),
        "package": limits(kind, found),
    }
    for method, (low, high) in intervals.items():
        inside = (low <= truth) & (truth <= high)
        yield method, 100 * float(inside.mean()), float((high - low).mean())


def print_ratios(
    kind: MeasureKind,
    drawn: Mapping[str, Callable[[tuple[int, int], int], Sample]],
    options: argparse.Namespace,
) -> None:
    """Print coverage of each simulated outlet at each size."""
    scale = 1000 if kind == "rate" else 1
    print(
        f"\n{kind + 's':<20}{'n':>4} {'t':>6} {'width':>6} {'package':>8} {'width':>6}"
    )
    for name, draw_one in drawn.items():
        for size in options.sizes:
            sample = draw_one((options.replicates, size), options.seed)
            cells = [f"{c:>7.1f} {scale * w:>6.2f}" for _, c, w in cover(kind, sample)]
            print(f"{name:<20}{size:>4}{' '.join(cells)}", flush=True)


def print_pooled(options: argparse.Namespace, outlets: int = 30) -> None:
    """Print how often pooled intervals of rates hold the truth, by articles.

    Each collection has 30 outlets with rates log-normal about 2 (0.5).
    """
    held = {size: [0.0, 0.0, 0] for size in options.sizes}
    for run in range(options.replicates * len(options.sizes) // outlets):
        rng = np.random.default_rng((options.seed, run, 2))
        rates = rng.lognormal(np.log(2), 0.5, outlets)
        sizes = rng.choice(options.sizes, outlets)
        drawn = [
            draw_rates([Usage(1, rate, 0.7)], (1, size), outlets * run + i)
            for i, (rate, size) in enumerate(zip(rates, sizes, strict=True))
        ]
        cell = np.repeat(np.arange(outlets), sizes)
        x = np.concatenate([terms.ravel() for terms, _, _ in drawn])
        y = np.concatenate([words.ravel() for _, words, _ in drawn])
        pooled = pool("rate", ratios(cell, x, y, outlets))
        assert pooled
        for i, size in enumerate(sizes):
            truth = rates[i] / 1000
            held[size][0] += pooled.low[i] <= truth <= pooled.high[i]
            held[size][1] += 1000 * (pooled.high[i] - pooled.low[i])
            held[size][2] += 1
    print(f"\n{'pooled rates':<20}{'n':>4} {'held':>6} {'width':>6}")
    for size, (inside, width, count) in held.items():
        print(f"{'':<20}{size:>4} {100 * inside / count:>6.1f} {width / count:>6.2f}")


def calls(found: Contrast) -> tuple[int, int]:
    """Count the outlets that are compared, and those said to differ."""
    compared = found.usable | np.isfinite(found.p)
    return int(compared.sum()), int((found.p[compared] < 0.05).sum())


def print_differences(options: argparse.Namespace, outlets: int = 20) -> None:
    """Print how often outlets that do not differ are said to.

    Stories differ: a story's count of terms is that of its kind times a factor, gamma
    with shape 2, the same for all outlets; half of the outlets tell each story.
    """
    print(f"\n{'no difference':<20}{'n':>4} {'articles':>9} {'stories':>9}")
    for name, kinds in RATES.items():
        for size in options.sizes:
            counted = np.zeros((2, 2))
            for seed in range(max(1, options.replicates // outlets)):
                rng = np.random.default_rng((options.seed, seed, 1))
                terms, words, _ = draw_rates(kinds, (outlets, size), seed)
                outlet, story = np.indices(terms.shape).reshape(2, -1)
                flat = Entries(outlet, 0 * story, terms.ravel(), words.ravel())
                counted[0] += calls(standardised("rate", flat))
                told = rng.random((outlets, 2 * size)) < 0.5
                outlet, story = np.nonzero(told)
                terms, words, _ = draw_rates(kinds, told.shape, seed)
                terms = rng.binomial(
                    terms.astype(int), rng.beta(1, 1, 2 * size)
                ).astype(np.float64)
                both = Entries(outlet, story, terms[told], words[told])
                counted[1] += calls(paired("rate", both))
            share = 100 * counted[:, 1] / counted[:, 0]
            print(f"{name:<20}{size:>4} {share[0]:>9.1f} {share[1]:>9.1f}", flush=True)


def print_shares(options: argparse.Namespace) -> None:
    """Print, for each outlet and size, coverage and width in per cent."""
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


def main() -> None:
    """Print coverage of shares, rates and stances, and false differences."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--bootstrap", action="store_true")
    options = parser.parse_args()
    print_shares(options)
    rates = {name: partial(draw_rates, kinds) for name, kinds in RATES.items()}
    print_ratios("rate", rates, options)
    stances = {name: partial(draw_stances, kind) for name, kind in STANCES.items()}
    print_ratios("mean", stances, options)
    print_pooled(options)
    print_differences(options)


if __name__ == "__main__":
    main()
