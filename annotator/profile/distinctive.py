"""The words of articles -> those that set an outlet apart from the others.

References
----------
Monroe, Colaresi & Quinn (2008), "Fightin' Words: Lexical Feature Selection and
Evaluation for Identifying the Content of Political Conflict", Political Analysis
16(4).
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from annotator.profile.copies import once_each
from annotator.profile.measures import ArticleMeasures
from annotator.profile.words import own_words
from annotator.records import DistinctiveTerm

Floats = NDArray[np.float64]

LEAST_ARTICLES: Final = 3
"""Of the outlet, that must have a term it is said to use more. A term in fewer articles
of the whole collection is not compared at all."""

LEAST_OF_OUTLET: Final = 10
"""Articles below which an outlet's words are those of a few events."""

BEYOND_CHANCE: Final = 1.96
"""The z-score of a two-sided p-value of 0.05."""

_SAME: Final = 0.8
"""A word and a pair with it say the same if the rarer has more of the other's count."""


def distinctive_terms(
    articles: Sequence[ArticleMeasures], each: int = 20
) -> tuple[DistinctiveTerm, ...]:
    """Find the terms that each outlet uses more, or less, than all others together.

    Terms are ranked by the z-score of the log-odds ratio with an informative
    Dirichlet prior: the whole collection's counts, scaled to the size of an average
    outlet. An article is one draw of its words, so that a long one must not make its
    words distinctive: what an outlet uses more stands in at least `LEAST_ARTICLES`
    of its articles, and more often than by chance even without the article that has
    it most. What it uses less is used by at least half of the other outlets. A word
    whose mentions are mostly those of a pair that is listed is not listed beside it,
    nor the other way round. Terms with a word of the outlet's name are left out.

    Outlets differ in what they write about first of all, and so do their words: give
    the articles of one topic, or of one event, to compare how they write about it.

    Parameters
    ----------
    articles
        Copies count once in each outlet; articles of an unknown outlet are left out.
    each
        At most so many terms used more, and so many used less, an outlet.

    Returns
    -------
    tuple of DistinctiveTerm
        By outlet, z falling. Outlets with fewer than `LEAST_OF_OUTLET` articles have
        none, nor has a single outlet.
    """
    table = _table([a for a in once_each(articles) if a.outlet is not None])
    if min(len(table.counts), len(table.terms)) < 2:
        return ()
    return tuple(
        term
        for outlet, rows in table.counts.items()
        if rows.shape[0] >= LEAST_OF_OUTLET
        for term in _of_outlet(outlet, rows, table, each)
    )


def log_odds(counts: Floats, others: Floats, prior: Floats) -> tuple[Floats, Floats]:
    """Give log-odds ratios with a Dirichlet prior, and their z-scores.

    Equations 16 to 22 of Monroe, Colaresi and Quinn (2008), with the variance of
    equation 20.

    Parameters
    ----------
    counts, others, prior
        Shape (terms,): in the one group, in the other, and the pseudo-counts that
        are added to both, each above 0.
    """
    one, two = counts + prior, others + prior
    ratio: Floats = np.log(one / (one.sum() - one)) - np.log(two / (two.sum() - two))
    return ratio, ratio / np.sqrt(1 / one + 1 / two)


class _Table(NamedTuple):
    """How often each article of each outlet uses each term.

    Attributes
    ----------
    counts
        By outlet, each of shape (its articles, terms).
    total, used_by
        Shape (terms,): mentions in all outlets, and outlets that use it.
    """

    terms: list[str]
    counts: dict[str, csr_array]
    total: Floats
    used_by: NDArray[np.int64]


def _table(articles: Iterable[ArticleMeasures]) -> _Table:
    """Count what stands in enough articles, so that memory is bounded by it."""
    by_outlet: defaultdict[str, list[ArticleMeasures]] = defaultdict(list)
    for article in articles:
        by_outlet[article.outlet or ""].append(article)
    terms = sorted(_carried(list(chain.from_iterable(by_outlet.values()))))
    number = {term: n for n, term in enumerate(terms)}
    names = sorted(by_outlet, key=lambda o: (o.casefold(), o))
    counts = {outlet: _rows(by_outlet[outlet], number) for outlet in names}
    sums = [rows.sum(axis=0) for rows in counts.values()]
    return _Table(terms, counts, np.sum(sums, axis=0), np.count_nonzero(sums, axis=0))


def _carried(articles: Sequence[ArticleMeasures]) -> set[str]:
    """Terms of enough articles, told by their hashes: most terms stand in one alone."""
    seen = array("q", (hash(term) for a in articles for term, _ in a.words))
    hashes, counts = np.unique(np.array(seen), return_counts=True)
    enough = set(hashes[counts >= LEAST_ARTICLES].tolist())
    return {term for a in articles for term, _ in a.words if hash(term) in enough}


def _rows(articles: Sequence[ArticleMeasures], number: Mapping[str, int]) -> csr_array:
    """Counts of shape (articles, terms); `number` gives a term's column."""
    ends, columns, counts = array("q", [0]), array("q"), array("d")
    for article in articles:
        for term, count in article.words:
            if term in number:
                columns.append(number[term])
                counts.append(count)
        ends.append(len(columns))
    rows = (np.array(counts), np.array(columns), np.array(ends))
    return csr_array(rows, (len(articles), len(number)))


def _of_outlet(
    outlet: str, rows: csr_array, table: _Table, each: int
) -> Iterator[DistinctiveTerm]:
    """Terms of one outlet, z falling."""
    counts = np.asarray(rows.sum(axis=0), dtype=np.float64)
    others = table.total - counts
    prior = table.total / len(table.counts)
    ratio, z = log_odds(counts, others, prior)
    _, without = log_odds(counts - rows.max(axis=0).toarray(), others, prior)
    carried = rows.count_nonzero(axis=0)
    more = (carried >= LEAST_ARTICLES) & (without > BEYOND_CHANCE)
    usual = 2 * (table.used_by - (counts > 0)) >= len(table.counts) - 1
    less = usual & (z < -BEYOND_CHANCE)
    own = own_words(outlet)
    rising = np.argsort(z, kind="stable")
    most = _picked(rising[more[rising]][::-1], table.terms, counts, own, each)
    least = _picked(rising[less[rising]], table.terms, others, own, each)
    for n in [*most, *reversed(least)]:
        yield DistinctiveTerm(
            outlet=outlet,
            term=table.terms[n],
            z=float(z[n]),
            log_odds=float(ratio[n]),
            count=int(counts[n]),
            others=int(others[n]),
            articles=int(carried[n]),
        )


def _picked(
    ranked: NDArray[np.int64],
    terms: Sequence[str],
    counts: Floats,
    own: frozenset[str],
    each: int,
) -> list[int]:
    """The first of a ranking, without own names and without the same said twice."""
    picked: list[int] = []
    said: defaultdict[str, list[float]] = defaultdict(list)
    for n in map(int, ranked):
        if len(picked) == each:
            break
        words = terms[n].split()
        twice = any(
            min(counts[n], count) > _SAME * max(counts[n], count)
            for word in words
            for count in said[word]
        )
        if twice or not own.isdisjoint(words):
            continue
        picked.append(n)
        for word in words:
            said[word].append(counts[n])
    return picked
