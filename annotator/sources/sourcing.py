"""A scored article -> how it is sourced; many of them -> how an outlet sources.

An accusation is a cue of the class "accused" with a named actor: the first proper
name after the cue, or before it where the cue is passive ("Deniz is accused of").
The actor is heard if a source of the same article bears its name; it was asked if a
denial or a refusal to comment stands in the sentence or in the two after it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from annotator.records import ScoredArticle, Share, Span
from annotator.records.sources import Sourcing, Tally
from annotator.sources.citations import PARTY_KINDS, Citation, Citations, cite
from annotator.sources.cues import cue_class
from annotator.sources.names import parse
from annotator.sources.words import words

REPLY_WITHIN: Final = 2
"""Sentences after an accusation in which a reply or a refusal answers it."""

COMMON_STEM: Final = 4
"""Letters that a country and its people share ("Turkey", "Turkish")."""

_ENDINGS: Final = frozenset(
    ["", "a", "y", "ey", "e", "n", "an", "ian", "ia", "i", "ish", "ese", "s", "el"]
)
_PROPER: Final = re.compile(
    r"[^\W\d_a-z][\w'’.-]*(?: (?:al-|el-|of |the |for )?[^\W\d_a-z][\w'’.-]*){0,5}"
)
_PASSIVE: Final = re.compile(
    r"\b(?:is|are|was|were|been|being|stands?|stood)(?: \w+)? $", re.I
)
_ANSWER: Final = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed|ing)?|dismiss(?:es|ed|ing)?"
    r"|declin(?:es|ed|ing) to|refus(?:es|ed|ing) to (?:comment|answer)"
    r"|could not be reached|no (?:immediate )?comment"
    r"|(?:did|had|has|have) not (?:immediately )?(?:respond|repl|comment)\w*"
    r"|not (?:immediately )?available for comment)\b",
    re.I,
)

SHARES: Final = (
    "named",
    "first_hand",
    "documents",
    "single_source_paragraphs",
    "one_anonymous",
    "replied",
)


def sourcing(scored: ScoredArticle, found: Citations | None = None) -> Sourcing:
    """Say how one article is sourced.

    `found` are its citations, where they are known already.
    """
    article = scored.article
    citations = (found or cite(scored)).found
    sources = {c.source: c for c in citations}
    named = sum(c.identity == "named" for c in sources.values())
    total = len(scored.attributions)
    answers = list(_replied(scored, citations))
    sides = Counter(side for c in citations for side in c.sides)
    parties = Counter(
        c.source.text
        for c in citations
        if c.attribution.source_kind in PARTY_KINDS and c.identity == "named"
    )
    return Sourcing(
        article_id=article.article_id,
        outlet=article.outlet,
        articles=1,
        words=len(article.text.split()),
        attributions=total,
        named=Share(named, len(sources)),
        first_hand=Share(sum(c.first_hand for c in citations), total),
        documents=Share(
            sum(a.source_kind == "document" for a in scored.attributions), total
        ),
        single_source_paragraphs=_single_source(citations),
        one_anonymous=_one_anonymous(citations),
        sides=_tallies(sides),
        parties=_tallies(parties),
        replied=Share(sum(answers), len(answers)),
    )


def sourcing_by_outlet(blocks: Iterable[Sourcing]) -> tuple[Sourcing, ...]:
    """Add up the blocks of articles, an outlet each, the unknown outlet last.

    Copies are the caller's to leave out.
    """
    sums: defaultdict[str | None, _Sum] = defaultdict(_Sum)
    for block in blocks:
        sums[block.outlet].add(block)
    names = sorted(sums, key=lambda o: (o is None, (o or "").casefold(), o or ""))
    return tuple(sums[name].of(name) for name in names)


class _Sum:
    """What the articles of an outlet add up to."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._shares: defaultdict[str, Share] = defaultdict(lambda: Share(0, 0))
        self._sides: Counter[str] = Counter()
        self._parties: Counter[str] = Counter()

    def add(self, block: Sourcing) -> None:
        for name in ("articles", "words", "attributions"):
            self._counts[name] += getattr(block, name)
        for name in SHARES:
            so_far, more = self._shares[name], getattr(block, name)
            self._shares[name] = Share(
                so_far.count + more.count, so_far.total + more.total
            )
        self._sides.update(_counts(block.sides))
        self._parties.update(_counts(block.parties))

    def of(self, outlet: str | None) -> Sourcing:
        return Sourcing(
            article_id=None,
            outlet=outlet,
            articles=self._counts["articles"],
            words=self._counts["words"],
            attributions=self._counts["attributions"],
            sides=_tallies(self._sides),
            parties=_tallies(self._parties),
            **self._shares,
        )


