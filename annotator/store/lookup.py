"""A results folder -> any one of its articles with everything found in it, at once.

Parquet is read a group of thousands of rows at a time, so that finding one article
would cost reading them all. The tables are copied once into an uncompressed file that
is mapped into memory; the operating system keeps of it what is being read.
"""

from __future__ import annotations

import mmap
from collections import defaultdict
from collections.abc import Iterator
from tempfile import TemporaryFile
from typing import IO, Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from annotator.errors import BadResults
from annotator.records import Label, ScoredArticle
from annotator.store import tables
from annotator.store.parquet import open_table
from annotator.store.reader import Results
from annotator.store.tables import Row

BATCH: Final = 1024
"""Rows copied at a time; a smaller file is mapped in more pieces and found slower."""

FACTS: Final = ("article_id", "outlet", "title", "topic", "published", "n_sentences")


class LabelledText(NamedTuple):
    """A sentence that has a label, as a list of many shows it."""

    article_id: str
    text: str
    label: Label


class ArticleFacts(NamedTuple):
    """What a list of many says of an article; None where unknown."""

    article_id: str
    outlet: str | None
    title: str | None
    topic: str | None
    published: str | None
    n_sentences: int


class ArticleLookup:
    """Random access to the articles of a results folder; safe from several threads.

    It holds the four tables as they were when it was made.

    Raises
    ------
    BadResults
        If a table cannot be read.
    """

    def __init__(self, results: Results) -> None:
        self._articles, self._sentences, self._attributions, self._terms = (
            _Mapped(results, name)
            for name in ("articles", "sentences", "attributions", "loaded_terms")
        )

    def scored(self, article_id: str) -> ScoredArticle | None:
        """Give an article, its stances and voices left out; None if there is none."""
        rows = self._articles.of(article_id)
        if not rows:
            return None
        (row,) = rows
        own = self._sentences.of(article_id)
        labels = ((str(s["sentence_id"]), tables.label(s)) for s in own)
        return ScoredArticle(
            tables.article(row),
            tuple(map(tables.sentence, own)),
            {sentence_id: label for sentence_id, label in labels if label},
            tuple(map(tables.attribution, self._attributions.of(article_id))),
            loaded_terms=tuple(map(tables.loaded_term, self._terms.of(article_id))),
            headline=tables.headline(row),
            skipped=row["reason"] if row["status"] == "skipped" else None,
        )


def labelled_texts(results: Results, every: bool = False) -> Iterator[LabelledText]:
    """Give the flagged sentences, or all that have a label, in the order of the table.

    Raises
    ------
    BadResults
        If the table cannot be read.
    """
    wanted = pc.field("label").is_valid() if every else pc.field("flagged")
    for row in _rows(results, "sentences", wanted=wanted):
        if label := tables.label(row):
            yield LabelledText(row["article_id"], row["text"], label)


def article_facts(results: Results) -> Iterator[ArticleFacts]:
    """Give what a list says of each article, without reading the texts."""
    for row in _rows(results, "articles", FACTS):
        yield ArticleFacts(**row)


def sources_cited(results: Results) -> dict[str, tuple[str, ...]]:
    """Give whom each sentence cites, by sentence id.

    The fullest name the article gives a source, else the words of the sentence; each
    once, in the order of the text.
    """
    cited: defaultdict[str, dict[str, None]] = defaultdict(dict)
    columns = ("sentence_id", "resolved_source", "source")
    for row in _rows(results, "attributions", columns):
        if name := row["resolved_source"] or row["source"]:
            cited[row["sentence_id"]][name] = None
    return {sentence_id: tuple(names) for sentence_id, names in cited.items()}


class _Mapped:
    """A table whose rows stand article by article, uncompressed, and where each is."""

    def __init__(self, results: Results, name: str) -> None:
        self._places: dict[str, tuple[int, int]] = {}
        path = results.path / f"{name}.parquet"
        try:
            with open_table(path) as file, TemporaryFile() as copy:
                self._copy(file, copy)
                copy.flush()
                mapped = mmap.mmap(copy.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, pa.ArrowException) as e:
            raise BadResults(f"{path} cannot be read ({e}); score again") from e
        self._table = pa.ipc.open_file(pa.py_buffer(mapped)).read_all()

    def _copy(self, file: Any, copy: IO[bytes]) -> None:
        """Copy a Parquet file, and remember which rows each article has."""
        start = 0
        with pa.ipc.new_file(copy, file.schema_arrow) as writer:
            for batch in file.iter_batches(BATCH):
                writer.write_batch(batch)
                runs = pc.run_end_encode(batch.column("article_id"))
                first = start
                for article_id, end in zip(
                    runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True
                ):
                    self._places[article_id] = (
                        self._places.get(article_id, (first, 0))[0],
                        start + end,
                    )
                    first = start + end
                start += batch.num_rows

    def of(self, article_id: str) -> list[Row]:
        """Give the rows of an article."""
        first, end = self._places.get(article_id, (0, 0))
        rows: list[Row] = self._table.slice(first, end - first).to_pylist()
        return rows


def _rows(
    results: Results,
    name: str,
    columns: tuple[str, ...] | None = None,
    wanted: pc.Expression | None = None,
) -> Iterator[Row]:
    path = results.path / f"{name}.parquet"
    try:
        for batch in ds.dataset(path).to_batches(
            columns=columns and list(columns), filter=wanted, batch_size=BATCH
        ):
            yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as e:
        raise BadResults(f"{path} cannot be read ({e}); score again") from e
