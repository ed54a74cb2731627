"""What articles measure -> how each outlet differs from all others together.

Within a topic or an event an outlet is compared with what others write of the same
matter, so that no outlet is called slanted for what it covers. Where many outlets
are compared on many measures some differ by chance: each row has the false discovery
rate at which it would be called a difference.

References
----------
Benjamini & Hochberg (1995), "Controlling the false discovery rate", JRSS B 57(1).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from annotator.profile.contrasts import Entries, paired, standardised
from annotator.profile.copies import once_each
from annotator.profile.estimates import (
    Rows,
    Subject,
    columns_of,
    new_rows,
    subjects_of,
)
from annotator.profile.intervals import MINIMUM, Ints
from annotator.profile.measures import MEASURES, ArticleMeasures
from annotator.profile.shares import Floats
from annotator.records import Difference

Table = tuple[Ints, Floats, Floats]
"""The numbers of the articles that have a subject, their numerators and denominators,
each of shape (entries,)."""


def differences(articles: Sequence[ArticleMeasures]) -> tuple[Difference, ...]:
    """Compare each outlet with all others together, on every measure.

    Stances are those of the narrator. Articles of an unknown outlet are left out, and
    copies count once in each outlet. A row needs `MINIMUM` articles of the outlet and
    of the others; within events, `MINIMUM_STRATA` stories that both tell.

    Returns
    -------
    tuple of Difference
        By outlet, then in the order of `MEASURES` and by actor; of all articles
        first, then within topics and within events.
    """
    known = [(a.outlet, a) for a in once_each(articles) if a.outlet]
    names = sorted({name for name, _ in known})
    place = {name: i for i, name in enumerate(names)}
    outlet = np.array([place[name] for name, _ in known], np.intp)
    of_known = [article for _, article in known]
    tables = _tables(of_known)
    found = [
        difference
        for within, strata in _strata(of_known).items()
        for subject, table in tables.items()
        for difference in _compare(
            names, subject, within, _entries(outlet, strata, table)
        )
    ]
    return tuple(sorted(_controlled(found), key=_order))


def _tables(articles: Iterable[ArticleMeasures]) -> dict[Subject, Table]:
    """Spread what articles measure over subjects; rare ones are left out."""
    rows: defaultdict[Subject, Rows] = defaultdict(new_rows)
    for i, article in enumerate(articles):
        for subject, sums in subjects_of(article):
            if subject.voice != "quoted":
                rows[subject].extend((i, *sums))
    return {
        subject: columns_of(found)
        for subject, found in rows.items()
        if len(found) >= 3 * 2 * min(MINIMUM.values())
    }


def _strata(articles: Sequence[ArticleMeasures]) -> Mapping[str | None, Ints]:
    """Number the stratum of each article in each comparison; -1 where it has none."""
    topics = sorted({a.topic for a in articles if a.topic})
    number = {topic: i for i, topic in enumerate(topics)}
    strata: dict[str | None, Ints] = {None: np.zeros(len(articles), np.intp)}
    if len(topics) > 1:
        of_topic = [number.get(a.topic or "", -1) for a in articles]
        strata["topic"] = np.array(of_topic, np.intp)
    if any(a.events for a in articles):
        strata["event"] = stories([a.events for a in articles])
    return strata


def stories(events: Sequence[Iterable[str]]) -> Ints:
    """Number the story of each article, -1 of no event.

    Events that share an article are one story, so that each article is in one and
    stories are independent.

    >>> stories([{"a"}, {"b"}, {"a", "c"}, set(), {"c"}]).tolist()
    [0, 1, 0, -1, 0]
    """
    pairs = [(i, event) for i, found in enumerate(events) for event in found]
    if not pairs:
        return np.full(len(events), -1, np.intp)
    article = np.array([i for i, _ in pairs], np.intp)
    event = np.unique([event for _, event in pairs], return_inverse=True)[1]
    size = len(events) + int(event.max()) + 1
    links = np.ones(len(pairs)), (article, len(events) + event)
    joined = connected_components(coo_array(links, (size, size)), directed=False)[1]
    told = np.unique(article)
    story = np.full(len(events), -1, np.intp)
    story[told] = np.unique(joined[told], return_inverse=True)[1]
    return story


def _entries(outlet: Ints, strata: Ints, table: Table) -> Entries:
    """Leave out what is in no stratum, and number those that are left."""
    articles, numerators, denominators = table
    inside = strata[articles] >= 0
    articles = articles[inside]
    stratum = np.unique(strata[articles], return_inverse=True)[1]
    return Entries(outlet[articles], stratum, numerators[inside], denominators[inside])


def _compare(
    outlets: Sequence[str], subject: Subject, within: str | None, entries: Entries
) -> Iterator[Difference]:
    """Compare the outlets on one subject; q is left to the whole run."""
    if not len(entries.outlet):
        return
    measure = MEASURES[subject.measure]
    if within == "event":
        found = paired(measure.kind, entries)
    else:
        found = standardised(measure.kind, entries)
    for i in np.flatnonzero(found.usable).tolist():
        yield Difference(
            outlets[i],
            subject.measure,
            measure.scale * float(found.difference[i]),
            measure.scale * float(found.low[i]),
            measure.scale * float(found.high[i]),
            p=float(found.p[i]),
            q=1.0,
            articles=int(found.articles[i]),
            others=int(found.others[i]),
            actor_id=subject.actor_id,
            voice=subject.voice,
            within=within,
        )


def _controlled(found: Sequence[Difference]) -> list[Difference]:
    """Set q after Benjamini and Hochberg over all of them."""
    if not found:
        return []
    # The rest of the package would take half a second to start with.
    from scipy.stats import false_discovery_control

    rates = false_discovery_control([d.p for d in found])
    return [replace(d, q=float(q)) for d, q in zip(found, rates, strict=True)]


_RANK: Final = {name: rank for rank, name in enumerate(MEASURES)}
_WITHIN: Final = {None: 0, "topic": 1, "event": 2}


def _order(difference: Difference) -> tuple[object, ...]:
    return (
        difference.outlet.casefold(),
        difference.outlet,
        _RANK[difference.measure],
        difference.actor_id or "",
        _WITHIN[difference.within],
    )
