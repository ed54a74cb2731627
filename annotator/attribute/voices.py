"""Attributions -> the voice ledger: whose words each stretch of a sentence holds.

What a source is said to say is the source's, quoted or reported; hearsay without a
source stays the narrator's, for nobody else chose its words. Of a loaded term inside
a source's content the ledger decides; elsewhere the tagger's own guess stands, since
there it may have seen a source that was missed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from annotator.attribute.nouns import BODIES, ROLES
from annotator.attribute.phrases import Names
from annotator.records import (
    Attribution,
    LoadedTerm,
    MarkedSpan,
    Sentence,
    Span,
    TaggedSentence,
    VoicedSpan,
)

_NO_VOICE: Final = "hearsay"


def voiced_spans(
    sentences: Sequence[Sentence], found: Sequence[Attribution]
) -> list[VoicedSpan]:
    """Stretches that tile each sentence, in order of the text."""
    of_sentence: dict[str, list[Attribution]] = defaultdict(list)
    for attribution in found:
        speaks = attribution.source_kind != _NO_VOICE or attribution.source is not None
        if attribution.content is not None and speaks:
            of_sentence[attribution.sentence_id].append(attribution)
    return [
        voiced
        for sentence in sentences
        for voiced in _tiles(sentence, of_sentence.get(sentence.sentence_id, []))
    ]


def _tiles(sentence: Sentence, found: Sequence[Attribution]) -> Iterator[VoicedSpan]:
    """The innermost attribution whose content holds a stretch speaks it."""
    contents = [(a.content, a) for a in found if a.content is not None]
    edges = {sentence.start, sentence.end}
    edges |= {edge for content, _ in contents for edge in content}
    order = sorted(edges)
    start, speaker = sentence.start, _innermost(contents, sentence.start)
    for edge in order[1:]:
        following = _innermost(contents, edge)
        if edge == sentence.end or following is not speaker:
            yield _voiced(sentence, Span(start, edge), speaker)
            start, speaker = edge, following


def _innermost(
    contents: Sequence[tuple[Span, Attribution]], place: int
) -> Attribution | None:
    holding = [(c, a) for c, a in contents if c.start <= place < c.end]
    if not holding:
        return None
    return max(holding, key=lambda h: (h[1].depth, h[0].start - h[0].end))[1]


def _voiced(sentence: Sentence, span: Span, speaker: Attribution | None) -> VoicedSpan:
    if speaker is None:
        return VoicedSpan(sentence.sentence_id, span, "outlet")
    return VoicedSpan(
        sentence.sentence_id,
        span,
        "quoted",
        speaker.attribution_id,
        speaker.resolved_source,
    )


def loaded_terms(
    tagged: Sequence[tuple[Sentence, TaggedSentence]],
    voices: Sequence[VoicedSpan],
    names: Names,
    full: Mapping[int, str],
) -> list[LoadedTerm]:
    """Loaded terms with their voice, and their target where a name stands beside.

    `full` has the fullest name by number of the mention.
    """
    starts = [v.span.start for v in voices]
    terms = []
    for sentence, marks in tagged:
        for mark in marks.spans:
            if mark.layer == "loaded" and mark.polarity and mark.voice:
                terms.append(_term(sentence, mark, voices, starts, names, full))
    return terms


def _term(
    sentence: Sentence,
    mark: MarkedSpan,
    voices: Sequence[VoicedSpan],
    starts: Sequence[int],
    names: Names,
    full: Mapping[int, str],
) -> LoadedTerm:
    assert mark.polarity and mark.voice  # noqa: S101, PT018
    span = Span(mark.span.start + sentence.start, mark.span.end + sentence.start)
    voiced = voices[max(bisect_right(starts, span.start) - 1, 0)]
    quoted = voiced.voice == "quoted"
    return LoadedTerm(
        sentence.sentence_id,
        span,
        _target(span, sentence, names, full),
        mark.polarity,
        "quoted" if quoted else mark.voice,
        voiced.attribution_id,
        voiced.speaker,
    )


def _target(
    span: Span, sentence: Sentence, names: Names, full: Mapping[int, str]
) -> str | None:
    """The name right behind a loaded term, or right before it in the same phrase.

    "terrorist group Nusra Front", "the Assad regime".
    """
    near = Span(max(sentence.start, span.start - 2), min(sentence.end, span.end + 30))
    for number in names.within(near):
        mention = names.mentions[number]
        behind = names.text[span.end : mention.span.start]
        words = behind.split()
        plain = (
            behind[:1].isspace() and len(words) < 2 and not set(behind) & set(",.;:")
        )
        noun = all(w in BODIES or w in ROLES for w in words)
        before = names.text[mention.span.end : span.start]
        if mention.span.start >= span.end and plain and noun and number in full:
            return full[number]
        if mention.modifier and before in {" ", "'s ", "’s "} and number in full:
            return full[number]
    return None
