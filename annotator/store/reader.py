"""A results folder -> records, a few thousand in memory at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from annotator.decisions import verdicts
from annotator.errors import BadResults
from annotator.records import (
    Actor,
    Article,
    Attribution,
    AttributionLoss,
    Corroboration,
    Decision,
    Difference,
    DistinctiveTerm,
    DroppedLine,
    Estimate,
    Failure,
    Grade,
    Group,
    Label,
    LinkedMention,
    LoadedTerm,
    Naming,
    OutletAxis,
    OutletProfile,
    Override,
    ScoredArticle,
    Sentence,
    SourceProfile,
    Sourcing,
    Stance,
    Standing,
    Verdict,
    VoicedSpan,
)
from annotator.store import decisions, events, profiles, sources, stances, tables
from annotator.store.articles import Status
from annotator.store.derived import BY_PEOPLE
from annotator.store.parquet import open_table
from annotator.store.tables import Row


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

    def stances(self, article_id: str | None = None) -> Iterator[Stance]:
        """Give the actors named and the stance towards them, of one article or all."""
        for row in self._derived("stances", article_id):
            yield stances.stance(row)

    def scored(self) -> Iterator[ScoredArticle]:
        """Give whole articles with everything found in them, one at a time.

        All tables are read once and in step; the decisions of people are held in
        memory.
        """
        return (scored for scored, _ in self.digested())

    def digested(self) -> Iterator[tuple[ScoredArticle, str | None]]:
        """Give whole articles, each with the digest of what it was made of."""
        said = self.verdicts()
        sentences = self.sentences()
        by_article = [
            _InStep(self._derived(name))
            for name in ("attributions", "voices", "loaded_terms", "stances")
        ]
        for row in self._rows("articles"):
            article = tables.article(row)
            own = list(islice(sentences, row["n_sentences"]))
            attributions, voices, terms, named = (
                rows.of(article.article_id) for rows in by_article
            )
            scored = ScoredArticle(
                article,
                tuple(sentence for sentence, _ in own),
                {s.sentence_id: label for s, label in own if label},
                tuple(map(tables.attribution, attributions)),
                tuple(map(tables.voice, voices)),
                tuple(map(tables.loaded_term, terms)),
                tuple(map(stances.stance, named)),
                tables.headline(row),
                row["reason"] if row["status"] == "skipped" else None,
            )
            yield decisions.reviewed(scored, said), row.get("digest")

    def linked(self) -> Iterator[tuple[ScoredArticle, tuple[LinkedMention, ...]]]:
        """Give whole articles one at a time, each with its mentions of actors."""
        rows = _InStep(self._derived("mentions"))
        for scored in self.scored():
            found = rows.of(scored.article.article_id)
            yield scored, tuple(map(profiles.mention, found))

    def decisions(self) -> Iterator[Decision]:
        """Give what people decided, in order of arrival; none before a review."""
        return map(decisions.decision, self._derived("decisions"))

    def verdicts(self) -> dict[str, Verdict]:
        """Give what people together say, by sentence id."""
        return verdicts(self.decisions())

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

    def actors(self) -> Iterator[Actor]:
        """Give the actors, the most named first; none before outlets were profiled."""
        return map(profiles.actor, self._derived("actors"))

    def mentions(self, article_id: str | None = None) -> Iterator[LinkedMention]:
        """Give whom each stance is towards, of one article or of all.

        None before outlets were profiled.
        """
        return map(profiles.mention, self._derived("mentions", article_id))

    def estimates(self) -> Iterator[Estimate]:
        """Give the figures of each outlet, and of other groups where asked for."""
        return map(profiles.estimate, self._derived("profiles"))

    def labels_by_people(self) -> dict[Group, int]:
        """Give how many of the labels behind each outlet's figures people gave.

        An outlet without any is left out.
        """
        rows = self._rows("outlets")
        counts = ((row["outlet"] or "", row.get(BY_PEOPLE)) for row in rows)
        return {Group(outlet): count for outlet, count in counts if count}

    def differences(self) -> Iterator[Difference]:
        """Give how far each outlet's figures are from those of all others."""
        return map(profiles.difference, self._derived("differences"))

    def namings(self) -> Iterator[Naming]:
        """Give what each outlet calls each actor."""
        return map(profiles.naming, self._derived("namings"))

    def terms(self) -> Iterator[DistinctiveTerm]:
        """Give the words that each outlet uses more, or less, than the rest."""
        return map(profiles.term, self._derived("terms"))

    def axis(self) -> OutletAxis | None:
        """Give the axis on which outlets differ; None before they were profiled."""
        return profiles.axis(self._derived("axis"))

    def has(self, table: str) -> bool:
        """Whether a table that a folder need not have was written."""
        return (self.path / f"{table}.parquet").exists()

    def _derived(self, table: str, article_id: str | None = None) -> Iterator[Row]:
        """Give the rows of a table that a folder need not have."""
        return self._rows(table, article_id) if self.has(table) else iter(())

    def failures(self) -> Iterator[Failure]:
        """Give what could not be read or scored."""
        with (self.path / "errors.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                yield Failure(**json.loads(line))

    def _rows(self, table: str, article_id: str | None = None) -> Iterator[Row]:
        """Give the rows of a table, a few thousand in memory at a time."""
        path = self.path / f"{table}.parquet"
        try:
            for batch in _batches(path, article_id):
                yield from batch.to_pylist()
        except (OSError, pa.ArrowException) as e:
            raise BadResults(f"{path} cannot be read ({e}); score again") from e


def _batches(path: Path, article_id: str | None) -> Iterator[pa.RecordBatch]:
    """Read a table; of all articles without the scanner, which reads far ahead."""
    if article_id is not None:
        # It imports pandas, which whoever reads everything need not wait for.
        import pyarrow.dataset as ds

        wanted = ds.field("article_id") == article_id
        yield from ds.dataset(path).to_batches(filter=wanted)
        return
    with open_table(path) as file:
        yield from file.iter_batches(batch_size=256)


class _InStep:
    """Rows of a table, handed out article by article in the order they stand in."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._groups = groupby(rows, key=lambda row: str(row["article_id"]))
        self._next: tuple[str, list[Row]] | None = None

    def of(self, article_id: str) -> list[Row]:
        """Give the rows of an article that comes after those asked for before."""
        if self._next is None:
            key, rows = next(self._groups, ("", iter(())))
            self._next = key, list(rows)
        if self._next[0] != article_id:
            return []
        rows_of_it, self._next = self._next[1], None
        return rows_of_it
