"""Profiles of outlets that others have rated -> how well they tell the ratings apart.

    annotator score ARTICLES --out RESULTS && annotator profile RESULTS
    python benchmarks/axis.py RESULTS RATINGS.csv

`RATINGS.csv` has columns outlet and rating (left, center, right); no rating was seen
when the profiles were made. Each outlet is described by its figures (shrunk to the
mean), its stances towards actors, its names for them, and its place on the axis.
Ridge regression on the rating, which for two classes is linear discriminant analysis
with a shrunken covariance, scores each outlet from all outlets of other brands ("The
Courier - News" and "The Courier - Opinion" are one brand). Nothing is tuned. The
interval resamples brands; p is how often ratings dealt to outlets at random are told
as well. A second table sets opinion pages beside the news desks of their brand.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from annotator.records import Estimate
from annotator.store import Results, read_results

Floats = NDArray[np.float64]

PRIOR_MENTIONS = 10
"""Mentions that the other outlets' share of a name counts for beside the outlet's."""

LEAST_OUTLETS = 10
"""That must have a feature: of fewer, an outlet's brand is what it tells."""


class Description(NamedTuple):
    """Outlets by feature; `values` is standardised, 0 where an outlet lacks one."""

    outlets: list[str]
    names: list[str]
    values: Floats


def brand(outlet: str) -> str:
    """Give what the desks of one outlet have in common.

    >>> brand("The Courier - Opinion"), brand("Courier (Online)")
    ('courier', 'courier')
    """
    first = re.split(r"\s+[-–|:(]|\s+(?:online|opinion|editorial)\b", outlet.casefold())
    return first[0].removeprefix("the ").strip()


def features(results: Results) -> dict[str, dict[str, float]]:
    """Give what is known of each outlet, by name of the feature and by outlet."""
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    names = {actor.actor_id: actor.name for actor in results.actors()}
    for estimate in by_outlet(results):
        outlet = estimate.group.outlet
        value = estimate.value if estimate.pooled is None else estimate.pooled
        if outlet is None or value is None or estimate.voice == "quoted":
            continue
        if estimate.actor_id is None:
            found[f"figure {estimate.measure}"][outlet] = value
        else:
            actor = names.get(estimate.actor_id, estimate.actor_id)
            found[f"stance {actor}"][outlet] = value
    for naming in results.namings():
        actor = names.get(naming.actor_id, naming.actor_id)
        others = naming.others.value or 0.0
        counted = naming.share.count + PRIOR_MENTIONS * others
        share = counted / (naming.share.total + PRIOR_MENTIONS)
        found[f"naming {actor}: {naming.name}"][naming.outlet] = share
    axis = results.axis()
    for place in axis.places if axis else ():
        if place.what == "outlet":
            found["axis first axis"][place.name] = place.place
    return found


def by_outlet(results: Results) -> Iterator[Estimate]:
    """Give the figures of whole outlets."""
    for estimate in results.estimates():
        if estimate.group.topic is None and estimate.group.month is None:
            yield estimate


def described(
    found: Mapping[str, Mapping[str, float]], outlets: Sequence[str], kind: str
) -> Description:
    """Standardise the features of one kind ("" is any) over some outlets."""
    names, columns = [], []
    for name, values in sorted(found.items()):
        have = [outlet for outlet in outlets if outlet in values]
        if not name.startswith(kind) or len(have) < min(LEAST_OUTLETS, len(outlets)):
            continue
        known = np.array([values[outlet] for outlet in have])
        if known.std() > 0:
            z = dict(zip(have, (known - known.mean()) / known.std(), strict=True))
            names.append(name)
            columns.append([z.get(outlet, 0.0) for outlet in outlets])
    table = np.array(columns, dtype=np.float64).reshape(-1, len(outlets)).T
    return Description(list(outlets), names, table)


def smoother(values: Floats) -> Floats:
    """Give the matrix that makes ridge predictions of targets: outlets x outlets.

    The penalty is the number of features, the intercept bears none.
    """
    inner = values @ values.T / values.shape[1] + 1e6
    return np.linalg.solve(inner + np.eye(len(inner)), inner).T


def held_out(smooth: Floats, target: Floats, brands: NDArray[np.str_]) -> Floats:
    """Score each outlet from those of other brands; `target` is -1 or 1."""
    left = target - smooth @ target
    scores = np.empty_like(target)
    for name in np.unique(brands):
        own = brands == name
        within = np.eye(own.sum()) - smooth[np.ix_(own, own)]
        scores[own] = target[own] - np.linalg.solve(within, left[own])
    return scores


