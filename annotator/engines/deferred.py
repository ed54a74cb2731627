"""An engine that is yet to be started -> the same, started by its first batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from annotator.engines.engine import Engine, Scores
from annotator.records import Article
from annotator.tag.description import Description


class Deferred:
    """Starts an engine once there is something to score.

    A run that finds nothing new needs neither torch nor the weights.

    Parameters
    ----------
    model
        What the engine's model says of itself.
    start
        Makes the engine; what it raises, the first batch does.
    """

    def __init__(self, model: Description, start: Callable[[], Engine]) -> None:
        self._model, self._start = model, start
        self._engine: Engine | None = None
        self.version = model.version

    @property
    def ahead(self) -> int:
        """See `Engine`."""
        return self._engine.ahead if self._engine else 0

    def confidence_for(self, target_error: float) -> float:
        """See `Description.confidence_for`."""
        return self._model.confidence_for(target_error)

    def submit(
        self, articles: Sequence[Article], least_confidence: float
    ) -> Callable[[], Scores]:
        """See `Engine.submit`."""
        if self._engine is None:
            self._engine = self._start()
        return self._engine.submit(articles, least_confidence)

    def close(self) -> None:
        """Close the engine, if it was ever started."""
        if self._engine:
            self._engine.close()
