"""Claims, titles and matched pairs -> what is asserted here and only attributed there.

In a headline: it asserts, and every sentence of its own body that says the same is
attributed or alleged. Between outlets: of two matched claims one is asserted, and its
article nowhere attributes it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from annotator.corroborate.claims import Claim
from annotator.corroborate.lexicon import lexicon
from annotator.corroborate.origins import outlet_key
from annotator.corroborate.words import tokens
from annotator.records import AttributionLoss, Corroboration, ScoredArticle

_SAYS_THE_SAME: Final = 0.6
"""Likeness of a headline and a sentence from which one may back the other."""


def asserts(scored: ScoredArticle) -> bool:
    """Whether an article's title asserts something, without a source or a cue."""
    head = scored.headline
    if head is None or head.source or head.cue:
        return False
    return head.label == "reported_fact"


def lost_in_headline(
    title: Claim,
    vector: NDArray[np.float32],
    body: Sequence[Claim],
    vectors: NDArray[np.float32],
) -> AttributionLoss | None:
    """Give what a title asserts and its body only attributes, if it does.

    `vector` and the rows of `vectors` are unit vectors of the title and the claims of
    its body.
    """
    likeness = vectors @ vector
    backing = [
        (float(alike), claim)
        for alike, claim in zip(likeness, body, strict=True)
        if alike >= _SAYS_THE_SAME and _same_thing(title, claim)
    ]
    if not backing or any(claim.label == "reported_fact" for _, claim in backing):
        return None
    similarity, best = max(backing, key=lambda b: b[0])
    lost = _lost(best)
    sourced = lexicon().words["sources_in_titles"]
    if any(t.text.casefold() in sourced for t in tokens(title.passage)):
        return None
    if lost is None or not title.bare or _mentions(title, lost):
        return None
    return AttributionLoss(
        "headline",
        title.sentence_id,
        title.passage,
        title.outlet,
        best.sentence_id,
        best.passage,
        best.outlet,
        lost,
        round(similarity, 4),
    )


def _same_thing(title: Claim, claim: Claim) -> bool:
    """Whether a sentence reports what a title does, the title itself left out."""
    if title.text.casefold().strip(" .") in claim.text.casefold():
        return False
    acts = (title.acts | title.denied) & (claim.acts | claim.denied)
    figures = any(
        a.same_kind(b) and a.agrees(b) for a in title.figures for b in claim.figures
    )
    return bool(acts - lexicon().weak) and (figures or not title.figures)


def lost_between_outlets(
    claims: Mapping[str, Claim], pairs: Iterable[Corroboration]
) -> list[AttributionLoss]:
    """Give each claim that one outlet asserts and another only attributes.

    Of several outlets that attribute it, the one whose passage is most alike.
    """
    pairs = [p for p in pairs if p.relation == "agrees"]
    attributed: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        for claim in (claims[pair.sentence_id], claims[pair.other_id]):
            if claim.label != "reported_fact":
                attributed[pair.event_id].add(claim.article_id)
    best: dict[str, AttributionLoss] = {}
    for pair in pairs:
        one, other = claims[pair.sentence_id], claims[pair.other_id]
        for asserted, source in ((one, other), (other, one)):
            if asserted.article_id in attributed[pair.event_id]:
                continue
            loss = _between(asserted, source, pair.similarity)
            known = best.get(asserted.sentence_id)
            if loss and (known is None or known.similarity < loss.similarity):
                best[asserted.sentence_id] = loss
    return list(best.values())


def _between(
    asserted: Claim, attributed: Claim, similarity: float
) -> AttributionLoss | None:
    lost = _lost(attributed)
    if (
        not asserted.bare
        or attributed.label == "reported_fact"
        or outlet_key(asserted.outlet) == outlet_key(attributed.outlet)
        or lost is None
        or _mentions(asserted, lost)
    ):
        return None
    return AttributionLoss(
        "outlet",
        asserted.sentence_id,
        asserted.passage,
        asserted.outlet,
        attributed.sentence_id,
        attributed.passage,
        attributed.outlet,
        lost,
        similarity,
    )


def _mentions(claim: Claim, source: str) -> bool:
    """Whether a passage names a source after all, by any telling word of it."""
    common = lexicon().words["common_in_speakers"]
    named = {t.stem for t in tokens(source) if t.text.casefold() not in common}
    return any(t.stem in named and t.text[0].isalpha() for t in tokens(claim.passage))


def _lost(claim: Claim) -> str | None:
    """Give the hedge of an allegation, else who is said to say it."""
    if claim.label == "unverifiable_allegation":
        return claim.cue or claim.speaker
    return claim.speaker or claim.cue
