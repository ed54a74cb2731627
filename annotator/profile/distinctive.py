"""The words of articles -> those that set an outlet apart from the others.

References
----------
Monroe, Colaresi & Quinn (2008), "Fightin' Words: Lexical Feature Selection and
Evaluation for Identifying the Content of Political Conflict", Political Analysis
16(4).
Cormode & Muthukrishnan (2005), "An improved data stream summary: the count-min sketch
and its applications", Journal of Algorithms 55(1).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from annotator.profile.copies import once_each
from annotator.profile.measures import ArticleMeasures
from annotator.profile.words import own_words
from annotator.records import DistinctiveTerm

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

LEAST_ARTICLES: Final = 3
"""Of the outlet, that must have a term it is said to use more. A term in fewer articles
of the whole collection is not compared at all."""

LEAST_OF_OUTLET: Final = 10
"""Articles below which an outlet's words are those of a few events."""

BEYOND_CHANCE: Final = 1.96
"""The z-score of a two-sided p-value of 0.05."""

_SIEVE: Final = 2**24
"""Counts that terms share: a few for each of the terms of ten thousand articles."""

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
    if min(len(table.used), len(table.terms)) < 2:
        return ()
    return tuple(
        term
        for outlet, used in table.used.items()
        if used.of >= LEAST_OF_OUTLET
        for term in _of_outlet(outlet, used, table, each)
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


class _Used(NamedTuple):
    """How often the articles of an outlet use each term, of shape (terms it uses,).

    Attributes
    ----------
    terms
        Their numbers.
    counts, most
        Mentions, and mentions in the article that has most.
    articles
        That have the term.
    of
        Articles of the outlet.
    """

    terms: Whole
    counts: Whole
    most: Whole
    articles: Whole
    of: int


class _Table(NamedTuple):
    """How often outlets use the terms that stand in enough articles.

    Attributes
    ----------
    used
        By outlet.
    total, used_by
        Shape (terms,): mentions in all outlets, and outlets that use it.
    """

    terms: list[str]
    used: dict[str, _Used]
    total: Whole
    used_by: Whole


def _table(articles: Sequence[ArticleMeasures]) -> _Table:
    """Count outlet by outlet: all articles' counts at once would take much room."""
    terms = sorted(_carried(articles))
    number = {term: n for n, term in enumerate(terms)}
    by_outlet: defaultdict[str, list[ArticleMeasures]] = defaultdict(list)
    for article in articles:
        by_outlet[article.outlet or ""].append(article)
    names = sorted(by_outlet, key=lambda o: (o.casefold(), o))
    used = {outlet: _used(by_outlet[outlet], number) for outlet in names}
    total, used_by = np.zeros((2, len(terms)), np.int64)
    for one in used.values():
        total[one.terms] += one.counts
        used_by[one.terms] += 1
    return _Table(terms, used, total, used_by)


def _carried(articles: Sequence[ArticleMeasures]) -> set[str]:
    """Terms of enough articles; most stand in one alone.

    Those are sieved out beforehand by counts that several terms share, so that they
    need no room (Cormode & Muthukrishnan 2005, with one row).
    """
    shared = bytearray(_SIEVE)
    for article in articles:
        for term, _ in article.words:
            place = hash(term) % _SIEVE
            shared[place] += shared[place] < LEAST_ARTICLES
    counts = Counter(
        term
        for article in articles
        for term, _ in article.words
        if shared[hash(term) % _SIEVE] >= LEAST_ARTICLES
    )
    return {term for term, n in counts.items() if n >= LEAST_ARTICLES}


def _used(articles: Sequence[ArticleMeasures], number: Mapping[str, int]) -> _Used:
    """Add up the articles of an outlet; `number` gives the terms theirs."""
    counts, most, carried = np.zeros((3, len(number)), np.int64)
    for article in articles:
        own = [(number[term], n) for term, n in article.words if term in number]
        if own:
            at, n = np.array(own, np.int64).T
            counts[at] += n
            most[at] = np.maximum(most[at], n)
            carried[at] += 1
    terms = np.flatnonzero(carried)
    return _Used(terms, counts[terms], most[terms], carried[terms], len(articles))


def _of_outlet(
    outlet: str, used: _Used, table: _Table, each: int
) -> Iterator[DistinctiveTerm]:
    """Terms of one outlet, z falling."""
    counts, most, carried = np.zeros((3, len(table.terms)))
    counts[used.terms] = used.counts
    most[used.terms] = used.most
    carried[used.terms] = used.articles
    others = table.total - counts
    prior = table.total / len(table.used)
    ratio, z = log_odds(counts, others, prior)
    _, without = log_odds(counts - most, others, prior)
    more = (carried >= LEAST_ARTICLES) & (without > BEYOND_CHANCE)
    usual = 2 * (table.used_by - (counts > 0)) >= len(table.used) - 1
    less = usual & (z < -BEYOND_CHANCE)
    own = own_words(outlet)
    rising = np.argsort(z, kind="stable")
    above = _picked(rising[more[rising]][::-1], table.terms, counts, own, each)
    below = _picked(rising[less[rising]], table.terms, others, own, each)
    for n in [*above, *reversed(below)]:
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
