"""Nothing -> the records of whom a text names, and how it leans towards them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from annotator.records.sources import Tally
from annotator.records.tags import Voice
from annotator.records.text import Span

ActorKind = Literal["person", "body", "state", "group", "unknown"]
"""person: one human being. body: an organisation, an office, an army, a party. state: a
country as an actor. group: people named by a class ("rebels", "the militants")."""

PolarityTowards = Literal[-1, 0, 1]


@dataclass(frozen=True, slots=True)
class ActorMention:
    """An actor where a sentence names it.

    Attributes
    ----------
    span
        Into `Article.text`: the whole naming phrase without determiners and titles
        ("Syrian regime", "rebels", "Bashar al-Assad").
    name
        The fullest name the article gives the actor, or the phrase itself.
    family
        Which family of `attribute/families.toml` the phrase's head noun belongs to
        ("leadership", "army", "armed group"); None for a plain name.
    head
        The head noun, singular, in small letters ("regime", "rebel"); None for a
        plain name.
    """

    sentence_id: str
    span: Span
    name: str
    kind: ActorKind
    family: str | None = None
    head: str | None = None


@dataclass(frozen=True, slots=True)
class Stance:
    """How a sentence leans towards an actor that it names.

    Attributes
    ----------
    span, target, kind, family, head
        Of the `ActorMention`; `target` is its name.
    probabilities
        Of a negative, a neutral and a positive stance, summing to 1; None where the
        model has no stance head.
    voice
        Whether the narrator or a source speaks where the actor is named; then
        `attribution_id` and `speaker` say which source.
    """

    sentence_id: str
    span: Span
    target: str
    kind: ActorKind
    voice: Voice
    probabilities: tuple[float, float, float] | None = None
    family: str | None = None
    head: str | None = None
    attribution_id: str | None = None
    speaker: str | None = None

    @property
    def polarity(self) -> PolarityTowards | None:
        """-1, 0 or 1, whichever is likeliest; None without probabilities."""
        if self.probabilities is None:
            return None
        negative, neutral, positive = self.probabilities
        if neutral >= max(negative, positive):
            return 0
        return 1 if positive > negative else -1

    @property
    def leaning(self) -> float | None:
        """Probability of positive less that of negative, -1 to 1."""
        return self.probabilities and self.probabilities[2] - self.probabilities[0]


@dataclass(frozen=True, slots=True)
class Actor:
    """One actor over all articles, its variants joined.

    Attributes
    ----------
    actor_id
        Made from the name; the same for any order of the articles.
    name
        The commonest full name, or "Syrian government" for a family of names of one
        state or body ("Syrian regime", "Assad regime").
    mentions, articles
        How often, and in how many articles, it is named.
    outlets, variants
        Articles of each outlet, mentions by each name as written; in falling order.
    """

    actor_id: str
    name: str
    kind: ActorKind
    mentions: int
    articles: int
    outlets: tuple[Tally, ...]
    variants: tuple[Tally, ...]
    family: str | None = None


@dataclass(frozen=True, slots=True)
class LinkedMention:
    """Whom a `Stance` is towards, over all articles.

    Attributes
    ----------
    sentence_id, span
        Of the stance.
    name
        The name it is counted as among the `Naming`s of the actor; None where a source
        speaks, and for an actor that is not called in several ways by several outlets.
    """

    sentence_id: str
    span: Span
    article_id: str
    actor_id: str
    name: str | None = None
