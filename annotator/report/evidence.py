"""A scored article -> the sentences in it that figures of the report rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from annotator.profile.occurrences import Occurrence, occurrences
from annotator.profile.words import find_terms
from annotator.records import LinkedMention, PolarityTowards, ScoredArticle, Span
from annotator.sources.citations import cite
from annotator.sources.names import Name

CITED: Final = frozenset({"named", "first_hand", "single_source_paragraphs"})
"""Measures that ask who is behind an attribution."""

NOT_FOUND: Final = ("one_anonymous", "replied")
"""Measures whose sentences cannot be shown."""


class Cell(NamedTuple):
    """A figure of the report that sentences stand behind.

    `what` is "measure", "stance", "naming" or "term"; `name` the measure, the voice,
    the name or the term; an unknown outlet is "".
    """

    outlet: str
    what: str
    name: str
    actor_id: str | None = None


class Mention(NamedTuple):
    """Where a sentence shows what a cell counts; `span` is into `Article.text`."""

    cell: Cell
    sentence_id: str
    span: Span | None = None
    polarity: PolarityTowards | None = None


class Wanted:
    """The cells of one outlet, and what it takes to find them in an article."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self.cells = set(cells)
        self.terms = frozenset(c.name for c in self.cells if c.what == "term")
        self.cited = any(c.what == "measure" and c.name in CITED for c in self.cells)


def mentions(
    scored: ScoredArticle, linked: Sequence[LinkedMention], wanted: Wanted
) -> Iterator[Mention]:
    """Give everything in an article that a cell could count.

    Parameters
    ----------
    linked
        Whom the article's stances are towards.
    """
    outlet = scored.article.outlet or ""
    for found in _measured(scored, wanted):
        cell = Cell(outlet, "measure", found.measure)
        yield Mention(cell, found.sentence_id, found.span)
    stances = {(s.sentence_id, s.span): s for s in scored.stances}
    for mention in linked:
        stance = stances.get((mention.sentence_id, mention.span))
        if stance is None:
            continue
        at = (stance.sentence_id, stance.span, stance.polarity)
        if stance.polarity is not None:
            yield Mention(Cell(outlet, "stance", stance.voice, mention.actor_id), *at)
        if mention.name is not None:
            yield Mention(Cell(outlet, "naming", mention.name, mention.actor_id), *at)
    for term in find_terms(scored, wanted.terms) if wanted.terms else ():
        yield Mention(Cell(outlet, "term", term.term), term.sentence_id, term.span)


def _measured(scored: ScoredArticle, wanted: Wanted) -> Iterator[Occurrence]:
    yield from occurrences(scored)
    if wanted.cited:
        yield from _cited(scored)


def _cited(scored: ScoredArticle) -> Iterator[Occurrence]:
    """Give the attributions that `annotator.sources.sourcing` counts."""
    found = cite(scored).found
    sources: defaultdict[int, set[Name]] = defaultdict(set)
    for citation in found:
        sources[citation.paragraph].add(citation.source)
    for citation in found:
        at = citation.attribution.sentence_id, citation.attribution.source
        if citation.identity == "named":
            yield Occurrence("named", *at)
        if citation.first_hand:
            yield Occurrence("first_hand", *at)
        if len(sources[citation.paragraph]) == 1:
            yield Occurrence("single_source_paragraphs", *at)
