"""Article texts, one at a time -> the earlier article each is a near copy of.

Two texts are near copies where at least `threshold` of their shingles of five words
are shared (Jaccard; Broder 1997, "On the resemblance and containment of documents")
and their figures agree: a daily report filled into the same sentences, with other
figures, is another report.

Likeness is estimated from MinHash signatures of 128 values, found through locality
sensitive hashing and then compared; the standard error is 0.035 at 0.8. Of 300 pairs
made at each likeness, 5 % were found at 0.75, 48 % at 0.80, 98 % at 0.85, all at 0.90.
What is remembered lies in a file of its own in the temporary folder, about 0.9 kB for
each article that is no copy; memory does not grow with their number.
"""

from __future__ import annotations

import json
import re
import sqlite3
from array import array
from collections.abc import Iterator
from hashlib import blake2b
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash

_WORDS = re.compile(r"\w+")
_FIGURES = re.compile(r"\d+(?:[.,:]\d+)*")
_SHINGLE = 5
_SIGNATURE = 128
_BANDS = 16
"""Bands of 8 values: a pair at 0.85 is compared with probability 0.99, one at 0.5 with
0.06. Fewer miss pairs above the threshold."""
_SAME_FIGURES = 0.9
"""Share of the figures of the text that has fewer: a wire copy may carry a date line
of its own, but up to nine figures must all agree."""


_CACHE_KIB: Final = 8_000
_TABLES: Final = f"""
PRAGMA journal_mode = OFF;
PRAGMA cache_size = -{_CACHE_KIB};
CREATE TABLE articles (
    n INTEGER PRIMARY KEY, id BLOB, words BLOB UNIQUE, signature BLOB, figures BLOB
);
CREATE TABLE bands (band INTEGER, n INTEGER, PRIMARY KEY (band, n)) WITHOUT ROWID;
BEGIN;
"""
_WITH_THESE_WORDS: Final = "SELECT id FROM articles WHERE words = ?"
_WITH_A_BAND: Final = """
SELECT id, signature, figures FROM articles WHERE n IN
(SELECT n FROM bands WHERE band IN (SELECT value FROM json_each(?))) ORDER BY n
"""


class NearDuplicates:
    """The articles seen so far.

    Parameters
    ----------
    threshold
        Least share of five-word shingles in common, 0 to 1.
    seed
        Of the hash functions; equal seeds give equal results.
    """

    def __init__(self, threshold: float = 0.8, seed: int = 0) -> None:
        self._threshold = threshold
        self._seed = seed
        # A database without a name is a file that goes with it.
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.executescript(_TABLES)

    def first_seen(self, article_id: str, text: str) -> str | None:
        """Give the earliest article this one is a near copy of, else remember it.

        Copies are compared with first appearances only, so that likeness does not
        drift from copy to copy. Case and punctuation do not count; a text without
        words is no copy of anything.

        Raises
        ------
        OSError
            If the temporary folder has no room.
        """
        words = _WORDS.findall(text.casefold())
        if not words:
            return None
        try:
            return self._first_seen(article_id, words, _FIGURES.findall(text))
        except sqlite3.OperationalError as error:
            raise OSError(f"in the temporary folder: {error}") from error

    def _first_seen(
        self, article_id: str, words: list[str], written: list[str]
    ) -> str | None:
        digest = blake2b(" ".join(words).encode(), digest_size=16).digest()
        for (known,) in self._seen.execute(_WITH_THESE_WORDS, (digest,)):
            return _text(known)
        figures = array("I", {crc32(f.encode()) for f in written})
        signature = self._signature(words)
        bands = list(_bands(signature))
        for known, other, others in self._seen.execute(
            _WITH_A_BAND, (json.dumps(bands),)
        ):
            alike = np.mean(signature == np.frombuffer(other, np.uint32))
            if alike >= self._threshold and _agree(figures, array("I", others)):
                return _text(known)
        remembered = (
            article_id.encode(errors="surrogatepass"),
            digest,
            signature.tobytes(),
            figures.tobytes(),
        )
        row = self._seen.execute(
            "INSERT INTO articles VALUES (NULL, ?, ?, ?, ?)", remembered
        ).lastrowid
        self._seen.executemany(
            "INSERT OR IGNORE INTO bands VALUES (?, ?)", ((band, row) for band in bands)
        )
        return None

    def _signature(self, words: list[str]) -> NDArray[np.uint32]:
        found = RMinHash(_SIGNATURE, self._seed)
        last = max(1, len(words) - _SHINGLE + 1)
        found.update([" ".join(words[i : i + _SHINGLE]) for i in range(last)])
        return np.array(found.digest(), dtype=np.uint32)


def _text(known: bytes) -> str:
    return known.decode(errors="surrogatepass")


def _bands(signature: NDArray[np.uint32]) -> Iterator[int]:
    """Number each band of a signature by what it holds and where, 64 bits with sign."""
    for place, values in enumerate(signature.reshape(_BANDS, -1)):
        found = blake2b(values.tobytes(), digest_size=8, salt=bytes([place]))
        yield int.from_bytes(found.digest(), "big", signed=True)


def _agree(one: array[int], other: array[int]) -> bool:
    """Whether the figures of two texts are the same but for a few."""
    fewer = min(len(one), len(other))
    return len(set(one) & set(other)) >= fewer * _SAME_FIGURES
