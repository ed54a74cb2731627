"""A tagged sentence -> its marks, mended: whole names, balanced brackets, one cue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from annotator.attribute.lexicon import AUXILIARIES, DETERMINERS
from annotator.attribute.nouns import DOCUMENTS
from annotator.attribute.phrases import Names
from annotator.records import Sentence, Span, SpanLayer, TaggedSentence

_ISSUED: Final = re.compile(
    r"\s+(?:\w+\s+){0,3}?(?:by|from|of|in)\s+(?:the\s+)?|['’]s?\s+", re.I
)
_ISSUE: Final = re.compile(
    rf"(?:\b(?:an?|the)\s+(?:\w+\s+){{0,2}})?\b(?:{'|'.join(sorted(DOCUMENTS))})"
    r",?\s+(?:\w+\s+){0,2}(?:by|from|of|in)\s+(?:the\s+)?$",
    re.I,
)
_LOOSE_END: Final = re.compile(
    r"(?:\s+(?:the|a|an|of|for|in|on|at|by|from|with|to|and|who|which|that|also))+$",
    re.I,
)
_LOOSE_HEAD: Final = re.compile(
    r"^(?:earlier|meanwhile|later|however|separately|but|and|while|also|when|that|as|"
    r"which|who|on \w+day|\w+day)\s+,?\s*(?=\w)",
    re.I,
)
_CUE_TAIL: Final = re.compile(r"(?<=\w)(?:\s+(?:in|on|a|an|the))+$")
_OWNED: Final = re.compile(
    r"(?<=['’]s)(?:\s+[A-Z][\w'’-]*)+|(?<=s['’])(?:\s+[A-Z][\w'’-]*)+"
)
_OWN: Final = re.compile(r"(?<= own)\s+\w+")
_BELONGS: Final = re.compile(r"\s+(?:of|from|with|at)\s+(?:the\s+)?$")
_COMMA_BEFORE: Final = re.compile(r",\s+(?:an?\s+|the\s+)?$")
_COMMA: Final = re.compile(r"\s*,\s+(?:the\s+)?", re.I)
_CONJOINED: Final = re.compile(r"\W*\b(?:that|to|and|or|by)\b\W*", re.I)
_NEAR: Final = 60
"""Characters before a source that are searched for the document it issued."""


class Mark(NamedTuple):
    """A span of the tagger's, moved into the article."""

    span: Span
    kind: str | None


def marks(tagged: TaggedSentence, layer: SpanLayer, sentence: Sentence) -> list[Mark]:
    """The spans of one layer, in order of the text."""
    at = sentence.start
    return [
        Mark(Span(m.span.start + at, m.span.end + at), m.kind)
        for m in tagged.spans
        if m.layer == layer and m.span.start < m.span.end
    ]


def mended_cues(found: Sequence[Mark], text: str) -> list[Mark]:
    """Cues with nothing but a space between them are one ("had" "reported")."""
    joined: list[Mark] = []
    for mark in found:
        if joined and text[joined[-1].span.end : mark.span.start].isspace():
            last = joined.pop()
            joined.append(Mark(Span(last.span.start, mark.span.end), mark.kind))
        elif has_word(mark.span, text):
            joined.append(mark)
    whole = [Mark(_without_tail(m.span, text), m.kind) for m in joined]
    return [m for m in whole if set(text[slice(*m.span)].lower().split()) - AUXILIARIES]


def _without_tail(cue: Span, text: str) -> Span:
    """Leave out what remains of "in a statement" behind "said"."""
    tail = _CUE_TAIL.search(text, *cue)
    return Span(cue.start, tail.start()) if tail else cue


def mended_contents(
    found: Sequence[Mark], others: Sequence[Mark], text: str
) -> list[Mark]:
    """Contents cut in two by a point or a "that" become one again.

    `others` are the sources and cues, which part two contents.
    """
    joined: list[Mark] = []
    for mark in found:
        if not has_word(mark.span, text):
            continue
        if joined and _are_one(joined[-1].span, mark.span, others, text):
            last = joined.pop()
            mark = Mark(Span(last.span.start, mark.span.end), last.kind)
        joined.append(mark)
    return joined


