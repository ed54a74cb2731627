"""Batches of articles -> the same, scored: what every engine offers a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from annotator.records import Article, Failure, ScoredArticle

Scores = list[ScoredArticle | Failure]
"""One for each article of a batch, in its order."""


class Engine(Protocol):
    """Scores batches of articles, here or elsewhere.

    Attributes
    ----------
    version
        Name and weight hash of the model.
    """

    version: str

    @property
    def ahead(self) -> int:
        """Batches that may be under way beside the one that is waited for."""

    def confidence_for(self, target_error: float) -> float:
        """See `Description.confidence_for`."""

    def submit(
        self, articles: Sequence[Article], least_confidence: float
    ) -> Callable[[], Scores]:
        """Begin to score a batch; what is returned waits for the scores."""

    def close(self) -> None:
        """Let go of whatever the engine holds; batches under way are lost."""
