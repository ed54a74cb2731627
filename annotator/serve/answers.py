"""Scored articles -> answers, under the names of the columns of a results folder.

What is no column of an answer is left out; what a column holds is told by
`store.tables`.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from annotator.codebook import LabelName
from annotator.records import (
    ActorKind,
    Polarity,
    QuoteForm,
    ScoredArticle,
    SentenceKind,
    Voice,
)
from annotator.store import stances, tables

Offset = Annotated[
    int,
    Field(ge=0, description="In code points of `article.text`, from 0, end left out."),
]
Probability = Annotated[float, Field(description="From 0 to 1.")]


class Columns(BaseModel):
    """A row of a table; columns that the answer does not have are left out."""

    model_config = ConfigDict(extra="ignore")


class Heading(Columns):
    """A subheading: kept, never labelled."""

    start: Offset
    end: Offset


class ArticleColumns(Columns):
    """An article, and how its title offers what it says."""

    article_id: Annotated[
        str, Field(description="The same for the same article, whenever it is sent.")
    ]
    source_id: Annotated[str | None, Field(description="The `id` that was sent.")]
    outlet: str | None
    title: str | None
    author: str | None
    published: str | None
    url: str | None
    language: str | None
    topic: str | None
    text: Annotated[str, Field(description="What all offsets point into.")]
    headings: list[Heading]
    notes: list[str]
    n_sentences: int
    status: Literal["scored", "skipped"]
    reason: Annotated[str | None, Field(description="Why nothing was scored.")]
    headline_label: LabelName | None
    headline_confidence: Probability | None
    headline_source: str | None
    headline_cue: str | None


class SentenceColumns(Columns):
    """A sentence; one that was skipped has no label."""

    sentence_id: str
    index: int
    start: Offset
    end: Offset
    text: str
    label: LabelName | None = None
    p_reported_fact: Probability | None = None
    p_attributed_claim: Probability | None = None
    p_opinion: Probability | None = None
    p_unverifiable_allegation: Probability | None = None
    confidence: Probability | None = None
    flagged: bool | None = None
    flag_reasons: list[str] | None = None
    kind: SentenceKind
    language: str | None
    skipped: Annotated[str | None, Field(description="Why there is no label.")]


class AttributionColumns(Columns):
    """Who is said to say something."""

    sentence_id: str
    source: str | None
    source_start: Offset | None
    source_end: Offset | None
    cue: str | None
    cue_start: Offset | None
    cue_end: Offset | None
    content: str | None
    content_start: Offset | None
    content_end: Offset | None
    source_kind: str | None
    resolved_source: str | None
    depth: int
    form: QuoteForm | None
    attribution_id: str
    resolved_confidence: Probability | None
    named_start: Offset | None
    named_end: Offset | None
    parent_id: str | None
    weakest_kind: str | None


class VoiceColumns(Columns):
    """A stretch of a sentence, and whose words it holds."""

    sentence_id: str
    start: Offset
    end: Offset
    voice: Voice
    attribution_id: str | None
    speaker: str | None


class LoadedTermColumns(Columns):
    """Partisan or evaluative naming where a neutral term exists."""

    sentence_id: str
    start: Offset
    end: Offset
    text: str
    target: str | None
    polarity: Polarity
    voice: Voice
    attribution_id: str | None
    speaker: str | None


class StanceColumns(Columns):
    """Somebody named, and the stance towards them."""

    sentence_id: str
    target: str
    start: Offset
    end: Offset
    text: str
    polarity: int | None
    p_negative: Probability | None
    p_neutral: Probability | None
    p_positive: Probability | None
    voice: Voice
    kind: ActorKind
    family: str | None
    head: str | None
    attribution_id: str | None
    speaker: str | None


class Found(BaseModel):
    """Everything found in an article; tables and columns are those of a results folder.

    All offsets are code points of `article.text`: as Python counts, not UTF-16 units
    as JavaScript does, nor bytes.
    """

    article: ArticleColumns
    sentences: list[SentenceColumns]
    attributions: list[AttributionColumns]
    voices: list[VoiceColumns]
    loaded_terms: list[LoadedTermColumns]
    stances: list[StanceColumns]

    @classmethod
    def of(cls, scored: ScoredArticle) -> Self:
        """Lay a scored article out in rows."""
        article, labels = scored.article, scored.labels
        first = tables.article_row(article) | tables.headline_row(scored.headline)
        first |= {
            "n_sentences": len(scored.sentences),
            "status": "skipped" if scored.skipped else "scored",
            "reason": scored.skipped,
        }
        return cls.model_validate(
            {
                "article": first,
                "sentences": [
                    tables.sentence_row(article, s, labels.get(s.sentence_id))
                    for s in scored.sentences
                ],
                "attributions": [
                    tables.attribution_row(article, a) for a in scored.attributions
                ],
                "voices": [tables.voice_row(article, v) for v in scored.voices],
                "loaded_terms": [
                    tables.loaded_term_row(article, t) for t in scored.loaded_terms
                ],
                "stances": [stances.stance_row(article, s) for s in scored.stances],
            }
        )


ModelVersion = Annotated[
    str, Field(description="Name and weight hash of the model that gave every label.")
]
FaultId = Annotated[
    str | None,
    Field(description="Of a fault of the program: what to look for in its log."),
]


class Answer(BaseModel):
    """What is found in one article."""

    model: ModelVersion
    found: Found


class BatchResult(BaseModel):
    """What is found in one article of a batch, or why there is nothing."""

    status: Annotated[
        int, Field(description="As the article would be answered by itself.")
    ]
    found: Found | None = None
    detail: str | None = None
    id: FaultId = None


class BatchAnswer(BaseModel):
    """What is found in each article, in their order."""

    model: ModelVersion
    results: list[BatchResult]


class Refusal(BaseModel):
    """Why there is no answer, in a line."""

    detail: str
    id: FaultId = None


class Health(BaseModel):
    """Whether the service does what is asked."""

    status: Literal["live", "ready"]
    model: str | None = None
