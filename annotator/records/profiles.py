"""Nothing -> the records of what many articles add up to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """A share with what it rests on.

    `low` and `high` bound the 95 % interval; both are None where there is too
    little data for one.
    """

    count: int
    total: int
    low: float | None = None
    high: float | None = None

    @property
    def value(self) -> float | None:
        """count / total; None of nothing."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class OutletProfile:
    """What one outlet's scored sentences add up to.

    `outlet` is None for articles whose outlet is unknown. Near-duplicates within
    the outlet are counted once and given in `n_duplicates`. `labels` is in the
    order of `codebook.LABELS`.
    """

    outlet: str | None
    n_articles: int
    n_duplicates: int
    n_sentences: int
    labels: tuple[Share, Share, Share, Share]
    flagged: Share
    enough: bool
    note: str | None = None
