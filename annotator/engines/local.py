"""Batches of articles -> the same, scored in this process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from math import ceil
from typing import Final

from annotator.engines.engine import Scores
from annotator.pipeline import score_articles
from annotator.records import Article
from annotator.tag.tagger import Tagger, threads_in_use, use_threads

AT_ONCE: Final = 2
"""Parts of a batch scored side by side: while the encoder reads one, the rules read
another."""


class InProcess:
    """Scores in this process, in threads that share its cores and its model.

    The encoder lets go of Python's lock; the rest of the work has one core at a time.
    """

    ahead = 1

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self.version = tagger.version
        share = max(1, threads_in_use() // AT_ONCE)
        # In each thread: what it says holds for the thread that says it.
        self._threads = ThreadPoolExecutor(AT_ONCE, "scores", use_threads, (share,))

    def confidence_for(self, target_error: float) -> float:
        """See `Description.confidence_for`."""
        return self._tagger.confidence_for(target_error)

    def submit(
        self, articles: Sequence[Article], least_confidence: float
    ) -> Callable[[], Scores]:
        """Begin to score a batch; what is returned waits for the scores."""
        size = max(1, ceil(len(articles) / AT_ONCE))
        parts = [
            self._threads.submit(
                score_articles,
                articles[begin : begin + size],
                self._tagger,
                least_confidence,
            )
            for begin in range(0, len(articles), size)
        ]
        return lambda: [score for part in parts for score in part.result()]

    def close(self) -> None:
        """Give up what waits; what is being scored takes some seconds yet."""
        self._threads.shutdown(cancel_futures=True)
