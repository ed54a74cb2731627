"""Mentions of actors, what the tagger says of each, the voices -> stances."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from annotator.records import ActorMention, Stance, VoicedSpan

Probabilities = tuple[float, float, float]


def stances(
    mentions: Sequence[ActorMention],
    probabilities: Sequence[Probabilities | None],
    voices: Sequence[VoicedSpan],
) -> list[Stance]:
    """Give each mention its stance, and the voice that names the actor.

    Parameters
    ----------
    mentions, probabilities
        One of each, in order of the text.
    voices
        Tiling the sentences of the mentions, in order of the text.
    """
    starts = [v.span.start for v in voices]
    return [
        _stance(mention, likely, voices[bisect_right(starts, mention.span.start) - 1])
        for mention, likely in zip(mentions, probabilities, strict=True)
    ]


def _stance(
    mention: ActorMention, likely: Probabilities | None, voiced: VoicedSpan
) -> Stance:
    return Stance(
        mention.sentence_id,
        mention.span,
        mention.name,
        mention.kind,
        voiced.voice,
        likely,
        mention.family,
        mention.head,
        voiced.attribution_id,
        voiced.speaker,
    )