def _are_one(left: Span, right: Span, others: Sequence[Mark], text: str) -> bool:
    between = text[left.end : right.start]
    if len(between) < 4 and not any(c.isalnum() or c in '"“”' for c in between):
        return True
    cut = any(left.end <= o.span.start < right.start for o in others)
    return not cut and _CONJOINED.fullmatch(between) is not None


def mended_sources(
    found: Sequence[Mark], sentence: Sentence, names: Names
) -> list[Mark]:
    """Sources with whole names and balanced brackets; a document with its issuer."""
    text, mended = names.text, list[Mark]()
    for mark in found:
        span = _whole(mark.span, sentence, names)
        if not has_word(span, text) or _only_determiners(span, text):
            continue
        kind = mark.kind
        if mended and _go_together(mended[-1].span, span, text):
            last = mended.pop()
            span = Span(last.span.start, max(last.span.end, span.end))
            kind = last.kind
        mended.append(Mark(_balanced(span, sentence, text), kind))
    return mended


def _go_together(left: Span, right: Span, text: str) -> bool:
    """Whether two sources overlap, touch, or are a document and its issuer."""
    if right.start <= left.end:
        return True
    between = text[left.end : right.start]
    touching = len(between) <= 2 and not any(c.isalnum() or c == "," for c in between)
    head = text[slice(*left)].lower().split()[-2:]
    document = any(word.strip(".,") in DOCUMENTS for word in head)
    return touching or (document and _ISSUED.fullmatch(between) is not None)


def _whole(span: Span, sentence: Sentence, names: Names) -> Span:
    """A source that neither begins nor ends inside a name, its title or apposition."""
    text = names.text
    start = _extended_left(span.start, sentence, names)
    end = _extended_right(Span(start, span.end), sentence, names)
    start, end = max(start, sentence.start), min(end, sentence.end)
    loose = _LOOSE_END.search(text, start, end)
    if loose and loose.start() > start:
        end = loose.start()
    head = _LOOSE_HEAD.match(text[start:end])
    if head and head.end() < end - start:
        start += head.end()
    return Span(start, end)


def _extended_left(start: int, sentence: Sentence, names: Names) -> int:
    text = names.text
    name = names.at(start + 1)
    if name is not None and name.whole.start < start:
        start = max(name.whole.start, sentence.start)
    belongs = _BELONGS.search(text, max(sentence.start, start - 12), start)
    member = names.at(belongs.start() - 1) if belongs else None
    if member is not None and member.kind == "person":
        return member.whole.start
    comma = _COMMA_BEFORE.search(text, max(sentence.start, start - 4), start)
    named = names.at(comma.start()) if comma else None
    if named is not None and named.kind == "person" and not names.at(start + 1):
        return max(named.whole.start, sentence.start)
    issue = _ISSUE.search(text, max(sentence.start, start - _NEAR), start)
    return issue.start() if issue else start


def _extended_right(span: Span, sentence: Sentence, names: Names) -> int:
    start, end = span
    text = names.text
    for place in (end - 1, end, end + 2, end + 3):
        name = names.at(place)
        if name is not None and name.whole.start < end and not name.modifier:
            end = max(end, name.span.end)
    owned = _OWNED.match(text, end, sentence.end) or _OWN.match(text, end, sentence.end)
    end = owned.end() if owned else end
    comma = _COMMA.match(text, end, sentence.end)
    if comma and not names.within(Span(start, end)):
        name = names.at(comma.end() + 1)
        if name is not None and name.span.start == comma.end():
            end = name.span.end
    return end


def _balanced(span: Span, sentence: Sentence, text: str) -> Span:
    """Close an open bracket if it closes soon, else leave it out."""
    words = text[slice(*span)]
    for opening, closing in ("()", "[]"):
        if words.count(opening) > words.count(closing):
            at = text.find(closing, span.end, min(sentence.end, span.end + 40))
            if at >= 0:
                return Span(span.start, at + 1)
            kept = words[: words.rfind(opening)].rstrip(" ,")
            return Span(span.start, span.start + len(kept)) if kept else span
    return span


def has_word(span: Span, text: str) -> bool:
    """Whether a stretch holds a letter or a digit."""
    return any(map(str.isalnum, text[slice(*span)]))


def _only_determiners(span: Span, text: str) -> bool:
    return all(word in DETERMINERS for word in text[slice(*span)].lower().split())
