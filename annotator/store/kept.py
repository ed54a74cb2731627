"""What earlier runs scored -> the same articles, without scoring them again.

A run keeps what it has scored as parts, small folders of tables that appear whole or
not at all, until it ends. An article is found again by its digest, which tells what it
was made of and by which model.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from annotator.errors import BadResults
from annotator.records import DroppedLine, ScoredArticle
from annotator.store.articles import ArticleTables
from annotator.store.commit import sync
from annotator.store.folder import PARTS, dumps
from annotator.store.parquet import open_table
from annotator.store.reader import Results

FACTS: Final = "run.json"
"""What is known of a run before it ends, kept beside its parts."""
_RECIPE: Final = "recipe"
LAST_OF_A_PART: Final = "articles.parquet"
"""What a part is read by, so what is sent elsewhere last."""


class Parts:
    """The parts of the run that is writing a results folder, which it has locked.

    Parameters
    ----------
    path
        The results folder.
    recipe
        What a digest says beside the article: parts made otherwise lie elsewhere.
    run
        What is known of the run already, for whoever opens its parts.
    """

    def __init__(self, path: Path, recipe: str, run: Mapping[str, object]) -> None:
        self._folder = path / PARTS / recipe
        self._folder.mkdir(parents=True, exist_ok=True)
        for cut in self._folder.glob("*.new"):
            shutil.rmtree(cut)
        facts = dumps({**run, _RECIPE: recipe})
        (path / PARTS / FACTS).write_text(facts, encoding="utf-8")
        there = (int(part.name) for part in _numbered(self._folder))
        self._next = 1 + max(there, default=0)

    def add(
        self,
        scored: Sequence[tuple[ScoredArticle, str]],
        dropped: Iterable[DroppedLine],
    ) -> Path:
        """Keep scored articles with their digests, and lines left out of them.

        Gives the part's folder.
        """
        name = f"{self._next:08}"
        new = self._folder / f"{name}.new"
        new.mkdir()
        tables = ArticleTables(new)
        for line in dropped:
            tables.add_dropped(line)
        for article, digest in scored:
            tables.add(article, digest)
        tables.close()
        sync(new)
        self._next += 1
        return new.rename(self._folder / name)


def _numbered(folder: Path) -> list[Path]:
    return sorted(part for part in folder.glob("*") if part.name.isdecimal())


def _whole(folder: Path) -> list[Path]:
    """Give the parts of a folder but one that was cut on its way elsewhere."""
    return [p for p in _numbered(folder) if (p / LAST_OF_A_PART).exists()]


def parts_of_last_run(path: Path) -> tuple[list[Path], dict[str, Any]]:
    """Give the parts that the last run into a folder kept, and what is known of it.

    Both are empty if it ended, or was cut before it had scored anything.
    """
    try:
        run = json.loads((path / PARTS / FACTS).read_text(encoding="utf-8"))
        return _whole(path / PARTS / run[_RECIPE]), run
    except (OSError, ValueError, KeyError, TypeError):
        return [], {}


class Kept:
    """Articles that earlier runs into a folder scored; a part that is broken is left.

    About 150 bytes an article are held in memory.
    """

    def __init__(self, path: Path, recipe: str) -> None:
        folders = _whole(path / PARTS / recipe)
        if (path / "run.json").exists():
            folders.append(path)
        self._shelves = [_Shelf(folder) for folder in folders]
        self._places: dict[bytes, tuple[int, int]] = {}
        for number, shelf in enumerate(self._shelves):
            for place, digest in shelf.digests():
                self._places.setdefault(digest, (number, place))

    def take(self, digest: str) -> ScoredArticle | None:
        """Give an article as it was scored; None if it is not held.

        Each folder is read once, front to back: an article that stands before one
        already taken is no longer held.
        """
        number, place = self._places.get(bytes.fromhex(digest), (0, -1))
        return None if place < 0 else self._shelves[number].take(place)


class _Shelf:
    """The articles of one folder of tables, taken in the order they stand in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._articles: Iterator[ScoredArticle] = iter(())
        self._next = 0

    def digests(self) -> Iterator[tuple[int, bytes]]:
        """Give the place and digest of each article that has one."""
        try:
            with open_table(self._folder / LAST_OF_A_PART) as file:
                if "digest" not in file.schema_arrow.names:
                    return
                place = 0
                for batch in file.iter_batches(columns=["digest"]):
                    for digest in batch.column(0).to_pylist():
                        if digest:
                            yield place, bytes.fromhex(digest)
                        place += 1
        except (OSError, pa.ArrowException, ValueError):
            return

    def take(self, place: int) -> ScoredArticle | None:
        if place < self._next:
            return None
        if self._next == 0:
            self._articles = Results(self._folder, {}).scored()
        skipped = place - self._next
        self._next = place + 1
        try:
            return next(islice(self._articles, skipped, None), None)
        except BadResults:
            self._articles = iter(())
            return None
