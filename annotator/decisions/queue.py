"""What there is to decide -> what to ask a person next, and which part of it.

Orders are of the items alone, so that all who ask with the same seed are given the
same order; what somebody has decided is left out afterwards.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from heapq import heapify, heappop, heappush
from typing import Final, Literal, get_args
from unicodedata import normalize

from annotator.codebook import LABELS, LabelName

Order = Literal["priority", "uncertainty", "allegation", "weight", "text", "random"]

ORDERS: Final[tuple[Order, ...]] = get_args(Order)

SPACING: Final = 10
"""How many items in a row are of different articles in the order by priority: as many
as a list shows at a glance. `benchmarks/review_order.py` shows that spacing costs
next to no decisions; run it again if this changes."""

ANY, ALLEGATION, WEIGHT = 0.5, 0.25, 0.25
"""What a mistake costs: any, one about an allegation, one in a small outlet. On
labelled sentences this takes hardly more decisions than uncertainty alone and finds
mistakes about allegations sooner; `benchmarks/review_order.py` measures both."""


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A sentence a person may be asked about.

    Attributes
    ----------
    published
        ISO 8601 as precisely as it is known: "2016", "2016-05", a day, or a moment.
    label, probabilities, reasons
        The machine's, as in `Label`.
    sources
        Names of those who are said to say it, resolved where they are.
    weight
        How much one label can move the figures of its outlet, 0 to 1: see `weights`.
    """

    sentence_id: str
    article_id: str
    outlet: str | None
    title: str | None
    topic: str | None
    published: str | None
    text: str
    label: LabelName
    probabilities: tuple[float, float, float, float]
    reasons: tuple[str, ...]
    sources: tuple[str, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items are wanted; None asks for nothing.

    Attributes
    ----------
    outlet, topic
        "" stands for those of which it is not known.
    source
        One of an item's `sources`.
    since, until
        Both inclusive. A month or a year is within them if a day of it is; what has no
        date is not.
    contains
        In the sentence's text, whatever its case, width or spaces (NFKC).
    """

    outlet: str | None = None
    label: LabelName | None = None
    source: str | None = None
    topic: str | None = None
    since: date | None = None
    until: date | None = None
    contains: str | None = None


def weights(sentences: Mapping[str | None, int]) -> dict[str | None, float]:
    """Give each outlet's weight from how many labelled sentences it has.

    One label moves a share of n sentences by 1/n. Scaled to 1 for the outlet with the
    fewest, by the root, as standard errors are: else two sentences of a stray outlet
    would outweigh everything else.

    Examples
    --------
    >>> weights({"Daily": 400, "Weekly": 100, None: 25})
    {'Daily': 0.25, 'Weekly': 0.5, None: 1.0}
    """
    counted = {outlet: count for outlet, count in sentences.items() if count > 0}
    fewest = min(counted.values(), default=0)
    return {outlet: math.sqrt(fewest / count) for outlet, count in counted.items()}


def uncertainty(probabilities: Sequence[float]) -> float:
    """Give the entropy of a label's probabilities, 0 (sure) to 1 (all are alike).

    Examples
    --------
    >>> uncertainty([1, 0, 0, 0]), uncertainty([0.5, 0.5, 0, 0])
    (0.0, 0.5)
    """
    entropy = -sum(p * math.log(p) for p in probabilities if p > 0)
    return max(0.0, entropy / math.log(len(probabilities)))


def priority(item: QueueItem) -> float:
    """Give what deciding an item is worth, 0 to 1.

    How uncertain the label is, times what a mistake would cost: more where it may be
    an allegation, since to count one as a fact, or a fact as one, does most harm; and
    more where one label moves the outlet's figures more.
    """
    cost = ANY + ALLEGATION * _allegation(item) + WEIGHT * item.weight
    return uncertainty(item.probabilities) * cost


def ordered(
    items: Sequence[QueueItem], by: Order = "priority", seed: int = 1
) -> list[QueueItem]:
    """Put items in the order in which to ask about them.

    "priority" goes by `priority`, and then sees to it that no article comes twice
    among `SPACING` items as long as others are left: whoever reads ten sentences of one
    article in a row judges the article. "random" gives each item its place by the seed
    and its own id, so that what is filtered keeps its order; "text" keeps the order
    given. What is worth the same keeps the order given too.

    Parameters
    ----------
    items
        In the order of the text.
    seed
        Of "random" alone.

    Raises
    ------
    ValueError
        If `by` is none of `ORDERS`.
    """
    keys: dict[Order, Callable[[QueueItem], float]] = {
        "priority": lambda item: -priority(item),
        "uncertainty": lambda item: -uncertainty(item.probabilities),
        "allegation": lambda item: -_allegation(item),
        "weight": lambda item: -item.weight,
        "text": lambda item: 0,
        "random": lambda item: _place(item.sentence_id, seed),
    }
    if by not in keys:
        raise ValueError(f"got the order {by!r}, expected one of {', '.join(ORDERS)}")
    found = sorted(items, key=keys[by])
    return _spaced(found) if by == "priority" else found


def matching(items: Sequence[QueueItem], wanted: Filter) -> list[QueueItem]:
    """Give the items that a filter asks for, in their order."""
    tests = _tests(wanted)
    return [item for item in items if all(test(item) for test in tests)]


def _allegation(item: QueueItem) -> float:
    return item.probabilities[LABELS.index("unverifiable_allegation")]


def _place(sentence_id: str, seed: int) -> int:
    text = f"{seed}:{sentence_id}".encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big")


def _spaced(items: Sequence[QueueItem]) -> list[QueueItem]:
    """Take always the first item whose article was not taken just before."""
    waiting: defaultdict[str, deque[int]] = defaultdict(deque)
    for place, item in enumerate(items):
        waiting[item.article_id].append(place)
    ready = [places[0] for places in waiting.values()]
    heapify(ready)
    resting: deque[str] = deque()
    found: list[QueueItem] = []
    while len(found) < len(items):
        if len(resting) == SPACING or not ready:
            if places := waiting[resting.popleft()]:
                heappush(ready, places[0])
            continue
        item = items[heappop(ready)]
        waiting[item.article_id].popleft()
        resting.append(item.article_id)
        found.append(item)
    return found


def _tests(wanted: Filter) -> list[Callable[[QueueItem], bool]]:
    """Give what an item has to pass, the quickest first."""
    tests: list[Callable[[QueueItem], bool]] = []
    if wanted.label is not None:
        tests.append(lambda item: item.label == wanted.label)
    if wanted.outlet is not None:
        tests.append(lambda item: (item.outlet or "") == wanted.outlet)
    if wanted.topic is not None:
        tests.append(lambda item: (item.topic or "") == wanted.topic)
    if wanted.source is not None:
        tests.append(lambda item: wanted.source in item.sources)
    if wanted.since is not None or wanted.until is not None:
        tests.append(_within(wanted.since or date.min, wanted.until or date.max))
    if wanted.contains is not None:
        words = map(re.escape, _folded(wanted.contains).split())
        found = re.compile(r"\s+".join(words)).search
        tests.append(lambda item: found(_folded(item.text)) is not None)
    return tests


def _within(since: date, until: date) -> Callable[[QueueItem], bool]:
    first, last = since.isoformat(), until.isoformat()

    def within(item: QueueItem) -> bool:
        day = (item.published or "")[:10]
        return bool(day) and first[: len(day)] <= day <= last[: len(day)]

    return within


def _folded(text: str) -> str:
    """Fold case and compatibility characters."""
    if text.isascii():
        return text.casefold()
    return normalize("NFKC", normalize("NFKC", text).casefold())
