"""Nothing -> how much the service takes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOST_ARTICLES: Final = 100
"""In one batch; who has more sends more batches, and others get between them."""

CHARACTERS_BESIDE: Final = 300
"""What an article counts for in the queue beside its own: title, windows and answer
cost something however short it is, and a queue of one-word articles is long too."""

BYTES_A_CHARACTER: Final = 12
"""What JSON needs at most: one beyond the basic plane, escaped, is two of `\\uXXXX`."""

BYTES_BESIDE: Final = 1 << 20
"""For titles, names and addresses of a batch, and the brackets around them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much the service takes on; all in characters but `batch`.

    Attributes
    ----------
    queue
        Held at once for requests that have no answer yet, `CHARACTERS_BESIDE` added for
        each article.
    batch
        Articles tagged together.
    max_characters
        Of one request: text and title, of all articles where it is a batch.

    Raises
    ------
    ValueError
        If the queue cannot hold the largest request: it would be refused for ever.
    """

    queue: int = 400_000
    batch: int = 16
    max_characters: int = 200_000

    def __post_init__(self) -> None:
        if self.queue < self.max_characters:
            raise ValueError(
                f"a queue of {self.queue:,} characters cannot hold a request of "
                f"{self.max_characters:,}; give a longer queue or smaller requests"
            )

    @property
    def max_bytes(self) -> int:
        """Of a request's body, however its JSON is escaped."""
        return self.max_characters * BYTES_A_CHARACTER + BYTES_BESIDE
