"""Twenty scripted reviewers at once over HTTP, the server killed in the middle.

    python benchmarks/review_load.py RESULTS
    python benchmarks/review_load.py RESULTS --db postgresql://name:password@host/database

Starts `annotator review` on a results folder, signs reviewers in, and lets each ask for
the next sentence and label it as fast as answers come. Half way the server is killed by
SIGKILL and started anew; a decision that was not acknowledged is sent again with the
same id. At the end each acknowledged decision must be in the log exactly once, and
nothing else. Decisions stay in the database given; without one it is a SQLite file in a
temporary folder, on whose disk the figures depend. Reviewers are threads of one process
on the same machine, so the figures are of server and clients together.
"""

from __future__ import annotations

import argparse
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Event, Lock
from uuid import uuid4

import httpx
import numpy as np

from annotator.codebook import LABELS
from annotator.review.auth import cookie_name, csrf_of
from annotator.review.bench import Options
from annotator.store.reviews import open_log

PATIENCE = 120
"""Seconds a reviewer goes on trying while no server answers."""


class Server:
    """The real one, in a process that can be killed."""

    def __init__(self, results: Path, db: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.command = [sys.executable, "-m", "annotator", "review", str(results)]
        self.command += ["--port", str(self.port), "--db", db]
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL)
        for _ in range(PATIENCE * 10):
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/sign-in")
                return
            except httpx.TransportError:
                if self.process.poll() is not None:
                    raise SystemExit("the server did not start") from None
                time.sleep(0.1)
        raise SystemExit("the server does not answer")

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


@dataclass
class Tally:
    """What the reviewers have seen; `seconds` by what was asked."""

    wanted: int
    acknowledged: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {"next": [], "decide": []}
    )
    codes: Counter[int] = field(default_factory=Counter)
    resent: int = 0
    half: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def add(self, decision_id: str) -> None:
        """Note a decision that was acknowledged."""
        with self.lock:
            self.acknowledged.append(decision_id)
            if 2 * len(self.acknowledged) >= self.wanted:
                self.half.set()

    def timed(self, what: str, send: Callable[[], httpx.Response]) -> httpx.Response:
        """Send until the server answers; the time is that of the answer."""
        for _ in range(PATIENCE * 10):
            start = time.perf_counter()
            try:
                answer = send()
            except httpx.TransportError:
                with self.lock:
                    self.resent += what == "decide"
                time.sleep(0.1)
                continue
            with self.lock:
                self.seconds[what].append(time.perf_counter() - start)
                self.codes[answer.status_code] += 1
            return answer
        raise TimeoutError("no server answers")


def review(tally: Tally, port: int, token: str, count: int) -> None:
    """Label so many sentences, one after the other."""
    origin = f"http://127.0.0.1:{port}"
    name = cookie_name(Options(port=port))
    headers = {"origin": origin, "x-csrf": csrf_of(token)}
    with httpx.Client(
        base_url=origin, cookies={name: token}, headers=headers, timeout=30
    ) as client:
        post = partial(client.post, "/api/decisions")
        for number in range(count):
            answer = tally.timed("next", partial(client.get, "/api/next"))
            item = answer.raise_for_status().json()
            body = {
                "decision_id": uuid4().hex,
                "sentence_id": item["sentence_id"],
                "action": "label",
                "label": LABELS[number % len(LABELS)],
                "seconds": 1.5,
                "after": item["last"],
            }
            stored = tally.timed("decide", partial(post, json=body))
            tally.add(stored.raise_for_status().json()["decision"]["decision_id"])


def signed_in(db: str, reviewers: int) -> Iterator[str]:
    """Make accounts and open a session for each."""
    run = uuid4().hex[:8]
    with open_log(db) as log:
        for number in range(reviewers):
            account = log.add_account(f"load {run} {number}", "reviewer")
            yield log.open_session(account.name, datetime.now(UTC))


def load(results: Path, db: str, decisions: int, reviewers: int) -> None:
    with open_log(db) as log:
        before = log.count()
    tokens = list(signed_in(db, reviewers))
    server = Server(results, db)
    tally = Tally(decisions)
    start = time.perf_counter()
    share = decisions // reviewers
    try:
        with ThreadPoolExecutor(reviewers) as pool:
            running = [
                pool.submit(review, tally, server.port, token, share)
                for token in tokens
            ]
            tally.half.wait()
            server.kill()
            restarted = time.perf_counter()
            server.start()
            down = time.perf_counter() - restarted
            for future in running:
                future.result()
    finally:
        server.kill()
    seconds = time.perf_counter() - start - down
    with open_log(db) as log:
        stored = Counter(d.decision_id for d in log.decisions())
    lost = [i for i in tally.acknowledged if stored[i] != 1]
    print(f"{reviewers} reviewers, {len(tally.acknowledged):,} acknowledged decisions")
    print(f"killed once, down for {down:.1f} s, {tally.resent} times no answer")
    print(f"{len(tally.acknowledged) / seconds:,.0f} decisions a second while up")
    for what, times in tally.seconds.items():
        p50, p95, p99 = 1000 * np.percentile(times, [50, 95, 99])
        print(f"{what:7} p50 {p50:.0f} ms, p95 {p95:.0f} ms, p99 {p99:.0f} ms")
    print(f"answers by status: {dict(sorted(tally.codes.items()))}")
    print(f"lost or doubled: {len(lost)}; stored: {stored.total() - before:,}")
    if lost or stored.total() - before != len(tally.acknowledged):
        raise SystemExit("what was acknowledged is not what is stored")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("--db")
    parser.add_argument("--decisions", type=int, default=5_000)
    parser.add_argument("--reviewers", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        db = given.db or f"sqlite:///{folder}/review.db"
        load(given.results, db, given.decisions, given.reviewers)


if __name__ == "__main__":
    main()
