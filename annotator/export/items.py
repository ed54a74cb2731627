"""A scored article and what people say of it -> the sentences an export holds."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final, Literal

from annotator.codebook import LABELS, LabelName
from annotator.records import (
    Article,
    Attribution,
    Label,
    MarkedSpan,
    ScoredArticle,
    Sentence,
    Span,
    SpanLayer,
    Verdict,
)

What = Literal["flagged", "all", "decided"]
LabelledBy = Literal["machine", "people"]
GradeOf = Callable[[ScoredArticle, Attribution], tuple[str | None, str | None]]

CONTEXT: Final = 32
"""Code points of the article kept on either side of a sentence, so that it is found
again where ids are lost; the W3C's own examples have as many."""

BEFORE: Final = 2
"""Sentences before one that the codebook says to read with it."""

LAYERS: Final[tuple[SpanLayer, ...]] = ("source", "cue", "content", "loaded")


def ungraded(scored: ScoredArticle, found: Attribution) -> tuple[None, None]:
    """Grade nothing: what holds before sources were traced."""
    return None, None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which labelled sentences are exported.

    Attributes
    ----------
    what
        `flagged` by the machine, `all`, or `decided` by people.
    outlet
        As the article has it, whatever its case.
    label
        The one that counts: people's where they gave one.
    """

    what: What = "flagged"
    outlet: str | None = None
    label: LabelName | None = None

    def takes(self, item: Item) -> bool:
        """Whether the scope holds a sentence."""
        wanted = {
            "flagged": item.machine.flagged,
            "all": True,
            "decided": item.verdict is not None,
        }
        outlet = item.article.outlet or ""
        return (
            wanted[self.what]
            and (self.outlet is None or self.outlet.casefold() == outlet.casefold())
            and (self.label is None or self.label == item.label)
        )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the sentences of a collection beside what was scored.

    Attributes
    ----------
    verdicts, notes
        By sentence id.
    grades
        Gives the letter of who speaks and the digit of what is said; None where there
        is no grade.
    """

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    grades: GradeOf = ungraded