def _counts(tallies: Iterable[Tally]) -> dict[str, int]:
    return {t.value: t.count for t in tallies if t.value is not None}


def _tallies(counter: Counter[str]) -> tuple[Tally, ...]:
    order = sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Tally(value, count) for value, count in order)


def _single_source(citations: Sequence[Citation]) -> Share:
    """Count the paragraphs that cite one source only, of those that cite any."""
    by_paragraph = _by_paragraph(citations)
    single = sum(len({c.source for c in cs}) == 1 for cs in by_paragraph.values())
    return Share(single, len(by_paragraph))


def _one_anonymous(citations: Sequence[Citation]) -> Share:
    """Count the claims whose paragraph has one source, and that one unnamed."""
    claims = [c for c in citations if c.attribution.content]
    by_paragraph = _by_paragraph(citations)
    alone = {
        paragraph
        for paragraph, found in by_paragraph.items()
        if len({c.source for c in found}) == 1
    }
    count = sum(
        c.paragraph in alone and c.identity in {"body", "none"} and _unnamed(c)
        for c in claims
    )
    return Share(count, len(claims))


def _unnamed(citation: Citation) -> bool:
    """Whether it is a person without a name, and not a body ("the army")."""
    kind = citation.attribution.source_kind
    return citation.identity == "none" or kind in {"unnamed_official", "unnamed_other"}


def _by_paragraph(citations: Sequence[Citation]) -> dict[int, list[Citation]]:
    found: defaultdict[int, list[Citation]] = defaultdict(list)
    for citation in citations:
        found[citation.paragraph].append(citation)
    return dict(found)


def _replied(scored: ScoredArticle, citations: Sequence[Citation]) -> Iterator[bool]:
    """Say of each accusation of a named actor whether there is a reply."""
    text = scored.article.text
    sentences = [s.span for s in scored.sentences]
    place = {s.sentence_id: i for i, s in enumerate(scored.sentences)}
    sources = {c.source for c in citations}
    for attribution in scored.attributions:
        cue = attribution.cue
        if cue is None or cue_class(text[cue.start : cue.end]) != "accused":
            continue
        at = place[attribution.sentence_id]
        actor = _accused(text, cue, sentences[at])
        if actor:
            heard = any(_same(actor, source.key) for source in sources)
            until = sentences[min(at + REPLY_WITHIN, len(sentences) - 1)].end
            yield heard or bool(_ANSWER.search(text, cue.end, until))


def _accused(text: str, cue: Span, sentence: Span) -> tuple[str, ...]:
    """Give the words of the accused actor's name; none where it has none."""
    before = text[sentence.start : cue.start]
    if _PASSIVE.search(before):
        found = [m[0] for m in _PROPER.finditer(before)][-1:]
    else:
        found = [m[0] for m in _PROPER.finditer(text, cue.end, sentence.end)][:1]
    name = parse(found[0]) if found else None
    return name.key if name and name.shape == "proper" else ()


def _same(actor: Sequence[str], source: Sequence[str]) -> bool:
    """Whether a source speaks for an actor: a word of the name in common.

    >>> _same(("turkey",), ("turkish", "army"))
    True
    >>> _same(("russia",), ("syrian", "army"))
    False
    """
    table = words()
    plain = [w for w in actor if w not in table.bodies and len(w) > 1]
    return any(_akin(word, other) for word in plain for other in source)


def _akin(word: str, other: str) -> bool:
    """Whether two words are one, or a country and its people."""
    if word == other:
        return True
    same = 0
    for a, b in zip(word, other, strict=False):
        if a != b:
            break
        same += 1
    rests = {word[same:], other[same:]}
    return same >= COMMON_STEM and rests <= _ENDINGS
