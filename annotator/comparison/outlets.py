"""A results folder -> its articles, and how many labels of each kind an outlet has.

Two of these -> how the shares of each outlet shifted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from annotator.codebook import LABELS
from annotator.comparison.pairing import labelled
from annotator.profile import count
from annotator.profile.copies import once_each
from annotator.profile.shares import ArticleCounts
from annotator.records import Share
from annotator.store import Results

NO_LABELS: Final = (0,) * len(LABELS)


@dataclass(frozen=True, slots=True)
class OutletShift:
    """The shares of labels of an outlet, in the order of `codebook.LABELS`.

    A share is of all labelled sentences of the outlet in a folder, copies of an article
    counted once; its total is 0 where the folder has none.
    """

    outlet: str | None
    old: tuple[Share, ...]
    new: tuple[Share, ...]

    @property
    def points(self) -> tuple[float, ...] | None:
        """New less old, in percentage points; None where one has no label of it."""
        pairs = [(a.value, b.value) for a, b in zip(self.old, self.new, strict=True)]
        known = [(a, b) for a, b in pairs if a is not None and b is not None]
        return tuple(100 * (b - a) for a, b in known) or None


@dataclass(slots=True)
class Contents:
    """What a folder holds, small enough to be kept of all its articles.

    Attributes
    ----------
    outlets
        Of each article, by its id.
    labels
        Of each outlet, counted by their place in `codebook.LABELS`.
    """

    outlets: dict[str, str | None] = field(default_factory=dict)
    labels: dict[str | None, Counter[int]] = field(default_factory=dict)


def contents(results: Results) -> Contents:
    """Read a folder once, with no more than one article in memory."""
    found = Contents()
    names: dict[str | None, str | None] = {}
    copies: list[ArticleCounts] = []
    for scored in labelled(results):
        article = scored.article
        outlet = names.setdefault(article.outlet, article.outlet)
        found.outlets[article.article_id] = outlet
        counts = count(article, scored.sentences, scored.labels)
        if counts.duplicate_of:
            copies.append(counts)
        else:
            _add(counts, found)
    for counts in once_each([*copies, *_originals(copies, found)]):
        _add(counts, found)
    return found


def _originals(
    copies: Iterable[ArticleCounts], found: Contents
) -> Iterator[ArticleCounts]:
    """Stand in for the articles that were copied, whose labels are counted already."""
    copied = {c.duplicate_of for c in copies if c.duplicate_of} - {
        c.article_id for c in copies
    }
    for article_id in copied & found.outlets.keys():
        yield ArticleCounts(article_id, found.outlets[article_id], None, NO_LABELS, 0)


def _add(counts: ArticleCounts, found: Contents) -> None:
    own = found.labels.setdefault(counts.outlet, Counter())
    own.update(dict(enumerate(counts.labels)))


def shifts(old: Contents, new: Contents) -> tuple[OutletShift, ...]:
    """Set the shares of each outlet side by side, the largest change first."""
    names = dict.fromkeys([*old.labels, *new.labels])
    found = [
        OutletShift(name, _shares(old, name), _shares(new, name)) for name in names
    ]
    return tuple(sorted(found, key=_order))


def _shares(folder: Contents, outlet: str | None) -> tuple[Share, ...]:
    own = folder.labels.get(outlet, Counter())
    return tuple(Share(own[i], own.total()) for i in range(len(LABELS)))


def _order(shift: OutletShift) -> tuple[float, bool, str]:
    largest = max(map(abs, shift.points or (0.0,)))
    return -largest, shift.outlet is None, shift.outlet or ""
