"""A scored article -> its claims that report an event, with what identifies it.

An attributed claim is read without its source and its cue: contents are compared,
not who reports them. Opinions, questions and standing background ("the war has
killed 400,000 since 2011") give no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final, Self

from annotator.codebook import LabelName
from annotator.corroborate import wording
from annotator.corroborate.dates import (
    Days,
    article_day,
    named_days,
    without_dates,
)
from annotator.corroborate.figures import Figure, figures
from annotator.corroborate.lexicon import lexicon
from annotator.corroborate.words import Token, tokens
from annotator.records import Attribution, ScoredArticle, Span

LEAD: Final = 2
"""Sentences at the head of an article, and before a claim, whose names it inherits."""

OLD: Final = 14
"""Days after which a report no longer speaks of news but recalls it."""

_ASSERTED: Final = "reported_fact"
_FEWEST_WORDS: Final = 4
_STANDING: Final = re.compile(
    r"\bsince (?:the|its|a|an|it|they) .{0,60}\b"
    r"(?:beg[au]n|start(?:ed)?|outbreak|broke)\b"
    r"|\bsince (?:(?:early|late|mid-?)\s?)?(?:[A-Z]\w+ )?(?:19|20)\d\d\b"
    r"|\b(?:years?|decades?|months?) ago\b"
    r"|\b(?:over|in|for) the (?:past|last) \w+ years\b"
    r"|\b\w+[- ]year(?:-old)? (?:war|conflict|uprising|rule)\b.*\b(?:has|have)\b"
    r"|\b(?:often|regularly|routinely|frequently|usually|repeatedly|every now and then"
    r"|almost daily|on a daily basis|in the past|recently)\b"
    r"|\bin recent (?:weeks|months|years)\b|\bon (?:many|several|multiple) occasions\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """What one sentence reports.

    Attributes
    ----------
    text
        What is compared: the sentence without its source and cue.
    passage
        The whole sentence.
    bare
        Whether it is asserted without any attribution or hedge.
    past
        Whether it tells of something in the past tense, as reports do.
    speaker
        Who is said to say it, as fully named as the article does; None where the
        outlet says it itself, or nobody who can be told.
    cue
        The words that attribute or hedge it; None where it is asserted.
    day
        Of publication, as an ordinal; None if unknown.
    named_days
        The days, months and years that the claim names.
    acts, denied
        What happened, and what did not, in acts of the lexicon and other verbs.
    sides
        Who acted, where only the side is named.
    names, context
        Keys of the names in the claim; and of those in the title, the lead and the
        sentences before it, of the speaker, and of the first word, name or not.
    """

    sentence_id: str
    article_id: str
    outlet: str | None
    label: LabelName
    text: str
    passage: str
    bare: bool
    past: bool
    speaker: str | None
    speaker_kind: str | None
    cue: str | None
    day: int | None
    named_days: tuple[Days, ...]
    acts: frozenset[str]
    denied: frozenset[str]
    sides: frozenset[str]
    figures: tuple[Figure, ...]
    names: frozenset[str]
    context: frozenset[str]

    @property
    def when(self) -> Days | None:
        """The days it may speak of; None without any date."""
        if self.named_days:
            return self.named_days[0]
        return None if self.day is None else Days(self.day, self.day)


def claims(scored: ScoredArticle) -> list[Claim]:
    """Give the claims of an article that report an event, in the order of the text."""
    reading = _Reading.of(scored)
    said: dict[str, list[Attribution]] = {}
    for attribution in scored.attributions:
        said.setdefault(attribution.sentence_id, []).append(attribution)
    found = []
    for at, sentence in enumerate(scored.sentences):
        if sentence.sentence_id not in scored.labels:
            continue
        label = scored.label_of(sentence.sentence_id)
        if label == "opinion":
            continue
        claim = reading.claim(
            sentence.sentence_id,
            label,
            sentence.span,
            said.get(sentence.sentence_id, ()),
            reading.lead.union(*reading.names[max(0, at - LEAD) : at]),
        )
        if claim is not None:
            found.append(claim)
    return found


def title_claim(scored: ScoredArticle) -> Claim | None:
    """Give what the title of an article reports; None if it reports no event."""
    title, headline = scored.article.title, scored.headline
    if not title or headline is None:
        return None
    reading = replace(_Reading.of(scored), text=title)
    name = f"{scored.article.article_id}:title"
    span = Span(0, len(title))
    return reading.claim(name, headline.label, span, (), reading.lead)


@dataclass(frozen=True, slots=True)
class _Reading:
    """An article while its claims are read.

    `known` are its names, `names` those of each sentence, `lead` those of its title
    and first sentences.
    """

    article_id: str
    outlet: str | None
    text: str
    day: int | None
    known: frozenset[str]
    names: tuple[frozenset[str], ...]
    lead: frozenset[str]

    @classmethod
    def of(cls, scored: ScoredArticle) -> Self:
        article = scored.article
        worded = [tokens(article.text[s.start : s.end]) for s in scored.sentences]
        known = wording.names_inside(worded)
        names = tuple(wording.names(words, known) for words in worded)
        title = wording.names(tokens(article.title or ""), known, every=True)
        return cls(
            article.article_id,
            article.outlet,
            article.text,
            article_day(article),
            known,
            names,
            title.union(*names[:LEAD]),
        )

    def claim(
        self,
        name: str,
        label: LabelName,
        span: Span,
        said: Sequence[Attribution],
        context: frozenset[str],
    ) -> Claim | None:
        """Give the claim of a sentence; None if it reports no event of these days."""
        whole, day = self.text[span.start : span.end], self.day
        days = named_days(whole, day)
        old = day is not None and bool(days) and all(_old(d, day) for d in days)
        if old or whole.endswith("?") or _STANDING.search(whole):
            return None
        voiced = said if label != _ASSERTED else ()
        text = _content(whole, span.start, voiced)
        words = tokens(without_dates(text))
        acts = wording.acts(words)
        counted = figures(text, words, acts)
        enough = sum(w.text[0].isalnum() for w in words) >= _FEWEST_WORDS
        if not enough or not (any(acts) or counted):
            return None
        cue = _cue(self.text, voiced)
        denied = self._denied(voiced)
        if denied is None:
            return None
        denied = (denied & _all(acts)) | wording.denied(words, acts)
        speaker, kind = _speaker(self.text, voiced)
        return Claim(
            name,
            self.article_id,
            self.outlet,
            label,
            text,
            whole,
            label == _ASSERTED and not (said or wording.hedged(words)),
            wording.past(words),
            speaker,
            kind,
            cue,
            day,
            days,
            _all(acts) - denied,
            denied,
            wording.sides(words, acts),
            counted,
            wording.names(words, self.known),
            context
            | wording.may_be_names(words[:1])
            | wording.may_be_names(tokens(speaker or "")),
        )

    def _denied(self, said: Iterable[Attribution]) -> frozenset[str] | None:
        """Give the acts in what a source denies; None if that cannot be told."""
        found: frozenset[str] = frozenset()
        for attribution in said:
            cue, content = attribution.cue, attribution.content
            if cue is None or attribution.depth:
                continue
            words = tokens(self.text[cue.start : cue.end])
            if not lexicon().denials & {w.stem for w in words}:
                continue
            if content is None:
                return None
            if not wording.negated(words):
                told = tokens(self.text[content.start : content.end])
                found |= _all(wording.acts(list(takewhile(_inside_denial, told))))
        return found


def _inside_denial(word: Token) -> bool:
    return word.text not in lexicon().words["relative"]


def _old(days: Days, published: int) -> bool:
    return days.last < published - OLD


def _content(whole: str, offset: int, said: Iterable[Attribution]) -> str:
    """Blank out the sources and cues of a sentence, and tidy what is left."""
    text = whole
    for attribution in said:
        for span in (attribution.source, attribution.cue):
            if span is not None and attribution.depth == 0:
                start, end = span.start - offset, span.end - offset
                text = text[:start] + " " * (end - start) + text[end:]
    return " ".join(text.split()).strip(' ,;:-–—"“”')


def _cue(text: str, said: Sequence[Attribution]) -> str | None:
    """Give the cue of the narrator's attribution, or its source where none is found."""
    for field in ("cue", "source"):
        for attribution in said:
            span = getattr(attribution, field)
            if span is not None and attribution.depth == 0:
                return text[span.start : span.end]
    return None


def _speaker(text: str, said: Sequence[Attribution]) -> tuple[str | None, str | None]:
    for attribution in said:
        if attribution.source is None or attribution.depth:
            continue
        written = text[attribution.source.start : attribution.source.end]
        speaker = attribution.resolved_source or written
        if speaker.casefold() not in lexicon().words["pronouns"]:
            return speaker, attribution.source_kind
    return None, None


def _all(acts: Iterable[str | None]) -> frozenset[str]:
    return frozenset(act for act in acts if act)
