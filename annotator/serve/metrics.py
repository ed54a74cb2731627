"""What the service does -> counts and times for Prometheus.

Names follow the naming practices of prometheus.io: base units, `_total` on counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    generate_latest,
)

SECONDS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 60)
ARTICLES: Final = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """One registry a service, so that two in one process do not count together.

    Parameters
    ----------
    held
        Gives the characters held for requests without an answer.
    """

    def __init__(self, held: Callable[[], float]) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter(
            "annotator_requests",
            "Requests answered, by route and status; 499 where the client had gone.",
            ["route", "status"],
            registry=registry,
        )
        self.articles = Counter(
            "annotator_articles",
            "Articles, by what became of them: scored, skipped, failed.",
            ["outcome"],
            registry=registry,
        )
        self.sentences = Counter(
            "annotator_sentences", "Sentences labelled.", registry=registry
        )
        self.queue_seconds = Histogram(
            "annotator_queue_seconds",
            "Seconds an article waited for the model.",
            registry=registry,
            buckets=SECONDS,
        )
        self.model_seconds = Histogram(
            "annotator_model_seconds",
            "Seconds a batch of articles took, all layers.",
            registry=registry,
            buckets=SECONDS,
        )
        self.batch = Histogram(
            "annotator_batch_articles",
            "Articles tagged together.",
            registry=registry,
            buckets=ARTICLES,
        )
        Gauge(
            "annotator_queue_characters",
            "Characters held for requests without an answer.",
            registry=registry,
        ).set_function(held)
        self.model = Info("annotator_model", "The model.", registry=registry)

    def page(self) -> bytes:
        """Give all of them in the text format that Prometheus reads."""
        return generate_latest(self._registry)
