"""Articles scored in one process, in several, and on a Ray cluster of two machines.

    python benchmarks/cluster.py ARTICLES [--limit 100] [--model compact] [--workers 2]

ARTICLES is a file or folder that `annotator score` reads. Both machines of the cluster
are this one, with half of the workers each. In the last row a worker is killed once a
third of the batches is scored; what it was scoring is scored again. Each row is timed
once, from when every worker has loaded the model; that start is beside it. All records
are compared with those of the first row: probabilities may differ by the order in which
a matrix product adds, which hangs on the number of threads. One process has as many
threads as there are workers, a worker has one.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from importlib.metadata import version
from itertools import islice
from typing import Any, NamedTuple

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112 the name Ray reads

import psutil
import ray
from ray.cluster_utils import Cluster

from annotator.engines.crew import Crew
from annotator.engines.engine import Engine, Scores
from annotator.engines.local import InProcess
from annotator.engines.processes import Processes
from annotator.engines.ray import RayCluster
from annotator.engines.run import BATCH_ARTICLES
from annotator.ingest import read
from annotator.records import Article, ScoredArticle
from annotator.tag.tagger import Tagger, use_threads

Batches = list[list[Article]]


class Timed(NamedTuple):
    """What an engine gave, and in how many seconds; `start_s` until it was ready."""

    start_s: float
    seconds: float
    scores: list[Scores]


def main() -> None:
    options = asked()
    articles = [item for item in read([options.articles]) if isinstance(item, Article)][
        : options.limit
    ]
    batches = list(cut(articles))
    n = options.workers
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in ("torch", "ray"))
        + f"; model {options.model}, {len(articles)} articles in {len(batches)} batches"
    )
    use_threads(n)
    local = timed(lambda: InProcess(Tagger(options.model)), n, batches)
    show("one process", local, local)
    show("processes", timed(lambda: Processes(options.model, n), n, batches), local)
    with two_machines(n):
        for name, kill in (("ray", False), ("ray, one killed", True)):
            found = timed(lambda: RayCluster(options.model, None, n), n, batches, kill)
            show(name, found, local)


def asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("articles")
    parser.add_argument("--limit", type=int, default=100)
    parser.add_argument("--model", default="compact")
    parser.add_argument("--workers", type=int, default=2)
    return parser.parse_args()


def cut(articles: list[Article]) -> Iterator[list[Article]]:
    rest = iter(articles)
    while batch := list(islice(rest, BATCH_ARTICLES)):
        yield batch


@contextmanager
def two_machines(workers: int) -> Iterator[None]:
    half = {"num_cpus": (workers + 1) // 2, "object_store_memory": 500_000_000}
    cluster = Cluster(
        initialize_head=True, head_node_args={"include_dashboard": False, **half}
    )
    cluster.add_node(**half)
    ray.init(cluster.address, log_to_driver=False, logging_level="ERROR")
    yield
    ray.shutdown()
    cluster.shutdown()


def timed(
    make: Callable[[], Engine], workers: int, batches: Batches, kill: bool = False
) -> Timed:
    started = time.perf_counter()
    engine = make()
    while isinstance(engine, Crew) and engine.at_work < workers:
        engine.submit(batches[0][:1], 0.0)()
    ready = time.perf_counter()
    waiting = [engine.submit(batch, 0.0) for batch in batches]
    scores = [wait() for wait in waiting[: len(batches) // 3]]
    if kill:
        kill_a_worker()
    scores += [wait() for wait in waiting[len(batches) // 3 :]]
    seconds = time.perf_counter() - ready
    engine.close()
    return Timed(ready - started, seconds, scores)


def kill_a_worker() -> None:
    for child in psutil.Process().children(recursive=True):
        if child.name().startswith("ray::Scorer"):
            child.kill()
            return
    raise RuntimeError("no worker to kill")


def show(name: str, found: Timed, local: Timed) -> None:
    sentences = sum(
        len(one.labels)
        for batch in found.scores
        for one in batch
        if isinstance(one, ScoredArticle)
    )
    print(
        f"{name:15} {found.seconds:7.1f} s {sentences / found.seconds:6.0f} sentences/s"
        f" {found.seconds / local.seconds:6.2f} x one process"
        f"  ready after {found.start_s:5.1f} s"
        f"  {compared(found.scores, local.scores)}",
        flush=True,
    )


def compared(found: list[Scores], expected: list[Scores]) -> str:
    apart = 0.0
    values = zip(leaves(found), leaves(expected), strict=True)
    try:
        for one, other in values:
            if isinstance(one, float) and isinstance(other, float):
                apart = max(apart, abs(one - other))
            elif one != other:
                return f"OTHER ROWS: {one!r}, not {other!r}"
    except ValueError:
        return "OTHER ROWS"
    return f"same rows, numbers within {apart:.0e}" if apart else "same rows"


def leaves(value: Any) -> Iterator[Any]:
    """Give what records hold, one after the other."""
    if is_dataclass(value) and not isinstance(value, type):
        value = [getattr(value, field.name) for field in fields(value)]
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        for one in value:
            yield from leaves(one)
    else:
        yield value


if __name__ == "__main__":
    main()
