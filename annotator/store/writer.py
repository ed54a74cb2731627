"""Records -> a results folder, a row group at a time."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from annotator.errors import BadResults
from annotator.records import (
    Article,
    Attribution,
    DroppedLine,
    Failure,
    Headline,
    Label,
    LoadedTerm,
    OutletProfile,
    Sentence,
    Stance,
    VoicedSpan,
)
from annotator.store import tables
from annotator.store.folder import (
    FORMAT,
    LOCK,
    OURS,
    PARTIAL,
    TABLES,
    WRITTEN,
    dumps,
    refuse_unless_ours,
    without_surrogates,
)
from annotator.store.stances import stance_row
from annotator.store.tables import SCHEMA_VERSION, Row

Status = Literal["scored", "skipped"]

ROWS_IN_MEMORY: Final = 8192
CHARACTERS_IN_MEMORY: Final = 16_000_000
"""A row group is written when either is reached: enough rows to compress well,
and a bound on memory where articles are long."""


class ResultsWriter:
    """Writes one results folder; a context manager.

    Nothing is visible under its final name before `finish`; leaving the context
    without it throws away what was written. An earlier results folder is replaced
    then, unless a review has begun in it. Memory stays bounded. A lone surrogate,
    which UTF-8 cannot hold, is stored as U+FFFD: offsets keep their meaning.

    Raises
    ------
    BadResults
        On opening: the folder holds anything but results, or is being written.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        refuse_unless_ours(self.path)
        self._made_folder = not self.path.exists()
        self._lock = FileLock(self.path / LOCK)
        self._partial = self.path / PARTIAL
        self._dropped: Counter[str] = Counter()
        self._current: tuple[str, set[str]] = ("", set())

    def __enter__(self) -> Self:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise BadResults(
                f"{self.path} is being written by another run; wait for it, or give "
                "another folder"
            ) from None
        except OSError as e:
            raise BadResults(f"{self.path} cannot be written: {e}") from e
        shutil.rmtree(self._partial, ignore_errors=True)
        self._partial.mkdir()
        self._tables = {
            name: Table(self._partial / f"{name}.parquet", schema)
            for name, schema in TABLES.items()
        }
        self._errors = (self._partial / "errors.jsonl").open("w", encoding="utf-8")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for table in self._tables.values():
            table.discard()
        self._errors.close()
        shutil.rmtree(self._partial, ignore_errors=True)
        self._lock.release()
        (self.path / LOCK).unlink(missing_ok=True)
        if self._made_folder and not any(self.path.iterdir()):
            self.path.rmdir()

    def add_article(
        self,
        article: Article,
        sentences: Sequence[Sentence],
        labels: Mapping[str, Label],
        *,
        status: Status,
        reason: str | None,
        headline: Headline | None = None,
    ) -> None:
        """Add an article and its sentences, in the order they stand in it."""
        if article.source_path != self._current[0]:
            self._current = (article.source_path, set())
        self._current[1].add(article.article_id)
        dropped = self._dropped.pop(article.article_id, 0)
        self._tables["articles"].add(
            tables.article_row(article)
            | tables.headline_row(headline)
            | {
                "n_sentences": len(sentences),
                "status": status,
                "reason": reason,
                "n_dropped": dropped,
            }
        )
        for sentence in sentences:
            label = labels.get(sentence.sentence_id)
            self._tables["sentences"].add(tables.sentence_row(article, sentence, label))

    def add_attributions(
        self, article: Article, attributions: Iterable[Attribution]
    ) -> None:
        """Add what is attributed to whom in an article."""
        for attribution in attributions:
            self._tables["attributions"].add(
                tables.attribution_row(article, attribution)
            )

    def add_voices(self, article: Article, voices: Iterable[VoicedSpan]) -> None:
        """Add whose words the stretches of an article are."""
        for voiced in voices:
            self._tables["voices"].add(tables.voice_row(article, voiced))

    def add_loaded_terms(self, article: Article, terms: Iterable[LoadedTerm]) -> None:
        """Add the loaded terms of an article."""
        for term in terms:
            self._tables["loaded_terms"].add(tables.loaded_term_row(article, term))

    def add_stances(self, article: Article, stances: Iterable[Stance]) -> None:
        """Add whom an article names, and how it leans towards them."""
        for stance in stances:
            self._tables["stances"].add(stance_row(article, stance))

    def add_dropped(self, line: DroppedLine) -> None:
        """Add a dropped line; those of a file go before its articles.

        Raises
        ------
        ValueError
            If its article was already added, with a count that is now wrong.
        """
        if line.article_id in self._current[1]:
            raise ValueError(
                f"dropped line of {line.article_id} came after the article"
            )
        if line.article_id is not None:
            self._dropped[line.article_id] += 1
        self._tables["dropped"].add(tables.dropped_row(line))

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
        for table in self._tables.values():
            table.close()
        self._errors.close()
        facts = {"format": FORMAT, "schema_version": SCHEMA_VERSION, **run}
        (self._partial / "run.json").write_text(
            dumps(facts, indent=2) + "\n", encoding="utf-8"
        )
        refuse_unless_ours(self.path)
        (self.path / "run.json").unlink(missing_ok=True)
        for name in OURS - set(WRITTEN):
            (self.path / name).unlink(missing_ok=True)
        for name in WRITTEN:
            (self._partial / name).replace(self.path / name)


class Table:
    """A Parquet file being written."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._schema = schema
        self._file = pq.ParquetWriter(path, schema, compression="zstd")
        self._rows: list[Row] = []
        self._characters = 0

    def add(self, row: Row) -> None:
        """Add a row; rows are written some thousands at a time."""
        self._rows.append(row)
        self._characters += len(row.get("text") or "")
        if (
            len(self._rows) >= ROWS_IN_MEMORY
            or self._characters >= CHARACTERS_IN_MEMORY
        ):
            self._flush()

    def close(self) -> None:
        """Write what is still in memory, and end the file."""
        if self._rows:
            self._flush()
        self._file.close()

    def discard(self) -> None:
        """Close without writing what is still in memory; harmless once closed."""
        self._rows.clear()
        self._file.close()

    def _flush(self) -> None:
        try:
            batch = pa.Table.from_pylist(self._rows, self._schema)
        except UnicodeEncodeError:
            batch = pa.Table.from_pylist(_storable(self._rows), self._schema)
        self._file.write_table(batch)
        self._rows, self._characters = [], 0


def _storable(value: Any) -> Any:
    """Rid every string in rows of lone surrogates."""
    if isinstance(value, str):
        return without_surrogates(value)
    if isinstance(value, list):
        return [_storable(v) for v in value]
    if isinstance(value, dict):
        return {k: _storable(v) for k, v in value.items()}
    return value
