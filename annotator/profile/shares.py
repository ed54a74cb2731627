"""Articles, sentences, labels -> one profile an outlet, each share with its interval.

The sentences of one article resemble each other, so the article is what is
resampled: the standard error of a share is the jackknife's, each article left out
in turn. The interval is Korn and Graubard's (1998): the exact binomial interval at
the number of independent sentences that would have this standard error. It stays
inside 0 to 1, contains the share, needs no random numbers, and covers better than
percentile, basic or BCa limits of articles drawn with replacement; the figures
are in `benchmarks/intervals.md`.

References
----------
Efron & Tibshirani (1993), "An Introduction to the Bootstrap", chapters 10 and 11.
Field & Welsh (2007), "Bootstrapping clustered data", JRSS B 69(3).
Korn & Graubard (1998), "Confidence intervals for proportions with small expected
number of positive counts estimated from survey data", Survey Methodology 24(2).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, stdtrit

from annotator.codebook import LABELS
from annotator.profile.copies import once_each
from annotator.records import (
    Article,
    Label,
    OutletProfile,
    Sentence,
    Share,
    Verdict,
)

Floats = NDArray[np.float64]

MINIMUM_ARTICLES: Final = 30
"""The fewest articles at which 95 % intervals cover 92 to 98 % for every label of
every simulated outlet. Run `benchmarks/intervals.py` again if the interval
changes."""


class ArticleCounts(NamedTuple):
    """What a profile needs of one article.

    `labels` counts sentences in the order of `codebook.LABELS`; `flagged` counts
    those a person should look at. Sentences without a label are in neither.
    `labels_by_people` is how many of the labels people gave.
    """

    article_id: str
    outlet: str | None
    duplicate_of: str | None
    labels: tuple[int, ...]
    flagged: int
    labels_by_people: int = 0


UNREVIEWED: Final[Mapping[str, Verdict]] = MappingProxyType({})


def count(
    article: Article,
    sentences: Iterable[Sentence],
    labels: Mapping[str, Label],
    verdicts: Mapping[str, Verdict] = UNREVIEWED,
) -> ArticleCounts:
    """Count the labelled sentences of one article.

    Where there is a verdict of people, its label counts and not the machine's.
    """
    given = [labels[s.sentence_id] for s in sentences if s.sentence_id in labels]
    said = {label.sentence_id: verdicts.get(label.sentence_id) for label in given}
    names = Counter((said[label.sentence_id] or label).label for label in given)
    return ArticleCounts(
        article.article_id,
        article.outlet,
        article.duplicate_of,
        tuple(names[name] for name in LABELS),
        sum(label.flagged for label in given),
        sum(verdict is not None for verdict in said.values()),
    )


def profile(
    articles: Iterable[Article],
    sentences: Iterable[Sentence],
    labels: Mapping[str, Label],
    *,
    minimum_articles: int = MINIMUM_ARTICLES,
) -> tuple[OutletProfile, ...]:
    """Profile each outlet; see `profile_counts`, which takes less memory."""
    by_article: defaultdict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        by_article[sentence.article_id].append(sentence)
    counts = (count(a, by_article[a.article_id], labels) for a in articles)
    return profile_counts(counts, minimum_articles=minimum_articles)


def profile_counts(
    counts: Iterable[ArticleCounts],
    *,
    minimum_articles: int = MINIMUM_ARTICLES,
) -> tuple[OutletProfile, ...]:
    """Profile each outlet from the counts of its articles.

    An article without a labelled sentence adds nothing, not even to `n_articles`;
    an outlet with no other is still given a row. Copies of one article count once
    in each outlet that carries them. An outlet's row depends neither on the order
    of its articles nor on the other outlets.

    Returns
    -------
    tuple of OutletProfile
        By name without regard to case, the unknown outlet last.
    """
    counts = list(counts)
    carried = Counter(c.outlet for c in counts)
    once: defaultdict[str | None, list[ArticleCounts]] = defaultdict(list)
    for c in once_each(counts):
        once[c.outlet].append(c)
    names = sorted(carried, key=lambda o: (o is None, (o or "").casefold(), o or ""))
    return tuple(
        _outlet(name, once[name], carried[name], minimum_articles) for name in names
    )


def interval(positives: Floats, totals: Floats) -> tuple[Floats, Floats]:
    """Give the 95 % interval of shares of sentences, articles being the clusters.

    Parameters
    ----------
    positives
        Shape (shares, articles): sentences that have the property.
    totals
        Shape (articles,): all sentences, at least one each; two articles or more.

    Returns
    -------
    low, high
        Shape (shares,) each.
    """
    share = positives.sum(axis=1) / totals.sum()
    error = standard_error(positives, totals)
    return korn_graubard(share, error, totals.sum(), len(totals))


def standard_error(numerators: Floats, denominators: Floats) -> Floats:
    """Give the jackknife standard error of ratios of sums over articles.

    `numerators` is of shape (ratios, articles), `denominators` of (articles,).

    Examples
    --------
    The patch data of Efron and Tibshirani (section 10.3), whose bootstrap gives
    0.105:

    >>> new = [[-1200, 2601, -2705, 1982, -1290, 351, -638, -2719]]
    >>> old = [8406, 2342, 8187, 8459, 4795, 3516, 4796, 10238]
    >>> standard_error(np.array(new), np.array(old)).round(3).tolist()
    [0.106]
    """
    articles = len(denominators)
    sums = numerators.sum(axis=1, keepdims=True)
    without_one = (sums - numerators) / (denominators.sum() - denominators)
    spread: Floats = np.sqrt((articles - 1) * without_one.var(axis=1))
    return spread


def korn_graubard(
    share: Floats, error: Floats, sentences: Floats | float, articles: Floats | float
) -> tuple[Floats, Floats]:
    """Give the exact binomial 95 % interval at the effective number of sentences.

    Sentences are never worth more than if they were independent. Where a share is
    0 or 1 the articles say nothing of its error, and each article counts as one
    sentence: a whole kind of article may not have been met yet.
    """
    spread = share * (1 - share)
    effective = np.full_like(share, 1.0) * sentences
    np.divide(spread, error**2, out=effective, where=error > 0)
    effective *= (
        stdtrit(np.maximum(sentences - 1, 1), 0.975) / stdtrit(articles - 1, 0.975)
    ) ** 2
    effective = np.where(spread > 0, np.minimum(effective, sentences), articles)
    seen = share * effective
    with np.errstate(invalid="ignore"):
        low = betaincinv(seen, effective - seen + 1, 0.025)
        high = betaincinv(seen + 1, effective - seen, 0.975)
    return np.where(share > 0, low, 0.0), np.where(share < 1, high, 1.0)


def _outlet(
    name: str | None,
    once: Sequence[ArticleCounts],
    carried: int,
    minimum_articles: int,
) -> OutletProfile:
    """Add up one outlet from its articles without copies."""
    rows = sorted((*c.labels, c.flagged) for c in once if sum(c.labels))
    table = np.array(rows, dtype=np.float64).reshape(-1, len(LABELS) + 1).T
    totals = table[:-1].sum(axis=0)
    enough = len(rows) >= max(2, minimum_articles)
    shares = _shares(table, totals, enough)
    return OutletProfile(
        outlet=name,
        n_articles=len(rows),
        n_duplicates=carried - len(once),
        n_sentences=int(totals.sum()),
        labels=(shares[0], shares[1], shares[2], shares[3]),
        flagged=shares[4],
        enough=enough,
        note=None if enough else _too_few(len(rows), max(2, minimum_articles)),
    )


def _shares(table: Floats, totals: Floats, enough: bool) -> list[Share]:
    """Make one share a row of the table, with an interval if there is enough."""
    sums, total = table.sum(axis=1), int(totals.sum())
    if not enough:
        return [Share(int(s), total) for s in sums]
    low, high = interval(table, totals)
    return [
        Share(int(s), total, float(a), float(b))
        for s, a, b in zip(sums, low, high, strict=True)
    ]


def _too_few(have: int, need: int) -> str:
    """Say how many articles there are and how many more it takes."""
    if not have:
        return f"no labelled sentence; at least {need} articles for an interval"
    return (
        f"too few articles: {have}, at least {need} for an interval "
        f"({need - have} more)"
    )
