"""Figures -> where they stand on a line, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil, floor, log10
from typing import Final, NamedTuple

from annotator.profile.measures import MeasureKind

MARGIN: Final = 2.0
"""Per cent of the line kept free at either end, so that marks are not cut off."""


class Scale(NamedTuple):
    """A line from one figure to another, 100 long."""

    low: float
    high: float

    def at(self, value: float) -> float:
        """Give the place of a figure; one beyond an end is put at the end.

        >>> Scale(0, 50).at(25), Scale(0, 50).at(99)
        (50.0, 98.0)
        """
        inner = min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        return round(MARGIN + (100 - 2 * MARGIN) * inner, 2)

    @property
    def ticks(self) -> list[float]:
        """Round figures on the line, three to six of them.

        >>> Scale(0, 0.42).ticks
        [0.0, 0.1, 0.2, 0.3, 0.4]
        """
        step = _round_step(self.high - self.low)
        first, last = ceil(self.low / step), floor(self.high / step)
        return [round(n * step, 10) for n in range(first, last + 1)]


def scale_of(figures: Iterable[float], *, symmetrical: bool = False) -> Scale:
    """Make a line that holds all figures and 0.

    >>> scale_of([0.1, 0.3]), scale_of([-0.1, 0.3], symmetrical=True)
    (Scale(low=0.0, high=0.3), Scale(low=-0.3, high=0.3))
    """
    figures = [0.0, *figures]
    low, high = min(figures), max(figures)
    if symmetrical:
        high = max(-low, high)
        low = -high
    return Scale(low, high) if high > low else Scale(low, low + 1.0)


def written(value: float, kind: MeasureKind) -> str:
    r"""Write a figure as its kind of measure asks.

    >>> written(0.314, "share"), written(3.14159, "rate"), written(-0.314, "mean")
    ('31\xa0%', '3.1', '−0.31')
    """
    if kind == "share":
        return f"{_per_cent(value)}\N{NO-BREAK SPACE}%"
    return signed(value, kind) if kind == "mean" else f"{value:.1f}"


def between(low: float, high: float, kind: MeasureKind) -> str:
    """Write an interval in the unit of its figure.

    >>> between(0.314, 0.4, "share"), between(-0.31, 0.1, "mean")
    ('31–40', '−0.31 to +0.10')
    """
    if kind == "share":
        return f"{_per_cent(low)}–{_per_cent(high)}"
    if kind == "rate":
        return f"{low:.1f}–{high:.1f}"
    return f"{signed(low, kind)} to {signed(high, kind)}"


def signed(value: float, kind: MeasureKind) -> str:
    """Write a difference of two figures, with its sign; shares in percentage points.

    >>> signed(0.0314, "share"), signed(-3.14159, "rate"), signed(0.314, "mean")
    ('+3.1', '−3.1', '+0.31')
    """
    text = {
        "share": f"{100 * value:+.1f}",
        "rate": f"{value:+.1f}",
        "mean": f"{value:+.2f}",
    }[kind]
    return text.replace("-", "\N{MINUS SIGN}")


def tick(value: float, kind: MeasureKind) -> str:
    r"""Write a round figure on a line, no longer than it must be.

    >>> tick(0.05, "share"), tick(2.5, "rate"), tick(-0.5, "mean")
    ('5\xa0%', '2.5', '−0.5')
    """
    if kind == "share":
        return f"{100 * value:g}\N{NO-BREAK SPACE}%"
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def _per_cent(share: float) -> str:
    """Give per cents, with a decimal where they are few."""
    return f"{100 * share:.1f}" if 0 < share < 0.0995 else f"{100 * share:.0f}"


def _round_step(width: float) -> float:
    """Give the least step of 1, 2 or 5 times a power of ten that is a fifth or more."""
    power = 10.0 ** floor(log10(width / 5))
    return next(m * power for m in (1, 2, 5, 10) if m * power >= width / 5 * (1 - 1e-9))
