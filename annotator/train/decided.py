"""Reviewed articles -> runs of sentences labelled as people decided."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Final

from annotator.records import ScoredArticle, Sentence
from annotator.train.data import LabelledSentence, Run

BEFORE: Final = 2
AFTER: Final = 1
"""Sentences around those decided that are read for context: as many as a window has on
either side by default (`annotator.tag.windows.WindowShape`)."""

HELD_OUT: Final = 25
"""Of 100 articles, those whose decisions only measure: at 200 decisions some 50, on
which a difference of ten points in accuracy begins to show."""


def decided_runs(articles: Iterable[ScoredArticle]) -> list[Run]:
    """Give the sentences with a verdict, each with its neighbours unlabelled.

    Sentences that stand near each other share a run. A run of a copy bears the id of
    the article that it copies, so that both fall on one side of any split by article.
    """
    return [run for scored in articles if scored.verdicts for run in _runs(scored)]


def is_held_out(article: str) -> bool:
    """Whether decisions on an article only measure, by a hash of its id.

    Salted, since the splits of training data are made from the unsalted hash; and a
    hash, so that an article stays on its side when more are reviewed.
    """
    digest = hashlib.blake2b(article.encode(), digest_size=4, salt=b"learn").digest()
    return int.from_bytes(digest, "big") % 100 < HELD_OUT


def _runs(scored: ScoredArticle) -> Iterator[Run]:
    article = scored.article
    for stretch in _stretches(scored):
        sentences = tuple(
            _labelled(scored, scored.sentences[i])
            for i in range(
                max(0, stretch[0] - BEFORE),
                min(len(scored.sentences), stretch[-1] + AFTER + 1),
            )
        )
        context = next(i for i, s in enumerate(sentences) if s.label is not None)
        yield Run(
            article.duplicate_of or article.article_id,
            article.title,
            article.outlet,
            sentences,
            context,
        )


def _stretches(scored: ScoredArticle) -> Iterator[list[int]]:
    """Give the places of decided sentences, those together whose neighbours meet."""
    stretch: list[int] = []
    for place, sentence in enumerate(scored.sentences):
        if sentence.sentence_id in scored.verdicts:
            if stretch and place - stretch[-1] > BEFORE + AFTER:
                yield stretch
                stretch = []
            stretch.append(place)
    yield stretch


def _labelled(scored: ScoredArticle, sentence: Sentence) -> LabelledSentence:
    """Give a sentence as people decided; unlabelled where they did not."""
    text = scored.article.text[sentence.start : sentence.end]
    verdict = scored.verdicts.get(sentence.sentence_id)
    if verdict is None:
        return LabelledSentence(text)
    label = verdict.label
    return LabelledSentence(
        text, label, (label,), spans=verdict.spans, id=sentence.sentence_id
    )
