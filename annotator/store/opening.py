"""A path -> the finished results there, those of a run that was cut among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from annotator.errors import BadResults
from annotator.profile import count, profile_counts
from annotator.store.commit import locked, writing
from annotator.store.derived import BY_PEOPLE, DERIVED
from annotator.store.folder import NEEDED, READY, TABLES, read_run
from annotator.store.kept import parts_of_last_run
from annotator.store.reader import Results
from annotator.store.writer import ResultsWriter

ADDED: Final = {"digest", BY_PEOPLE}
"""Columns that were added since and that readers do without."""


def read_results(path: str | Path) -> Results:
    """Open a results folder.

    Where a power cut stopped a run while its results were moved into place, the rest
    is moved first. Where it stopped the first run into the folder before its end, the
    articles that were scored are put together, and `run.json` says that the run did
    not finish.

    Raises
    ------
    BadResults
        If it is missing, not ours, empty, being written, damaged, or written by a newer
        version or one so old that its tables lack what is read today.
    """
    path = Path(path)
    if not path.is_dir():
        first = "; copy it from its address first" if ":/" in str(path) else ""
        raise BadResults(f"there is no results folder {path}{first}")
    if (path / READY).is_dir():
        with writing(path), locked(path):
            pass
    if not (path / "run.json").exists():
        parts, run = parts_of_last_run(path)
        if not parts:
            raise BadResults(
                f"{path} has no run.json: no results, or a run that never ended"
            )
        _put_together(path, parts, run)
    run = read_run(path)
    if missing := [name for name in NEEDED if not (path / name).exists()]:
        raise BadResults(_older(path, missing[0]))
    for name, schema in (TABLES | DERIVED).items():
        if lacking := _missing_columns(path / f"{name}.parquet", schema):
            raise BadResults(_older(path, f"{name}.parquet's {min(lacking)}"))
    return Results(path, run)


def _older(path: Path, lacking: str) -> str:
    return (
        f"{path} lacks {lacking}: an older version of this program wrote it, or it is "
        "damaged; score again"
    )


def _missing_columns(file: Path, schema: pa.Schema) -> set[str]:
    """Give the columns that a table lacks and readers count on; none of no table."""
    if not file.exists():
        return set()
    try:
        there = pq.read_schema(file).names
    except (OSError, pa.ArrowException) as e:
        raise BadResults(f"{file} cannot be read ({e}); score again") from e
    return set(schema.names) - set(there) - ADDED


def _put_together(path: Path, parts: Sequence[Path], run: Mapping[str, Any]) -> None:
    """Make results of the parts that a run left which was cut."""
    counts = []
    with ResultsWriter(path) as writer:
        for folder in parts:
            part = Results(folder, {})
            for line in part.dropped():
                writer.add_dropped(line)
            for scored, digest in part.digested():
                writer.add(scored, digest)
                counts.append(count(scored.article, scored.sentences, scored.labels))
        writer.finish(profile_counts(counts), {**run, "finished": False})
