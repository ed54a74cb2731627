"""Decisions of people -> how far they agree, with each other and with the machine.

Only what stands is counted, and only reviews: an adjudicator has seen the others.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from annotator.codebook import LABELS
from annotator.decisions.coefficients import (
    Coefficient,
    Floats,
    alpha,
    coincidences,
    estimate,
    kappa,
)
from annotator.decisions.verdicts import current
from annotator.records import Decision, Share

Shown = Literal["all", "blind", "seen"]
Part = Literal["all", "label", "outlet", "reviewer"]

LONGEST: Final = 300.0
"""Seconds that one decision counts at most: who takes longer has left the page open.
No sentence with its article takes five minutes to read."""


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """How far two people agree on the sentences that both labelled.

    `same` counts those to which they gave the same label, of `kappa.sentences`.
    """

    first: str
    second: str
    same: int
    kappa: Coefficient


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far reviewers agree with each other.

    Attributes
    ----------
    reviewers
        Who gave a label, by name.
    labels
        Given by them, and not taken back.
    unanimous
        Sentences to which all gave one label, of `alpha.sentences`, which two people
        or more labelled.
    pairs
        Each two with a sentence in common, by name.
    alpha
        Krippendorff's, of all of them.
    alpha_blind
        The same of labels given before the machine's was shown. Where it is lower, part
        of `alpha` is that all were shown the same answer.
    """

    reviewers: tuple[str, ...]
    labels: int
    unanimous: int
    pairs: tuple[PairAgreement, ...]
    alpha: Coefficient
    alpha_blind: Coefficient


@dataclass(frozen=True, slots=True)
class OverrideRate:
    """How often a person gave another label than the machine.

    Attributes
    ----------
    by, name
        What the decisions have in common: nothing (`name` is None), the machine's
        label, the outlet (None where it is not known), or the reviewer.
    shown
        Whether the machine's label was hidden until they decided ("blind"), or "seen".
    rate
        Of labels given, a person and sentence each; the interval takes sentences of one
        article as alike. None of one article.
    """

    by: Part
    name: str | None
    shown: Shown
    rate: Share


@dataclass(frozen=True, slots=True)
class Pace:
    """What one person did, and in which time.

    Attributes
    ----------
    decisions
        Labels and skips, those later taken back included; reviews and adjudications.
    skipped, undone
        Skips among them; how often one was taken back.
    minutes
        On screen; a decision counts for `LONGEST` at most, one without a time for none.
    median_seconds
        Of the decisions whose time is known; None where there is none.
    """

    reviewer: str
    decisions: int
    skipped: int
    undone: int
    minutes: float
    median_seconds: float | None


def agreement(decisions: Iterable[Decision], seed: int = 1) -> Agreement:
    """Give how far reviewers agree beyond chance, two by two and all together.

    `seed` is of the articles drawn for the intervals.
    """
    given = _reviews(decisions)
    names = sorted({d.reviewer for d in given})
    of_all = _by_sentence(given)
    shared = [row for row in of_all if len(row) > 1]
    return Agreement(
        reviewers=tuple(names),
        labels=len(given),
        unanimous=sum(len({d.label for d in row}) == 1 for row in shared),
        pairs=tuple(_pairs(shared, seed)),
        alpha=_alpha(shared, seed),
        alpha_blind=_alpha(_by_sentence(d for d in given if d.blind), seed),
    )


def override_rates(
    decisions: Iterable[Decision], outlet_of: Mapping[str, str | None]
) -> tuple[OverrideRate, ...]:
    """Give how often people differ from the machine, and where.

    Parameters
    ----------
    outlet_of
        By article id; an article that it lacks has no known outlet.

    Returns
    -------
    tuple of OverrideRate
        All together, by the machine's label in the order of the codebook, by outlet and
        by reviewer in the order of names, the unknown outlet last; each of all labels,
        of blind ones and of seen ones, as far as there are any.
    """
    given = _reviews(decisions)
    parts: dict[Part, Callable[[Decision], str | None]] = {
        "all": lambda d: None,
        "label": lambda d: d.machine_label,
        "outlet": lambda d: outlet_of.get(d.article_id),
        "reviewer": lambda d: d.reviewer,
    }
    found = []
    for by, name_of in parts.items():
        groups: defaultdict[tuple[str | None, Shown], list[Decision]]
        groups = defaultdict(list)
        for decision in given:
            name = name_of(decision)
            groups[name, "all"].append(decision)
            groups[name, "blind" if decision.blind else "seen"].append(decision)
        rates = [OverrideRate(by, *key, _rate(rows)) for key, rows in groups.items()]
        found += sorted(rates, key=_place)
    return tuple(found)


