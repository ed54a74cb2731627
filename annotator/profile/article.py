"""A scored article -> what it adds to each measure.

Only sentences with a label are counted, so that words the model never read are in no
denominator.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from annotator.codebook import LABELS
from annotator.profile.measures import MEASURES, ArticleMeasures
from annotator.profile.naming import name_of
from annotator.profile.occurrences import narrated, occurrences, words_by_sentence
from annotator.profile.words import terms_of
from annotator.records import (
    Actor,
    LoadedTerm,
    ScoredArticle,
    Share,
    Sourcing,
    Span,
    Stance,
    Voice,
)

ActorOf = Callable[[Stance], Actor | None]
Sums = dict[str, tuple[float, float]]

_MONTH: Final = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])(?!\d)")


def measure(
    scored: ScoredArticle,
    block: Sourcing | None,
    events: frozenset[str],
    actor_of: ActorOf,
) -> ArticleMeasures:
    """Measure one article.

    Parameters
    ----------
    block
        How the article is sourced; without it, its measures are left out.
    events
        That its claims report.
    actor_of
        Whom a stance is towards, over the whole collection.
    """
    article = scored.article
    published = _MONTH.match(article.published or "")
    sums = _counted(scored) | (_sourced(block) if block else {})
    found = [(s, actor) for s in scored.stances if (actor := actor_of(s))]
    names = [
        ((actor.actor_id, name_of(article.text, stance)), stance.span)
        for stance, actor in found
        if stance.voice == "outlet"
    ]
    return ArticleMeasures(
        article_id=article.article_id,
        outlet=article.outlet,
        topic=article.topic,
        month=published and published[0],
        events=events,
        duplicate_of=article.duplicate_of,
        sums={name: sums[name] for name in MEASURES if sums.get(name, (0, 0))[1]},
        stances=_stances(found),
        names=Counter(key for key, _ in names),
        loaded_names=_loaded_names(names, scored.loaded_terms),
        words=terms_of(scored).items(),
        labels_by_people=len(scored.verdicts),
    )


def _counted(scored: ScoredArticle) -> Sums:
    """What is counted in the text itself, of what could have been."""
    counts: Counter[str] = Counter()
    for found in occurrences(scored):
        counts[found.measure] += found.adds
    by_sentence = words_by_sentence(scored)
    words = sum(by_sentence.values(), Counter[Voice]())
    totals = dict.fromkeys((*LABELS, "flagged"), len(scored.labels))
    totals |= dict.fromkeys(
        ("loaded", "loaded_negative", "loaded_positive"), words["outlet"]
    )
    totals |= dict.fromkeys(("all_loaded", "attributed_words"), words.total())
    totals["hedging"] = len(narrated(by_sentence))
    totals["direct_quotation"] = sum(a.form is not None for a in scored.attributions)
    return {name: (counts[name], total) for name, total in totals.items()}


def _sourced(block: Sourcing) -> Sums:
    shares: dict[str, Share] = {
        "named": block.named,
        "first_hand": block.first_hand,
        "documents": block.documents,
        "single_source_paragraphs": block.single_source_paragraphs,
        "one_anonymous": block.one_anonymous,
        "replied": block.replied,
    }
    sums: Sums = {name: (share.count, share.total) for name, share in shares.items()}
    return sums | {"attributions": (block.attributions, block.words)}


def _stances(
    found: Iterable[tuple[Stance, Actor]],
) -> dict[tuple[str, Voice], tuple[float, float]]:
    sums: defaultdict[tuple[str, Voice], tuple[float, float]]
    sums = defaultdict(lambda: (0.0, 0.0))
    for stance, actor in found:
        if stance.leaning is not None:
            key = actor.actor_id, stance.voice
            leaning, mentions = sums[key]
            sums[key] = leaning + stance.leaning, mentions + 1
    return dict(sums)


Named = tuple[tuple[str, str], Span]
"""The actor and name a mention is counted as, and where it stands."""


def _loaded_names(
    names: Sequence[Named], terms: Iterable[LoadedTerm]
) -> Mapping[tuple[str, str], tuple[int, int]]:
    own = sorted((t for t in terms if t.voice == "outlet"), key=lambda t: t.span)
    marked: defaultdict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for key, span in names:
        polarities = set(_over(span, own))
        if polarities:
            negative, positive = marked[key]
            marked[key] = negative + ("-" in polarities), positive + ("+" in polarities)
    return dict(marked)


def _over(span: Span, terms: Sequence[LoadedTerm]) -> Iterator[str]:
    """Polarities of the terms that overlap a span; terms in order of the text."""
    until = bisect_left(terms, span.end, key=lambda t: t.span.start)
    return (t.polarity for t in terms[:until] if t.span.end > span.start)
