"""What long work of training reports while it goes on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: for a progress bar or a log.

    Attributes
    ----------
    doing
        In words, with what there is to know of it.
    step, steps
        Steps done, and in all.
    """

    doing: str
    step: int
    steps: int
    sentences_per_second: float
