"""Whatever scores, and whatever is lost on the way, the rows are the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from multiprocessing import active_children
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Event
from typing import Any

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator import pipeline
from annotator.engines import crew as crew_module
from annotator.engines import processes as processes_module
from annotator.engines.crew import Crew, WorkerLost
from annotator.engines.engine import Engine, Scores
from annotator.engines.local import InProcess
from annotator.engines.processes import Processes, serve
from annotator.errors import AnnotatorError, BadModel
from annotator.records import Article, Failure, ScoredArticle
from annotator.tag.description import Description
from annotator.tag.tagger import Tagger
from annotator.tag.windows import WindowShape

NODE_LEFT_S = 60.0
"""Within this a run has gone on after a machine has left, and come to its end."""
DEADLY = "This article ends whoever scores it."
MODEL = Description("fake", "0" * 64, WindowShape())

Batches = list[list[Article]]


def article(number: int, text: str) -> Article:
    return Article(f"a{number}", f"a{number}.txt", text, title="Bridge closed")


@pytest.fixture(scope="module")
def batches() -> Batches:
    text = "\n\n".join(
        f"The bridge over the river was closed on Monday. Officials in Homs said {n} "
        "people were hurt. Critics called it a disgraceful failure of the ministry."
        for n in range(6)
    )
    return [
        [article(i, f"Report {i}.\n\n{text}") for i in range(start, start + 4)]
        for start in range(0, 48, 4)
    ]


@pytest.fixture(scope="module")
def expected(tiny_model: Path, batches: Batches) -> list[Scores]:
    return scored(InProcess(Tagger(tiny_model)), batches)


def near(value: Any) -> Any:
    """The same, equal to what differs by the order in which numbers were added."""
    match value:
        case float():
            return pytest.approx(value, abs=1e-5)
        case dict():
            return {key: near(one) for key, one in value.items()}
        case tuple():
            return tuple(map(near, value))
    return value


def scored(
    engine: Engine, batches: Batches, meanwhile: Callable[[], None] = lambda: None
) -> list[Scores]:
    """All batches at once; `meanwhile` is done when the first has been scored."""
    waiting = [engine.submit(batch, 0.5) for batch in batches]
    first = waiting[0]()
    meanwhile()
    return [first, *(wait() for wait in waiting[1:])]


# ---- workers that are lost, without processes


class Fake:
    """A worker in this process; each text says how many workers it costs."""

    def __init__(self, ready: Callable[[], None] = lambda: None) -> None:
        self.ready = ready
        self._dismissed = Event()

    def score(self, articles: Sequence[Article], least_confidence: float) -> Scores:
        for one in articles:
            cost = COSTS.get(one.article_id, 0)
            if cost:
                COSTS[one.article_id] = cost - 1
                raise WorkerLost
            if one.text == "slow":
                self._dismissed.wait()
                raise WorkerLost
            if one.text == "fault":
                raise ZeroDivisionError
        return [ScoredArticle(one, (), {}) for one in articles]

    def dismiss(self) -> None:
        self._dismissed.set()


COSTS: dict[str, int] = {}


@pytest.fixture
def crew() -> Iterator[Crew]:
    COSTS.clear()
    made = Crew(MODEL, Fake, 2)
    yield made
    made.close()


@given(
    costs=st.lists(st.sampled_from([0, 0, 1, 2]), max_size=20),
    size=st.integers(1, 5),
    workers=st.integers(1, 4),
)
@settings(max_examples=60, deadline=None)
def test_batches_come_back_whole_and_in_order_whoever_is_lost(
    costs: list[int], size: int, workers: int
) -> None:
    COSTS.clear()
    COSTS.update({f"a{i}": cost for i, cost in enumerate(costs)})
    articles = [article(i, "text") for i in range(len(costs))]
    crew = Crew(MODEL, Fake, workers)
    waiting = [
        crew.submit(articles[start : start + size], 0.0)
        for start in range(0, len(articles), size)
    ]
    found = [one for wait in waiting for one in wait()]
    crew.close()
    assert found == [ScoredArticle(one, (), {}) for one in articles]


@pytest.mark.parametrize("place", range(4))
def test_an_article_that_costs_every_worker_costs_no_other_article(
    crew: Crew, place: int
) -> None:
    articles = [article(i, "text") for i in range(4)]
    COSTS[f"a{place}"] = 1_000
    found = crew.submit(articles, 0.0)()
    failed = [i for i, one in enumerate(found) if isinstance(one, Failure)]
    assert failed == [place]
    assert found[place] == Failure(
        f"a{place}.txt",
        "score",
        f"article a{place}: 3 workers were lost while they scored it alone; this is a "
        "fault of the program, please report it",
    )


def test_where_all_articles_cost_workers_the_articles_are_not_blamed(
    crew: Crew,
) -> None:
    articles = [article(i, "text") for i in range(8)]
    COSTS.update({one.article_id: 1_000 for one in articles})
    with pytest.raises(AnnotatorError, match="3 articles in a row each cost 3 workers"):
        crew.submit(articles, 0.0)()


def lost() -> None:
    raise WorkerLost


def test_workers_that_are_all_lost_before_they_are_ready_end_the_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crew_module, "PAUSE_S", 0.01)
    crew = Crew(MODEL, lambda: Fake(lost), 2)
    with pytest.raises(AnnotatorError, match="lost while they loaded the model"):
        crew.submit([article(0, "text")], 0.0)()
    crew.close()


def test_a_run_does_not_wait_for_ever_for_its_first_worker(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crew_module, "PATIENCE_S", 0.1)
    room = Event()
    crew = Crew(MODEL, lambda: Fake(lambda: room.wait() and None), 1)
    with pytest.raises(AnnotatorError, match="there has been no worker for"):
        crew.submit([article(0, "text")], 0.0)()
    room.set()
    crew.close()


def test_a_fault_of_the_program_comes_out_where_its_scores_are_waited_for(
    crew: Crew,
) -> None:
    with pytest.raises(ZeroDivisionError):
        crew.submit([article(0, "fault")], 0.0)()


def test_closing_does_not_wait_for_the_articles_in_hand(crew: Crew) -> None:
    for number in range(4):
        crew.submit([article(number, "slow")], 0.0)
    started = time.monotonic()
    crew.close()
    assert time.monotonic() - started < 5


# ---- processes


@pytest.fixture(scope="module")
def processes(tiny_model: Path) -> Iterator[Processes]:
    engine = Processes(tiny_model, 2)
    yield engine
    engine.close()


def test_processes_give_the_rows_of_one_process(
    processes: Processes, batches: Batches, expected: list[Scores]
) -> None:
    assert scored(processes, batches) == expected


def test_a_process_that_is_killed_changes_no_row(
    processes: Processes, batches: Batches, expected: list[Scores]
) -> None:
    def kill() -> None:
        os.kill(active_children()[0].pid or 0, signal.SIGKILL)

    before = {child.pid for child in active_children()}
    assert scored(processes, batches, kill) == expected
    assert {child.pid for child in active_children()} != before


def test_processes_are_deaf_to_ctrl_c(
    processes: Processes, batches: Batches, expected: list[Scores]
) -> None:
    before = {child.pid for child in active_children()}
    for pid in before:
        os.kill(pid or 0, signal.SIGINT)
    assert scored(processes, batches[:2]) == expected[:2]
    assert {child.pid for child in active_children()} == before


def serve_until_deadly(
    pipe: Connection, folder: Path, threads: int, bf16: bool
) -> None:
    """What a process does where an article is fatal, to the C library say."""
    segmented = pipeline._segmented

    def segment_or_die(one: Article) -> Any:
        if DEADLY in one.text:
            os.kill(os.getpid(), signal.SIGKILL)
        return segmented(one)

    pipeline._segmented = segment_or_die
    serve(pipe, folder, threads, bf16)


def test_an_article_that_kills_its_process_costs_itself_alone(
    tiny_model: Path,
    batches: Batches,
    expected: list[Scores],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(crew_module, "TRIES", 1)
    monkeypatch.setattr(processes_module, "serve", serve_until_deadly)
    engine = Processes(tiny_model, 2)
    batch = [*batches[0][:2], article(99, DEADLY), *batches[0][2:]]
    found, others = scored(engine, [batch, batches[1]])
    engine.close()
    (failure,) = (one for one in found if isinstance(one, Failure))
    assert failure.reason.startswith("article a99: ")
    alone = [asdict(one) for one in found if isinstance(one, ScoredArticle)]
    assert alone == [near(asdict(one)) for one in expected[0]]
    assert others == expected[1]


def test_no_process_outlives_a_run_that_is_killed(tiny_model: Path) -> None:
    run = (
        "import sys, time\n"
        "from annotator.engines.processes import Processes\n"
        "from annotator.records import Article\n"
        "if __name__ == '__main__':\n"
        "    engine = Processes(sys.argv[1], 2)\n"
        "    engine.submit([Article('a', 'a', 'The bridge fell.')], 0.0)()\n"
        "    print('scored', flush=True)\n"
        "    time.sleep(60)\n"
    )
    script = tiny_model.parent / "run.py"
    script.write_text(run)
    with subprocess.Popen(
        [sys.executable, script, tiny_model], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == "scored\n"
        children = psutil.Process(parent.pid).children(recursive=True)
        assert len(children) >= 2
        parent.kill()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive


def test_a_model_that_was_changed_is_refused_before_anything_starts(
    tiny_model: Path, tmp_path: Path
) -> None:
    altered = tmp_path / "altered"
    altered.mkdir()
    for file in tiny_model.iterdir():
        (altered / file.name).write_bytes(file.read_bytes())
    with (altered / "tagger.safetensors").open("ab") as weights:
        weights.write(b"\0")
    with pytest.raises(BadModel, match="hashes to"):
        Processes(altered, 2)


# ---- a Ray cluster of two machines, both of them this one


def need_ray() -> None:
    if os.environ.get("ANNOTATOR_NEED_RAY") != "1":
        pytest.importorskip("ray")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    need_ray()
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    # Actors are given what other work leaves over unless told otherwise.
    os.environ["RAY_worker_niceness"] = "0"  # noqa: SIM112 the name Ray reads
    import ray
    from ray.cluster_utils import Cluster

    store = {"num_cpus": 1, "object_store_memory": 100_000_000}
    made = Cluster(
        initialize_head=True, head_node_args={"include_dashboard": False, **store}
    )
    made.store = store
    ray.init(made.address, log_to_driver=False, logging_level="ERROR")
    yield made
    ray.shutdown()
    made.shutdown()


@pytest.fixture
def ray_engine(cluster: Any, tiny_model: Path) -> Iterator[Engine]:
    """One actor on the machine that the run is on, one on another."""
    from annotator.engines.ray import RayCluster

    if not cluster.worker_nodes:
        cluster.add_node(**cluster.store)
        cluster.wait_for_nodes()
    engine = RayCluster(tiny_model)
    yield engine
    engine.close()


def actors() -> list[psutil.Process]:
    return [
        child
        for child in psutil.Process().children(recursive=True)
        if "ray::Scorer" in child.name() + " ".join(child.cmdline())
    ]


def test_a_ray_cluster_gives_the_rows_of_one_process_whoever_is_killed(
    ray_engine: Engine, batches: Batches, expected: list[Scores]
) -> None:
    killed = []

    def kill() -> None:
        killed.extend(actors()[:1])
        killed[0].kill()

    assert scored(ray_engine, batches, kill) == expected
    assert killed


def test_a_machine_that_leaves_a_ray_cluster_neither_hangs_nor_changes_a_run(
    cluster: Any, ray_engine: Engine, batches: Batches, expected: list[Scores]
) -> None:
    def leave() -> None:
        cluster.remove_node(next(iter(cluster.worker_nodes)), allow_graceful=False)

    started = time.monotonic()
    assert scored(ray_engine, batches, leave) == expected
    assert time.monotonic() - started < NODE_LEFT_S


def test_a_cluster_of_this_machine_alone_is_reached_from_nowhere_and_asks_nobody(
    tiny_model: Path,
) -> None:
    need_ray()
    code = (
        "import sys, psutil\n"
        "from annotator.engines.ray import RayCluster\n"
        "engine = RayCluster(sys.argv[1], workers=1)\n"
        "here = psutil.Process()\n"
        "for one in [here, *here.children(recursive=True)]:\n"
        "    assert not any(a.endswith('dashboard.py') for a in one.cmdline())\n"
        "    for socket in one.net_connections():\n"
        "        if socket.status == psutil.CONN_LISTEN:\n"
        "            print(socket.laddr.ip)\n"
        "engine.close()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tiny_model], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    addresses = {line.removeprefix("::ffff:") for line in done.stdout.split()}
    assert addresses == {"127.0.0.1"}, done.stderr


@pytest.mark.parametrize(
    "address", ["127.0.0.1:9", "127.0.0.1", "nowhere", ":x", ":-1"]
)
def test_an_address_where_there_is_no_cluster_is_named(
    tiny_model: Path, address: str
) -> None:
    need_ray()
    from annotator.engines.ray import RayCluster

    with pytest.raises(
        AnnotatorError, match=f"cannot join a Ray cluster at {address}: "
    ):
        RayCluster(tiny_model, address)
