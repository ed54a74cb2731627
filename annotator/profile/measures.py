"""Nothing -> the measures that outlets are compared on, and what one article adds.

A measure is a ratio of two sums over articles, so that long articles weigh more and
articles can be resampled whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from annotator.records import Voice

MeasureKind = Literal["share", "rate", "mean"]
"""share: a part of a count, 0 to 1. rate: events in an exposure, from 0. mean: of a
number between -1 and 1."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What a figure is called, and what it says.

    Attributes
    ----------
    scale
        What the ratio of the sums is multiplied by.
    unit
        Of the figure as stored, in words.
    explanation
        Which count over which, for a legend.
    """

    title: str
    kind: MeasureKind
    scale: float
    unit: str
    explanation: str


@dataclass(frozen=True, slots=True)
class ArticleMeasures:
    """What one article adds to each figure of its outlet, topic and month.

    Attributes
    ----------
    month
        Of publication, "2017-04"; None where unknown.
    events
        That its claims report.
    sums
        By measure, numerator and denominator; measures whose denominator is 0 are
        left out.
    stances
        By actor id and voice, the sum of the leanings and their number.
    names
        By actor id and name, mentions in the narrator's voice. A name is the head
        noun, the full name of a person, or else the plain name as written.
    loaded_names
        The same keys; how many of the mentions a loaded term overlaps, negative and
        positive.
    words
        The narrator's and how often, by `terms_of`; can be gone through again.
    labels_by_people
        Labels that people gave, of all it has.
    """

    article_id: str
    outlet: str | None
    topic: str | None
    month: str | None
    events: frozenset[str]
    duplicate_of: str | None
    sums: Mapping[str, tuple[float, float]]
    stances: Mapping[tuple[str, Voice], tuple[float, float]]
    names: Mapping[tuple[str, str], int]
    loaded_names: Mapping[tuple[str, str], tuple[int, int]]
    words: Iterable[tuple[str, int]]
    labels_by_people: int = 0


def _share(title: str, explanation: str) -> Measure:
    return Measure(title, "share", 1.0, "share", explanation)


def _per_thousand(title: str, explanation: str) -> Measure:
    return Measure(title, "rate", 1000.0, "per 1,000 words", explanation)


STANCE: Final = "stance"
"""The measure of an actor, in the narrator's voice or in quoted ones."""

MEASURES: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        "reported_fact": _share(
            "Reported fact", "sentences labelled reported fact, of all with a label"
        ),
        "attributed_claim": _share(
            "Attributed claim",
            "sentences labelled attributed claim, of all with a label",
        ),
        "opinion": _share("Opinion", "sentences labelled opinion, of all with a label"),
        "unverifiable_allegation": _share(
            "Unverifiable allegation",
            "sentences labelled unverifiable allegation, of all with a label",
        ),
        "flagged": _share(
            "To be looked at", "sentences a person should look at, of all with a label"
        ),
        "loaded": _per_thousand(
            "Loaded terms", "the narrator's loaded terms, per 1,000 narrator's words"
        ),
        "loaded_negative": _per_thousand(
            "Negative loaded terms",
            "the narrator's negative loaded terms, per 1,000 narrator's words",
        ),
        "loaded_positive": _per_thousand(
            "Positive loaded terms",
            "the narrator's positive loaded terms, per 1,000 narrator's words",
        ),
        "all_loaded": _per_thousand(
            "Loaded terms, all voices",
            "loaded terms of the narrator and of sources, per 1,000 words",
        ),
        "hedging": _share(
            "Hedging",
            "sentences in which the narrator leaves open who says so (allegedly, "
            "reportedly), of those that are mostly the narrator's",
        ),
        "attributions": _per_thousand(
            "Attributions", "statements given to a source, per 1,000 words"
        ),
        "named": _share(
            "Named sources", "sources with a name, of all told apart in an article"
        ),
        "first_hand": _share(
            "First-hand", "attributions to someone who was there, of all attributions"
        ),
        "documents": _share(
            "Documents", "attributions to a document, of all attributions"
        ),
        "single_source_paragraphs": _share(
            "Single-source paragraphs",
            "paragraphs that cite one source only, of those that cite any",
        ),
        "one_anonymous": _share(
            "One unnamed source",
            "claims whose paragraph has one unnamed source only, of all claims",
        ),
        "replied": _share(
            "Accused are heard",
            "accusations of a named actor who is heard or was asked, of all such",
        ),
        "attributed_words": _share(
            "Words of sources", "words said by a source, quoted or reported, of all"
        ),
        "direct_quotation": _share(
            "Direct quotation",
            "attributions wholly in quotation marks, of those with a known form",
        ),
        STANCE: Measure(
            "Stance",
            "mean",
            1.0,
            "-1 to 1",
            "probability of a positive stance less that of a negative one, mean over "
            "the mentions of an actor",
        ),
    }
)
