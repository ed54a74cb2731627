"""The tagger's spans -> attributions and loaded terms of an article.

Each sentence stands alone here: a speaker named in another sentence is not
looked for, and nested attributions are not told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from annotator.records import (
    Attribution,
    LoadedTerm,
    MarkedSpan,
    QuoteForm,
    Sentence,
    Span,
    TaggedSentence,
)

QUOTES: Final = '"“”„«»'

_Row = tuple[MarkedSpan | None, MarkedSpan | None, MarkedSpan | None]


def attributions(
    sentence: Sentence, tagged: TaggedSentence, text: str
) -> tuple[Attribution, ...]:
    """Who is said to say what in one sentence; spans are into `text`.

    Every cue opens an attribution and takes the nearest source and content that
    no nearer cue wants; a source or content left over stands in one of its own.
    """
    spans = {
        layer: [m for m in tagged.spans if m.layer == layer]
        for layer in ("source", "cue", "content")
    }
    sources = _nearest(spans["cue"], spans["source"])
    contents = _nearest(spans["cue"], spans["content"])
    rows: list[_Row] = [
        (sources.pop(i, None), cue, contents.pop(i, None))
        for i, cue in enumerate(spans["cue"])
    ]
    used = {id(m) for row in rows for m in row}
    loose_sources = [s for s in spans["source"] if id(s) not in used]
    loose_contents = [c for c in spans["content"] if id(c) not in used]
    paired = _nearest(loose_sources, loose_contents)
    rows += [(s, None, paired.get(i)) for i, s in enumerate(loose_sources)]
    used |= {id(c) for c in paired.values()}
    rows += [(None, None, c) for c in loose_contents if id(c) not in used]
    return tuple(_attribution(sentence, text, *row) for row in rows)


def loaded_terms(sentence: Sentence, tagged: TaggedSentence) -> tuple[LoadedTerm, ...]:
    """The loaded terms of one sentence; their targets are not resolved."""
    return tuple(
        LoadedTerm(
            sentence.sentence_id,
            _moved(mark, sentence),
            None,
            mark.polarity,
            mark.voice,
        )
        for mark in tagged.spans
        if mark.layer == "loaded" and mark.polarity and mark.voice
    )


def _nearest(
    anchors: Sequence[MarkedSpan], others: Sequence[MarkedSpan]
) -> dict[int, MarkedSpan]:
    """Pair each anchor with at most one other, nearest pairs first."""
    pairs = sorted(
        (_gap(a.span, o.span), i, j)
        for i, a in enumerate(anchors)
        for j, o in enumerate(others)
    )
    taken: dict[int, int] = {}
    for _, i, j in pairs:
        if i not in taken and j not in taken.values():
            taken[i] = j
    return {i: others[j] for i, j in taken.items()}


def _gap(a: Span, b: Span) -> int:
    return max(a.start - b.end, b.start - a.end, 0)


def _attribution(
    sentence: Sentence,
    text: str,
    source: MarkedSpan | None,
    cue: MarkedSpan | None,
    content: MarkedSpan | None,
) -> Attribution:
    kind = next((m.kind for m in (source, cue, content) if m), None)
    said = _moved(content, sentence) if content else None
    return Attribution(
        sentence_id=sentence.sentence_id,
        source=_moved(source, sentence) if source else None,
        cue=_moved(cue, sentence) if cue else None,
        content=said,
        source_kind=kind,
        form=_form(text[max(said.start - 1, 0) : said.end + 2]) if said else None,
    )


def _moved(mark: MarkedSpan, sentence: Sentence) -> Span:
    return Span(mark.span.start + sentence.start, mark.span.end + sentence.start)


def _form(content: str) -> QuoteForm:
    """Direct if quotation marks hold the content, mixed if they hold a part.

    A quotation that began in an earlier sentence shows its closing mark alone.
    """
    marks = [i for i, c in enumerate(content) if c in QUOTES]
    if not marks:
        return "indirect"
    closing_alone = len(marks) == 1 and marks[0] >= len(content) - 3
    return "direct" if marks[0] <= 1 or closing_alone else "mixed"
