"""Those who have spoken or been named so far -> whom a pronoun or a short name means.

After Lappin and Leass (1994): candidates that agree in number and gender are weighed
by how recently and in which role they stood; sources before subjects before the rest.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from annotator.attribute.entities import Entity
from annotator.attribute.nouns import Gender
from annotator.records import Span

REACH: Final = 6
"""Sentences back that are searched for whom a pronoun means."""

FADES: Final = 0.8
"""What is left of a candidate's weight a sentence later."""

EVEN: Final = 0.93
"""From this ratio of the second weight to the first on, nobody is picked."""

LEAST: Final = 0.15
"""Confidence under which nobody is picked."""

GENDER_UNKNOWN: Final = 0.8
MAYBE: Final = 0.5
"""How well a pronoun fits a person of unknown gender, and a name that nothing shows to
be a person, or a body."""

GUESSED: Final = 0.4
"""Confidence in whoever spoke last, on nothing else."""

NAMESAKES: Final = 0.55
"""The same where both bear the name: only one who has just spoken is meant."""

SLOWLY: Final = 0.97
"""Fading among those of one short name or role: no other candidate grows nearer."""


@dataclass(frozen=True, slots=True)
class Referent:
    """Somebody or something that has been spoken of.

    Attributes
    ----------
    name
        As it is to be given; None for one without a name.
    word
        Head noun of the phrase, if it was no name.
    weight
        1 for a source, less for one only named.
    """

    sentence: int
    name: str | None
    named_at: Span | None = None
    entity: Entity | None = None
    word: str = ""
    kind: str | None = None
    gender: Gender | None = None
    person: bool = False
    plural: bool = False
    weight: float = 1.0

    def is_same(self, other: Referent) -> bool:
        """Whether both are of the same person or thing."""
        if self.entity is not None and other.entity is not None:
            return self.entity is other.entity
        if self.name is not None:
            return self.name == other.name
        return other.name is None and self.word == other.word


@dataclass(frozen=True, slots=True)
class Choice:
    """The one picked, and how surely, 0 to 1."""

    referent: Referent
    confidence: float


class Discourse:
    """The referents of the last sentences, the latest first."""

    def __init__(self) -> None:
        self.sources: deque[Referent] = deque(maxlen=40)
        self.named: deque[Referent] = deque(maxlen=40)

    def knows_a_body(self) -> bool:
        """Whether a noun such as "the agency" may mean one spoken of before."""
        return any(
            r.entity is not None and r.entity.kind != "person"
            for r in (*self.sources, *self.named)
        )

    def pick(
        self,
        sentence: int,
        fits: Callable[[Referent], float],
        *,
        reach: int = REACH,
        fades: float = FADES,
        even: float = EVEN,
    ) -> Choice | None:
        """The heaviest referent that fits; None if none does, or two are even.

        `fits` gives 0 for one that does not fit, up to 1 for one that fits fully.
        """
        best: list[tuple[float, Referent]] = []
        for referent in (*self.sources, *self.named):
            distance = sentence - referent.sentence
            if not 0 <= distance <= reach:
                continue
            weight = referent.weight * fades**distance * fits(referent)
            if weight <= 0:
                continue
            twin = next(
                (i for i, (_, r) in enumerate(best) if r.is_same(referent)), None
            )
            if twin is None:
                best.append((weight, referent))
            elif weight > best[twin][0]:
                best[twin] = (weight, referent)
        if not best:
            return None
        best.sort(key=lambda pair: -pair[0])
        first, second = best[0][0], best[1][0] if len(best) > 1 else 0.0
        confidence = first * (1 - second / first / 2)
        if second >= even * first or confidence < LEAST:
            return None
        return Choice(best[0][1], round(confidence, 3))
