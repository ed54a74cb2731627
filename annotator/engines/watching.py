"""Folders that articles arrive in -> their results, kept up to date."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Final

from watchfiles import DefaultFilter
from watchfiles import watch as changes

from annotator.engines.engine import Engine
from annotator.engines.progress import Progress
from annotator.engines.run import Job, Scored, score_paths
from annotator.errors import ResultsBusy

SETTLED_MS: Final = 1600
"""How long files must rest before they are read: most are written within that."""
LOOK_AGAIN_MS: Final = 5000
"""When to try again after results that another program was writing."""


def watch(
    job: Job,
    engine: Engine,
    report: Callable[[Progress], None],
    stop: Event,
) -> Iterator[Scored]:
    """Score what is there, and again whenever files come, change or go.

    Ends once `stop` is set while nothing is being scored.

    Parameters
    ----------
    job
        Its paths must be there already, and its results on this machine. `fresh` counts
        for the first time alone.

    Yields
    ------
    Scored
        After every time that something had changed.

    Raises
    ------
    Interrupted
        If `stop` is set in the midst of scoring; what was scored is kept.
    """
    out = Path(job.out)
    woken = changes(
        *job.paths,
        watch_filter=DefaultFilter(ignore_paths=[out.resolve(), out.absolute()]),
        debounce=SETTLED_MS,
        rust_timeout=LOOK_AGAIN_MS,
        yield_on_timeout=True,
        stop_event=stop,
        raise_interrupt=False,
    )
    due = True
    yield score_paths(job, engine, report, stop.is_set)
    again = replace(job, fresh=False)
    for changed in woken:
        # The first look comes after the watching began: it finds what came before.
        if not (changed or due):
            continue
        try:
            scored = score_paths(again, engine, report, stop.is_set)
        except ResultsBusy:
            due = True
            continue
        due = False
        if not scored.unchanged:
            yield scored
