"""Articles in a line -> their answers, from the one thread that owns the model.

Batches form by themselves: what arrives while the model is at work is tagged together
when it is done.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Event, Thread
from typing import Final

from annotator.pipeline import score_or_fault
from annotator.records import Article, ScoredArticle
from annotator.serve.limits import CHARACTERS_BESIDE, Limits
from annotator.serve.line import Line, Waiting
from annotator.serve.metrics import Metrics
from annotator.serve.room import Room
from annotator.tag.tagger import Tagger

WARM_UP: Final = Article(
    "warm-up", "", "A bridge was closed, police said on Monday. " * 20
)
"""Scored before the service is ready: tables are read and kernels chosen at first use,
which would cost the first request half a second. Scored again it gives a first rate."""


@dataclass(frozen=True, slots=True)
class Model:
    """A model in memory, and the confidence under which its labels are flagged."""

    tagger: Tagger
    least_confidence: float = 0.0

    def score(self, articles: Sequence[Article]) -> list[ScoredArticle | Exception]:
        """Score articles in one batch; see `score_or_fault`."""
        return score_or_fault(articles, self.tagger, self.least_confidence)


class Scorer:
    """Scores what is put in its line.

    Parameters
    ----------
    load
        Gives the model; called by the thread that will own it.

    Attributes
    ----------
    version
        Name and hash of the model; None until it is loaded.
    fault
        Why there is no model, where loading it failed.
    """

    def __init__(self, load: Callable[[], Model], limits: Limits) -> None:
        self.limits = limits
        self.line = Line()
        self.room = Room(limits.queue)
        self.metrics = Metrics(lambda: self.room.taken)
        self.version: str | None = None
        self.fault: Exception | None = None
        self._load = load
        self._stopping = Event()
        self._thread = Thread(target=self._run, name="scorer", daemon=True)

    def start(self) -> None:
        """Begin to load the model, then to score."""
        self._thread.start()

    @property
    def ready(self) -> bool:
        """Whether articles are taken."""
        return self.version is not None and not self._stopping.is_set()

    @property
    def stopping(self) -> bool:
        """Whether no more articles are taken, for good."""
        return self._stopping.is_set()

    def refuse_more(self) -> None:
        """Take no more articles, and finish those that wait."""
        self._stopping.set()

    def stop(self, patience: float) -> None:
        """Cancel what waits, and give the batch at work so many seconds to end."""
        self._stopping.set()
        self.line.close()
        self._thread.join(patience)

    @property
    def busy(self) -> bool:
        """Whether its thread still works, on a model or a batch."""
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            model = self._load()
            self._warm_up(model)
        except Exception as fault:
            # Whoever runs the service raises it where it can be shown.
            self.fault = fault
            return
        self.version = model.tagger.version
        name, _, digest = self.version.partition("@")
        self.metrics.model.info({"name": name, "hash": digest})
        limits = self.limits
        while batch := self.line.take(limits.batch, limits.max_characters):
            self._answer(batch, model)

    def _warm_up(self, model: Model) -> None:
        model.score([WARM_UP])
        started = time.monotonic()
        model.score([WARM_UP])
        weight = len(WARM_UP.text) + CHARACTERS_BESIDE
        self.room.scored(weight, time.monotonic() - started)

    def _answer(self, batch: Sequence[Waiting], model: Model) -> None:
        started = time.monotonic()
        outcomes = model.score([waiting.article for waiting in batch])
        seconds = time.monotonic() - started
        weight = sum(waiting.characters + CHARACTERS_BESIDE for waiting in batch)
        self.room.scored(weight, seconds)
        self.metrics.batch.observe(len(batch))
        self.metrics.model_seconds.observe(seconds)
        for waiting, outcome in zip(batch, outcomes, strict=True):
            self.metrics.queue_seconds.observe(started - waiting.since)
            if isinstance(outcome, Exception):
                self.metrics.articles.labels("failed").inc()
                waiting.answer.set_exception(outcome)
                continue
            kind = "skipped" if outcome.skipped else "scored"
            self.metrics.articles.labels(kind).inc()
            self.metrics.sentences.inc(len(outcome.labels))
            waiting.answer.set_result(outcome)
