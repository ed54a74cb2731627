"""A key and the time -> whether one more try is allowed.

The time is that of a clock that nobody sets: a wall clock put back would close a name
for as long as it was put back.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import NamedTuple


class Rate(NamedTuple):
    """So many tries in any so many seconds."""

    amount: int
    seconds: float


class Tries:
    """Counts tries in a moving window; safe from several threads.

    Memory is bounded by the tries that were allowed within one window.
    """

    def __init__(self, rate: Rate, clock: Callable[[], float] = monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._lock = Lock()
        self._made: OrderedDict[str, deque[float]] = OrderedDict()

    def admits(self, key: str) -> bool:
        """Whether another try is allowed; it is counted then."""
        with self._lock:
            now = self._clock()
            self._forget_until(now - self._rate.seconds)
            made = self._made.setdefault(key, deque())
            while made and made[0] <= now - self._rate.seconds:
                made.popleft()
            if len(made) >= self._rate.amount:
                return False
            made.append(now)
            self._made.move_to_end(key)
            return True

    def clear(self, key: str) -> None:
        """Forget the tries of a key."""
        with self._lock:
            self._made.pop(key, None)

    def _forget_until(self, then: float) -> None:
        """Forget the keys whose last try is older: they come first."""
        while self._made and next(iter(self._made.values()))[-1] <= then:
            self._made.popitem(last=False)
