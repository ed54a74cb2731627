"""Nothing -> the records of who says what in an article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from annotator.records.tags import Polarity, Voice
from annotator.records.text import Span

QuoteForm = Literal["direct", "indirect", "mixed"]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to say something; spans are into `Article.text`.

    Attributes
    ----------
    source, cue, content
        Inside the sentence; None where it shows none (hearsay has no source, a bare
        quotation no cue).
    source_kind
        Of `codebook.SOURCE_KINDS`.
    resolved_source
        The fullest name the article gives the source; None where it is not clear.
    depth
        0 for what the narrator attributes, 1 for what a source attributes, and so on.
    attribution_id
        ``<sentence_id>#<n>``, in the order of the text.
    resolved_confidence
        How sure the resolution is, 0 to 1; None where there is none.
    named_at
        The mention that gave `resolved_source`; it may stand in another sentence.
    parent_id
        The attribution whose content this one stands in.
    weakest_kind
        The kind hardest to check on the way from the narrator to this source.
    """

    sentence_id: str
    source: Span | None
    cue: Span | None
    content: Span | None
    source_kind: str | None
    resolved_source: str | None = None
    depth: int = 0
    form: QuoteForm | None = None
    attribution_id: str = ""
    resolved_confidence: float | None = None
    named_at: Span | None = None
    parent_id: str | None = None
    weakest_kind: str | None = None


@dataclass(frozen=True, slots=True)
class VoicedSpan:
    """A stretch of a sentence and whose words it holds.

    The voiced spans of a sentence tile it. `speaker` is the resolved source of the
    attribution that speaks; None for the narrator, and for a voice without a name.
    """

    sentence_id: str
    span: Span
    voice: Voice
    attribution_id: str | None = None
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class LoadedTerm:
    """Partisan or evaluative naming where a neutral term exists.

    `voice` says whether the narrator or a source uses it, and then `attribution_id`
    and `speaker` say which.
    """

    sentence_id: str
    span: Span
    target: str | None
    polarity: Polarity
    voice: Voice
    attribution_id: str | None = None
    speaker: str | None = None