@dataclass(frozen=True, slots=True)
class Said:
    """Who says what in a sentence, with the grades on both axes."""

    attribution: Attribution
    reliability: str | None
    credibility: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One sentence to export.

    Attributes
    ----------
    machine_spans
        Into the sentence, layer by layer in the order of the text.
    spans
        Those that count: people's where they corrected them, else the machine's.
    said
        The machine's attributions, whatever people did to the spans.
    note
        What people wrote of it.
    before, after
        The sentences around it, as read; empty at either end of the article.
    """

    article: Article
    sentence: Sentence
    machine: Label
    verdict: Verdict | None
    machine_spans: tuple[MarkedSpan, ...]
    spans: tuple[MarkedSpan, ...]
    said: tuple[Said, ...]
    note: str
    before: str
    after: str

    @property
    def text(self) -> str:
        """The sentence."""
        return self.article.text[self.sentence.start : self.sentence.end]

    @property
    def label(self) -> LabelName:
        """The label that counts: people's where they gave one, else the machine's."""
        return self.verdict.label if self.verdict else self.machine.label

    @property
    def labelled_by(self) -> LabelledBy:
        """Whose label it is."""
        return "people" if self.verdict else "machine"

    @property
    def credibility(self) -> str | None:
        """The digit of what the sentence says; None where it was not graded."""
        return next((s.credibility for s in self.said if s.credibility), None)

    @property
    def reliability(self) -> str | None:
        """The letter of the first source that has one."""
        return next((s.reliability for s in self.said if s.reliability), None)

    @property
    def settled(self) -> str | None:
        """A digest of what people settled; None where they did not.

        An annotation that comes back with it is this one, and no new decision.
        """
        return digest(self.label, self.spans, self.note) if self.verdict else None

    def quote(self, span: Span) -> str:
        """Give the text of a span of the sentence."""
        return self.text[span.start : span.end]


def items(scored: ScoredArticle, known: Known, scope: Scope) -> Iterator[Item]:
    """Give the sentences of an article that a scope holds, in the order of the text."""
    spans = machine_spans(scored)
    attributions: defaultdict[str, list[Attribution]] = defaultdict(list)
    for found in scored.attributions:
        attributions[found.sentence_id].append(found)
    for place, sentence in enumerate(scored.sentences):
        name = sentence.sentence_id
        if (machine := scored.labels.get(name)) is None:
            continue
        verdict = known.verdicts.get(name)
        corrected = verdict.spans if verdict else None
        item = Item(
            scored.article,
            sentence,
            machine,
            verdict,
            spans[name],
            spans[name] if corrected is None else in_order(corrected),
            tuple(Said(a, *known.grades(scored, a)) for a in attributions[name]),
            known.notes.get(name, ""),
            _stretch(scored, place - BEFORE, place),
            _stretch(scored, place + 1, place + 2),
        )
        if scope.takes(item):
            yield item


def machine_spans(scored: ScoredArticle) -> defaultdict[str, tuple[MarkedSpan, ...]]:
    """Give what the machine marked, by sentence id: each span of a layer once."""
    sentences = {s.sentence_id: s for s in scored.sentences}
    marked: defaultdict[str, dict[tuple[str, Span], MarkedSpan]] = defaultdict(dict)

    def mark(sentence_id: str, at: Span | None, layer: SpanLayer, **of: Any) -> None:
        if at and (inside := _inside(sentences[sentence_id], at)):
            found = MarkedSpan(layer, inside, **of)
            marked[sentence_id].setdefault((layer, inside), found)

    for a in scored.attributions:
        mark(a.sentence_id, a.source, "source", kind=a.source_kind)
        mark(a.sentence_id, a.cue, "cue", kind=a.source_kind)
        mark(a.sentence_id, a.content, "content", kind=a.source_kind)
    for t in scored.loaded_terms:
        mark(t.sentence_id, t.span, "loaded", polarity=t.polarity, voice=t.voice)
    return defaultdict(
        tuple, {name: in_order(found.values()) for name, found in marked.items()}
    )


def in_order(spans: Iterable[MarkedSpan]) -> tuple[MarkedSpan, ...]:
    """Put spans layer by layer in the order of the text."""
    return tuple(sorted(spans, key=lambda m: (LAYERS.index(m.layer), m.span)))


def digest(label: str | None, spans: Iterable[MarkedSpan] | None, note: str) -> str:
    """Give 16 hexadecimal digits that stand for an annotation's content."""
    marks = None if spans is None else sorted(map(_plain, spans))
    told = json.dumps([label, marks, note])
    return sha256(told.encode("ascii")).hexdigest()[:16]


def context(article: Article, at: Sentence | Span) -> tuple[str, str]:
    """Give what stands right before and after a stretch of an article."""
    before = article.text[max(0, at.start - CONTEXT) : at.start]
    return before, article.text[at.end : at.end + CONTEXT]


def facts(item: Item) -> dict[str, Any]:
    """Give what a row of any format says of its sentence besides the annotation."""
    article, machine = item.article, item.machine
    prefix, suffix = context(article, item.sentence)
    return {
        "sentence_id": item.sentence.sentence_id,
        "article_id": article.article_id,
        "model": machine.model,
        "labelled_by": item.labelled_by,
        "settled": item.settled,
        "machine_label": machine.label,
        "confidence": machine.confidence,
        "probabilities": dict(zip(LABELS, machine.probabilities, strict=True)),
        "reasons": list(machine.flag_reasons),
        "reviewers": list(item.verdict.reviewers) if item.verdict else [],
        "outlet": article.outlet,
        "title": article.title,
        "author": article.author,
        "published": article.published,
        "url": article.url,
        "prefix": prefix,
        "suffix": suffix,
    }


def _plain(mark: MarkedSpan) -> list[str | int]:
    attributes = (mark.kind or "", mark.polarity or "", mark.voice or "")
    return [mark.layer, *mark.span, *attributes]


def _inside(sentence: Sentence, span: Span) -> Span | None:
    """Give a span of the article as one of the sentence, cut at its ends."""
    start = max(span.start, sentence.start) - sentence.start
    end = min(span.end, sentence.end) - sentence.start
    return Span(start, end) if start < end else None


def _stretch(scored: ScoredArticle, first: int, end: int) -> str:
    """Give the text that a run of sentences covers."""
    run = scored.sentences[max(0, first) : end]
    return scored.article.text[run[0].start : run[-1].end] if run else ""
