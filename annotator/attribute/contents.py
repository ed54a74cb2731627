"""Sayings of a sentence -> the same with their contents mended.

A source is taken out of a content that swallowed it, a content that was missed is the
clause behind the cue or before it, and stray ones are left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from annotator.attribute.lexicon import AFTER_CUE, BARE_HEDGES
from annotator.attribute.quotations import QUOTE_MARKS
from annotator.attribute.saying import Saying, is_citation
from annotator.records import Sentence, Span

_CLOSING: Final = re.compile(r"[”»]|(?<=[,.?!])\"")
_OPENING_MARK: Final = re.compile(r"[“«]|\"(?=\w)")
_RESTART: Final = re.compile(r"^(?:that|how|whether)\s+", re.I)
_OPENING: Final = 15
"""Characters before "according to" that leave it at the head of its sentence."""
_LEAST_WORDS: Final = 3


def with_contents(
    found: Sequence[Saying], sentence: Sentence, text: str, *, is_claim: bool
) -> list[Saying]:
    """Mend the contents of one sentence's sayings; in order of the text.

    `is_claim` says whether the tagger takes the sentence for somebody's claim.
    """
    kept = [_without_source(s, text) for s in found if _says_something(s, text)]
    kept = [
        s
        for s in kept
        if s.anchor
        or (
            _may_stand_bare(s, sentence, text, is_claim)
            and not _is_aside(s, kept, text)
        )
    ]
    kept.sort(key=lambda s: s.first)
    whole = [_with_content(i, kept, sentence, text) for i in range(len(kept))]
    return [_with_cited_content(s, whole, text) for s in whole]


def _says_something(saying: Saying, text: str) -> bool:
    """Neither a cue by itself but for a hedge ("reportedly"), nor a question put.

    "Asked whether she would go, she said" has the interviewer's words in it.
    """
    cue = text[slice(*saying.cue)].split() if saying.cue else []
    if saying.source is None:
        if saying.content is None or cue == ["Asked"]:
            return bool(BARE_HEDGES & {word.lower() for word in cue})
        return True
    return saying.cue is not None or saying.content is not None


def _without_source(saying: Saying, text: str) -> Saying:
    """Take a source and a cue out of the content that swallowed them at its edge."""
    content = saying.content
    for other in (saying.source, saying.cue):
        if other is None or content is None:
            continue
        if content.start < other.start < content.end and other.end >= content.end - 2:
            content = _stripped(Span(content.start, other.start), text)
        elif other.start <= content.start < other.end < content.end:
            content = _stripped(Span(other.end, content.end), text)
    return replace(saying, content=content)


def _stripped(span: Span, text: str) -> Span | None:
    words = text[slice(*span)]
    start = span.start + len(words) - len(words.lstrip(" ,;:-–—"))
    end = span.start + len(words.rstrip(" ,;:-–—"))
    return Span(start, end) if start < end else None


def _is_aside(saying: Saying, all_of: Sequence[Saying], text: str) -> bool:
    """Whether a bare content holds a source, or is a clause about one."""
    at = saying.first
    lead = text[max(0, at - 7) : at].split()
    sources = [s.source for s in all_of if s.source]
    if lead[-1:] in (["who"], ["which"]):
        return bool(sources)
    content = saying.content
    return content is not None and any(
        content.start <= s.start < content.end for s in sources
    )


def _may_stand_bare(
    saying: Saying, sentence: Sentence, text: str, is_claim: bool
) -> bool:
    """Whether a content without source and cue has marks, or fills its sentence."""
    start, end = saying.content or (0, 0)
    if any(c in QUOTE_MARKS for c in text[max(0, start - 2) : end + 2]):
        return True
    most = 2 * (end - start) > sentence.end - sentence.start
    return is_claim and most


def _with_cited_content(saying: Saying, all_of: Sequence[Saying], text: str) -> Saying:
    """What a cited source is cited for is what the citing one says."""
    if not is_citation(saying, text) or saying.source is None:
        return saying
    said = (s.content for s in all_of if s is not saying and s.source and s.content)
    content = next(said, None)
    return replace(saying, content=content) if content else saying


def _with_content(
    at: int, all_of: Sequence[Saying], sentence: Sentence, text: str
) -> Saying:
    """Give a source and cue without content the clause after or before them."""
    saying = all_of[at]
    if saying.content is not None or saying.cue is None or saying.source is None:
        return saying
    begin = max(saying.cue.end, saying.source.end)
    others = [s for s in all_of if s is not saying and (s.source or s.content)]
    following = min((s.first for s in others if s.first >= begin), default=sentence.end)
    nested = _RESTART.sub("", text[begin:following].strip() + " ").strip() == ""
    content = _clause(text, begin, sentence.end if nested else following)
    cue = text[slice(*saying.cue)].lower().split()
    per = bool(AFTER_CUE & {cue[0], cue[-1]})
    inverted = saying.source.start >= saying.cue.end and (
        not per or saying.first - sentence.start > _OPENING
    )
    if following == sentence.end and (not others or per) and (inverted or not content):
        content = _clause(text, sentence.start, saying.first) or content
    return replace(saying, content=content)


def _clause(text: str, start: int, end: int) -> Span | None:
    """What is left of a stretch without its punctuation; None if a word or two."""
    closing = _CLOSING.search(text, start, end)
    if closing and not _OPENING_MARK.search(text, start, closing.start()):
        end = closing.start()
    words = text[start:end]
    lead = len(words) - len(words.lstrip(' ,;:-–—"“'))
    that = _RESTART.match(words[lead:])
    lead += that.end() if that else 0
    kept = words[lead:].rstrip(' ,;:.!?-–—"”')
    if len(kept.split()) < _LEAST_WORDS:
        return None
    return Span(start + lead, start + lead + len(kept))
