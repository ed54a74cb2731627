"""Batches of articles -> the same, scored by several processes of this machine."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

from annotator.engines.crew import Crew, WorkerLost
from annotator.engines.engine import Scores
from annotator.errors import BadModel
from annotator.pipeline import score_articles
from annotator.records import Article
from annotator.tag.description import checked_description
from annotator.tag.device import bf16_pays, pick_device
from annotator.tag.shelf import model_folder
from annotator.tag.tagger import Tagger, use_threads


class Processes(Crew):
    """Scores in processes of their own, each with the model in memory.

    The cores of this machine are dealt out among them. They are started anew by
    running `__main__` once more under another name, so that a script needs its
    ``if __name__ == "__main__":``.

    Parameters
    ----------
    model
        Name of a shipped model, or a model folder.
    workers
        How many processes, at least one.

    Raises
    ------
    BadModel
        If the model is missing, altered or too new.
    """

    def __init__(self, model: str | Path, workers: int) -> None:
        folder = model_folder(str(model))
        threads = max(1, _cores() // workers)
        # Decided once: processes that tried for themselves might not agree.
        hire = partial(_Process, folder, threads, bf16_pays(pick_device()))
        super().__init__(checked_description(folder), hire, workers)


class _Process:
    """One process, at the other end of a pipe."""

    def __init__(self, folder: Path, threads: int, bf16: bool) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=serve, args=(theirs, folder, threads, bf16), daemon=True
        )
        with _no_interrupts():
            self._process.start()
        # Once the process is gone no one holds that end, and reading here ends.
        theirs.close()

    def ready(self) -> None:
        """See `Worker.ready`."""
        if fault := self._next():
            raise fault

    def score(self, articles: Sequence[Article], least_confidence: float) -> Scores:
        """See `Worker.score`."""
        try:
            self._pipe.send((articles, least_confidence))
        except OSError as error:
            raise WorkerLost from error
        scores: Scores = self._next()
        return scores

    def dismiss(self) -> None:
        """See `Worker.dismiss`."""
        self._process.kill()
        self._process.join()

    def _next(self) -> Any:
        try:
            return self._pipe.recv()
        except (EOFError, OSError) as error:
            raise WorkerLost from error


def serve(pipe: Connection, folder: Path, threads: int, bf16: bool) -> None:
    """Load a model, say so, then answer each batch with its scores.

    Sends None once the model is loaded, or the `BadModel` that kept it from being.
    """
    Thread(target=_end_with_parent, daemon=True).start()
    use_threads(threads)
    try:
        tagger = Tagger(folder, bf16=bf16)
    except BadModel as error:
        pipe.send(error)
        return
    pipe.send(None)
    with suppress(EOFError):
        while True:
            articles, least_confidence = pipe.recv()
            pipe.send(score_articles(articles, tagger, least_confidence))


def _cores() -> int:
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Let what is started here be deaf to Ctrl-C, which is for the parent alone.

    A process begins with those signals blocked that its starter's thread has blocked.
    """
    if sys.platform == "win32":
        yield
        return
    # Where it has yet to be started, doing so would unblock them.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent:
        parent.join()
    os._exit(1)