def pace(decisions: Iterable[Decision]) -> tuple[Pace, ...]:
    """Give what each person did and how fast, in the order of their names."""
    threads: defaultdict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        threads[decision.reviewer].append(decision)
    return tuple(_pace(name, threads[name]) for name in sorted(threads))


def _reviews(decisions: Iterable[Decision]) -> list[Decision]:
    """Give the labels of reviewers that stand."""
    return [d for d in current(decisions) if d.turn == "review" and d.label is not None]


def _by_sentence(given: Iterable[Decision]) -> list[list[Decision]]:
    sentences: defaultdict[str, list[Decision]] = defaultdict(list)
    for decision in given:
        sentences[decision.sentence_id].append(decision)
    return list(sentences.values())


def _alpha(sentences: Sequence[Sequence[Decision]], seed: int) -> Coefficient:
    shared = [row for row in sentences if len(row) > 1]
    votes = np.array([_votes(row) for row in shared]).reshape(-1, len(LABELS))
    return estimate(alpha, coincidences(votes), _articles(shared), seed)


def _votes(labelled: Iterable[Decision]) -> Floats:
    return sum((_one_hot(d) for d in labelled), np.zeros(len(LABELS)))


def _pairs(
    sentences: Iterable[Sequence[Decision]], seed: int
) -> Iterator[PairAgreement]:
    """Give each two people's agreement on what they both labelled."""
    both: defaultdict[tuple[str, str], list[tuple[Decision, Decision]]]
    both = defaultdict(list)
    for row in sentences:
        by_name = sorted(row, key=lambda d: d.reviewer)
        for one, other in combinations(by_name, 2):
            both[one.reviewer, other.reviewer].append((one, other))
    for (first, second), rows in sorted(both.items()):
        tables = np.array([np.outer(_one_hot(a), _one_hot(b)) for a, b in rows])
        same = sum(a.label == b.label for a, b in rows)
        coefficient = estimate(kappa, tables, _articles(rows), seed)
        yield PairAgreement(first, second, same, coefficient)


def _one_hot(decision: Decision) -> Floats:
    return np.array([float(decision.label == name) for name in LABELS])


def _articles(sentences: Iterable[Sequence[Decision]]) -> NDArray[np.int_]:
    """Number the article of each sentence."""
    numbers: dict[str, int] = {}
    ids = (row[0].article_id for row in sentences)
    return np.array([numbers.setdefault(a, len(numbers)) for a in ids], dtype=np.int_)


def _rate(decisions: Sequence[Decision]) -> Share:
    """Give the share that overrides, with its interval.

    Wilson's, at the number of independent labels that would have the standard error
    that the articles have (Franco, Little, Louis & Slud 2019, "Comparative study of
    confidence intervals for proportions in complex sample surveys", Journal of Survey
    Statistics and Methodology 7(3)).
    """
    counts: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
    for d in decisions:
        counts[d.article_id][0] += d.label != d.machine_label
        counts[d.article_id][1] += 1
    overridden, labels = np.array(list(counts.values())).T
    count, total = int(overridden.sum()), int(labels.sum())
    if len(counts) < 2:
        return Share(count, total)
    share = count / total
    off = overridden - share * labels
    variance = len(off) / (len(off) - 1) * float((off**2).sum()) / total**2
    spread = share * (1 - share)
    independent = spread / max(variance, spread / total) if spread else len(off)
    return Share(count, total, *_wilson(share, independent, len(off)))


def _wilson(share: float, labels: float, articles: int) -> tuple[float, float]:
    """Give Wilson's 95 % interval, with the quantile that so few articles ask for."""
    z = float(stdtrit(articles - 1, 0.975))
    middle = share + z**2 / (2 * labels)
    half = z * math.sqrt(share * (1 - share) / labels + (z / (2 * labels)) ** 2)
    scale = 1 + z**2 / labels
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def _place(rate: OverrideRate) -> tuple[int, bool, str, Shown]:
    number = LABELS.index(rate.name) if rate.by == "label" else 0
    return number, rate.name is None, rate.name or "", rate.shown


def _pace(reviewer: str, decisions: Sequence[Decision]) -> Pace:
    decided = [d for d in decisions if d.action != "undo"]
    timed = [min(d.seconds, LONGEST) for d in decisions if d.seconds > 0]
    known = [d.seconds for d in decided if d.seconds > 0]
    return Pace(
        reviewer=reviewer,
        decisions=len(decided),
        skipped=sum(d.action == "skip" for d in decided),
        undone=len(decisions) - len(decided),
        minutes=sum(timed) / 60,
        median_seconds=median(known) if known else None,
    )
