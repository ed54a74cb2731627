"""The tagger's spans -> who says what in an article, and in whose voice it stands.

spans ─ pairing ─► sayings ─ running ─► across sentences ─ resolve ─► who speaks
text ─ mentions ─► names ──────────────────────────────────▲
text ─ quotations ─► what stands in quotation marks ─ nesting, voices ─► ledger
text ─ actors ─► whom it names ─ the tagger's stances ───────────────────► stances
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from annotator.attribute.actors import find_actors
from annotator.attribute.families import head_polarities
from annotator.attribute.mentions import find_mentions
from annotator.attribute.nesting import CHECKABILITY, depths, parents, weakest
from annotator.attribute.pairing import sayings
from annotator.attribute.phrases import Names
from annotator.attribute.quotations import Quoted, find_quotations
from annotator.attribute.resolve import resolve
from annotator.attribute.running import form, shared_speakers, with_quotations
from annotator.attribute.saying import Saying
from annotator.attribute.scene import UNNAMED_KINDS, Scene
from annotator.attribute.speakers import printed_speakers
from annotator.attribute.stances import stances
from annotator.attribute.voices import loaded_terms, voiced_spans
from annotator.records import (
    Article,
    Attribution,
    LoadedTerm,
    Sentence,
    TaggedSentence,
    VoicedSpan,
)

__all__ = [
    "CHECKABILITY",
    "Attributed",
    "attribute",
    "find_actors",
    "head_polarities",
    "stances",
]


@dataclass(frozen=True, slots=True)
class Attributed:
    """Who says what in an article, each in order of the text."""

    attributions: tuple[Attribution, ...]
    voices: tuple[VoicedSpan, ...]
    loaded_terms: tuple[LoadedTerm, ...]


def attribute(
    article: Article, tagged: Sequence[tuple[Sentence, TaggedSentence]]
) -> Attributed:
    """Attribute what an article says to its sources.

    Parameters
    ----------
    tagged
        The sentences that were tagged, in order of the text; others are not read.

    Returns
    -------
    Attributed
        Spans are into ``article.text`` and inside their sentence. The voiced spans
        tile every tagged sentence.
    """
    sentences = [s for s, _ in tagged]
    mentions = find_mentions(article.text, sentences, _named_sources(tagged))
    names = Names(article.text, mentions)
    answers = printed_speakers(article.text, mentions)
    quoted = Quoted(find_quotations(article.text, sentences, answers))
    paired = [
        saying
        for number, (sentence, marks) in enumerate(tagged)
        for saying in sayings(number, sentence, marks, names)
    ]
    found = with_quotations(paired, sentences, quoted, names)
    scene = Scene(article, sentences, names)
    attributions = _attributions(found, sentences, quoted, scene)
    voices = voiced_spans(sentences, attributions)
    terms = loaded_terms(tagged, voices, names, scene.entities.full_names())
    return Attributed(tuple(attributions), tuple(voices), tuple(terms))


def _named_sources(
    tagged: Sequence[tuple[Sentence, TaggedSentence]],
) -> frozenset[int]:
    """Places where a source begins that the tagger does not call unnamed."""
    return frozenset(
        sentence.start + mark.span.start
        for sentence, marks in tagged
        for mark in marks.spans
        if mark.layer == "source" and mark.kind not in UNNAMED_KINDS
    )


def _attributions(
    found: Sequence[Saying],
    sentences: Sequence[Sentence],
    quoted: Quoted,
    scene: Scene,
) -> list[Attribution]:
    text = scene.article.text
    shared = shared_speakers(found, sentences, quoted, text)
    resolved = resolve(found, shared, scene)
    parent = parents(found, text)
    kinds = [r.kind for r in resolved]
    ids = _ids(found, sentences)
    return [
        Attribution(
            sentence_id=sentences[saying.sentence].sentence_id,
            source=saying.source,
            cue=saying.cue,
            content=saying.content,
            source_kind=who.kind,
            resolved_source=who.name,
            depth=depth,
            form=form(saying, quoted, text),
            attribution_id=ids[i],
            resolved_confidence=who.confidence,
            named_at=who.named_at,
            parent_id=None if above is None else ids[above],
            weakest_kind=least,
        )
        for i, (saying, who, depth, above, least) in enumerate(
            zip(
                found,
                resolved,
                depths(parent),
                parent,
                weakest(kinds, parent),
                strict=True,
            )
        )
    ]


def _ids(found: Sequence[Saying], sentences: Sequence[Sentence]) -> list[str]:
    ids: list[str] = []
    count, last = 0, -1
    for saying in found:
        count = count + 1 if saying.sentence == last else 0
        last = saying.sentence
        ids.append(f"{sentences[last].sentence_id}#{count}")
    return ids
