"""Sayings of single sentences -> sayings across them.

What quotation marks hold together, what a source goes on to say, who speaks a bare
quotation, and whether it is direct.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from annotator.attribute.lexicon import BARE_HEDGES, CARRIED_ON, FIRST_PERSON, HEDGES
from annotator.attribute.phrases import Names
from annotator.attribute.quotations import Quotation, Quoted
from annotator.attribute.saying import Saying
from annotator.attribute.speakers import speaker_beside
from annotator.records import QuoteForm, Sentence, Span

_WORDS: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_INNER: Final = re.compile(r"(?<![^\W_])[‘'“\"«][^\W_]")
_OPENING: Final = 5
"""Characters before a cue that still opens its sentence ("And adding that")."""

_SCARE: Final = 3
"""Words of a quotation that may be scare quotes or a title, not a statement."""


def with_quotations(
    found: Sequence[Saying],
    sentences: Sequence[Sentence],
    quoted: Quoted,
    names: Names,
) -> list[Saying]:
    """Make contents and quotation marks agree, sentence by sentence.

    A content inside a quotation fills it; a sentence that stands in a closed
    quotation and has no saying gets one.
    """
    text = names.text
    by_sentence = {n: list(g) for n, g in groupby(found, key=lambda s: s.sentence)}
    result: list[Saying] = []
    for number, sentence in enumerate(sentences):
        here = by_sentence.get(number, [])
        for part, quotation in _parts(sentence, quoted):
            here = _fitted(here, part, text) or here
            here = [_with_speaker(s, part, sentence, here, names) for s in here]
            if _is_bare(here, part, sentence, quoted.all[quotation]):
                part = _trimmed(part, text)
                source, cue = speaker_beside(part, sentence, here, names)
                here = [*here, Saying(number, source, cue, part, None)]
        result += sorted(here, key=lambda s: s.first)
    return result


def _with_speaker(
    saying: Saying, part: Span, sentence: Sentence, here: list[Saying], names: Names
) -> Saying:
    """Give a bare quotation the speaker beside it whom the tagger missed."""
    if saying.anchor is not None or saying.content is None:
        return saying
    if _overlap(saying.content, part) <= 0:
        return saying
    source, cue = speaker_beside(part, sentence, here, names)
    content = _trimmed(part, names.text) if source else saying.content
    return replace(saying, source=source, cue=cue, content=content)


def _parts(sentence: Sentence, quoted: Quoted) -> Iterator[tuple[Span, int]]:
    """Stretches of a sentence in quotation marks that can be relied upon."""
    for part in quoted.within(sentence.span):
        number = quoted.at(part.start)
        if number is not None and _reliable(quoted.all, number):
            yield part, number


def _reliable(quotations: Sequence[Quotation], number: int) -> bool:
    following = quotations[number + 1 : number + 2]
    return quotations[number].closed or any(q.runs_on for q in following)


def _fitted(here: list[Saying], part: Span, text: str) -> list[Saying] | None:
    """Sayings with the quoted part as the content of the one it belongs to, if any."""
    part = _trimmed(part, text)
    said = next((s for s in here if _follows(s, part, text)), None)
    if said is not None:
        rest = [s for s in here if s.anchor or not _is_inside(s.content, part)]
        return [replace(s, content=part) if s is said else s for s in rest]
    if len(_WORDS.findall(text, *part)) <= _SCARE and not _is_whole(part, text):
        return None
    for i, saying in enumerate(here):
        content = saying.content
        if _is_inside(saying.anchor, part):
            continue
        if content is None:
            alone = saying.source is not None and not any(s.content for s in here)
        else:
            alone = part.start - 2 <= content.start and content.end <= part.end + 2
        if alone:
            return [*here[:i], replace(saying, content=part), *here[i + 1 :]]
    return None


def _follows(saying: Saying, part: Span, text: str) -> bool:
    """Whether source and cue stand right behind a quoted part that a comma ends."""
    places = [s for s in (saying.source, saying.cue) if s is not None]
    if len(places) < 2:
        return False
    start = min(s.start for s in places)
    gap = text[part.end : start] if start >= part.end else "x"
    clause = text[part.end - 1 : part.end] + gap
    return not any(map(str.isalnum, gap)) and any(c in ",?!" for c in clause)


def _is_bare(
    here: Sequence[Saying], part: Span, sentence: Sentence, quotation: Quotation
) -> bool:
    """Whether no saying has a quoted part that is most of its sentence, or runs on."""
    held = any(
        s.content and _overlap(s.content, part) > 0 and not _is_inside(s.anchor, part)
        for s in here
    )
    long = 2 * (part.end - part.start) > sentence.end - sentence.start
    whole = (
        sentence.start <= quotation.span.start and quotation.span.end <= sentence.end
    )
    return not held and quotation.opened and (long or not whole)


def _trimmed(span: Span, text: str) -> Span:
    words = text[slice(*span)]
    start = span.start + len(words) - len(words.lstrip())
    end = span.start + len(words.rstrip(" \t,"))
    return Span(start, max(start, end))


def _is_whole(part: Span, text: str) -> bool:
    """Whether a short quotation is a statement: it has a capital and a stop."""
    return text[part.start : part.start + 1].isupper() and (
        text[part.end - 1 : part.end + 2].strip("\"”»’'")[:1] in tuple(".,!?")
    )


def _is_inside(span: Span | None, part: Span) -> bool:
    return span is not None and part.start <= span.start < part.end


def _overlap(a: Span, b: Span) -> int:
    return min(a.end, b.end) - max(a.start, b.start)


def shared_speakers(
    found: Sequence[Saying], sentences: Sequence[Sentence], quoted: Quoted, text: str
) -> dict[int, int]:
    """For each saying without a source of its own, the one whose source it shares.

    Sayings nobody can be found for, and hearsay, are left out.
    """
    chains = _chains(quoted.all)
    of_chain = {
        chains[n]: i
        for i, saying in reversed(list(enumerate(found)))
        if saying.source is not None
        and (n := _quotation(saying, quoted)) is not None
        and quoted.at(saying.source.start) is None
    }
    known: dict[int, list[int]] = defaultdict(list)
    for i, saying in enumerate(found):
        if saying.source is not None and quoted.at(saying.source.start) is None:
            known[saying.sentence].append(i)
    shared: dict[int, int] = {}
    bare: dict[int, int] = {}
    for i, saying in enumerate(found):
        if saying.source is not None or is_hearsay(saying, text):
            continue
        quotation = _quotation(saying, quoted)
        link = of_chain.get(chains[quotation]) if quotation is not None else None
        if link is None:
            link = _beside(i, saying, known, sentences, text)
        if link is None and quotation is not None:
            link = bare.setdefault(chains[quotation], i)
            if link == i:
                continue
        if link is not None:
            shared[i] = shared.get(link, link)
            known[saying.sentence].append(i)
    return shared


def _parted(sentences: Sequence[Sentence], number: int, text: str) -> bool:
    """Whether a paragraph ends with a sentence, or nothing follows."""
    if number + 1 >= len(sentences):
        return True
    gap = text[sentences[number].end : sentences[number + 1].start]
    return "\n" in gap or "\r" in gap


def _chains(quotations: Sequence[Quotation]) -> list[int]:
    """For each quotation the first of those it runs on from."""
    chains: list[int] = []
    for number, quotation in enumerate(quotations):
        chains.append(chains[-1] if quotation.runs_on and chains else number)
    return chains


def _quotation(saying: Saying, quoted: Quoted) -> int | None:
    if saying.content is None:
        return None
    return quoted.at((saying.content.start + saying.content.end) // 2)


def is_hearsay(saying: Saying, text: str) -> bool:
    """Whether a hedge stands where a source would."""
    if saying.cue is None:
        return False
    words = text[slice(*saying.cue)].lower().split()
    if CARRIED_ON & set(words):
        return False
    hedge = set(words) & (HEDGES | BARE_HEDGES)
    return saying.kind == "hearsay" or bool(hedge - {"said", "claimed", "reported"})


def _beside(
    at: int,
    saying: Saying,
    known: Mapping[int, Sequence[int]],
    sentences: Sequence[Sentence],
    text: str,
) -> int | None:
    """The saying next to this one whose source goes on, or is named afterwards.

    `known` has the sayings with a known source by sentence. A cue without a source
    goes with its own sentence, unless it opens it.
    """
    number = saying.sentence
    here = known.get(number, [])
    if here:
        return max((j for j in here if j < at), default=here[0])
    opening = saying.cue and saying.cue.start - sentences[number].start
    if opening is not None and opening > _OPENING:
        return None
    before = known.get(number - 1, [])
    if before:
        return before[-1]
    behind = [] if _parted(sentences, number, text) else known.get(number + 1, [])
    return behind[0] if behind else None


def form(saying: Saying, quoted: Quoted, text: str) -> QuoteForm | None:
    """Direct if all of the content is in quotation marks, mixed if some of it is.

    Without marks a clause in the first person that stands before its cue is direct:
    the marks were lost.
    """
    content = saying.content
    if content is None:
        return None
    pieces = quoted.within(content)
    place = quoted.at(saying.anchor.start) if saying.anchor else None
    if place is not None and place == quoted.at(content.start):
        return _form_inside(content, text)
    inside = sum(len(_WORDS.findall(text, *piece)) for piece in pieces)
    if not inside:
        return "direct" if _lost_its_marks(saying, text) else "indirect"
    if inside < len(_WORDS.findall(text, *content)):
        return "mixed"
    return "direct" if _is_clause(pieces[0], quoted, text) else "mixed"


def _form_inside(content: Span, text: str) -> QuoteForm:
    """Form of what is told within a quotation: inner marks alone count."""
    inner = _INNER.search(text, max(0, content.start - 1), content.end + 1)
    if inner is None:
        return "indirect"
    return "direct" if inner.start() <= content.start + 1 else "mixed"


def _is_clause(piece: Span, quoted: Quoted, text: str) -> bool:
    """Whether quoted words stand as a clause of their own, by how they begin.

    They open the sentence or the quotation goes on from one before, they have a
    capital, or a comma, colon or dash parts them from the writer's words.
    """
    number = quoted.at(piece.start)
    begun = number is not None and quoted.all[number].span.start < piece.start - 1
    first = text[piece.start]
    lead = text[max(0, piece.start - 4) : piece.start].rstrip("\"“„«‹‘'` \t")
    return begun or not first.islower() or not lead or lead[-1] in ",:;.!?…—–-\n"


def _lost_its_marks(saying: Saying, text: str) -> bool:
    content, cue = saying.content, saying.cue
    if content is None or (cue is not None and cue.start < content.start):
        return False
    words = {w.lower() for w in _WORDS.findall(text, *content)}
    return bool(words & FIRST_PERSON - {"us"})
