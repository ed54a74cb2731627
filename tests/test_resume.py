"""A run that was stopped, killed or cut off goes on where it was, and loses nothing."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from annotator import collection
from annotator.cli import app
from annotator.engines import run as run_module
from annotator.engines import watching as watching_module
from annotator.engines.engine import Scores
from annotator.engines.local import InProcess
from annotator.engines.run import Job, Scored, Together, score_paths
from annotator.engines.watching import watch
from annotator.errors import BadResults, Interrupted
from annotator.ingest import Options
from annotator.records import Article
from annotator.report import html
from annotator.store import read_results
from annotator.store.commit import locked
from annotator.tag.tagger import Tagger

STORY = (
    "The bridge over the river was closed on Monday morning.\n\n"
    "Officials in {place} said {number} people were hurt when it fell.\n"
)
PLACES = ("Hama", "Idlib", "Homs", "Aleppo", "Raqqa", "Deraa", "Tadmur")
SCORED_TABLES = (
    "articles",
    "sentences",
    "attributions",
    "voices",
    "loaded_terms",
    "stances",
    "dropped",
    "files",
)


class Counting:
    """An engine that remembers what it scored before, and counts what it is asked."""

    ahead = 0

    def __init__(self, tagger: Tagger) -> None:
        self._engine = InProcess(tagger)
        self._known: dict[Article, Any] = {}
        self.version = tagger.version
        self.asked: list[str] = []

    def confidence_for(self, target_error: float) -> float:
        return 1 - target_error

    def submit(
        self, articles: Sequence[Article], least_confidence: float
    ) -> Callable[[], Scores]:
        self.asked += [article.text for article in articles]
        for article in articles:
            if article not in self._known:
                found = self._engine.submit([article], least_confidence)()
                self._known[article] = found[0]
        return lambda: [self._known[article] for article in articles]

    def close(self) -> None:
        self._engine.close()


@pytest.fixture(scope="module")
def engine(tiny_model: Path) -> Counting:
    return Counting(Tagger(tiny_model))


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch, engine: Counting) -> None:
    monkeypatch.setattr(run_module, "BATCH_ARTICLES", 2)
    monkeypatch.setattr(run_module, "PART_ARTICLES", 2)
    engine.asked.clear()


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, place in enumerate(PLACES):
        text = "Share this\n\n" + STORY.format(place=place, number=number + 3)
        (folder / f"{place.lower()}.txt").write_text(text)
    return folder


def rows(results: Path) -> dict[str, list[dict[str, Any]]]:
    return {
        name: pq.read_table(results / f"{name}.parquet").to_pylist()
        for name in SCORED_TABLES
    }


def stop_after(batches: int) -> Callable[[], bool]:
    asked = iter([False] * (batches - 1))
    return lambda: next(asked, True)


def names(folder: Path) -> set[str]:
    return {p.name for p in folder.iterdir()}


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_a_run_that_was_stopped_goes_on_to_the_same_rows(
    pages: Path, tmp_path: Path, engine: Counting, batches: int
) -> None:
    whole = score_paths(Job([pages], tmp_path / "whole"), engine)
    engine.asked.clear()
    job = Job([pages], tmp_path / "out")
    with pytest.raises(Interrupted, match=f"{2 * batches} articles are scored"):
        score_paths(job, engine, stop=stop_after(batches))
    assert len(engine.asked) == 2 * batches
    resumed = score_paths(job, engine)
    assert sorted(engine.asked) == sorted(set(engine.asked))
    assert rows(resumed.path) == rows(whole.path)
    assert resumed.profiles == whole.profiles
    assert resumed.progress.kept == 2 * batches
    assert not any(name.startswith(".") for name in names(job.out))


def test_what_was_scored_before_a_run_was_cut_can_be_opened(
    pages: Path, tmp_path: Path, engine: Counting
) -> None:
    job = Job([pages], tmp_path / "out")
    with pytest.raises(Interrupted):
        score_paths(job, engine, stop=stop_after(2))
    results = read_results(job.out)
    assert results.run["finished"] is False
    stored = list(results.articles())
    assert len(stored) == 4
    assert {row.n_dropped for row in stored} == {1}
    assert len(list(results.scored())) == 4
    engine.asked.clear()
    assert len(list(read_results(score_paths(job, engine).path).articles())) == 7
    assert len(engine.asked) == 3


def test_an_unchanged_folder_is_left_as_it_is(
    pages: Path, tmp_path: Path, engine: Counting
) -> None:
    job = Job([pages], tmp_path / "out", together=Together())
    first = score_paths(job, engine)
    before = {p.name: p.stat().st_mtime_ns for p in job.out.iterdir()}
    engine.asked.clear()
    again = score_paths(job, engine)
    assert again.unchanged
    assert engine.asked == []
    assert {p.name: p.stat().st_mtime_ns for p in job.out.iterdir()} == before
    assert again.profiles == first.profiles
    counted = ("files", "articles", "sentences", "flagged", "dropped")
    assert [getattr(again.progress, n) for n in counted] == [
        getattr(first.progress, n) for n in counted
    ]


def heavy(names: set[str], *arguments: str | Path) -> str:
    """Run a command in a process of its own; what it loaded of `names`, or its end."""
    code = (
        "import sys\n"
        "from annotator.cli import app\n"
        "app(sys.argv[1:], standalone_mode=False)\n"
        f"sys.exit('loaded: ' + ', '.join({names!r} & set(sys.modules)))\n"
    )
    command = [sys.executable, "-c", code, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout + done.stderr


def test_an_unchanged_folder_loads_neither_torch_nor_the_model(
    pages: Path, tmp_path: Path, tiny_model: Path
) -> None:
    score_paths(Job([pages], tmp_path / "out"), InProcess(Tagger(tiny_model)))
    (tiny_copy := tmp_path / "model").mkdir()
    shutil.copy(tiny_model / "model.json", tiny_copy)
    given = ("score", pages, "--out", tmp_path / "out", "--model", tiny_copy)
    said = heavy({"torch", "transformers", "pandas"}, *given)
    assert said.endswith("loaded: \n"), said
    assert "nothing has changed" in said


def test_scoring_waits_for_nothing_that_it_does_not_use(
    pages: Path, tmp_path: Path, tiny_model: Path
) -> None:
    given = ("score", pages, "--out", tmp_path / "out", "--model", tiny_model)
    said = heavy({"transformers", "datasets", "sklearn", "faiss"}, *given)
    assert said.endswith("loaded: \n"), said
    assert read_results(tmp_path / "out").run["counts"]["articles"] == len(PLACES)


def change(pages: Path) -> None:
    (pages / "homs.txt").write_text(STORY.format(place="Homs", number=99))


def add(pages: Path) -> None:
    (pages / "afrin.txt").write_text(STORY.format(place="Afrin", number=20))


def remove(pages: Path) -> None:
    (pages / "homs.txt").unlink()


def repeat(pages: Path) -> None:
    shutil.copy(pages / "hama.txt", pages / "a.txt")


@pytest.mark.parametrize(
    ("edit", "scored"), [(change, 1), (add, 1), (remove, 0), (repeat, 1)]
)
def test_a_changed_folder_is_scored_where_it_changed(
    pages: Path,
    tmp_path: Path,
    engine: Counting,
    edit: Callable[[Path], None],
    scored: int,
) -> None:
    job = Job([pages], tmp_path / "out")
    score_paths(job, engine)
    edit(pages)
    engine.asked.clear()
    changed = score_paths(job, engine)
    assert len(engine.asked) == scored
    fresh = score_paths(Job([pages], tmp_path / "fresh"), engine)
    assert rows(changed.path) == rows(fresh.path)
    assert changed.profiles == fresh.profiles


@pytest.mark.parametrize(
    "settings",
    [
        {"fresh": True},
        {"target_error": 0.4},
        {"options": Options(outlet_from_folder=True)},
    ],
)
def test_other_settings_score_everything_anew(
    pages: Path, tmp_path: Path, engine: Counting, settings: dict[str, Any]
) -> None:
    score_paths(Job([pages], tmp_path / "out"), engine)
    engine.asked.clear()
    again = score_paths(Job([pages], tmp_path / "out", **settings), engine)
    assert not again.unchanged
    assert len(engine.asked) == len(PLACES)


def test_articles_that_come_in_another_order_are_scored_again_at_worst(
    pages: Path, tmp_path: Path, engine: Counting
) -> None:
    files = sorted(pages.iterdir())
    score_paths(Job(files, tmp_path / "out"), engine)
    again = score_paths(Job(files[::-1], tmp_path / "out"), engine)
    fresh = score_paths(Job(files[::-1], tmp_path / "fresh"), engine)
    assert rows(again.path) == rows(fresh.path)


@pytest.mark.parametrize("table", ["articles", "sentences", "attributions"])
def test_a_broken_part_is_scored_again(
    pages: Path, tmp_path: Path, engine: Counting, table: str
) -> None:
    job = Job([pages], tmp_path / "out")
    with pytest.raises(Interrupted):
        score_paths(job, engine, stop=stop_after(2))
    (part, *_) = sorted(job.out.glob(".parts/*/00000001"))
    (part / f"{table}.parquet").write_bytes(b"torn")
    whole = score_paths(Job([pages], tmp_path / "whole"), engine)
    assert rows(score_paths(job, engine).path) == rows(whole.path)


class TestPowerCut:
    """Every second or fifth step on the file system is the last one, in turn."""

    @pytest.fixture(autouse=True)
    def scoring_alone(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Leave out what is made of a finished folder: it is committed alike."""
        for name in ("trace_sources", "profile_outlets"):
            monkeypatch.setattr(collection, name, lambda *_, **__: None)
        report = "<p>report</p>"
        monkeypatch.setattr(
            html, "write_report", lambda _, path: path.write_text(report)
        )

    @staticmethod
    def cut_at(step: int, work: Callable[[], Scored]) -> bool:
        """Do some work in another process that vanishes at a step; whether it did."""
        child = os.fork()
        if child == 0:
            left = iter(range(step))
            for owner, name in (
                (Path, "replace"),
                (Path, "rename"),
                (Path, "unlink"),
                (Path, "rmdir"),
                (Path, "mkdir"),
                (os, "fsync"),
            ):
                real = getattr(owner, name)

                def cut(*given: Any, real: Any = real, **named: Any) -> Any:
                    if next(left, None) is None:
                        os._exit(9)
                    return real(*given, **named)

                setattr(owner, name, cut)
            try:
                work()
            except BaseException:
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        assert code in (0, 9), "the work itself failed"
        return code == 9

    def test_whatever_step_is_the_last_the_results_open_whole_and_the_run_goes_on(
        self, pages: Path, tmp_path: Path, engine: Counting
    ) -> None:
        old = score_paths(Job([pages], tmp_path / "old"), engine)
        (pages / "homs.txt").write_text(STORY.format(place="Homs", number=99))
        new = score_paths(Job([pages], tmp_path / "new"), engine)
        either = (rows(old.path), rows(new.path))
        steps, seen = 0, set()
        while True:
            out = tmp_path / f"out{steps}"
            shutil.copytree(old.path, out)
            job = Job([pages], out)
            was_cut = self.cut_at(steps, partial(score_paths, job, engine))
            read_results(out)
            seen.add(either.index(rows(out)))
            assert rows(score_paths(job, engine).path) == either[1]
            shutil.rmtree(out)
            if not was_cut:
                break
            steps += 2
        assert seen == {0, 1}
        assert steps > 20

    def test_a_first_run_that_is_cut_leaves_whole_articles_or_nothing(
        self, pages: Path, tmp_path: Path, engine: Counting
    ) -> None:
        whole = rows(score_paths(Job([pages], tmp_path / "whole"), engine).path)
        steps, counts = 0, set()
        while True:
            job = Job([pages], tmp_path / f"out{steps}")
            was_cut = self.cut_at(steps, partial(score_paths, job, engine))
            try:
                read_results(job.out)
            except BadResults:
                counts.add(0)
            else:
                found = rows(job.out)
                counts.add(len(found["articles"]))
                n = len(found["sentences"])
                assert found["sentences"] == whole["sentences"][:n]
            assert rows(score_paths(job, engine).path) == whole
            shutil.rmtree(job.out)
            if not was_cut:
                break
            steps += 5
        assert {0, 2, 4, 7} <= counts


