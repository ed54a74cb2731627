"""Nothing -> the record of an article with everything found in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from annotator.codebook import LabelName
from annotator.records.actors import Stance
from annotator.records.reviews import Verdict
from annotator.records.tags import Label
from annotator.records.text import Article, Sentence
from annotator.records.voices import Attribution, LoadedTerm, VoicedSpan


@dataclass(frozen=True, slots=True)
class Headline:
    """How the title of an article offers what it says.

    `source` and `cue` are the first of each that the title shows, as text.
    """

    label: LabelName
    confidence: float
    source: str | None = None
    cue: str | None = None


@dataclass(frozen=True, slots=True)
class ScoredArticle:
    """An article with everything found in it.

    Attributes
    ----------
    labels
        By sentence id; sentences that were skipped have none.
    headline
        None where there is no title in a language the model reads.
    skipped
        Why nothing was scored, else None.
    verdicts
        What people say, by sentence id; only of sentences that have a label.
    """

    article: Article
    sentences: tuple[Sentence, ...]
    labels: dict[str, Label]
    attributions: tuple[Attribution, ...] = ()
    voices: tuple[VoicedSpan, ...] = ()
    loaded_terms: tuple[LoadedTerm, ...] = ()
    stances: tuple[Stance, ...] = ()
    headline: Headline | None = None
    skipped: str | None = None
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def label_of(self, sentence_id: str) -> LabelName:
        """The label that counts: people's where they gave one, else the machine's."""
        verdict = self.verdicts.get(sentence_id)
        return verdict.label if verdict else self.labels[sentence_id].label
