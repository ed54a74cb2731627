"""Nothing -> the records of what several articles say of the same event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Relation = Literal["agrees", "differs_in_figures", "contradicts"]
LossPlace = Literal["headline", "outlet"]


@dataclass(frozen=True, slots=True)
class Corroboration:
    """Two claims of different articles about the same event.

    Attributes
    ----------
    sentence_id, other_id
        The two claims, the earlier published first.
    similarity
        Of their meaning, 0 to 1.
    same_origin
        Whether one origin stands behind both: a copy, the same wire text, one outlet
        citing the other, or one speaker. Such a pair corroborates nothing.
    figure, other_figure, figure_of
        Where figures differ: each claim's, as written, and of what ("killed").
    reason
        In words, what the match and the relation rest on.
    """

    sentence_id: str
    other_id: str
    event_id: str
    relation: Relation
    similarity: float
    same_origin: bool
    figure: str | None = None
    other_figure: str | None = None
    figure_of: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one claim stands among all claims of the collection.

    Attributes
    ----------
    event_id
        None where the claim stands alone.
    articles, outlets, origins
        Behind the claim itself and those that agree with it, its own included. An
        origin is counted once however many articles copy it.
    contradicting, differing
        Origins whose claim contradicts this one, or gives other figures.
    origin
        Who is behind the claim itself, in words: its speaker, the agency or outlet
        whose text it is, or the outlet that prints it.
    """

    sentence_id: str
    event_id: str | None
    articles: int = 1
    outlets: int = 1
    origins: int = 1
    contradicting: int = 0
    differing: int = 0
    origin: str = ""


@dataclass(frozen=True, slots=True)
class AttributionLoss:
    """Something asserted in one place that another place only attributes.

    Attributes
    ----------
    place
        "headline": the title asserts what its own body attributes. "outlet": one
        outlet asserts what another attributes or calls alleged.
    asserted_id, attributed_id
        Sentence ids; ``<article_id>:title`` for a headline.
    lost
        The source or cue that is missing, as the other passage has it.
    """

    place: LossPlace
    asserted_id: str
    asserted: str
    asserted_outlet: str | None
    attributed_id: str
    attributed: str
    attributed_outlet: str | None
    lost: str
    similarity: float
