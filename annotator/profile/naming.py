"""Articles -> what each outlet's narrator calls the same actor, beside the others.

The row to read is an actor, its columns the names that any outlet has for it, and a
cell how much of an outlet's mentions have that name. Words of sources are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from annotator.profile.copies import once_each
from annotator.profile.measures import ArticleMeasures
from annotator.profile.shares import interval
from annotator.records import Actor, Naming, Polarity, Share, Stance

Floats = NDArray[np.float64]

PLAIN: Final = "plain name"
"""A person by its own name, in whatever form; what else it is called stands apart."""

OTHER: Final = "other name"
"""All names of an actor that are too rare to stand alone."""

MOST_ACTORS: Final = 60
MOST_NAMES: Final = 8
"""Columns and rows that a person can still read; `OTHER` is one more."""

LEAST_ARTICLES: Final = 3
"""In which a name must stand not to be `OTHER`."""

LEAST_MENTIONS: Final = 5
"""Of an actor in an outlet, for the outlet to have a row."""

ENOUGH_ARTICLES: Final = 10
"""That name the actor, for an interval. Names of one actor are few and an article
mostly keeps to one, so that fewer articles will do than for labels: at 10, intervals
hold the true share in more than 92 % of samples (`tests/test_naming.py` draws them)."""


def namings(
    articles: Sequence[ArticleMeasures],
    actors: Sequence[Actor],
    polarities: Mapping[str, Polarity] | None = None,
) -> tuple[Naming, ...]:
    """Tell what each outlet calls the actors that are called in more than one way.

    Head nouns ("regime", "rebel") are names by themselves. The names of a person
    ("Orman", "Leyla Orman") are one, `PLAIN`; those of anything else stand apart
    ("Burma", "Myanmar"), but for what is only shorter ("Lake Front", "LF", "Front").
    A name in fewer than `LEAST_ARTICLES` articles, or after the `MOST_NAMES`
    commonest, is `OTHER`.

    Parameters
    ----------
    articles
        Copies count once in each outlet; articles of an unknown outlet are left out.
    actors
        The first `MOST_ACTORS` of them with two names or more, in two outlets or
        more, are told.
    polarities
        Of head nouns, for those that the tagger does not mostly mark as loaded.

    Returns
    -------
    tuple of Naming
        By actor in the order given, outlet, and name from the commonest to `OTHER`;
        names that an outlet does not have are in it with a count of 0. Intervals
        from `ENOUGH_ARTICLES` articles on.
    """
    known = _known(articles)
    matrix = dict(list(naming_columns(known, actors).items())[:MOST_ACTORS])
    return tuple(
        naming
        for called in _called(known, matrix)
        for naming in _of_actor(called, polarities or {})
    )


def name_of(text: str, stance: Stance) -> str:
    """Give what a sentence calls an actor.

    Parameters
    ----------
    text
        Of the article.

    Returns
    -------
    str
        The head noun; else a person's fullest name, or the plain name as written.
    """
    if stance.head:
        return stance.head
    if stance.kind == "person":
        return stance.target
    return " ".join(text[stance.span.start : stance.span.end].split())


def _known(articles: Iterable[ArticleMeasures]) -> list[ArticleMeasures]:
    return [a for a in once_each(articles) if a.outlet is not None]


def naming_columns(
    articles: Iterable[ArticleMeasures], actors: Sequence[Actor]
) -> dict[str, dict[str, str]]:
    """Give the name in the matrix of each name that an actor is called by.

    Actors without a second name, or in one outlet only, are left out.

    Parameters
    ----------
    articles
        As for `namings`.

    Returns
    -------
    dict
        By actor id, in the order of `actors`; each by name as counted.
    """
    carried: defaultdict[str, Counter[str]] = defaultdict(Counter)
    outlets: defaultdict[str, set[str | None]] = defaultdict(set)
    for article in _known(articles):
        for actor_id, name in article.names:
            carried[actor_id][name] += 1
            outlets[actor_id].add(article.outlet)
    matrix = {}
    for actor in actors:
        columns = _columns(actor, carried[actor.actor_id])
        several = len(set(columns.values()) - {OTHER}) > 1
        if several and len(outlets[actor.actor_id]) > 1:
            matrix[actor.actor_id] = columns
    return matrix


def _columns(actor: Actor, carried: Counter[str]) -> dict[str, str]:
    """Names of one actor as counted, each with its name in the matrix.

    `carried` has the articles of each name.
    """
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for name, key in _keys(actor, carried).items():
        forms[key].append(name)
    size = {key: sum(carried[n] for n in names) for key, names in forms.items()}
    common = [key for key in sorted(forms) if size[key] >= LEAST_ARTICLES]
    common = sorted(common, key=lambda key: -size[key])[:MOST_NAMES]
    columns = dict.fromkeys(carried, OTHER)
    for key in common:
        commonest = max(sorted(forms[key]), key=lambda n: (carried[n], len(n)))
        title = PLAIN if key == PLAIN else commonest
        columns |= dict.fromkeys(forms[key], title)
    return columns


def _keys(actor: Actor, names: Iterable[str]) -> dict[str, str]:
    """Give each name what all its forms have in common: the longest of them.

    A plain name is a form of a longer one that has all its words, or whose initials
    it is; and of a shorter one where it is a possessive that lost its apostrophe
    ("Irans").
    """
    keys: dict[str, str] = {}
    whole: defaultdict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
    initials: dict[str, str] = {}
    for name in sorted(names, key=lambda name: (-len(_words(name)), name)):
        words = _words(name)
        if name == name.lower() or not words:
            keys[name] = name
        elif actor.kind == "person":
            keys[name] = PLAIN
        else:
            within = (
                key for longer, key in whole[words[0]] if longer.issuperset(words)
            )
            keys[name] = initials.get("".join(words)) or next(within, name)
        if keys[name] == name:
            for word in words:
                whole[word].append((frozenset(words), name))
            capitals = [word[0] for word in name.split() if word[0].isupper()]
            initials.setdefault("".join(capitals).lower(), name)
    owners = {n: n[:-1] for n in keys if n.endswith("s") and n[:-1] in keys}
    owners = {n: one for n, one in owners.items() if one != one.lower()}
    return keys | {n: keys[one] for n, one in owners.items()}


def _words(name: str) -> list[str]:
    """Words of a name in small letters, without accents.

    >>> _words("Al-Núr Front"), _words("U.N.")
    (['al', 'nur', 'front'], ['un'])
    """
    plain = (
        c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)
    )
    return re.findall(r"\w+", "".join(plain).replace(".", "").casefold())


@dataclass(frozen=True, slots=True)
class _Called:
    """How articles call one actor.

    Attributes
    ----------
    names
        From the commonest to `OTHER`.
    mentions
        By outlet, shape (names, articles of the outlet that name the actor).
    marked
        By name, mentions that a negative and a positive loaded term overlaps.
    """

    actor_id: str
    names: list[str]
    mentions: dict[str, Floats]
    marked: dict[str, tuple[int, int]]


def _called(
    articles: Iterable[ArticleMeasures], matrix: Mapping[str, Mapping[str, str]]
) -> Iterator[_Called]:
    """Add up each actor of the matrix, in its order."""
    found: dict[str, defaultdict[str, list[Counter[str]]]]
    found = {actor_id: defaultdict(list) for actor_id in matrix}
    marked: Counter[tuple[str, str, Polarity]] = Counter()
    for article in articles:
        rows: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for (actor_id, name), count in article.names.items():
            if actor_id in matrix:
                rows[actor_id][matrix[actor_id][name]] += count
        for actor_id, row in rows.items():
            found[actor_id][article.outlet or ""].append(row)
        for (actor_id, name), (negative, positive) in article.loaded_names.items():
            if actor_id in matrix:
                column = matrix[actor_id][name]
                marked[actor_id, column, "-"] += negative
                marked[actor_id, column, "+"] += positive
    for actor_id, by_outlet in found.items():
        total = sum(
            (row for rows in by_outlet.values() for row in rows), Counter[str]()
        )
        names = sorted(total, key=lambda n: (n == OTHER, -total[n], n))
        yield _Called(
            actor_id,
            names,
            {
                outlet: np.array([[row[n] for row in rows] for n in names], float)
                for outlet, rows in sorted(by_outlet.items(), key=_by_name)
            },
            {n: (marked[actor_id, n, "-"], marked[actor_id, n, "+"]) for n in names},
        )


def _by_name(item: tuple[str, object]) -> tuple[str, str]:
    return item[0].casefold(), item[0]


def _of_actor(called: _Called, polarities: Mapping[str, Polarity]) -> Iterator[Naming]:
    """Rows of one actor, outlet after outlet."""
    everything = np.concatenate(list(called.mentions.values()), axis=1)
    totals = everything.sum(axis=1)
    loaded = {
        name: _loaded(called.marked[name], total) or polarities.get(name)
        for name, total in zip(called.names, totals, strict=True)
    }
    start = 0
    for outlet, mentions in called.mentions.items():
        end = start + mentions.shape[1]
        others = np.delete(everything, slice(start, end), axis=1)
        start = end
        if mentions.sum() < LEAST_MENTIONS:
            continue
        neutral = _neutral(called.names, others.sum(axis=1), loaded)
        for name, share, other in zip(
            called.names, _shares(mentions), _shares(others), strict=True
        ):
            yield Naming(
                outlet=outlet,
                actor_id=called.actor_id,
                name=name,
                share=share,
                others=other,
                loaded=loaded[name],
                neutral=neutral if loaded[name] else None,
            )


def _loaded(marked: tuple[int, int], mentions: float) -> Polarity | None:
    """The polarity that most mentions of a name are marked with."""
    negative, positive = marked
    if max(negative, positive) <= mentions / 2 or negative == positive:
        return None
    return "-" if negative > positive else "+"


def _neutral(
    names: Sequence[str], counts: Floats, loaded: Mapping[str, Polarity | None]
) -> str | None:
    """The commonest name that says nothing for or against."""
    plain = [
        (count, name)
        for name, count in zip(names, counts, strict=True)
        if count and name != OTHER and loaded[name] is None
    ]
    return max(plain, key=lambda found: found[0])[1] if plain else None


def _shares(mentions: Floats) -> list[Share]:
    """Share of each name; `mentions` is of shape (names, articles)."""
    counts, total = mentions.sum(axis=1), int(mentions.sum())
    if mentions.shape[1] < ENOUGH_ARTICLES:
        return [Share(int(count), total) for count in counts]
    low, high = interval(mentions, mentions.sum(axis=0))
    return [
        Share(int(count), total, float(a), float(b))
        for count, a, b in zip(counts, low, high, strict=True)
    ]
