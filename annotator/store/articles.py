"""Scored articles -> the tables that hold them, being written to a folder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa

from annotator.records import (
    Article,
    Attribution,
    DroppedLine,
    Headline,
    Label,
    LoadedTerm,
    ScoredArticle,
    Sentence,
    Stance,
    VoicedSpan,
)
from annotator.store import tables
from annotator.store.parquet import Table
from annotator.store.stances import STANCES, stance_row

Status = Literal["scored", "skipped"]

ARTICLE_TABLES: Final = {
    **{
        name: tables.SCHEMAS[name]
        for name in (
            "articles",
            "sentences",
            "attributions",
            "voices",
            "loaded_terms",
            "dropped",
        )
    },
    "stances": STANCES,
}
"""The tables whose rows are made of one article at a time."""


class ArticleTables:
    """Tables of scored articles in a folder; whole once they are closed.

    A lone surrogate, which UTF-8 cannot hold, is stored as U+FFFD: offsets keep their
    meaning.
    """

    def __init__(
        self, folder: Path, schemas: Mapping[str, pa.Schema] = ARTICLE_TABLES
    ) -> None:
        self._tables = {
            name: Table(folder / f"{name}.parquet", schema)
            for name, schema in schemas.items()
        }
        self._dropped: Counter[str] = Counter()
        self._current: tuple[str, set[str]] = ("", set())

    def add(self, scored: ScoredArticle, digest: str | None = None) -> None:
        """Add an article with everything found in it.

        `digest` tells what it was made of (`engines.identity`).
        """
        self.add_article(
            scored.article,
            scored.sentences,
            scored.labels,
            status="skipped" if scored.skipped else "scored",
            reason=scored.skipped,
            headline=scored.headline,
            digest=digest,
        )
        self.add_attributions(scored.article, scored.attributions)
        self.add_voices(scored.article, scored.voices)
        self.add_loaded_terms(scored.article, scored.loaded_terms)
        self.add_stances(scored.article, scored.stances)

    def add_article(
        self,
        article: Article,
        sentences: Sequence[Sentence],
        labels: Mapping[str, Label],
        *,
        status: Status,
        reason: str | None,
        headline: Headline | None = None,
        digest: str | None = None,
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
                "digest": digest,
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

    def close(self) -> None:
        """Write what is still in memory, and end the files."""
        for table in self._tables.values():
            table.close()

    def discard(self) -> None:
        """Close without writing what is still in memory; harmless once closed."""
        for table in self._tables.values():
            with suppress(OSError):
                table.discard()
