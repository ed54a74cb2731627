"""Results -> what the report shows of sources, of events and of lost attributions.

What is shown is bounded; the report says how much there is besides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

from annotator.records import (
    AttributionLoss,
    Corroboration,
    Grade,
    Override,
    SourceProfile,
    Sourcing,
    Standing,
)
from annotator.report.contents import LETTERS
from annotator.report.terminal_events import (
    RELATIONS,
    Told,
    most_agreeing,
    pressing,
    rank,
)
from annotator.report.terminal_sources import FOUND_BY
from annotator.store import Results

SOURCES_SHOWN: Final = 40
EVENTS_SHOWN: Final = 60
CLAIMS_SHOWN: Final = 8
LOSSES_SHOWN: Final = 40
OUTLETS_SHOWN: Final = 100
PASSAGE_WIDTH, NAME_WIDTH = 600, 120
"""Characters after which a passage or a name is cut off in the page."""


class SourceView(NamedTuple):
    """A source with the machine's grade and a person's."""

    profile: SourceProfile
    found_by: str
    grade: Grade | None
    override: Override | None


class ToldClaim(NamedTuple):
    """A claim as one article tells it, and its place in the page."""

    told: Told
    title: str
    letter: str
    article: int
    place: int

    @property
    def anchor(self) -> str:
        """The id of the sentence in the page."""
        return f"s{self.article}-{self.place}"


class EventView(NamedTuple):
    """Claims about one event, and what they say of each other."""

    verdict: str
    articles: int
    origins: int
    figures: str
    claims: list[ToldClaim]
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class SourcesSection:
    """The most cited sources of all there are, and how outlets are sourced."""

    shown: list[SourceView]
    total: int
    outlets: list[Sourcing]


@dataclass(frozen=True, slots=True)
class EventsSection:
    """The most pressing events and losses of all there are."""

    shown: list[EventView]
    total: int
    losses: list[AttributionLoss]
    total_losses: int

    @property
    def anchors(self) -> set[str]:
        """The ids of the sentences that are led to."""
        return {claim.anchor for event in self.shown for claim in event.claims}


def sources_section(results: Results) -> SourcesSection | None:
    """Choose the sources shown; None where none were traced."""
    if not results.has("sources"):
        return None
    reliability = {
        grade.subject: (grade, override)
        for grade, override in results.grades()
        if grade.axis == "reliability"
    }
    profiles = list(results.sources())
    shown = [
        SourceView(p, FOUND_BY[p.identity], *reliability.get(p.source_id, (None, None)))
        for p in profiles[:SOURCES_SHOWN]
    ]
    outlets = (b for b in results.sourcing() if b.article_id is None)
    return SourcesSection(shown, len(profiles), list(islice(outlets, OUTLETS_SHOWN)))


def events_section(results: Results) -> EventsSection | None:
    """Choose the events shown; None where claims were not compared."""
    if not results.has("corroborations"):
        return None
    by_event: defaultdict[str, list[Corroboration]] = defaultdict(list)
    for pair in results.corroborations():
        by_event[pair.event_id].append(pair)
    standing = {s.sentence_id: s for s in results.standings() if s.event_id}
    ranked = sorted(by_event.values(), key=lambda event: rank(event, standing))
    chosen = [(event, _claims_of(event)) for event in ranked[:EVENTS_SHOWN]]
    told = told_claims(results, {i for _, claims in chosen for i in claims})
    losses = list(results.losses())
    return EventsSection(
        [_event(event, claims, standing, told) for event, claims in chosen],
        len(ranked),
        losses[:LOSSES_SHOWN],
        len(losses),
    )


def _claims_of(event: Iterable[Corroboration]) -> list[str]:
    """Give the first claims of an event, each once."""
    ids = dict.fromkeys(i for pair in event for i in (pair.sentence_id, pair.other_id))
    return list(ids)[:CLAIMS_SHOWN]


def _event(
    event: Sequence[Corroboration],
    claims: Iterable[str],
    standing: Mapping[str, Standing],
    told: Mapping[str, ToldClaim],
) -> EventView:
    figures = dict.fromkeys(
        f"{p.figure} / {p.other_figure} {p.figure_of or ''}".strip()
        for p in event
        if p.relation == "differs_in_figures"
    )
    return EventView(
        RELATIONS[pressing(event)][0],
        most_agreeing(event, standing, "articles"),
        most_agreeing(event, standing, "origins"),
        "; ".join(list(figures)[:3]),
        [told[i] for i in claims if i in told],
        list(dict.fromkeys(p.reason for p in event if p.reason))[:3],
    )


def told_claims(results: Results, wanted: set[str]) -> dict[str, ToldClaim]:
    """Read the wanted claims by sentence id, in one pass over the articles."""
    found: dict[str, ToldClaim] = {}
    sentences, said = results.sentences(), results.verdicts()
    for number, stored in enumerate(results.articles()):
        article = stored.article
        for sentence, label in islice(sentences, stored.n_sentences):
            if sentence.sentence_id in wanted and label:
                found[sentence.sentence_id] = ToldClaim(
                    Told(
                        article.outlet,
                        article.published,
                        article.text[sentence.start : sentence.end],
                    ),
                    article.title or "untitled article",
                    LETTERS[(said.get(sentence.sentence_id) or label).label],
                    number,
                    sentence.index,
                )
    return found
