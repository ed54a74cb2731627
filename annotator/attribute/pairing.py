"""A tagged sentence -> its sayings: source, cue and content that belong together.

The tagger marks the three layers each for itself; `marks` has mended them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from annotator.attribute.lexicon import (
    AFTER_CUE,
    BARE_HEDGES,
    CARRIED_ON,
    HEDGES,
    SPEECH,
)
from annotator.attribute.marks import (
    Mark,
    marks,
    mended_contents,
    mended_cues,
    mended_sources,
)
from annotator.attribute.phrases import Names
from annotator.attribute.quotations import QUOTE_MARKS
from annotator.codebook import LABELS
from annotator.records import Sentence, Span, TaggedSentence

_FAR: Final = 400
"""Cost from which a source is not a cue's: it stands on the side it cannot."""

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
_RESTART: Final = re.compile(r"^(?:that|how|whether)\s+", re.I)
_OPENING: Final = 15
"""Characters before "according to" that leave it at the head of its sentence."""

_LEAST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Saying:
    """Source, cue and content that belong together; spans are into the article.

    `kind` is the tagger's guess of the source kind.
    """

    sentence: int
    source: Span | None
    cue: Span | None
    content: Span | None
    kind: str | None

    @property
    def anchor(self) -> Span | None:
        """Where it is said that somebody says it: the cue, else the source."""
        return self.cue or self.source

    @property
    def first(self) -> int:
        """Where it begins."""
        return min(s.start for s in (self.source, self.cue, self.content) if s)


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
    found = [_with_subject(s, found, sentence, names) for s in found]
    found += _missed(number, found, sentence, names)
    if not any(s.source for s in found):
        found = [_with_first(s, sentence, names) for s in found]
    found = [_with_cue(s, sentence, text) for s in found]
    if len(found) == 1 and _is_claim(tagged):
        found = [_with_opening(found[0], sentence, names)]
    kept = [_without_source(s, text) for s in found if _says_something(s, text)]
    kept = [s for s in kept if s.anchor or not _is_aside(s, kept, text)]
    if not _is_claim(tagged):
        kept = [s for s in kept if s.anchor or _is_marked(s, text)]
    kept.sort(key=lambda s: s.first)
    whole = [_with_content(i, kept, sentence, text) for i in range(len(kept))]
    return [_with_cited_content(s, whole, text) for s in whole]


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
    kind = (kinds if source is None and content is None else told or kinds or [None])[0]
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


def _with_opening(saying: Saying, sentence: Sentence, names: Names) -> Saying:
    """Give a bare content the subject and verb that open its sentence ("It put")."""
    if saying.anchor is not None or saying.content is None:
        return saying
    source = names.after(sentence.start, saying.content.start)
    if source is None:
        return saying
    verb = names.text[source.end : saying.content.start]
    words = verb.strip(' ,:"“').split()
    if not 0 < len(words) < _LEAST_WORDS or not words[0].islower():
        return saying
    start = source.end + verb.index(words[0])
    end = source.end + verb.rindex(words[-1]) + len(words[-1])
    return replace(saying, source=source, cue=Span(start, end))


def _is_claim(tagged: TaggedSentence) -> bool:
    """Whether the tagger thinks that a sentence tells what somebody says."""
    best = max(range(len(LABELS)), key=lambda i: tagged.probabilities[i])
    return LABELS[best] in {"attributed_claim", "unverifiable_allegation"}


def _with_cue(saying: Saying, sentence: Sentence, text: str) -> Saying:
    """Give a source without a cue the verb of speech right behind it."""
    if saying.source is None or saying.cue is not None:
        return saying
    verb = _SPEECH_BEHIND.match(text, saying.source.end, sentence.end)
    if verb is None or (saying.content and verb.start(1) >= saying.content.start):
        return saying
    return replace(saying, cue=Span(*verb.span(1)))


def _says_something(saying: Saying, text: str) -> bool:
    """Not a cue by itself, unless it is a hedge such as "reportedly"."""
    if saying.source is not None and saying.cue is None and saying.content is None:
        return False
    if saying.source is not None or saying.content is not None or saying.cue is None:
        return True
    return bool(BARE_HEDGES & set(text[slice(*saying.cue)].lower().split()))


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
    """Whether a bare content is a clause about a source ("who lives in Idlib")."""
    at = saying.first
    lead = text[max(0, at - 7) : at].split()
    return lead[-1:] in (["who"], ["which"]) and any(s.source for s in all_of)


def _is_marked(saying: Saying, text: str) -> bool:
    """Whether a quotation mark stands in a bare content, or beside it."""
    start, end = saying.content or (0, 0)
    return any(c in QUOTE_MARKS for c in text[max(0, start - 2) : end + 2])


def is_citation(saying: Saying, text: str) -> bool:
    """Whether one source names another as its own ("citing two officials")."""
    words = text[slice(*saying.cue)].lower().split() if saying.cue else []
    return bool(
        {"citing", "quoting", "cited", "quoted", "quotes", "cites"} & set(words)
    )


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
    words = text[start:end]
    lead = len(words) - len(words.lstrip(' ,;:-–—"“'))
    that = _RESTART.match(words[lead:])
    lead += that.end() if that else 0
    kept = words[lead:].rstrip(' ,;:.!?-–—"”')
    if len(kept.split()) < _LEAST_WORDS:
        return None
    return Span(start + lead, start + lead + len(kept))
