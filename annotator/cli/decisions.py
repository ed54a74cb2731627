"""A results folder and `--db` -> the log of its review, and what was decided in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from annotator.store.reviews import ReviewLog


@contextmanager
def log_of(
    results: Path, db: str | None, make: bool = False
) -> Iterator[ReviewLog | None]:
    """Open the log of decisions, to be read only unless one is to be made.

    None where there is none and none is to be made.
    """
    if not (db or make or (results / "review.db").exists()):
        yield None
        return
    from annotator.store.reviews import open_log

    with open_log(db or results, reading=not make) as log:
        yield log


def bring_decisions(results: Path, db: str | None) -> None:
    """Copy what people decided from the log of a review into the results folder.

    Without a database and without a review beside the results nothing is done.
    """
    from annotator.store import read_results

    read_results(results)
    with log_of(results, db) as log:
        if log and log.count():
            from annotator.store.decisions import write_decisions

            write_decisions(results, log.decisions())
