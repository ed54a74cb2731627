"""Requests and what was scored -> room for a request, or when there will be some."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

FADE: Final = 0.9
"""Weight of what was measured before, at each batch: the rate is that of about the
last ten, long enough to even out articles and short enough to follow the machine."""

LONGEST_WAIT: Final = 30.0
"""Seconds: what most clients wait for an answer. On a machine too slow for a full queue
in that time less is let in: what is scored after its client has gone is lost."""


class Full(Exception):
    """There is no room; `retry_after` says in how many seconds to ask again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"no room for {retry_after} s")
        self.retry_after = retry_after


class Room:
    """How many characters are held, and how fast they are scored.

    A request is always let in where no other is held.

    Parameters
    ----------
    capacity
        Characters that may be held at once, if `LONGEST_WAIT` is enough for them.
    clock
        Seconds, never backwards.
    """

    def __init__(
        self, capacity: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.taken = 0
        self._capacity = capacity
        self._clock = clock
        self._lock = Lock()
        self._characters = self._seconds = 0.0
        self._promised = 0.0

    @contextmanager
    def hold(self, characters: int) -> Iterator[None]:
        """Hold room while a request is answered.

        Raises
        ------
        Full
            If there is not that much.
        """
        with self._lock:
            over = self.taken + characters - self._limit()
            if self.taken and over > 0:
                raise Full(self._retry_after(over, characters))
            self.taken += characters
        try:
            yield
        finally:
            with self._lock:
                self.taken -= characters

    def scored(self, characters: int, seconds: float) -> None:
        """Take note of how long a batch took."""
        with self._lock:
            self._characters = FADE * self._characters + characters
            self._seconds = FADE * self._seconds + seconds

    def _limit(self) -> float:
        """Give the characters that may be held at the rate of now."""
        if not self._characters:
            return self._capacity
        return min(self._capacity, LONGEST_WAIT * self._characters / self._seconds)

    def _retry_after(self, over: float, characters: int) -> int:
        """Whole seconds until there is room, at least 1.

        Each that is refused is sent behind those refused before it, at the rate at
        which articles are scored, so that they do not all come back together; but none
        further than a full queue takes.
        """
        if not self._characters:
            return 1
        pace = self._seconds / self._characters
        now = self._clock()
        at = max(now + over * pace, self._promised)
        at = min(at, now + self._limit() * pace)
        self._promised = at + characters * pace
        return max(1, math.ceil(at - now))
