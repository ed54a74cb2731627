"""A results folder -> the sentences to ask about, and any article as it was read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal, NamedTuple, Self

from annotator.decisions import Filter, Order, QueueItem, matching, ordered, weights
from annotator.records import (
    Attribution,
    Corroboration,
    Label,
    MarkedSpan,
    OutletProfile,
    ScoredArticle,
    Sentence,
    Span,
    SpanLayer,
)
from annotator.report.grading import Graded, Grading
from annotator.store import Results, read_results
from annotator.store.lookup import (
    ArticleLookup,
    article_facts,
    labelled_texts,
    sources_cited,
)

Gap = Literal["space", "paragraph"]
"""What stands before a sentence in its article."""

ARTICLES_KEPT: Final = 256
"""Articles in memory: those of 20 people's last ten items, at some 100 KB each."""

LISTINGS_KEPT: Final = 32
"""Orders and filters in memory, at some 1 MB for each 10,000 items."""

RELATED: Final = 12
"""Most related claims of a sentence shown: as many as can be compared."""


class Listing(NamedTuple):
    """Items in the order in which to ask, and the place of each in it."""

    items: list[QueueItem]
    places: dict[str, int]


class Said(NamedTuple):
    """Who is said to say something in a sentence; texts as the sentence has them."""

    source: str | None
    cue: str | None
    content: str | None
    source_kind: str | None
    resolved_source: str | None
    form: str | None
    depth: int
    reliability: Graded | None
    credibility: Graded | None


class Related(NamedTuple):
    """A claim of another article about the same event."""

    relation: str
    text: str
    outlet: str | None
    title: str | None
    published: str | None
    same_origin: bool
    reason: str


class Neighbour(NamedTuple):
    """A sentence of an article, and what stands before it."""

    sentence_id: str
    text: str
    gap: Gap


class OpenSentence:
    """One labelled sentence with what is around it and what was found in it."""

    def __init__(
        self, scored: ScoredArticle, place: int, label: Label, grading: Grading
    ) -> None:
        self.article = scored.article
        self.sentence: Sentence = scored.sentences[place]
        self.label = label
        self._scored, self._place, self._grading = scored, place, grading

    @property
    def text(self) -> str:
        """The sentence."""
        return self._text(self.sentence.span)

    def before(self, most: int) -> list[Neighbour]:
        """Give the sentences before it, in the order of the text."""
        return neighbours(self._scored)[max(0, self._place - most) : self._place]

    def after(self, most: int) -> list[Neighbour]:
        """Give the sentences after it."""
        return neighbours(self._scored)[self._place + 1 : self._place + 1 + most]

    def spans(self) -> list[MarkedSpan]:
        """Give what the machine marked, each span once, in the order of the text."""
        found: dict[tuple[SpanLayer, Span], MarkedSpan] = {}
        for said in self._attributions():
            layers: dict[SpanLayer, Span | None] = {
                "source": said.source,
                "cue": said.cue,
                "content": said.content,
            }
            for layer, span in layers.items():
                if span and (inside := self._inside(span)):
                    marked = MarkedSpan(layer, inside, said.source_kind)
                    found.setdefault((layer, inside), marked)
        for term in self._scored.loaded_terms:
            if term.sentence_id != self.sentence.sentence_id:
                continue
            if inside := self._inside(term.span):
                found["loaded", inside] = MarkedSpan(
                    "loaded", inside, polarity=term.polarity, voice=term.voice
                )
        return sorted(found.values(), key=lambda marked: marked.span)

    def said(self) -> list[Said]:
        """Give who says what in it, in the order of the text."""
        return [
            Said(
                source=a.source and self._text(a.source),
                cue=a.cue and self._text(a.cue),
                content=a.content and self._text(a.content),
                source_kind=a.source_kind,
                resolved_source=a.resolved_source,
                form=a.form,
                depth=a.depth,
                reliability=self._grading.reliability(self._scored, a),
                credibility=self._grading.credibility(self._scored, a),
            )
            for a in self._attributions()
        ]

    def _attributions(self) -> Iterator[Attribution]:
        own = self.sentence.sentence_id
        return (a for a in self._scored.attributions if a.sentence_id == own)

    def _text(self, span: Span) -> str:
        return self.article.text[span.start : span.end]

    def _inside(self, span: Span) -> Span | None:
        """Give a span of the article as one of the sentence, cut at its ends."""
        start = max(span.start, self.sentence.start) - self.sentence.start
        end = min(span.end, self.sentence.end) - self.sentence.start
        return Span(start, end) if start < end else None