def interval(
    target: Floats, scores: Floats, brands: NDArray[np.str_], rng: np.random.Generator
) -> tuple[float, float]:
    """Give the 95 % interval of the area under the curve, brands resampled."""
    members = [np.flatnonzero(brands == name) for name in np.unique(brands)]
    areas = []
    for _ in range(2000):
        drawn = rng.integers(len(members), size=len(members))
        sample = np.concatenate([members[n] for n in drawn])
        if abs(target[sample].mean()) < 1:
            areas.append(roc_auc_score(target[sample], scores[sample]))
    low, high = np.quantile(areas, [0.025, 0.975])
    return float(low), float(high)


def told(
    description: Description, target: Floats, rng: np.random.Generator
) -> tuple[float, float, float, float]:
    """Give the area under the curve, its interval, and p by permutation."""
    brands = np.array([brand(outlet) for outlet in description.outlets])
    smooth = smoother(description.values)
    scores = held_out(smooth, target, brands)
    area = float(roc_auc_score(target, scores))
    by_chance = [
        roc_auc_score(dealt, held_out(smooth, dealt, brands))
        for dealt in (rng.permutation(target) for _ in range(999))
    ]
    p = (1 + sum(chance >= area for chance in by_chance)) / 1000
    return area, *interval(target, scores, brands, rng), p


def loadings(description: Description, target: Floats, show: int) -> None:
    """Print the features that weigh most when all outlets are used."""
    values = description.values
    inner = values @ values.T / values.shape[1] + np.eye(len(values))
    centred = target - target.mean()
    weights = values.T @ np.linalg.solve(inner, centred) / values.shape[1]
    for n in np.argsort(-np.abs(weights))[:show]:
        print(f"    {weights[n]:+.3f}  {description.names[n]}")


def ratings(path: Path) -> dict[str, str]:
    """Read outlet and rating."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return {r["outlet"]: r["rating"].strip().lower() for r in csv.DictReader(lines)}


def opinion_pages(results: Results) -> None:
    """Print the opinion share of each desk of brands that have an opinion page."""
    desks: defaultdict[str, list[Estimate]] = defaultdict(list)
    for estimate in by_outlet(results):
        if estimate.measure == "opinion" and estimate.group.outlet:
            desks[brand(estimate.group.outlet)].append(estimate)
    print("\nopinion share of opinion pages and of the other desks of their brand")
    for _, found in sorted(desks.items()):
        if any(is_opinion(e.group.outlet) for e in found):
            for e in sorted(found, key=lambda e: -(e.value or 0)):
                bounds = "" if e.low is None else f"[{e.low:.2f}, {e.high:.2f}]"
                print(
                    f"  {e.group.outlet:<44}{e.value or 0:6.2f} {bounds:<14}"
                    f"{e.articles:>5} articles"
                )


def is_opinion(outlet: str | None) -> bool:
    """Whether a desk calls itself one of opinion."""
    return bool(re.search(r"opinion|editorial", (outlet or "").casefold()))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("ratings", type=Path)
    parser.add_argument("--least", type=int, default=30, help="articles of an outlet")
    parser.add_argument("--show", type=int, default=20, help="features to list")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    results, rated = read_results(options.results), ratings(options.ratings)
    large = sorted(
        e.group.outlet
        for e in by_outlet(results)
        if e.measure == "opinion" and e.articles >= options.least and e.group.outlet
    )
    found = features(results)
    for one, other in ((["left", "right"], ["center"]), (["right"], ["left"])):
        outlets = [o for o in large if rated.get(o) in (*one, *other)]
        target = np.array([1.0 if rated[o] in one else -1.0 for o in outlets])
        sizes = int((target > 0).sum()), int((target < 0).sum())
        print(f"\n{' and '.join(one)} ({sizes[0]}) from {other[0]} ({sizes[1]})")
        if min(sizes) < 2:
            print("  too few outlets")
            continue
        for kind in ("figure", "stance", "naming", "axis", ""):
            description = described(found, outlets, kind)
            if description.names:
                rng = np.random.default_rng(options.seed)
                area, low, high, p = told(description, target, rng)
                print(
                    f"  {kind or 'all':<8}{len(description.names):>5} features  "
                    f"AUC {area:.2f} [{low:.2f}, {high:.2f}]  p {p:.3f}"
                )
        loadings(described(found, outlets, ""), target, options.show)
    opinion_pages(results)


if __name__ == "__main__":
    main()