class TestProcess:
    """The command itself, as another process."""

    @staticmethod
    def start(
        *arguments: str | Path, limit: int | None = None
    ) -> subprocess.Popen[str]:
        def restrict() -> None:
            if limit is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.Popen(
            [sys.executable, "-m", "annotator", *map(str, arguments)],
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=restrict,
        )

    @pytest.fixture
    def many(self, tmp_path: Path) -> Path:
        folder = tmp_path / "many"
        folder.mkdir()
        for n in range(160):
            text = STORY.format(place=PLACES[n % 7], number=n + 2)
            (folder / f"{n:04}.txt").write_text(text)
        return folder

    @staticmethod
    def wait_for_part(out: Path, process: subprocess.Popen[str]) -> None:
        until = time.monotonic() + 120
        while not list(out.glob(".parts/*/0*1")):
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < until
            time.sleep(0.01)

    def test_killed_and_interrupted_it_goes_on_and_a_second_one_is_refused(
        self,
        many: Path,
        tmp_path: Path,
        tiny_model: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(run_module, "PART_ARTICLES", 64)
        out = tmp_path / "out"
        command = ("score", many, "--out", out, "--model", tiny_model)
        killed = self.start(*command)
        self.wait_for_part(out, killed)
        with pytest.raises(BadResults, match="another run"):
            score_paths(Job([many], out), InProcess(Tagger(tiny_model)))
        killed.kill()
        killed.communicate()
        interrupted = self.start(*command)
        parts = len(list(out.glob(".parts/*/0*")))
        while len(list(out.glob(".parts/*/0*"))) == parts:
            assert interrupted.poll() is None, interrupted.communicate()
            time.sleep(0.01)
        interrupted.send_signal(signal.SIGINT)
        _, said = interrupted.communicate(timeout=120)
        assert interrupted.returncode == 130
        assert "articles are scored and kept" in said
        assert "Traceback" not in said
        ended = CliRunner().invoke(app, [str(part) for part in command])
        assert ended.exit_code == 0, ended.output
        assert "of them scored by an earlier run" in ended.output
        whole = tmp_path / "whole"
        score_paths(Job([many], whole), InProcess(Tagger(tiny_model)))
        assert rows(out) == rows(whole)

    def test_a_full_disk_is_one_line_and_costs_nothing_that_was_there(
        self, pages: Path, tmp_path: Path, tiny_model: Path, engine: Counting
    ) -> None:
        out = tmp_path / "out"
        score_paths(Job([pages], out), engine)
        before = rows(out)
        (pages / "homs.txt").write_text(STORY.format(place="Homs", number=99))
        full = self.start(
            "score", pages, "--out", out, "--model", tiny_model, limit=4096
        )
        _, said = full.communicate(timeout=120)
        assert full.returncode == 2, said
        assert "cannot be written: File too large" in " ".join(said.split())
        assert "Traceback" not in said
        assert rows(out) == before


class TestWatching:
    """Folders that articles arrive in, on the real file system."""

    def test_what_arrives_is_scored_and_nothing_else(
        self, pages: Path, engine: Counting
    ) -> None:
        out, stop = pages / "results", Event()
        told: list[tuple[int, int]] = []
        for scored in watch(Job([pages], out), engine, lambda _: None, stop):
            told.append((len(engine.asked), scored.progress.articles))
            engine.asked.clear()
            match len(told):
                case 1:
                    add(pages)
                case 2:
                    change(pages)
                case _:
                    stop.set()
        assert told == [(7, 7), (1, 8), (1, 8)]

    def test_results_that_another_program_writes_are_waited_for(
        self, pages: Path, engine: Counting, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(watching_module, "LOOK_AGAIN_MS", 200)
        out, stop = pages / "results", Event()
        seen = watch(Job([pages], out), engine, lambda _: None, stop)
        assert next(seen).progress.articles == 7
        add(pages)
        with locked(out):
            waiting = Thread(target=lambda: told.append(next(seen)))
            told: list[Scored] = []
            waiting.start()
            time.sleep(2.5)
            assert told == []
        waiting.join(timeout=60)
        assert [scored.progress.articles for scored in told] == [8]
        stop.set()
        assert list(seen) == []
