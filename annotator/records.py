"""Nothing -> the records every stage hands to the next.

Frozen and slotted: a record never changes after it is made, and a person's
correction is a new record beside the machine's. Offsets are 0-based, half open
and count code points. A span points into `Article.text` unless its name says
``source_``: those point into the decoded file (see `Passage`).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal, NamedTuple

from annotator.codebook import LabelName

SentenceKind = Literal["body", "headline"]
Voice = Literal["outlet", "quoted"]
Polarity = Literal["+", "-"]
QuoteForm = Literal["direct", "indirect", "mixed"]
SpanLayer = Literal["source", "cue", "content", "loaded"]


class Span(NamedTuple):
    """A half-open range of code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of `Article.text` and where it stands in the decoded file.

    Attributes
    ----------
    start, end
        Range in `Article.text`.
    source_start, source_end
        Range in the file as decoded, byte order mark removed and line ends as
        they are. Same length as start:end where the text was taken verbatim;
        another length where it was repaired (mojibake, NUL bytes), and then the
        passage maps as a whole only.
    """

    start: int
    end: int
    source_start: int
    source_end: int


def _start(passage: Passage) -> int:
    return passage.start


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its body text and what is known of its origin.

    Attributes
    ----------
    article_id
        Stable for the same file path and position in it.
    source_id
        The record's own id where the input has one.
    outlet, title, author, published, url, language
        None where unknown; never guessed from style. `published` is ISO 8601,
        `language` ISO 639-1.
    text
        Body only: no furniture, no title line. Paragraphs are separated by a
        blank line.
    passages
        Where `text` stands in the decoded file; empty where the input is not
        plain text.
    headings
        Spans of `text` that are subheadings: kept, never labelled.
    notes
        In words, what a researcher should know about how it was read.
    duplicate_of
        `article_id` of the earlier near-identical article, if any.
    """

    article_id: str
    source_path: str
    text: str
    source_id: str | None = None
    outlet: str | None = None
    title: str | None = None
    author: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    passages: tuple[Passage, ...] = ()
    headings: tuple[Span, ...] = ()
    notes: tuple[str, ...] = ()
    duplicate_of: str | None = None

    def source_span(self, span: Span) -> Span | None:
        """Where a span of `text` stands in the decoded file; None if unknown.

        A span that starts or ends in a repaired passage is widened to the whole
        of that passage.
        """
        if not self.passages or span.start >= span.end:
            return None
        first, last = (
            self.passages[max(0, bisect_right(self.passages, at, key=_start) - 1)]
            for at in (span.start, span.end - 1)
        )
        start, end = first.source_start, last.source_end
        if first.end - first.start == first.source_end - first.source_start:
            start += span.start - first.start
        if last.end - last.start == last.source_end - last.source_start:
            end = last.source_start + min(span.end, last.end) - last.start
        return Span(start, end)


@dataclass(frozen=True, slots=True)
class DroppedLine:
    """A line of a file that is in no article's body, and why.

    `line` counts from 1; `start` and `end` are code points into the decoded
    file; `article_id` is the article it stood in or after, if any.
    """

    source_path: str
    line: int
    start: int
    end: int
    text: str
    reason: str
    article_id: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read or scored: one line of `errors.jsonl`."""

    path: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article.

    Attributes
    ----------
    sentence_id
        ``<article_id>:<index>``.
    start, end
        Into `Article.text`, white space at either end left out.
    language
        ISO 639-1 of the sentence; None where too short to tell.
    skipped
        Why no label is given ("language ar", "headline"), else None.
    """

    sentence_id: str
    article_id: str
    index: int
    start: int
    end: int
    kind: SentenceKind = "body"
    language: str | None = None
    skipped: str | None = None

    @property
    def span(self) -> Span:
        """The sentence's range in `Article.text`."""
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """A span the tagger found in a sentence.

    `span` is into the sentence's text. `kind` is the source kind, set for
    source, cue and content; `polarity` and `voice` are set for loaded terms.
    """

    layer: SpanLayer
    span: Span
    kind: str | None = None
    polarity: Polarity | None = None
    voice: Voice | None = None


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """Everything one pass says of a sentence.

    Attributes
    ----------
    probabilities
        Calibrated, in the order of `codebook.LABELS`.
    body
        Probability that it is body text and no furniture.
    spans
        In the order of the text, layer by layer.
    cut
        Whether the encoder read only its beginning.
    """

    probabilities: tuple[float, float, float, float]
    body: float
    spans: tuple[MarkedSpan, ...]
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """The machine's label of one sentence.

    Attributes
    ----------
    probabilities
        Calibrated, in the order of `codebook.LABELS`, summing to 1.
    confidence
        The probability of `label`, 0 to 1.
    flag_reasons
        Why a person should look, in words; empty if nothing asks for it.
    model
        Name and weight hash of the model that gave it.
    """

    sentence_id: str
    label: LabelName
    probabilities: tuple[float, float, float, float]
    confidence: float
    flag_reasons: tuple[str, ...]
    model: str

    @property
    def flagged(self) -> bool:
        """Whether a person should look at it."""
        return bool(self.flag_reasons)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to say something; spans are into `Article.text`.

    `source`, `cue` and `content` are None where the sentence shows none (hearsay
    has no source, a bare quotation no cue). `source_kind` is of
    `codebook.SOURCE_KINDS`. `depth` is 0 for what the narrator attributes, 1 for
    what a source attributes, and so on.
    """

    sentence_id: str
    source: Span | None
    cue: Span | None
    content: Span | None
    source_kind: str | None
    resolved_source: str | None = None
    depth: int = 0
    form: QuoteForm | None = None


@dataclass(frozen=True, slots=True)
class LoadedTerm:
    """Partisan or evaluative naming where a neutral term exists."""

    sentence_id: str
    span: Span
    target: str | None
    polarity: Polarity
    voice: Voice


@dataclass(frozen=True, slots=True)
class Share:
    """A share with what it rests on.

    `low` and `high` bound the 95 % interval; both are None where there is too
    little data for one.
    """

    count: int
    total: int
    low: float | None = None
    high: float | None = None

    @property
    def value(self) -> float | None:
        """count / total; None of nothing."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class OutletProfile:
    """What one outlet's scored sentences add up to.

    `outlet` is None for articles whose outlet is unknown. Near-duplicates within
    the outlet are counted once and given in `n_duplicates`. `labels` is in the
    order of `codebook.LABELS`.
    """

    outlet: str | None
    n_articles: int
    n_duplicates: int
    n_sentences: int
    labels: tuple[Share, Share, Share, Share]
    flagged: Share
    enough: bool
    note: str | None = None
