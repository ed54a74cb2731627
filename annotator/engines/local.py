"""Batches of articles -> the same, scored on this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from annotator.engines.engine import Scores
from annotator.pipeline import score_articles
from annotator.records import Article
from annotator.tag.tagger import Tagger


class InProcess:
    """Scores in this process, one batch at a time, on all cores or on the GPU."""

    ahead = 0

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self.version = tagger.version

    def confidence_for(self, target_error: float) -> float:
        """See `Description.confidence_for`."""
        return self._tagger.confidence_for(target_error)

    def submit(
        self, articles: Sequence[Article], least_confidence: float
    ) -> Callable[[], Scores]:
        """Score a batch at once."""
        scores = score_articles(articles, self._tagger, least_confidence)
        return lambda: scores

    def close(self) -> None:
        """Nothing is held."""
