"""Batches of articles -> the same, scored in this process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from annotator.engines.engine import Scores
from annotator.pipeline import score_articles
from annotator.records import Article
from annotator.tag.tagger import Tagger, threads, use_threads

ENCODED: Final = 2
"""Batches that the encoder reads side by side, each on its share of the cores."""
AT_ONCE: Final = ENCODED + 1
"""Batches under way: the rules read one more meanwhile."""
TURN_S: Final = 0.0005
"""How long Python runs one thread while another waits. The encoder comes back from each
of its products for the next, and with the usual 5 ms waited for the rules each time."""


class InProcess:
    """Scores in this process, in threads that share its cores and its model.

    The encoder lets go of Python's lock; the rest of the work has one core at a time.
    Each batch has its own share of the cores, and waits for no core of the other's.
    """

    ahead = AT_ONCE

    def __init__(self, tagger: Tagger) -> None:
        self._turn = sys.getswitchinterval()
        sys.setswitchinterval(TURN_S)
        self._tagger = tagger
        self.version = tagger.version
        share = max(1, threads() // ENCODED)
        self._threads = ThreadPoolExecutor(AT_ONCE, "scores", use_threads, (share,))

    def confidence_for(self, target_error: float) -> float:
        """See `Description.confidence_for`."""
        return self._tagger.confidence_for(target_error)

    def submit(
        self, articles: Sequence[Article], least_confidence: float
    ) -> Callable[[], Scores]:
        """Begin to score a batch; what is returned waits for the scores."""
        scores = self._threads.submit(
            score_articles, articles, self._tagger, least_confidence
        )
        return scores.result

    def close(self) -> None:
        """Give up what waits; what is being scored takes some seconds yet."""
        self._threads.shutdown(cancel_futures=True)
        sys.setswitchinterval(self._turn)
