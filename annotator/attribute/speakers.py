"""A quotation in its sentence -> the speaker beside it whom the tagger missed.

"...," she posted; "...," he went on, "..."; Fire chief Rodel Bautista: "..."
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from annotator.attribute.lexicon import NO_SPEAKERS, SPEECH
from annotator.attribute.mentions import Mention
from annotator.attribute.phrases import Names
from annotator.attribute.saying import Saying
from annotator.records import Sentence, Span

_BEHIND: Final = re.compile(r"[\"”»›’'\s]*[,—–-]*[\"”»›’'\s]*")
_VERB: Final = re.compile(r"\s+((?:later\s+|then\s+|also\s+)?[^\W\d_]+)")
_COLON: Final = re.compile(r"\s*[:—–]\s*[\"“„«‹‘']?\s*$")
_LAST_VERB: Final = re.compile(
    r"\b([^\W\d_]{2,}(?:s|ed)|said|told|wrote)\s*[,:]?\s*[\"“„«‹‘']\s*$"
)
_LABEL: Final = re.compile(r"^[^\S\n]*+(?:\S+\s){0,3}([^\W\d_a-z][\w'’-]*)\s?:\s", re.M)


def speaker_beside(
    part: Span, sentence: Sentence, here: Sequence[Saying], names: Names
) -> tuple[Span | None, Span | None]:
    """Source and cue right behind a quoted part, or a source with a colon before it."""
    text = names.text
    if any(s.source and not _inside(s.source, part) for s in here):
        return None, None
    gap = _BEHIND.match(text, part.end, sentence.end)
    place = gap.end() if gap else part.end
    clause = text[max(part.end - 1, part.start) : place]
    if any(c in ",?!—–" for c in clause):
        source = names.after(place, sentence.end)
        if source is not None:
            verb = _VERB.match(text, source.end, sentence.end)
            return source, Span(*verb.span(1)) if verb else None
        word = re.compile(r"[^\W\d_]+").match(text, place, sentence.end)
        if word and word[0].lower() in SPEECH:
            source = names.after(word.end(), sentence.end)
            if source is not None:
                return source, Span(*word.span())
    colon = _COLON.search(text, sentence.start, part.start)
    if colon is None:
        return _subject_before(part, sentence, names)
    label = text[sentence.start : colon.start()].split()
    if len(label) == 1 and label[0][:1].isupper():
        return Span(sentence.start, colon.start()), None
    return names.before(colon.start(), sentence.start), None


def _subject_before(
    part: Span, sentence: Sentence, names: Names
) -> tuple[Span | None, Span | None]:
    """Source and cue right before a quoted part ("as Standpoint puts, ...")."""
    verb = _LAST_VERB.search(names.text, sentence.start, part.start)
    source = names.before(verb.start(1), sentence.start) if verb else None
    if verb is None or source is None:
        return None, None
    return source, Span(*verb.span(1))


def _inside(span: Span, part: Span) -> bool:
    return part.start <= span.start < part.end


def printed_speakers(text: str, mentions: Sequence[Mention]) -> frozenset[str]:
    """Last words of the names that label printed answers, in small letters.

    A label counts if it stands before two answers, or names a person of the text.
    """
    people = {
        m.words[-1].lower() for m in mentions if m.kind != "body" and len(m.words) > 1
    }
    labels = Counter(m[1].lower() for m in _LABEL.finditer(text))
    return frozenset(
        label
        for label, count in labels.items()
        if label not in NO_SPEAKERS and (count > 1 or label in people)
    )
