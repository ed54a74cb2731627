"""A results folder at an address -> one of this machine, and back.

A run works in a folder of this machine. What is at the address is brought there first,
each part is sent once it is kept, and the results once they are whole: to `.ready` with
`run.json` last, from when on they count, and then into place. So the address holds the
results before or after, whenever the connection goes. Nothing there can hold a lock:
two runs at once are not noticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from annotator.errors import BadResults
from annotator.ingest import Place, place_of, without_secrets
from annotator.store.folder import OURS, PARTS, READY, refuse_names
from annotator.store.kept import FACTS, LAST_OF_A_PART

_OF_PARTS: Final = re.compile(
    rf"{re.escape(PARTS)}/(?:{re.escape(FACTS)}|\w+/\d+/\w+\.parquet)"
)
"""Names elsewhere are untrusted: one with `..` in it would lead out of the folder."""


class Elsewhere:
    """Results at an address, and the folder of this machine that stands for them.

    Parameters
    ----------
    address
        As fsspec knows it, without a user's name.
    folder
        An empty folder.

    Raises
    ------
    BadResults
        Here and in every method: the address is not known or not ours, or cannot be
        read or written.
    """

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self._folder = without_secrets(address), folder
        with self._reaching():
            self._place: Place = place_of(address)

    def bring(self) -> None:
        """Bring what is there into the folder, and end what a cut run had begun."""
        with self._reaching():
            there = self._place.files()
            refuse_names(self.address, {name.partition("/")[0] for name in there})
            if f"{READY}/run.json" in there:
                ready = self._place.below(READY)
                self._fetch(ready, ready.files() & OURS)
                self._put_into_place()
                return
            if "run.json" in there:
                self._fetch(self._place, there & OURS)
            self._fetch(self._place, filter(_OF_PARTS.fullmatch, there))

    def send_part(self, part: Path) -> None:
        """Send a part that the run has kept."""
        with self._reaching():
            self._put(self._folder / PARTS / FACTS)
            for file in _last(part.iterdir(), LAST_OF_A_PART):
                self._put(file)

    def send(self) -> None:
        """Send the results in place of those that are there."""
        with self._reaching():
            ready = self._place.below(READY)
            for name in ready.files():
                ready.below(name).remove()
            for file in self._results():
                ready.below(file.name).put(file)
            self._put_into_place()

    def _put_into_place(self) -> None:
        """Make the address hold what the folder holds, which `.ready` there holds too.

        What remains of `.ready` without its `run.json` does not count.
        """
        results = self._results()
        for file in results:
            self._put(file)
        there = self._place.files()
        gone = OURS & there - {file.name for file in results}
        ready, parts = (
            [name for name in there if name.startswith(f"{folder}/")]
            for folder in (READY, PARTS)
        )
        ready.sort(key=lambda name: name != f"{READY}/run.json")
        for name in (*gone, *ready, *parts):
            self._place.below(name).remove()

    def _results(self) -> list[Path]:
        return _last((f for f in self._folder.iterdir() if f.name in OURS), "run.json")

    def _fetch(self, place: Place, names: Iterable[str]) -> None:
        for name in names:
            file = self._folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            place.below(name).fetch(file)

    def _put(self, file: Path) -> None:
        name = file.relative_to(self._folder).as_posix()
        self._place.below(name).put(file)

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except OSError as e:
            raise BadResults(
                f"{self.address} cannot be read or written: {e}; what stood there "
                "stands, what was sent of this run is kept: give the same command again"
            ) from e


def _last(files: Iterable[Path], name: str) -> list[Path]:
    """Sort files, one of them last."""
    return sorted(files, key=lambda f: (f.name == name, f.name))
