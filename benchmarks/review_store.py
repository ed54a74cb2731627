"""Reviewers as processes, killed at random -> decisions per second, and none lost.

    python benchmarks/review_store.py
    python benchmarks/review_store.py --db postgresql://name:password@host/database

Each reviewer is a process that writes to the log directly, as fast as it can: mostly to
sentences of its own, one in ten to adjudications that all of them follow on. Processes
are killed by SIGKILL all the while and replaced; a decision that was not acknowledged
is then sent again with the same id. At the end each decision must be stored exactly
once. Decisions stay in the database given; without one it is a SQLite file in a
temporary folder, on whose disk the figures depend.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from signal import SIGKILL
from typing import NamedTuple
from uuid import UUID, uuid4

import numpy as np

from annotator.errors import StaleDecision
from annotator.records import Decision
from annotator.store.reviews import open_log

DISPUTED = 40
"""Sentences that everybody adjudicates, so that writers get into each other's way."""

FORK = get_context("fork")


class Acknowledged(NamedTuple):
    """What a writer says of a decision once the log has it."""

    decision_id: str
    seconds: float
    refused: int


class Task(NamedTuple):
    """What one reviewer is to decide."""

    where: str
    run: str
    reviewer: int
    count: int


def drawn(task: Task, number: int) -> Decision:
    """Draw a reviewer's decision; the same for the same arguments, but for its time."""
    rng = random.Random(f"{task.run} {task.reviewer} {number}")
    disputed = rng.random() < 0.1
    sentence = rng.randrange(DISPUTED) if disputed else f"{task.reviewer}-{number}"
    return Decision(
        decision_id=UUID(int=rng.getrandbits(128)).hex,
        sentence_id=f"{task.run}-{sentence}",
        article_id=task.run,
        reviewer=f"reviewer {task.reviewer}",
        action="label",
        label="opinion",
        spans=None,
        note="",
        seconds=1.0,
        at=datetime.now(UTC),
        blind=False,
        turn="adjudication" if disputed else "review",
        machine_label="reported_fact",
        machine_confidence=0.5,
        model="benchmark",
    )


def write(task: Task, first: int, out: Connection) -> None:
    """Make a reviewer's decisions from the first on, telling of each once stored."""
    with open_log(task.where) as log:
        for number in range(first, task.count):
            made, refused, start = drawn(task, number), 0, time.perf_counter()
            while True:
                try:
                    last = log.last(made.sentence_id, made.reviewer, made.turn)
                    log.record(made, last)
                    break
                except StaleDecision:
                    refused += 1
            taken = time.perf_counter() - start
            out.send(Acknowledged(made.decision_id, taken, refused))


class Writer:
    """One reviewer's process, started again where it was killed."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.acknowledged: list[Acknowledged] = []
        self.start()

    def start(self) -> None:
        """Start with the first decision that was not acknowledged."""
        self.begun = len(self.acknowledged)
        self.inbox, out = FORK.Pipe(duplex=False)
        self.process = FORK.Process(target=write, args=(self.task, self.begun, out))
        self.process.start()
        out.close()

    def hear(self) -> bool:
        """Take in one message; False if the process has ended."""
        try:
            self.acknowledged.append(self.inbox.recv())
        except (EOFError, OSError):
            self.process.join()
            if self.process.exitcode != -SIGKILL:
                raise SystemExit("a writer failed of itself") from None
            return False
        return True

    @property
    def done(self) -> bool:
        """Whether all its decisions are acknowledged."""
        return len(self.acknowledged) == self.task.count

    @property
    def at_work(self) -> bool:
        """Whether it got through something since it was started."""
        return not self.done and len(self.acknowledged) > self.begun


def work(writers: list[Writer], kill_every: float, rng: random.Random) -> int:
    """Let all decide until they are done, killing one now and then; count the kills."""
    kills, last_kill = 0, time.perf_counter()
    while working := [writer for writer in writers if not writer.done]:
        ready = wait([writer.inbox for writer in working], timeout=kill_every)
        for writer in working:
            if writer.inbox in ready and not writer.hear():
                writer.start()
        victims = [writer for writer in working if writer.at_work]
        if victims and time.perf_counter() - last_kill > kill_every:
            rng.choice(victims).process.kill()
            kills, last_kill = kills + 1, time.perf_counter()
    return kills


def check(writers: list[Writer], where: str) -> None:
    """Fail unless each decision is stored exactly once, acknowledged ones above all."""
    run = writers[0].task.run
    with open_log(where) as log:
        stored = Counter(d.decision_id for d in log.decisions() if d.article_id == run)
    told = {each.decision_id for writer in writers for each in writer.acknowledged}
    wanted = {
        drawn(w.task, n).decision_id for w in writers for n in range(w.task.count)
    }
    if lost := told - set(stored):
        raise SystemExit(
            f"LOST: {len(lost):,} acknowledged decisions, {min(lost)} first"
        )
    if set(stored.values()) != {1} or set(stored) != wanted:
        raise SystemExit(f"WRONG: {stored.total():,} stored, {len(wanted):,} made")
    print(f"each of {len(told):,} acknowledged decisions is stored exactly once")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--db", help="URL of a database; without it SQLite")
    parser.add_argument("--reviewers", type=int, default=20)
    parser.add_argument("--decisions", type=int, default=5_000)
    parser.add_argument("--kill-every", type=float, default=0.5, metavar="SECONDS")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        where = options.db or folder
        open_log(where).close()
        each = options.decisions // options.reviewers
        run = uuid4().hex
        start = time.perf_counter()
        tasks = (Task(where, run, n, each) for n in range(options.reviewers))
        writers = list(map(Writer, tasks))
        kills = work(writers, options.kill_every, random.Random(options.seed))
        seconds = time.perf_counter() - start
        made = [told for writer in writers for told in writer.acknowledged]
        waits = np.array([told.seconds for told in made]) * 1_000
        print(
            f"{len(made):,} decisions by {options.reviewers} reviewers in "
            f"{seconds:.1f} s: {len(made) / seconds:,.0f} a second; {kills} kills; "
            f"{sum(told.refused for told in made):,} refused as stale and made anew"
        )
        marks = np.percentile(waits, [50, 95, 99, 100])
        print(
            "milliseconds: "
            + ", ".join(
                f"{name} {value:,.1f}"
                for name, value in zip(
                    ("p50", "p95", "p99", "longest"), marks, strict=True
                )
            )
        )
        check(writers, where)


if __name__ == "__main__":
    main()
