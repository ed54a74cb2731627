"""Claims of one article -> those that another of its sources denies.

A denial ("denied", "rejected", "dismissed" ...) contests one claim: of the claims of
other sources before it, the latest that stands in the same sentence or in the two
before; failing that, the latest that shares at least half of the denial's content
words. Nothing else is counted: a contradiction without a word for it stays unseen.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final

from annotator.records import Attribution, Span
from annotator.sources.names import Name

NEAR: Final = 2
"""Sentences between a claim and the denial that answers it without repeating it."""

REPEATED: Final = 0.5
"""Share of a denial's content words that a claim far above it must hold."""

FEWEST_WORDS: Final = 2

LOOK_BACK: Final = 200
"""Claims before a denial that are looked at; keeps the time linear."""

_CONTENT_WORD: Final = re.compile(r"[^\W_]{4,}")

Claim = tuple[Attribution, Name, str | None]
"""An attribution, its source and the class of its cue."""


def contested(
    claims: Sequence[Claim], sentences: Mapping[str, Span], text: str
) -> frozenset[Attribution]:
    """Give the attributions whose content another source denies."""
    order = {sentence_id: i for i, sentence_id in enumerate(sentences)}
    found: set[Attribution] = set()
    before: deque[Claim] = deque(maxlen=LOOK_BACK)
    for denial in claims:
        attribution, source, cue = denial
        if cue == "denied":
            place = order[attribution.sentence_id]
            others = [c for c in before if c[1] != source]
            near = [c for c in others if place - order[c[0].sentence_id] <= NEAR]
            answered = near[-1:] or _repeated(_words(attribution, text), others, text)
            found.update(c[0] for c in answered)
        elif attribution.content and cue != "declined":
            before.append(denial)
    return frozenset(found)


def _repeated(said: set[str], others: Sequence[Claim], text: str) -> list[Claim]:
    """Give the latest claim that a denial repeats."""
    if len(said) < FEWEST_WORDS:
        return []
    for claim in reversed(others):
        if len(said & _words(claim[0], text)) >= REPEATED * len(said):
            return [claim]
    return []


def _words(attribution: Attribution, text: str) -> set[str]:
    span = attribution.content
    return set(_CONTENT_WORD.findall(text[slice(*span)].casefold())) if span else set()
