"""What articles measure -> how many of each group's labels people gave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol

from annotator.profile.copies import Copyable, once_each
from annotator.records import Group


class Reviewed(Copyable, Protocol):
    """What is known of an article whose sentences people may have decided on."""

    @property
    def labels_by_people(self) -> int:
        """Labels that people gave."""


def labels_by_people(
    articles: Iterable[Reviewed], by: Sequence[str] = ("outlet",)
) -> dict[Group, int]:
    """Count the labels that people gave in the articles behind each group's figures.

    Grouped as `estimates` groups, copies counted once in each outlet; groups without
    such a label are left out.
    """
    found: Counter[Group] = Counter()
    for article in once_each(articles):
        group = Group(**{part: getattr(article, part) or "" for part in by})
        found[group] += article.labels_by_people
    return dict(+found)
