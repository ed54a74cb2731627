"""Articles -> scored articles: segment, tag, attribute.

Some are tagged together, so that batches are full.
"""

from __future__ import annotations

import traceback
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from annotator.attribute import attribute, find_actors, stances
from annotator.records import (
    ActorMention,
    Article,
    Failure,
    Headline,
    Label,
    ScoredArticle,
    Sentence,
    Span,
    TaggedSentence,
)
from annotator.segment import article_language, segment
from annotator.tag.flags import decide
from annotator.tag.tagger import Tagger, Text

READABLE: Final = frozenset({"en"})
"""Languages the shipped models were trained on."""


def score_articles(
    articles: Sequence[Article], tagger: Tagger, least_confidence: float = 0.0
) -> list[ScoredArticle | Failure]:
    """Score articles together; one that trips a fault of ours is recorded in its place.

    See `score_or_fault`.
    """
    found = score_or_fault(articles, tagger, least_confidence)
    return [
        _failure(article, one) if isinstance(one, Exception) else one
        for article, one in zip(articles, found, strict=True)
    ]


def score_or_fault(
    articles: Sequence[Article], tagger: Tagger, least_confidence: float = 0.0
) -> list[ScoredArticle | Exception]:
    """Score articles together; one that trips a fault of ours costs no other.

    Where something fails they are scored one by one, and the one that fails again is
    answered by its exception.
    """
    try:
        segmented = [_segmented(article) for article in articles]
        return [*tag_articles(segmented, tagger, least_confidence)]
    except Exception as fault:
        # Whatever it is, it is one article's; the others are hours of work.
        if len(articles) == 1:
            return [fault]
    return [
        found
        for article in articles
        for found in score_or_fault([article], tagger, least_confidence)
    ]


def _failure(article: Article, error: Exception) -> Failure:
    """Say what went wrong with an article, and where in the program."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return Failure(
        article.source_path,
        "score",
        f"article {article.article_id}: {type(error).__name__}: {error}, at line "
        f"{place.lineno} of {Path(place.filename).name}; this is a fault of the "
        "program, please report it",
    )


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
    """Tag segmented articles together, their titles as texts of their own."""
    readable = [_readable(article, sentences) for article, sentences in articles]
    titles = [_readable_title(article) for article, _ in articles]
    found = tagger.tag(
        [*(_text(r) for r in readable), *(Text((t,) if t else ()) for t in titles)]
    )
    bodies, heads = found[: len(readable)], found[len(readable) :]
    scored = []
    for read, tagged, title, head in zip(readable, bodies, titles, heads, strict=True):
        labels = [
            decide(s.sentence_id, t, tagger.version, least_confidence)
            for s, t in zip(read.body, tagged, strict=True)
        ]
        headline = (
            _headline(read.article, title, head[0], tagger.version) if title else None
        )
        scored.append(_scored(read, tagged, labels, headline))
    return scored


class _Readable(NamedTuple):
    """An article, all its sentences, those that are tagged, and whom they name."""

    article: Article
    sentences: tuple[Sentence, ...]
    body: tuple[Sentence, ...]
    actors: list[ActorMention]


def _readable(article: Article, sentences: tuple[Sentence, ...]) -> _Readable:
    body = tuple(s for s in sentences if s.skipped is None)
    return _Readable(article, sentences, body, find_actors(article.text, body))


def _text(read: _Readable) -> Text:
    """What the tagger reads of an article: mentions are asked about in their order."""
    named: defaultdict[str, list[ActorMention]] = defaultdict(list)
    for mention in read.actors:
        named[mention.sentence_id].append(mention)
    return Text(
        tuple(read.article.text[s.start : s.end] for s in read.body),
        read.article.title,
        tuple(
            tuple(
                Span(m.span.start - s.start, m.span.end - s.start)
                for m in named[s.sentence_id]
            )
            for s in read.body
        ),
    )


def _readable_title(article: Article) -> str | None:
    """The title, where it is in a language the model reads."""
    if not article.title or not article.title.strip():
        return None
    alone = Article(article.article_id, "", article.title, language=article.language)
    cut = segment(alone, readable=READABLE)
    return article.title if any(s.skipped is None for s in cut) else None


def _headline(
    article: Article, title: str, tagged: TaggedSentence, version: str
) -> Headline:
    label = decide(f"{article.article_id}:title", tagged, version)
    shown = {m.layer: title[slice(*m.span)] for m in reversed(tagged.spans)}
    return Headline(
        label.label, label.confidence, shown.get("source"), shown.get("cue")
    )


def _scored(
    read: _Readable,
    tagged: Sequence[TaggedSentence],
    labels: Sequence[Label],
    headline: Headline | None,
) -> ScoredArticle:
    found = attribute(read.article, list(zip(read.body, tagged, strict=True)))
    leaning = [p for sentence in tagged for p in sentence.stances]
    return ScoredArticle(
        read.article,
        read.sentences,
        {label.sentence_id: label for label in labels},
        found.attributions,
        found.voices,
        found.loaded_terms,
        tuple(stances(read.actors, leaning, found.voices)),
        headline,
        skipped=None if tagged else _why_nothing(read.sentences),
    )


def _why_nothing(sentences: Sequence[Sentence]) -> str:
    reasons = [s.skipped for s in sentences if s.skipped and s.skipped != "headline"]
    return max(set(reasons), key=reasons.count) if reasons else "no sentence found"
