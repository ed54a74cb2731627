"""Scored articles, one at a time -> what must be known of all before any is profiled.

`annotator score` hands each article over while the next ones are scored, so that its
tables need not be read again; the other commands read them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import Self

from annotator.actors import Aliases, Roll
from annotator.records import ScoredArticle
from annotator.sources import Claims, Ledger, cite, sourcing
from annotator.store import sources
from annotator.store.tables import Row


class Cited:
    """Who is cited: a ledger, and what waits in files without a name.

    Parameters
    ----------
    folder
        On the disk that takes those files.
    """

    def __init__(self, folder: Path) -> None:
        self._waiting = TemporaryFile("w+", dir=folder)  # noqa: SIM115 (`close` does)
        self._blocks = TemporaryFile("w+", dir=folder)  # noqa: SIM115
        self.ledger = Ledger()
        self.claims = Claims(self._waiting)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        for file in (self._waiting, self._blocks):
            # On a full disk a file cannot write what is left, which nobody reads.
            with suppress(OSError):
                file.close()

    def add(self, scored: ScoredArticle) -> None:
        """Count who an article cites."""
        citations = cite(scored)
        self.ledger.add(scored, citations)
        self.claims.add(citations)
        block = sources.sourcing_row(sourcing(scored, citations))
        print(json.dumps(block), file=self._blocks)

    def blocks(self) -> Iterator[Row]:
        """Give how each article is sourced, a row of `sourcing` each."""
        self._blocks.seek(0)
        return map(json.loads, self._blocks)


class Gathered:
    """Who is cited and who is named, over all articles.

    Parameters
    ----------
    folder
        See `Cited`.
    aliases
        Names of actors that belong together.
    """

    def __init__(self, folder: Path, aliases: Aliases | None = None) -> None:
        self._cited: Cited | None = Cited(folder)
        self.roll = Roll(aliases)

    def close(self) -> None:
        """Let go of the files."""
        if self._cited:
            self._cited.close()

    def add(self, scored: ScoredArticle) -> None:
        """Count an article in, unless it was skipped; not after `hand_over`."""
        if self._cited and scored.skipped is None:
            self._cited.add(scored)
            self.roll.add(scored)

    def hand_over(self) -> Cited | None:
        """Give who is cited, once: whoever has used it frees its memory and files."""
        cited, self._cited = self._cited, None
        return cited


def roll_of(articles: Iterable[ScoredArticle], aliases: Aliases | None) -> Roll:
    """Give the roll of articles, none of which was skipped."""
    roll = Roll(aliases)
    for scored in articles:
        roll.add(scored)
    return roll
