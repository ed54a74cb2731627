"""What each article measures -> the same in little room, for as long as all are needed.

Figures of outlets are made of all articles at once. What an article measures takes some
ten thousand bytes as dictionaries of tuples, and a thousand or two in here.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import SEEK_END
from typing import Any, BinaryIO, Final, TypeVar

from annotator.profile.measures import ArticleMeasures

_COUNTS: Final = 2**16
"""What two bytes can tell apart."""

KeyT = TypeVar("KeyT", bound=Hashable)
AnyT = TypeVar("AnyT", bound=Hashable)


class Pairs(Mapping[KeyT, tuple[float, float]]):
    """A mapping of some dozens of keys to two numbers each.

    >>> dict(Pairs({"opinion": (3, 12)}))
    {'opinion': (3.0, 12.0)}
    """

    __slots__ = ("_keys", "_numbers")

    def __init__(self, pairs: Mapping[KeyT, tuple[float, float]]) -> None:
        self._keys = tuple(pairs)
        self._numbers = _packed([x for pair in pairs.values() for x in pair])

    def __getitem__(self, key: KeyT) -> tuple[float, float]:
        if key not in self._keys:
            raise KeyError(key)
        at = 2 * self._keys.index(key)
        return float(self._numbers[at]), float(self._numbers[at + 1])

    def __iter__(self) -> Iterator[KeyT]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def _packed(numbers: Sequence[float]) -> array[int] | array[float]:
    """Give two bytes to each where all are counts that need no more."""
    if all(0 <= n < _COUNTS and n == int(n) for n in numbers):
        return array("H", map(int, numbers))
    return array("d", numbers)


@dataclass(frozen=True, slots=True)
class ShelvedTerms:
    """Terms and their counts in a file.

    The file stays open and is the caller's to close; its end is where the next are put.
    """

    file: BinaryIO
    start: int
    size: int

    @classmethod
    def of(cls, file: BinaryIO, counts: Iterable[tuple[str, int]]) -> ShelvedTerms:
        """Put counts at the end of a file; no term has a tab or a line break in it."""
        lines = (f"{term}\t{count}" for term, count in counts)
        packed = zlib.compress("\n".join(lines).encode())
        return cls(file, file.seek(0, SEEK_END), file.write(packed))

    def __iter__(self) -> Iterator[tuple[str, int]]:
        self.file.seek(self.start)
        lines = zlib.decompress(self.file.read(self.size)).decode().split("\n")
        pairs = (line.split("\t") for line in lines if line)
        return ((term, int(count)) for term, count in pairs)


class Packer:
    """Packs what articles measure: words into a file, and each key and name once.

    The file stays open for as long as the articles are used.
    """

    def __init__(self, words: BinaryIO) -> None:
        self._words = words
        self._seen: dict[Any, Any] = {}

    def pack(self, article: ArticleMeasures) -> ArticleMeasures:
        """Give an article that measures the same."""
        return replace(
            article,
            outlet=self._same(article.outlet),
            topic=self._same(article.topic),
            month=self._same(article.month),
            events=self._same(article.events),
            sums=self._pairs(article.sums),
            stances=self._pairs(article.stances),
            names={self._same(key): n for key, n in article.names.items()},
            loaded_names={
                self._same(key): self._same(marked)
                for key, marked in article.loaded_names.items()
            },
            words=ShelvedTerms.of(self._words, article.words),
        )

    def _pairs(self, pairs: Mapping[KeyT, tuple[float, float]]) -> Pairs[KeyT]:
        return Pairs({self._same(key): pair for key, pair in pairs.items()})

    def _same(self, value: AnyT) -> AnyT:
        """Give the one that is equal to it and was seen first."""
        first: AnyT = self._seen.setdefault(value, value)
        return first
