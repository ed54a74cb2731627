"""Scored articles, failures, profiles -> a results folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from annotator.records import Failure, InputFile, OutletProfile
from annotator.store import tables
from annotator.store.articles import ArticleTables
from annotator.store.commit import commit, locked, stage, writing
from annotator.store.folder import (
    FORMAT,
    PARTIAL,
    PARTS,
    TABLES,
    dumps,
    refuse_unless_ours,
)
from annotator.store.tables import SCHEMA_VERSION


class ResultsWriter(ArticleTables):
    """Writes one results folder; a context manager.

    Nothing is visible under its final name before `finish`; leaving the context
    without it throws away what was written, and keeps the parts of a run (`Parts`).
    An earlier results folder is replaced then, unless a review has begun in it. Memory
    stays bounded.

    Raises
    ------
    BadResults
        On opening: the folder holds anything but results, or is being written.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        refuse_unless_ours(self.path)
        self._made_folder = not self.path.exists()
        self._open = ExitStack()
        self._errors: IO[str]

    def __enter__(self) -> Self:
        with ExitStack() as opening:
            opening.enter_context(writing(self.path))
            opening.callback(self._remove_if_empty)
            self.path.mkdir(parents=True, exist_ok=True)
            opening.enter_context(locked(self.path))
            staged = stage(self.path)
            opening.callback(shutil.rmtree, staged, ignore_errors=True)
            super().__init__(staged, TABLES)
            opening.callback(self.discard)
            self._errors = opening.enter_context(
                (staged / "errors.jsonl").open("w", encoding="utf-8")
            )
            self._open = opening.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool | None:
        return self._open.__exit__(kind, error, traceback)

    def _remove_if_empty(self) -> None:
        if self._made_folder and self.path.is_dir() and not any(self.path.iterdir()):
            self.path.rmdir()

    def add_file(self, file: InputFile) -> None:
        """Add a file that is about to be read."""
        self._tables["files"].add(tables.fields(file))

    def add_failure(self, failure: Failure) -> None:
        """Add a line to `errors.jsonl`."""
        row = {n: getattr(failure, n) for n in Failure.__slots__}
        self._errors.write(dumps(row) + "\n")

    def finish(
        self, profiles: Iterable[OutletProfile], run: Mapping[str, object]
    ) -> None:
        """Write `outlets.parquet` and `run.json`, and put the folder into place.

        Raises
        ------
        BadResults
            If something that is not ours has come into the folder since.
        """
        for profile in profiles:
            self._tables["outlets"].add(tables.outlet_row(profile))
        self.close()
        self._errors.close()
        facts = {"format": FORMAT, "schema_version": SCHEMA_VERSION, **run}
        (self.path / PARTIAL / "run.json").write_text(
            dumps(facts, indent=2) + "\n", encoding="utf-8"
        )
        refuse_unless_ours(self.path)
        commit(self.path)
        shutil.rmtree(self.path / PARTS, ignore_errors=True)
