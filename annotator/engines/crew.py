"""Batches of articles -> the same, scored by workers that may be lost.

Each worker has a thread here that hands it the next batch, waits for the scores, and
puts the batch back in its place where the worker is lost. A batch that costs one worker
after the other is scored article by article: the one at fault costs itself alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from queue import PriorityQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import Final, Protocol

from annotator.engines.engine import Scores
from annotator.errors import AnnotatorError
from annotator.records import Article, Failure
from annotator.tag.description import Description

TRIES: Final = 3
"""Workers a batch may cost, and then an article alone: machines leave by chance too."""
SUSPECTS: Final = 3
"""Articles in a row that each cost their workers: then it is not the articles."""
PATIENCE_S: Final = 300.0
"""How long there may be no worker at all: a busy machine takes over a minute to load a
model, one that is started anew takes about as long as this."""
LEAVE_S: Final = 10.0
"""How long workers that are dismissed are waited for."""
PAUSE_S: Final = 2.0
"""What lies between two workers that were lost before they were ready."""
LOOK_S: Final = 0.5
"""How often one who waits for a batch looks whether anything has gone wrong."""
LAST: Final = float("inf")


class WorkerLost(Exception):
    """A worker that is gone, with whatever it was scoring."""


class Worker(Protocol):
    """Something with a model in memory that scores one batch at a time."""

    def ready(self) -> None:
        """Wait until the model is in memory.

        Raises
        ------
        WorkerLost
            If it was lost before.
        AnnotatorError
            If it can never be ready.
        """

    def score(self, articles: Sequence[Article], least_confidence: float) -> Scores:
        """Score a batch; raises `WorkerLost`."""

    def dismiss(self) -> None:
        """End it at once, from any thread; whoever waits for it gets `WorkerLost`."""


class Crew:
    """An engine whose batches are shared out among workers.

    Parameters
    ----------
    model
        What the workers' model says of itself.
    hire
        Begins to start a worker, and returns without waiting for it.
    size
        How many workers to keep at work.

    Attributes
    ----------
    at_work
        Workers that have the model in memory at this moment.
    """

    def __init__(
        self, model: Description, hire: Callable[[], Worker], size: int
    ) -> None:
        self._model, self._hire = model, hire
        self.version = model.version
        # Batches differ in length: as many wait as are scored.
        self.ahead = 2 * size
        self._waiting: PriorityQueue[_Batch] = PriorityQueue()
        self._numbers = count()
        self._closed = Event()
        self._fault: BaseException | None = None
        self._lock = Lock()
        self._workers: set[Worker] = set()
        self.at_work = 0
        self._seen = monotonic()
        self._threads = [Thread(target=self._keep, daemon=True) for _ in range(size)]
        for thread in self._threads:
            thread.start()

    def confidence_for(self, target_error: float) -> float:
        """See `Description.confidence_for`."""
        return self._model.confidence_for(target_error)

    def submit(
        self, articles: Sequence[Article], least_confidence: float
    ) -> Callable[[], Scores]:
        """Queue a batch; what is returned waits for its scores.

        That raises `AnnotatorError` where there are no workers to be had, or where
        article after article costs them.
        """
        batch = _Batch(next(self._numbers), articles, least_confidence)
        self._waiting.put(batch)
        return partial(self._wait, batch)

    def close(self) -> None:
        """Dismiss the workers, whatever they are doing."""
        self._closed.set()
        with self._lock:
            workers = list(self._workers)
        for worker in workers:
            worker.dismiss()
        for _ in self._threads:
            self._waiting.put(_Batch(LAST, (), 0.0))
        for thread in self._threads:
            thread.join(LEAVE_S)

    def _wait(self, batch: _Batch) -> Scores:
        while True:
            with suppress(TimeoutError):
                return batch.result.result(LOOK_S)
            if self._fault:
                raise self._fault
            if not self.at_work and monotonic() - self._seen > PATIENCE_S:
                raise AnnotatorError(
                    f"there has been no worker for {PATIENCE_S:.0f} s: see that the "
                    "machines are up and have room for one, then give the same "
                    "command again to go on"
                )

    def _keep(self) -> None:
        """Keep one worker at work until the crew is closed."""
        in_vain = 0
        try:
            while not self._closed.is_set():
                in_vain = 0 if self._employ(self._hire()) else in_vain + 1
                if in_vain >= TRIES and not self.at_work:
                    raise AnnotatorError(
                        f"{in_vain} workers in a row were lost while they loaded the "
                        "model: memory may be short, try fewer"
                    )
                if in_vain:
                    self._closed.wait(PAUSE_S)
        except BaseException as fault:
            # One who waits for a batch is in another thread, and raises it there.
            self._fault = fault

    def _employ(self, worker: Worker) -> bool:
        """Hand a worker batches until it is lost; tell whether it was ever ready."""
        ready = False
        with self._lock:
            self._workers.add(worker)
        try:
            if not self._closed.is_set():
                worker.ready()
                self._count(+1)
                ready = True
            while not self._closed.is_set():
                self._hand(worker, self._waiting.get())
        except WorkerLost:
            pass
        finally:
            if ready:
                self._count(-1)
            worker.dismiss()
            with self._lock:
                self._workers.discard(worker)
        return ready

    def _hand(self, worker: Worker, batch: _Batch) -> None:
        try:
            batch.score_by(worker)
        except WorkerLost:
            if not self._closed.is_set():
                batch.lose_worker()
                self._waiting.put(batch)
            raise

    def _count(self, change: int) -> None:
        with self._lock:
            self.at_work += change
            self._seen = monotonic()


@dataclass(order=True, slots=True)
class _Batch:
    """Articles to be scored, the earlier first, and how far that has come.

    Attributes
    ----------
    scores
        Of the first articles, where they are scored one by one.
    lost
        Workers that the batch has cost, or the article that is next alone.
    suspects
        Articles just before that next one that each cost their workers.
    """

    number: float
    articles: Sequence[Article] = field(compare=False)
    least_confidence: float = field(compare=False)
    result: Future[Scores] = field(default_factory=Future, compare=False)
    scores: Scores = field(default_factory=list, compare=False)
    alone: bool = field(default=False, compare=False)
    lost: int = field(default=0, compare=False)
    suspects: int = field(default=0, compare=False)

    def score_by(self, worker: Worker) -> None:
        """Let a worker score what is left."""
        if not self.alone and self.articles:
            self.scores = worker.score(self.articles, self.least_confidence)
        for article in self.articles[len(self.scores) :]:
            self.scores += worker.score([article], self.least_confidence)
            self.lost = self.suspects = 0
        self.result.set_result(self.scores)

    def lose_worker(self) -> None:
        """Count one worker more, and give up what has cost too many."""
        self.lost += 1
        if self.lost < TRIES:
            return
        self.lost = 0
        if not self.alone and len(self.articles) > 1:
            self.alone = True
            return
        self.alone = True
        self.scores.append(_failure(self.articles[len(self.scores)]))
        self.suspects += 1
        if self.suspects == SUSPECTS:
            raise AnnotatorError(
                f"{SUSPECTS} articles in a row each cost {TRIES} workers: memory may "
                "be short, try fewer workers; what was scored is kept"
            )


def _failure(article: Article) -> Failure:
    return Failure(
        article.source_path,
        "score",
        f"article {article.article_id}: {TRIES} workers were lost while they scored it "
        "alone; this is a fault of the program, please report it",
    )
