"""Articles -> scored articles: segment, tag, attribute, one article at a time.

Articles are tagged some dozens at a time so that batches are full; memory holds
no more than that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from annotator.attribute import attributions, loaded_terms
from annotator.ingest import NearDuplicates
from annotator.records import (
    Article,
    DroppedLine,
    Failure,
    Label,
    ScoredArticle,
    Sentence,
    TaggedSentence,
)
from annotator.segment import article_language, segment
from annotator.tag.flags import decide
from annotator.tag.tagger import Tagger, Text

ARTICLES_AT_ONCE: Final = 64
"""Enough for batches of windows of like length; some 10 MB of text and spans."""

READABLE: Final = frozenset({"en"})
"""Languages the shipped models were trained on."""


def score(
    read: Iterable[Article | DroppedLine | Failure],
    tagger: Tagger,
    least_confidence: float = 0.0,
) -> Iterator[ScoredArticle | DroppedLine | Failure]:
    """Score a stream of articles; what is no article is handed on.

    Articles come out in the order they went in. Near-duplicates of an earlier
    article are scored like any other and marked with its id.
    """
    seen = NearDuplicates()
    waiting: list[tuple[Article, tuple[Sentence, ...]]] = []
    for item in read:
        if not isinstance(item, Article):
            yield item
            continue
        twin = seen.first_seen(item.article_id, item.text)
        waiting.append(_segmented(replace(item, duplicate_of=twin)))
        if len(waiting) == ARTICLES_AT_ONCE:
            yield from tag_articles(waiting, tagger, least_confidence)
            waiting = []
    yield from tag_articles(waiting, tagger, least_confidence)


def score_article(article: Article, tagger: Tagger) -> ScoredArticle:
    """Score one article."""
    return tag_articles([_segmented(article)], tagger)[0]


def _segmented(article: Article) -> tuple[Article, tuple[Sentence, ...]]:
    sentences = segment(article, readable=READABLE)
    language = article.language or article_language(sentences, article.text)
    return replace(article, language=language), sentences


def tag_articles(
    articles: Sequence[tuple[Article, tuple[Sentence, ...]]],
    tagger: Tagger,
    least_confidence: float = 0.0,
) -> list[ScoredArticle]:
    """Tag segmented articles together."""
    readable = [[s for s in ss if s.skipped is None] for _, ss in articles]
    texts = [
        Text(tuple(article.text[s.start : s.end] for s in body), article.title)
        for (article, _), body in zip(articles, readable, strict=True)
    ]
    return [
        _scored(
            article,
            sentences,
            {
                s: (t, decide(s.sentence_id, t, tagger.version, least_confidence))
                for s, t in zip(body, found, strict=True)
            },
        )
        for (article, sentences), body, found in zip(
            articles, readable, tagger.tag(texts), strict=True
        )
    ]


def _scored(
    article: Article,
    sentences: tuple[Sentence, ...],
    found: dict[Sentence, tuple[TaggedSentence, Label]],
) -> ScoredArticle:
    tagged = [(s, t) for s, (t, _) in found.items()]
    return ScoredArticle(
        article,
        sentences,
        {s.sentence_id: label for s, (_, label) in found.items()},
        tuple(a for s, t in tagged for a in attributions(s, t, article.text)),
        loaded_terms=tuple(w for s, t in tagged for w in loaded_terms(s, t)),
        skipped=None if found else _why_nothing(sentences),
    )


def _why_nothing(sentences: Sequence[Sentence]) -> str:
    reasons = [s.skipped for s in sentences if s.skipped and s.skipped != "headline"]
    return max(set(reasons), key=reasons.count) if reasons else "no sentence found"