class Desk:
    """A results folder opened for review; safe from several threads.

    Attributes
    ----------
    items
        The flagged sentences, or all that have a label, in the order of the text.
    """

    def __init__(self, results: Results, every: bool = False) -> None:
        self.items = list(_queue_items(results, every))
        self.outlets: tuple[OutletProfile, ...] = results.outlets()
        self._lookup = ArticleLookup(results)
        self._grading = Grading(results)
        self._pairs: defaultdict[str, list[Corroboration]] = defaultdict(list)
        for pair in results.corroborations():
            self._pairs[pair.sentence_id].append(pair)
            self._pairs[pair.other_id].append(pair)
        self.article = lru_cache(ARTICLES_KEPT)(self._lookup.scored)
        self._ordered = lru_cache(None)(self._order)
        self.listing = lru_cache(LISTINGS_KEPT)(self._list)

    @classmethod
    def open(cls, path: Path, every: bool = False) -> Self:
        """Open a results folder.

        Parameters
        ----------
        every
            Whether to ask about all labelled sentences and not the flagged alone.

        Raises
        ------
        BadResults
            If there is no finished results folder.
        """
        return cls(read_results(path), every)

    def sentence(self, sentence_id: str) -> OpenSentence | None:
        """Find a sentence that has a label."""
        scored = self.article(sentence_id.rpartition(":")[0])
        label = scored.labels.get(sentence_id) if scored else None
        if scored is None or label is None:
            return None
        ids = [sentence.sentence_id for sentence in scored.sentences]
        return OpenSentence(scored, ids.index(sentence_id), label, self._grading)

    def related(self, sentence_id: str) -> list[Related]:
        """Give what other articles say of the same event, the most alike first."""
        pairs = sorted(self._pairs.get(sentence_id, ()), key=lambda p: -p.similarity)
        found = []
        for pair in pairs[:RELATED]:
            ids = {pair.sentence_id, pair.other_id} - {sentence_id}
            other = self.sentence(ids.pop()) if ids else None
            if other is not None:
                found.append(_related(pair, other))
        return found

    def _order(self, by: Order, seed: int) -> list[QueueItem]:
        return ordered(self.items, by, seed)

    def _list(self, by: Order, wanted: Filter, seed: int) -> Listing:
        items = matching(self._ordered(by, seed), wanted)
        return Listing(items, {item.sentence_id: i for i, item in enumerate(items)})


def neighbours(scored: ScoredArticle) -> list[Neighbour]:
    """Give the sentences of an article as they follow each other."""
    text, end = scored.article.text, 0
    found = []
    for sentence in scored.sentences:
        gap: Gap = (
            "space" if end and "\n\n" not in text[end : sentence.start] else "paragraph"
        )
        shown = text[sentence.start : sentence.end]
        found.append(Neighbour(sentence.sentence_id, shown, gap))
        end = sentence.end
    return found


def _queue_items(results: Results, every: bool) -> Iterator[QueueItem]:
    facts = {article.article_id: article for article in article_facts(results)}
    counts: defaultdict[str | None, int] = defaultdict(int)
    for article in facts.values():
        counts[article.outlet] += article.n_sentences
    weight_of = weights(counts)
    cited = sources_cited(results)
    for found in labelled_texts(results, every):
        article = facts[found.article_id]
        yield QueueItem(
            sentence_id=found.label.sentence_id,
            article_id=found.article_id,
            outlet=article.outlet,
            title=article.title,
            topic=article.topic,
            published=article.published,
            text=found.text,
            label=found.label.label,
            probabilities=found.label.probabilities,
            reasons=found.label.flag_reasons,
            sources=cited.get(found.label.sentence_id, ()),
            weight=weight_of[article.outlet],
        )


def _related(pair: Corroboration, other: OpenSentence) -> Related:
    return Related(
        pair.relation,
        other.text,
        other.article.outlet,
        other.article.title,
        other.article.published,
        pair.same_origin,
        pair.reason,
    )
