"""Sentences and reviewers -> who reviews what, evenly and by chance."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from random import Random


def spread(
    sentence_ids: Iterable[str],
    reviewers: Sequence[str],
    overlap: int,
    seed: int,
    held: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[tuple[str, str]]:
    """Give pairs of sentence and reviewer, so that each sentence has `overlap` of them.

    Each sentence goes to those who have fewest so far, chance deciding among equals: so
    nobody has two more than another, and everybody shares sentences with everybody,
    which agreement between two people needs.

    Parameters
    ----------
    held
        Who has a sentence already; they count.

    Examples
    --------
    >>> list(spread(["a", "b"], ["Ana"], overlap=1, seed=1, held={"a": ("Ana",)}))
    [('b', 'Ana')]
    """
    chance = Random(seed)  # noqa: S311 not for secrets
    held = held or {}
    load = dict.fromkeys(reviewers, 0)
    for names in held.values():
        for name in names:
            if name in load:
                load[name] += 1
    for sentence_id in sentence_ids:
        has = held.get(sentence_id, ())
        free = [name for name in reviewers if name not in has]
        chance.shuffle(free)
        free.sort(key=load.__getitem__)
        for name in free[: max(0, overlap - len(has))]:
            load[name] += 1
            yield sentence_id, name
