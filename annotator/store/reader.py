"""A results folder -> records, a few thousand in memory at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.dataset as ds

from annotator.errors import BadResults
from annotator.records import (
    Article,
    Attribution,
    AttributionLoss,
    Corroboration,
    DroppedLine,
    Failure,
    Grade,
    Label,
    LoadedTerm,
    OutletProfile,
    Override,
    ScoredArticle,
    Sentence,
    SourceProfile,
    Sourcing,
    Standing,
    VoicedSpan,
)
from annotator.store import events, sources, tables
from annotator.store.folder import WRITTEN, read_run
from annotator.store.tables import Row
from annotator.store.writer import Status


class StoredArticle(NamedTuple):
    """An article with what became of it."""

    article: Article
    status: Status
    reason: str | None
    n_sentences: int
    n_dropped: int


class Results:
    """A finished results folder, read table by table and never as a whole.

    Iterators give rows in the order they were written: articles as they were
    scored, sentences article by article.
    """

    def __init__(self, path: Path, run: dict[str, Any]) -> None:
        self.path = path
        self.run = run

    def articles(self) -> Iterator[StoredArticle]:
        """Give the articles, scored and skipped."""
        for row in self._rows("articles"):
            yield StoredArticle(
                tables.article(row),
                row["status"],
                row["reason"],
                row["n_sentences"],
                row["n_dropped"],
            )

    def sentences(
        self, article_id: str | None = None
    ) -> Iterator[tuple[Sentence, Label | None]]:
        """Give sentences with their labels, of one article or of all."""
        for row in self._rows("sentences", article_id):
            yield tables.sentence(row), tables.label(row)

    def attributions(self, article_id: str | None = None) -> Iterator[Attribution]:
        """Give the attributions, of one article or of all."""
        for row in self._rows("attributions", article_id):
            yield tables.attribution(row)

    def voices(self, article_id: str | None = None) -> Iterator[VoicedSpan]:
        """Give whose words each stretch is, of one article or of all."""
        for row in self._rows("voices", article_id):
            yield tables.voice(row)

    def loaded_terms(self, article_id: str | None = None) -> Iterator[LoadedTerm]:
        """Give the loaded terms, of one article or of all."""
        for row in self._rows("loaded_terms", article_id):
            yield tables.loaded_term(row)

    def scored(self) -> Iterator[ScoredArticle]:
        """Give whole articles with everything found in them, one at a time.

        All tables are read once and in step.
        """
        sentences = self.sentences()
        by_article = {
            name: groupby(self._rows(name), key=lambda row: str(row["article_id"]))
            for name in ("attributions", "voices", "loaded_terms")
        }
        waiting: dict[str, tuple[str, list[Row]]] = {}

        def rows_of(name: str, article_id: str) -> list[Row]:
            if name not in waiting:
                key, rows = next(by_article[name], ("", iter(())))
                waiting[name] = (key, list(rows))
            return waiting.pop(name)[1] if waiting[name][0] == article_id else []

        for row in self._rows("articles"):
            article = tables.article(row)
            own = list(islice(sentences, row["n_sentences"]))
            attributions, voices, terms = (
                rows_of(name, article.article_id) for name in by_article
            )
            yield ScoredArticle(
                article,
                tuple(sentence for sentence, _ in own),
                {s.sentence_id: label for s, label in own if label},
                tuple(map(tables.attribution, attributions)),
                tuple(map(tables.voice, voices)),
                tuple(map(tables.loaded_term, terms)),
                tables.headline(row),
                row["reason"] if row["status"] == "skipped" else None,
            )

    def dropped(self, article_id: str | None = None) -> Iterator[DroppedLine]:
        """Give the dropped lines, of one article or of all."""
        for row in self._rows("dropped", article_id):
            yield tables.dropped(row)

    def outlets(self) -> tuple[OutletProfile, ...]:
        """Give the profiles in the order of the closing table."""
        return tuple(tables.outlet(row) for row in self._rows("outlets"))

    def sources(self) -> Iterator[SourceProfile]:
        """Give the sources, the most cited first; none before they were traced."""
        return map(sources.source, self._derived("sources"))

    def grades(self) -> Iterator[tuple[Grade, Override | None]]:
        """Give the machine's grades, each with a person's beside it if there is one."""
        for row in self._derived("grades"):
            yield sources.grade(row), sources.override(row)

    def sourcing(self) -> Iterator[Sourcing]:
        """Give how each article is sourced, and after them each outlet."""
        return map(sources.sourcing, self._derived("sourcing"))

    def corroborations(self) -> Iterator[Corroboration]:
        """Give pairs of claims about the same event; none before they were compared."""
        return map(events.corroboration, self._derived("corroborations"))

    def standings(self) -> Iterator[Standing]:
        """Give how each claim of an event stands among the others."""
        return map(events.standing, self._derived("standings"))

    def losses(self) -> Iterator[AttributionLoss]:
        """Give what is asserted in one place and only attributed in another."""
        return map(events.loss, self._derived("losses"))

    def has(self, table: str) -> bool:
        """Whether a derived table was written."""
        return (self.path / f"{table}.parquet").exists()

    def _derived(self, table: str) -> Iterator[Row]:
        return self._rows(table) if self.has(table) else iter(())

    def failures(self) -> Iterator[Failure]:
        """Give what could not be read or scored."""
        with (self.path / "errors.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                yield Failure(**json.loads(line))

    def _rows(self, table: str, article_id: str | None = None) -> Iterator[Row]:
        """Give the rows of a table, a few thousand in memory at a time."""
        path = self.path / f"{table}.parquet"
        wanted = None if article_id is None else ds.field("article_id") == article_id
        try:
            batches = ds.dataset(path).to_batches(
                filter=wanted, batch_size=1024, batch_readahead=1, fragment_readahead=1
            )
            for batch in batches:
                yield from batch.to_pylist()
        except (OSError, pa.ArrowException) as e:
            raise BadResults(f"{path} cannot be read ({e}); score again") from e


def read_results(path: str | Path) -> Results:
    """Open a results folder.

    Raises
    ------
    BadResults
        If it is missing, unfinished, not ours, or written by a newer version.
    """
    path = Path(path)
    if not path.is_dir():
        raise BadResults(f"there is no results folder {path}")
    if not (path / "run.json").exists():
        raise BadResults(
            f"{path} has no run.json: no results, or a run that never ended"
        )
    run = read_run(path)
    if missing := [name for name in WRITTEN if not (path / name).exists()]:
        raise BadResults(f"{path} lacks {missing[0]}; score again")
    return Results(path, run)
