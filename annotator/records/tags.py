"""Nothing -> the records of what the tagger says of a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from annotator.codebook import LabelName
from annotator.records.text import Span

Voice = Literal["outlet", "quoted"]
Polarity = Literal["+", "-"]
SpanLayer = Literal["source", "cue", "content", "loaded"]


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
    stances
        Of each mention asked about, in that order: probabilities of a negative, a
        neutral and a positive stance. None where the encoder did not read that far, or
        the model has no stance head.
    """

    probabilities: tuple[float, float, float, float]
    body: float
    spans: tuple[MarkedSpan, ...]
    cut: bool = False
    stances: tuple[tuple[float, float, float] | None, ...] = ()


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
