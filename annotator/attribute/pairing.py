"""A tagged sentence -> its sayings: source, cue and content that belong together.

The tagger marks the three layers each for itself; `marks` has mended them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from annotator.attribute.contents import with_contents
from annotator.attribute.lexicon import AFTER_CUE, BARE_HEDGES
from annotator.attribute.marks import (
    Mark,
    marks,
    mended_contents,
    mended_cues,
    mended_sources,
)
from annotator.attribute.phrases import Names
from annotator.attribute.saying import Saying
from annotator.attribute.subjects import with_subjects
from annotator.codebook import LABELS
from annotator.records import Sentence, Span, TaggedSentence

_FAR: Final = 400
"""Cost from which a source is not a cue's: it stands on the side it cannot."""


def sayings(
    number: int, sentence: Sentence, tagged: TaggedSentence, names: Names
) -> list[Saying]:
    """Pair the marks of one sentence, in order of the text.

    Parameters
    ----------
    number
        Of the sentence among those tagged.
    names
        Of the whole article, with its text.
    """
    text = names.text
    sources = mended_sources(marks(tagged, "source", sentence), sentence, names)
    cues = [
        c
        for c in mended_cues(marks(tagged, "cue", sentence), text)
        if not any(s.span.start <= c.span.start < s.span.end for s in sources)
    ]
    contents = mended_contents(
        marks(tagged, "content", sentence), [*sources, *cues], text
    )
    found = _paired(number, sources, cues, contents, text)
    claim = _is_claim(tagged)
    found = with_subjects(found, number, sentence, names, is_claim=claim)
    return with_contents(found, sentence, text, is_claim=claim)


def _is_claim(tagged: TaggedSentence) -> bool:
    """Whether the tagger thinks that a sentence tells what somebody says."""
    best = max(range(len(LABELS)), key=lambda i: tagged.probabilities[i])
    return LABELS[best] in {"attributed_claim", "unverifiable_allegation"}


def _paired(
    number: int,
    sources: Sequence[Mark],
    cues: Sequence[Mark],
    contents: Sequence[Mark],
    text: str,
) -> list[Saying]:
    """Every cue takes its cheapest source and content; what is left stands alone."""
    of_source = _cheapest(
        [[_source_cost(c, s, cues, text) for s in sources] for c in cues]
    )
    of_content = _cheapest([[_gap(c.span, o.span) for o in contents] for c in cues])
    found = [
        _saying(
            number,
            sources[of_source[i]] if i in of_source else None,
            cue,
            contents[of_content[i]] if i in of_content else None,
        )
        for i, cue in enumerate(cues)
    ]
    loose = [s for j, s in enumerate(sources) if j not in of_source.values()]
    rest = [c for j, c in enumerate(contents) if j not in of_content.values()]
    taken = _cheapest([[_gap(s.span, c.span) for c in rest] for s in loose])
    for i, source in enumerate(loose):
        if i in taken or not any(_hears(source, cue, text) for cue in cues):
            content = rest[taken[i]] if i in taken else None
            found.append(_saying(number, source, None, content))
    used = set(taken.values())
    found += [
        _saying(number, None, None, c) for j, c in enumerate(rest) if j not in used
    ]
    return found


def _saying(
    number: int, source: Mark | None, cue: Mark | None, content: Mark | None
) -> Saying:
    kinds = [m.kind for m in (source, content, cue) if m is not None and m.kind]
    told = [k for k in kinds if k != "hearsay"]
    likely = kinds if source is None and content is None else told or kinds
    kind = likely[0] if likely else None
    return Saying(
        number,
        source.span if source else None,
        cue.span if cue else None,
        content.span if content else None,
        kind,
    )


def _cheapest(costs: Sequence[Sequence[int]]) -> dict[int, int]:
    """Pair rows with columns one to one, cheapest pairs first, none above `_FAR`."""
    order = sorted(
        (cost, i, j)
        for i, row in enumerate(costs)
        for j, cost in enumerate(row)
        if cost < _FAR
    )
    taken: dict[int, int] = {}
    columns: set[int] = set()
    for _, i, j in order:
        if i not in taken and j not in columns:
            taken[i] = j
            columns.add(j)
    return taken


def _gap(a: Span, b: Span) -> int:
    return max(a.start - b.end, b.start - a.end, 0)


def _source_cost(cue: Mark, source: Mark, cues: Sequence[Mark], text: str) -> int:
    """Characters between the two, more where grammar speaks against them."""
    words = text[slice(*cue.span)].lower().split()
    if not words or BARE_HEDGES & set(words):
        return _FAR
    cost = _gap(cue.span, source.span)
    behind = source.span.start >= cue.span.end
    if AFTER_CUE & {words[0], words[-1]}:
        return cost if behind else _FAR
    if behind and words[0] in {"told", "tells", "tell", "telling"}:
        return _FAR
    if behind:
        cost += 4 if cost <= 2 else 60
    low = min(cue.span.end, source.span.end)
    high = max(cue.span.start, source.span.start)
    crossed = sum(low <= c.span.start < high for c in cues if c is not cue)
    return min(cost + 60 * crossed, _FAR - 1)


def _hears(source: Mark, cue: Mark, text: str) -> bool:
    """Whether a source is the one who is told ("told Asharq Al-Awsat")."""
    words = text[slice(*cue.span)].lower().split()
    return 0 <= source.span.start - cue.span.end <= 5 and (
        words[0] in {"told", "tells", "tell", "telling"} or words[-1] in {"to", "with"}
    )
