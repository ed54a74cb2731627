"""Results at an address: those of a folder, whenever the connection goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from typer.testing import CliRunner

from annotator.cli import app
from annotator.engines import run as run_module
from annotator.engines.local import InProcess
from annotator.engines.run import Job, score_paths
from annotator.errors import BadResults, Interrupted
from annotator.store import Elsewhere, read_results
from annotator.store.folder import TABLES
from annotator.tag.tagger import Tagger

ADDRESS = "memory://bucket/results"
OLD = {"run.json": b"old", "articles.parquet": b"old", "losses.parquet": b"old"}
NEW = {"run.json": b"new", "articles.parquet": b"new", "report.html": b"new"}
PART = "/.parts/5f/00000001/articles.parquet"


@pytest.fixture
def bucket() -> Iterator[MemoryFileSystem]:
    system = fsspec.filesystem("memory")
    empty(system)
    yield system
    empty(system)


def empty(system: MemoryFileSystem) -> None:
    system.store.clear()
    system.pseudo_dirs[:] = [""]


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(run_module, "BATCH_ARTICLES", 2)
    monkeypatch.setattr(run_module, "PART_ARTICLES", 2)
    folder = tmp_path / "pages"
    folder.mkdir()
    for n, place in enumerate(("Hama", "Homs", "Idlib", "Raqqa", "Deraa")):
        text = f"Officials in {place} said {n + 3} people were hurt when it fell.\n"
        (folder / f"{place}.txt").write_text(text)
    return folder


@pytest.fixture(scope="module")
def engine(tiny_model: Path) -> Iterator[InProcess]:
    made = InProcess(Tagger(tiny_model))
    yield made
    made.close()


def there(system: MemoryFileSystem) -> dict[str, bytes]:
    found = system.find("/bucket/results")
    return {n.removeprefix("/bucket/results/"): system.cat_file(n) for n in found}


def lay(system: MemoryFileSystem, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        system.pipe_file(f"/bucket/results/{name}", content)


def folder_of(path: Path, files: dict[str, bytes]) -> Path:
    path.mkdir()
    for name, content in files.items():
        (path / name).write_bytes(content)
    return path


def in_folder(path: Path) -> dict[str, bytes]:
    return {f.name: f.read_bytes() for f in path.iterdir() if f.is_file()}


def cut_after(patch: pytest.MonkeyPatch, steps: int) -> None:
    """Let the connection go once so many files were put, fetched or removed."""
    left = iter(range(steps))
    for name in ("put_file", "get_file", "rm_file"):
        real = getattr(MemoryFileSystem, name)

        def step(
            self: MemoryFileSystem,
            *paths: str,
            real: Callable[..., object] = real,
            **more: object,
        ) -> object:
            if next(left, None) is None:
                raise ConnectionError("the network is gone")
            return real(self, *paths, **more)

        patch.setattr(MemoryFileSystem, name, step)


def test_the_tables_at_an_address_are_those_of_a_folder(
    bucket: MemoryFileSystem, pages: Path, tmp_path: Path, engine: InProcess
) -> None:
    here = score_paths(Job([pages], tmp_path / "here"), engine)
    told = score_paths(Job([pages], ADDRESS), engine)
    assert told.path == ADDRESS
    assert told.profiles == here.profiles
    copied = folder_of(tmp_path / "copied", there(bucket))
    assert set(in_folder(copied)) == set(in_folder(tmp_path / "here"))
    one, other = (read_results(p) for p in (tmp_path / "here", copied))
    assert list(one.scored()) == list(other.scored())
    assert list(one.sources()) == list(other.sources())
    assert score_paths(Job([pages], ADDRESS), engine).unchanged


def test_a_run_that_was_stopped_goes_on_from_the_address(
    bucket: MemoryFileSystem, pages: Path, engine: InProcess
) -> None:
    job = Job([pages], ADDRESS)
    asked = iter([False])
    with pytest.raises(Interrupted):
        score_paths(job, engine, stop=lambda: next(asked, True))
    assert sum(n.endswith("/articles.parquet") for n in there(bucket)) == 2
    resumed = score_paths(job, engine)
    assert (resumed.progress.articles, resumed.progress.kept) == (5, 4)
    assert not any(name.startswith(".") for name in there(bucket))


def test_a_part_that_was_cut_on_its_way_is_scored_again(
    bucket: MemoryFileSystem,
    pages: Path,
    engine: InProcess,
) -> None:
    job = Job([pages], ADDRESS)
    first_part = len((*TABLES, "run.json")) - len(("files", "outlets"))
    with pytest.MonkeyPatch.context() as patch:
        cut_after(patch, first_part + 3)
        with pytest.raises(BadResults, match="the network is gone"):
            score_paths(job, engine)
    parts = [Path(n).parent.name for n in there(bucket) if n.endswith(".parquet")]
    assert set(parts) == {"00000001", "00000002"}
    assert sum(n.endswith("/articles.parquet") for n in there(bucket)) == 1
    resumed = score_paths(job, engine)
    assert (resumed.progress.articles, resumed.progress.kept) == (5, 2)


def test_new_articles_alone_are_scored(
    bucket: MemoryFileSystem, pages: Path, engine: InProcess
) -> None:
    score_paths(Job([pages], ADDRESS), engine)
    (pages / "Tadmur.txt").write_text("It rained in Tadmur on Monday, they said.")
    again = score_paths(Job([pages], ADDRESS), engine)
    assert (again.progress.articles, again.progress.kept) == (6, 5)


def test_whenever_the_connection_goes_all_is_old_or_all_is_new(
    bucket: MemoryFileSystem, tmp_path: Path
) -> None:
    seen, steps, cut = set(), 0, True
    while cut:
        empty(bucket)
        lay(bucket, OLD)
        bucket.pipe_file(f"/bucket/results{PART}", b"part")
        run = Elsewhere(ADDRESS, folder_of(tmp_path / f"new{steps}", NEW))
        with pytest.MonkeyPatch.context() as patch:
            cut_after(patch, steps)
            try:
                run.send()
                cut = False
            except BadResults:
                pass
        next_run = Elsewhere(ADDRESS, folder_of(tmp_path / f"next{steps}", {}))
        with pytest.MonkeyPatch.context() as patch:
            cut_after(patch, steps % 5)
            with suppress(BadResults):
                next_run.bring()
        last = tmp_path / f"last{steps}"
        last_run = Elsewhere(ADDRESS, folder_of(last, {}))
        last_run.bring()
        brought = in_folder(last)
        assert brought in (OLD, NEW)
        kept = {n: c for n, c in there(bucket).items() if not n.startswith(".")}
        assert kept == brought
        # What had been scored for the new results is there until they are.
        assert brought == NEW or (last / PART[1:]).exists()
        seen.add(brought["run.json"])
        if brought == OLD:
            run.send()
            assert there(bucket) == NEW
        steps += 1
    assert seen == {b"old", b"new"}
    assert there(bucket) == NEW
    assert steps > len(NEW) * 2


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"notes.txt": b"mine"}, "notes.txt"),
        ({"photos/a.png": b"mine"}, "photos"),
        ({**OLD, "review.db": b"work"}, "holds a review"),
        ({"articles.parquet": b"whose"}, "no run.json"),
        ({"run.json": b"{}"}, "not written by this program"),
    ],
)
def test_what_is_not_ours_is_neither_brought_nor_replaced(
    bucket: MemoryFileSystem,
    pages: Path,
    engine: InProcess,
    files: dict[str, bytes],
    reason: str,
) -> None:
    lay(bucket, files)
    with pytest.raises(BadResults, match=reason):
        score_paths(Job([pages], ADDRESS), engine)
    assert there(bucket) == files


def test_a_file_is_no_folder(bucket: MemoryFileSystem, tmp_path: Path) -> None:
    bucket.pipe_file("/bucket/results", b"mine")
    with pytest.raises(BadResults, match="it is a file"):
        Elsewhere(ADDRESS, tmp_path).bring()


def test_names_there_do_not_lead_out_of_the_folder(
    bucket: MemoryFileSystem, tmp_path: Path
) -> None:
    for name in (
        ".parts/../../out.parquet",
        ".parts/5f/00000001/../../../../out.parquet",
        ".parts/5f/../out.parquet",
        ".parts//etc/1/out.parquet",
        ".parts/5f/00000001/out.sh",
    ):
        empty(bucket)
        lay(bucket, {**OLD, ".parts/run.json": b"{}"})
        # The file system itself would tidy the name.
        content = bucket.store["/bucket/results/run.json"]
        bucket.store[f"/bucket/results/{name}"] = content
        folder = folder_of(tmp_path / "below", {})
        Elsewhere(ADDRESS, folder).bring()
        files = {p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file()}
        below = {Path("below") / n for n in (*OLD, ".parts/run.json")}
        assert files == below
        for file in files:
            (tmp_path / file).unlink()
        (folder / ".parts").rmdir()
        folder.rmdir()


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("nosuchscheme://bucket/results", "nosuchscheme"),
        ("ftp://ann:secret@example.org/results", "credentials"),
    ],
)
def test_an_address_that_leads_nowhere_is_told(
    tmp_path: Path, address: str, reason: str
) -> None:
    with pytest.raises(BadResults, match=reason) as told:
        Elsewhere(address, tmp_path)
    assert "secret" not in str(told.value)


def test_the_command_tells_where_the_report_is(
    bucket: MemoryFileSystem, pages: Path, tiny_model: Path
) -> None:
    told = CliRunner().invoke(
        app, ["score", str(pages), "--out", ADDRESS, "--model", str(tiny_model)]
    )
    assert told.exit_code == 0, told.output
    assert f"report: {ADDRESS}/report.html" in told.output
    assert "report.html" in there(bucket)


def test_watch_writes_to_this_machine_alone(pages: Path, tiny_model: Path) -> None:
    told = CliRunner().invoke(
        app, ["watch", str(pages), "--out", ADDRESS, "--model", str(tiny_model)]
    )
    assert isinstance(told.exception, BadResults)
    assert "a folder of this machine" in str(told.exception)


def test_other_commands_read_results_of_this_machine_alone() -> None:
    with pytest.raises(BadResults, match="copy it from its address first"):
        read_results(Path(ADDRESS))
