"""Sayings of a sentence -> the same with the subjects and verbs the tagger missed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from annotator.attribute.lexicon import AFTER_CUE, CARRIED_ON, HEDGES, SPEECH
from annotator.attribute.phrases import Names
from annotator.attribute.saying import Saying
from annotator.records import Sentence, Span

_SPEECH_BEHIND: Final = re.compile(
    rf"[\s,]*(?:also\s+)?({'|'.join(sorted(SPEECH))})\b", re.I
)
_PLAIN_SPEECH: Final = re.compile(
    r"\b(?:said|says|told|added|wrote|tweeted|argued|insisted|warned|claimed|denied|"
    r"replied|admitted|confirmed|acknowledged)\b"
)
_MOST: Final = 8
"""Verbs of speech in a sentence that are looked after; pairing them takes the square of
their number, and a text without full stops may hold thousands."""
_OWNER: Final = re.compile(r"(?:['’]s?)\s+(?:\w+\s+)?$")
_FROM: Final = re.compile(r"\s+(?:from|by)\s+(?:the\s+)?")
_MOST_WORDS: Final = 2
"""Words of a verb between a subject that opens its sentence and a content."""


def with_subjects(
    found: Sequence[Saying],
    number: int,
    sentence: Sentence,
    names: Names,
    *,
    is_claim: bool,
) -> list[Saying]:
    """Give each saying the subject and verb the tagger missed, and add what it missed.

    `is_claim` says whether the tagger takes the sentence for somebody's claim.
    """
    whole = [_with_subject(s, found, sentence, names) for s in found]
    whole += _missed(number, whole, sentence, names)
    if not any(s.source for s in whole):
        whole = [_with_first(s, sentence, names) for s in whole]
    whole = [_with_cue(s, sentence, names.text) for s in whole]
    if len(whole) == 1 and is_claim:
        whole = [_with_opening(whole[0], sentence, names)]
    return whole


def _with_subject(
    saying: Saying, all_of: Sequence[Saying], sentence: Sentence, names: Names
) -> Saying:
    """Give a cue without a source the subject the tagger missed."""
    if saying.source is not None or saying.cue is None:
        return saying
    source = _subject(saying.cue, sentence, names)
    taken = (s.source for s in all_of if s.source is not None)
    if source is None or any(
        t.start < source.end and source.start < t.end for t in taken
    ):
        return saying
    return replace(saying, source=source)


def _subject(cue: Span, sentence: Sentence, names: Names) -> Span | None:
    text = names.text
    words = text[slice(*cue)].lower().split()
    if not words or (HEDGES - SPEECH) & set(words):
        return None
    if AFTER_CUE & {words[0], words[-1]}:
        return names.after(cue.end, sentence.end)
    owner = _OWNER.search(text, max(sentence.start, cue.start - 60), cue.start)
    name = names.at(owner.start() - 1) if owner else None
    if name is not None:
        return Span(name.whole.start, name.span.end)
    issuer = _FROM.match(text, cue.end, sentence.end)
    if issuer and words[-1] not in SPEECH:
        return names.after(issuer.end(), sentence.end)
    before = names.before(cue.start, sentence.start)
    if words[0] in CARRIED_ON:
        return before if before and not names.within(before) else None
    inverted = words[-1] in {"said", "says", "added", "tweeted", "wrote"}
    return before or (names.after(cue.end, sentence.end) if inverted else None)


def _missed(
    number: int, found: Sequence[Saying], sentence: Sentence, names: Names
) -> list[Saying]:
    """Sayings of a plain verb of speech with a subject right before it."""
    marked = [s for x in found for s in (x.cue, x.source) if s is not None]
    missed: list[Saying] = []
    for verb in _PLAIN_SPEECH.finditer(names.text, sentence.start, sentence.end):
        if any(s.start < verb.end() and verb.start() < s.end + 2 for s in marked):
            continue
        source = names.before(verb.start(), sentence.start)
        if source is None or any(
            s.start < source.end and source.start < s.end for s in marked
        ):
            continue
        missed.append(Saying(number, source, Span(*verb.span()), None, None))
        if len(missed) == _MOST:
            break
    return missed


def _with_first(saying: Saying, sentence: Sentence, names: Names) -> Saying:
    """Give a participle the subject that opens its sentence ("X left, saying")."""
    cue = saying.cue
    if cue is None or names.text[slice(*cue)].lower().split()[0] not in CARRIED_ON:
        return saying
    return replace(saying, source=names.after(sentence.start, cue.start))


def _with_opening(saying: Saying, sentence: Sentence, names: Names) -> Saying:
    """Give a bare content the subject and verb that open its sentence ("It put")."""
    if saying.anchor is not None or saying.content is None:
        return saying
    source = names.after(sentence.start, saying.content.start)
    if source is None:
        return saying
    verb = names.text[source.end : saying.content.start]
    words = verb.strip(' ,:"“').split()
    if not 0 < len(words) <= _MOST_WORDS or not words[0].islower():
        return saying
    start = source.end + verb.index(words[0])
    end = source.end + verb.rindex(words[-1]) + len(words[-1])
    return replace(saying, source=source, cue=Span(start, end))


def _with_cue(saying: Saying, sentence: Sentence, text: str) -> Saying:
    """Give a source without a cue the verb of speech right behind it."""
    if saying.source is None or saying.cue is not None:
        return saying
    verb = _SPEECH_BEHIND.match(text, saying.source.end, sentence.end)
    if verb is None or (saying.content and verb.start(1) >= saying.content.start):
        return saying
    return replace(saying, cue=Span(*verb.span(1)))
