"""Articles -> how each names the actors it writes about, and leans towards them.

An article has one vote on each actor however often it names it, or one long article
would stand for its outlet. Leanings are doubled as ratings are in correspondence
analysis (Greenacre 2017, "Correspondence Analysis in Practice", chapter 23): a part of
the vote is for the actor and the rest against it.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray

from annotator.profile.copies import once_each
from annotator.profile.measures import ArticleMeasures
from annotator.profile.naming import OTHER, naming_columns
from annotator.records import Actor

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

LEAST_ARTICLES: Final = 10
"""Of an outlet, that have a vote."""

FEATURE_ARTICLES: Final = 5
"""In which a name must stand; the rarest weigh most in correspondence analysis."""

MOST_FEATURES: Final = 300
TOPIC_ARTICLES: Final = 10
"""Topics with fewer articles are taken together: dealt within them, none would move."""


class Feature(NamedTuple):
    """A column: how an actor is named, or whether an article leans to it."""

    what: Literal["naming", "stance"]
    actor_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Votes:
    """The votes of articles, the articles of one outlet after those of another.

    Attributes
    ----------
    outlets
        Names, in order; `outlet` is an index into them.
    outlet, topic
        Shape (articles,); topics are numbered, the unknown and the rare ones as one.
    article, feature, vote
        Shape (votes,): row, column and value. An article that votes on an actor has
        a value, 0 or more, for each of the actor's features; they sum to 1.
    """

    outlets: tuple[str, ...]
    features: tuple[Feature, ...]
    outlet: Whole
    topic: Whole
    article: Whole
    feature: Whole
    vote: Floats

    def table(self, outlet: Whole, values: Floats) -> Floats:
        """Add values of the votes up: shape (outlets, features).

        `outlet`, of shape (articles,), says which outlet each article is dealt to.
        """
        return self._added(outlet, len(self.outlets), values)

    def expected(self, weight: Floats, topic: Whole) -> Floats:
        """Give the mean vote on the feature of all articles on the actor and topic.

        Parameters
        ----------
        weight
            Shape (votes,): how often the article of each counts.
        topic
            Shape (articles,).

        Returns
        -------
        array
            Shape (votes,).
        """
        topics = int(topic.max()) + 1
        votes = self._added(topic, topics, weight * self.vote)
        articles = self._added(topic, topics, weight)
        mean = np.divide(votes, articles, out=votes, where=articles > 0)
        return mean[topic[self.article], self.feature]

    def _added(self, row: Whole, rows: int, values: Floats) -> Floats:
        columns = len(self.features)
        cells = row[self.article] * columns + self.feature
        flat = np.bincount(cells, values, rows * columns).astype(np.float64)
        return flat.reshape(rows, columns)


def votes_of(articles: Sequence[ArticleMeasures], actors: Sequence[Actor]) -> Votes:
    """Give the votes of articles of the outlets that have enough of them.

    Parameters
    ----------
    articles
        Copies count once in each outlet; articles of an unknown outlet are left out.
    actors
        In the order in which they are taken until there are `MOST_FEATURES`.
    """
    known = [a for a in once_each(articles) if a.outlet is not None]
    columns = naming_columns(known, actors)
    features = _features((_counted(article, columns) for article in known), actors)
    number = {feature: n for n, feature in enumerate(features)}
    rows = [
        {number[f]: x for f, x in _counted(article, columns).items() if f in number}
        for article in known
    ]
    sizes = Counter(a.outlet for a, row in zip(known, rows, strict=True) if row)
    voting = [
        (article, row)
        for article, row in zip(known, rows, strict=True)
        if row and sizes[article.outlet] >= LEAST_ARTICLES
    ]
    voting.sort(key=lambda pair: pair[0].outlet or "")
    outlets = sorted({article.outlet or "" for article, _ in voting})
    return Votes(
        outlets=tuple(outlets),
        features=features,
        outlet=np.array([outlets.index(a.outlet or "") for a, _ in voting], np.int64),
        topic=_topics([article for article, _ in voting]),
        **_cells([row for _, row in voting], features),
    )


def _counted(
    article: ArticleMeasures, columns: Mapping[str, Mapping[str, str]]
) -> dict[Feature, float]:
    """What an article has of each feature, before it is made one vote."""
    found: defaultdict[Feature, float] = defaultdict(float)
    for (actor_id, name), count in article.names.items():
        title = columns.get(actor_id, {}).get(name, OTHER)
        if title != OTHER and count:
            found[Feature("naming", actor_id, title)] += count
    for (actor_id, voice), (leaning, mentions) in article.stances.items():
        if voice == "outlet" and mentions:
            found[Feature("stance", actor_id, "positive")] = (mentions + leaning) / 2
            found[Feature("stance", actor_id, "negative")] = (mentions - leaning) / 2
    return dict(found)


def _features(
    counted: Iterable[Mapping[Feature, float]], actors: Sequence[Actor]
) -> tuple[Feature, ...]:
    """Features in enough articles, of actors with two of a kind, in their order."""
    carried = Counter(feature for row in counted for feature in row)
    blocks: defaultdict[tuple[str, str], list[Feature]] = defaultdict(list)
    for feature in sorted(carried, key=lambda f: (-carried[f], f)):
        if carried[feature] >= FEATURE_ARTICLES:
            blocks[feature.what, feature.actor_id].append(feature)
    features: list[Feature] = []
    for actor in actors:
        for what in ("naming", "stance"):
            block = blocks[what, actor.actor_id]
            if len(block) > 1 and len(features) + len(block) <= MOST_FEATURES:
                features += block
    return tuple(features)


def _topics(articles: Sequence[ArticleMeasures]) -> Whole:
    sizes = Counter(article.topic for article in articles if article.topic)
    common = sorted(topic for topic, n in sizes.items() if n >= TOPIC_ARTICLES)
    number = {topic: n for n, topic in enumerate(common, start=1)}
    return np.array([number.get(a.topic or "", 0) for a in articles], np.int64)


class _Cells(TypedDict):
    article: Whole
    feature: Whole
    vote: Floats


def _cells(rows: Sequence[Mapping[int, float]], features: Sequence[Feature]) -> _Cells:
    """Make what each article has of a block one vote; `rows` by number of feature."""
    block = [feature[:2] for feature in features]
    within: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for n, key in enumerate(block):
        within[key].append(n)
    articles, numbers, votes = array("q"), array("q"), array("d")
    for article, row in enumerate(rows):
        for key in dict.fromkeys(block[n] for n in row):
            own = [row.get(n, 0.0) for n in within[key]]
            articles.extend([article] * len(own))
            numbers.extend(within[key])
            votes.extend(vote / sum(own) for vote in own)
    return _Cells(
        article=np.array(articles, np.int64),
        feature=np.array(numbers, np.int64),
        vote=np.array(votes, np.float64),
    )
