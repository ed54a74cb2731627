"""Scored articles and an encoder -> what their claims say of each other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from annotator.corroborate.candidates import Comparisons, candidates
from annotator.corroborate.claims import Claim, claims, title_claim
from annotator.corroborate.events import Link, corroborations, events, standings
from annotator.corroborate.losses import (
    asserts,
    lost_between_outlets,
    lost_in_headline,
)
from annotator.corroborate.origins import (
    named,
    origins,
    outlet_names,
    own_words,
    printers,
    shared_texts,
)
from annotator.corroborate.relations import Match, Weigh, relate
from annotator.records import (
    AttributionLoss,
    Corroboration,
    ScoredArticle,
    Standing,
)

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to unit vectors, shape (texts, size)."""

WINDOW: Final = 3
"""Days between two reports of one event."""

LEAST_SIMILARITY: Final = 0.45
"""Cosine under which two claims are not compared. A denial and what it denies are
often no more alike; `benchmarks/corroborate.py` prints the figures for an encoder."""

_UNSEEN: Final = 1000
"""Articles without a name assumed beside those at hand, so that in a small collection
a name that all articles have still tells something."""


_SAME_TEXT: Final = Match("agrees", None, None, "the same text")


@dataclass(frozen=True, slots=True)
class Corroborated:
    """What the claims of a collection say of each other.

    Attributes
    ----------
    pairs
        Event by event, the earliest first.
    standings
        Of every claim that reports an event, alone or not, by day.
    losses
        Headlines first.
    origins
        Of each article whose words are not its outlet's own, whose they are.
    """

    pairs: tuple[Corroboration, ...]
    standings: tuple[Standing, ...]
    losses: tuple[AttributionLoss, ...]
    origins: dict[str, str]


def corroborate(
    articles: Iterable[ScoredArticle],
    embed: Embed,
    *,
    window: int = WINDOW,
    least_similarity: float = LEAST_SIMILARITY,
    comparisons: Comparisons | None = None,
) -> Corroborated:
    """Compare the claims of different articles.

    Parameters
    ----------
    articles
        All of the collection; they are held in memory.
    embed
        Gives unit vectors for texts.
    window
        Most days between two reports of one event.
    least_similarity
        Cosine under which claims are not compared; it depends on `embed`.
    comparisons
        Counts the vectors compared, where given.
    """
    read = [scored for scored in articles if scored.skipped is None]
    found = sorted((c for scored in read for c in claims(scored)), key=_by_day)
    listed = [scored.article for scored in read]
    texts, names = shared_texts(found), outlet_names(listed)
    printed = printers(listed, found, texts)
    behind = origins(found, texts, printed, names)
    first = _first_of_text(found, texts, window)
    own = [i for i, j in enumerate(first) if i == j]
    vectors = embed([found[i].text for i in own])
    near = candidates(
        [found[i] for i in own], vectors, window, least_similarity, comparisons
    )
    weigh = _weights(found)
    links = []
    for pair in near:
        one, other = own[pair.one], own[pair.other]
        match = relate(found[one], found[other], pair.similarity, weigh)
        if match is not None:
            links.append(Link(one, other, pair.similarity, match))
    event = events(found, links, first)
    links += [Link(j, i, 1.0, _SAME_TEXT) for i, j in enumerate(first) if i != j]
    pairs = corroborations(found, links, event, behind)
    row = {i: n for n, i in enumerate(own)}
    vector_of = {
        c.sentence_id: vectors[row[j]] for c, j in zip(found, first, strict=True)
    }
    losses = [
        *_headline_losses(read, found, vector_of, embed),
        *lost_between_outlets({c.sentence_id: c for c in found}, pairs),
    ]
    return Corroborated(
        pairs,
        standings(found, pairs, behind),
        tuple(losses),
        {
            article.article_id: named(printed[article.article_id], names)
            for article in listed
            if printed[article.article_id] != own_words(article)
        },
    )


def _by_day(claim: Claim) -> tuple[bool, int, str]:
    return claim.day is None, claim.day or 0, claim.sentence_id


def _first_of_text(
    found: Sequence[Claim], texts: Mapping[str, str], window: int
) -> list[int]:
    """Give for each claim the place of the first with the same text and figures.

    A text that comes back after more than `window` days reports something else.
    """
    place = {claim.sentence_id: i for i, claim in enumerate(found)}
    firsts = []
    for i, claim in enumerate(found):
        j = place[texts[claim.sentence_id]]
        first = found[j]
        near = (
            first.day is not None is not claim.day and claim.day - first.day <= window
        )
        same = [f.high for f in claim.figures] == [f.high for f in first.figures]
        apart = claim.article_id != first.article_id
        firsts.append(j if near and same and apart else i)
    return firsts


def _weights(found: Iterable[Claim]) -> Weigh:
    """Weigh a name by how seldom articles name it (idf, smoothed by `_UNSEEN`)."""
    named: dict[str, set[str]] = {}
    for claim in found:
        named.setdefault(claim.article_id, set()).update(claim.names, claim.context)
    counts = Counter(name for names in named.values() for name in names)
    total = len(named) + _UNSEEN
    return lambda name: math.log(total / (1 + counts[name]))


def _headline_losses(
    read: Sequence[ScoredArticle],
    found: Iterable[Claim],
    vector_of: Mapping[str, NDArray[np.float32]],
    embed: Embed,
) -> list[AttributionLoss]:
    """Give what titles assert and their bodies only attribute, title by title."""
    body: dict[str, list[Claim]] = {}
    for claim in found:
        body.setdefault(claim.article_id, []).append(claim)
    titles = [
        title
        for scored in read
        if asserts(scored) and scored.article.article_id in body
        if (title := title_claim(scored)) is not None
    ]
    if not titles:
        return []
    losses = []
    for title, vector in zip(titles, embed([t.text for t in titles]), strict=True):
        own = body[title.article_id]
        vectors = np.stack([vector_of[c.sentence_id] for c in own])
        loss = lost_in_headline(title, vector, own, vectors)
        losses += [loss] if loss else []
    return losses
