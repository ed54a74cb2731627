"""What long work of training reports while it goes on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: for a progress bar or a log.

    Attributes
    ----------
    doing
        In words.
    step, steps
        Steps done, and in all.
    loss
        Of the step; None where nothing is learned.

    >>> str(Progress("epoch 2", 8, 9, 40.0, 0.5))
    'epoch 2, loss 0.500'
    """

    doing: str
    step: int
    steps: int
    sentences_per_second: float
    loss: float | None = None

    def __str__(self) -> str:
        """Say what is done and how well it goes, without how far it is."""
        return (
            self.doing if self.loss is None else f"{self.doing}, loss {self.loss:.3f}"
        )
