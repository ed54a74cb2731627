"""What a run gathers while it scores is what its tables say afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from annotator.collection import profile_outlets, trace_sources
from annotator.engines import run as run_module
from annotator.engines.local import InProcess
from annotator.engines.run import Job, score_paths
from annotator.ingest import Options
from annotator.store import read_results
from annotator.store.folder import LATER
from annotator.tag.tagger import Tagger

SEEDS = Path(__file__).parents[1] / "seeds"
COMPARED = ("corroborations", "standings", "losses")
FROM_ALL_ARTICLES = [name for name in LATER if name not in COMPARED]


def tables(results: Path) -> dict[str, list[dict[str, Any]]]:
    return {
        name: pq.read_table(results / f"{name}.parquet").to_pylist()
        for name in FROM_ALL_ARTICLES
    }


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """Name the seed pages, some of them twice, so that there are copies."""
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, page in enumerate(sorted(SEEDS.glob("*.txt"))):
        (folder / page.name).write_bytes(page.read_bytes())
        if number % 2:
            (folder / f"copy-{page.name}").write_bytes(page.read_bytes())
    options = Options(manifest=SEEDS / "manifest.csv")
    return Job([folder, *sorted(SEEDS.glob("*.txt"))], tmp_path / "out", options)


def test_tables_made_while_scoring_are_those_made_from_what_is_stored(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_module, "BATCH_ARTICLES", 4)
    engine = InProcess(Tagger("compact"))
    score_paths(job, engine)
    at_once = tables(job.out)
    assert all(at_once[name] for name in FROM_ALL_ARTICLES[:6])
    trace_sources(job.out)
    profile_outlets(job.out)
    assert tables(job.out) == at_once

    (Path(job.paths[0]) / "one-more.txt").write_text("The mayor denied it on Monday.")
    assert score_paths(job, engine).progress.kept
    engine.close()
    resumed = tables(job.out)
    trace_sources(job.out)
    profile_outlets(job.out)
    assert tables(job.out) == resumed


def test_a_fault_in_one_article_ends_the_gathering_and_not_the_scoring(
    job: Job, tiny_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty(*_: object) -> None:
        raise ValueError("a fault of ours")

    with monkeypatch.context() as patched:
        patched.setattr("annotator.gathered.Cited.add", faulty)
        with pytest.raises(ValueError, match="a fault of ours"):
            score_paths(job, InProcess(Tagger(tiny_model)))
    assert read_results(job.out).run.get("finished", True)
    trace_sources(job.out)
