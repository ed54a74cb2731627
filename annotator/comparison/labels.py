"""Pairs of articles -> the labels that changed, and what they add up to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from annotator.codebook import LabelName
from annotator.comparison.outlets import OutletShift, contents, shifts
from annotator.comparison.pairing import paired, sentence_pairs
from annotator.records import ScoredArticle
from annotator.store import Results


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence with one label in the old folder and another in the new.

    Attributes
    ----------
    outlet, text
        As the new folder has them.
    confidence_old, confidence_new
        Probability of the label given, 0 to 1.
    model_old, model_new
        Name and weight hash of the model that gave it.
    """

    article_id: str
    sentence_id_old: str
    sentence_id_new: str
    outlet: str | None
    text: str
    label_old: LabelName
    label_new: LabelName
    confidence_old: float
    confidence_new: float
    model_old: str
    model_new: str

    @property
    def confidence(self) -> float:
        """The lesser of the two: how sure both labels are at the least."""
        return min(self.confidence_old, self.confidence_new)


@dataclass(slots=True)
class Comparison:
    """What `compare` has found so far; all there is once it has ended.

    Attributes
    ----------
    articles
        That both folders have; `changed` of them have another text in each.
    removed, added
        Articles that only the old, only the new folder has.
    labels
        How many sentences went from one label to another, or kept theirs.
    only_old, only_new
        Labelled sentences of the articles in both that have no labelled counterpart.
    flagged_old, flagged_new
        Sentences of both that are flagged in one folder only.
    outlets
        Of either folder, the largest change of a share first.
    """

    articles: int = 0
    changed: int = 0
    removed: int = 0
    added: int = 0
    labels: Counter[tuple[LabelName, LabelName]] = field(default_factory=Counter)
    only_old: int = 0
    only_new: int = 0
    flagged_old: int = 0
    flagged_new: int = 0
    outlets: tuple[OutletShift, ...] = ()

    @property
    def sentences(self) -> int:
        """Sentences with a label in both."""
        return self.labels.total()

    @property
    def changes(self) -> int:
        """Sentences whose label is another in each."""
        return sum(n for (old, new), n in self.labels.items() if old != new)


def compare(
    old: Results,
    new: Results,
    comparison: Comparison,
    show: Callable[[int, int], object] = lambda done, total: None,
) -> Iterator[Change]:
    """Give the labels that changed, article by article, and count as they are given.

    Articles are the same where their ids are, which are made of the file's path and
    the place in it. The labels are the machine's, whatever people decided. Both folders
    are read twice; the ids of all articles stay in memory, and some articles whose
    order differs (`pairing.MOST_WAITING`).

    Parameters
    ----------
    comparison
        Filled in.
    show
        Told of articles compared, and of how many there are.

    Raises
    ------
    BadResults
        If a folder cannot be read, or was written anew in the meantime.
    """
    before, after = contents(old), contents(new)
    shared = before.outlets.keys() & after.outlets.keys()
    comparison.removed = len(before.outlets) - len(shared)
    comparison.added = len(after.outlets) - len(shared)
    comparison.outlets = shifts(before, after)
    show(0, len(shared))
    for one, other in paired(old, new, shared):
        yield from _changes(one, other, comparison)
        show(comparison.articles, len(shared))


def _changes(
    old: ScoredArticle, new: ScoredArticle, comparison: Comparison
) -> Iterator[Change]:
    comparison.articles += 1
    comparison.changed += old.article.text != new.article.text
    compared = 0
    for one, other in sentence_pairs(old, new):
        was, now = old.labels.get(one.sentence_id), new.labels.get(other.sentence_id)
        if was is None or now is None:
            continue
        compared += 1
        comparison.labels[was.label, now.label] += 1
        comparison.flagged_old += was.flagged and not now.flagged
        comparison.flagged_new += now.flagged and not was.flagged
        if was.label != now.label:
            yield Change(
                new.article.article_id,
                one.sentence_id,
                other.sentence_id,
                new.article.outlet,
                new.article.text[slice(*other.span)],
                was.label,
                now.label,
                was.confidence,
                now.confidence,
                was.model,
                now.model,
            )
    comparison.only_old += len(old.labels) - compared
    comparison.only_new += len(new.labels) - compared
