"""A results folder, the log of it, and how to review -> what one reviewer may see.

`Bench` is what all routes share.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from statistics import fmean
from typing import Final

from annotator.codebook import LABELS
from annotator.decisions import ORDERS, Filter, Order, QueueItem
from annotator.errors import BadAccount
from annotator.loopback import is_loopback
from annotator.records import Decision
from annotator.review.answers import Count, Facets, Listed, Progress
from annotator.review.board import Board
from annotator.review.bodies import State
from annotator.review.desk import Desk, Listing
from annotator.review.figures import Figures
from annotator.store.reviews import ReviewLog

MOST_VALUES: Final = 500
"""Values of a facet that are offered, the most frequent first."""

RECENT: Final = 30
"""Decisions that the pace is taken of: about what one makes in five minutes."""

FEWEST_TIMED: Final = 3
"""Decisions whose time is known that it takes to speak of a pace."""

BLIND_ORDERS: Final = tuple(order for order in ORDERS if order != "allegation")
"""The order by allegation would tell the machine's label by the place in the queue."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to review.

    Attributes
    ----------
    host, port
        Where the server listens.
    url
        Under which others reach it, where that is through a proxy; None where not.
    blind
        Whether the machine's answer is hidden until a reviewer has decided.
    order
        Unless a reviewer asks for another one.
    alone_as
        The name decisions are kept under while there are no accounts.
    seed
        Of the random order and of who is assigned what.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    url: str | None = None
    blind: bool = False
    order: Order = "priority"
    alone_as: str = "reviewer"
    seed: int = 1

    @property
    def is_local(self) -> bool:
        """Whether nobody but this machine can reach the server."""
        return self.url is None and is_loopback(self.host)


class Bench:
    """The results, what was decided about them, and who may see what of both."""

    def __init__(self, desk: Desk, log: ReviewLog, options: Options) -> None:
        self.desk, self.log, self.options = desk, log, options
        self.board = Board(log)
        outlet_of = {item.article_id: item.outlet for item in desk.items}
        self.figures = Figures(desk.outlets, outlet_of)
        self._has_accounts = False

    def refuse_unless_safe(self) -> None:
        """Refuse to let in everybody, or to tell by the order what is hidden.

        Raises
        ------
        BadAccount
            If others than this machine can reach it and there are no accounts.
        ValueError
            If the review is blind and its order would tell the machine's label.
        """
        options = self.options
        if not options.is_local and not self.log.accounts():
            raise BadAccount(
                f"{options.url or options.host} is open to others, and there are no "
                "accounts; make the first with `annotator account RESULTS NAME --role "
                "adjudicator`"
            )
        if options.order not in (BLIND_ORDERS if options.blind else ORDERS):
            raise ValueError(f"a blind review has no order by {options.order}")

    def is_alone(self) -> bool:
        """Whether there are no accounts, so that whoever asks may do everything.

        Only on this machine: a server that others reach lets nobody in without one.
        """
        if not self._has_accounts:
            self._has_accounts = bool(self.log.accounts())
        return self.options.is_local and not self._has_accounts

    @property
    def orders(self) -> tuple[Order, ...]:
        """The orders that can be asked for, the usual one first."""
        every = BLIND_ORDERS if self.options.blind else ORDERS
        return tuple(dict.fromkeys((self.options.order, *every)))

    def hidden(self, reviewer: str, sentence_id: str) -> bool:
        """Whether somebody may not see yet what the machine says of a sentence.

        Who has once given a label has seen it, even if the label was taken back.
        """
        return self.options.blind and not self.board.has_labelled(reviewer, sentence_id)

    def may_review(self, reviewer: str, sentence_id: str) -> bool:
        """Whether a sentence is among those assigned, or nothing is."""
        assigned = self.board.assigned(reviewer)
        return not assigned or sentence_id in assigned

    def listing(self, order: Order | None, wanted: Filter) -> Listing:
        """Give the items that a filter lets through, in an order."""
        by = order or self.options.order
        return self.desk.listing(by, wanted, self.options.seed)

    def visible(self, reviewer: str, listing: Listing) -> list[QueueItem]:
        """Give the items of a listing that somebody may review."""
        assigned = self.board.assigned(reviewer)
        if not assigned:
            return listing.items
        return [item for item in listing.items if item.sentence_id in assigned]

    def in_state(
        self, reviewer: str, items: Iterable[QueueItem], state: State
    ) -> list[QueueItem]:
        """Give the items that are open, decided or skipped for somebody."""
        is_so = self._state(reviewer, state)
        return [item for item in items if is_so(item.sentence_id)]

    def following(
        self,
        reviewer: str,
        listing: Listing,
        state: State,
        after: str | None,
        step: int,
    ) -> str | None:
        """Give the id of the sentence that comes next, or before; None of none left.

        Forwards through what is open it starts again at the top, so that what was
        passed over comes back.
        """
        assigned = self.board.assigned(reviewer)
        is_so = self._state(reviewer, state)
        items, place = listing.items, listing.places.get(after or "", -1)
        places: Iterable[int] = range(place - 1, -1, -1)
        if step > 0:
            again = range(place) if state == "open" else ()
            places = chain(range(place + 1, len(items)), again)
        ids = (items[i].sentence_id for i in places)
        wanted = (i for i in ids if is_so(i) and (not assigned or i in assigned))
        return next(wanted, None)

    def _state(self, reviewer: str, state: State) -> Callable[[str], bool]:
        """Give what tells whether a sentence is in a state for somebody."""
        if state == "all":
            return lambda sentence_id: True
        action_of = {s: d.action for s, d in self.board.standing(reviewer).items()}
        action = {"open": None, "decided": "label", "skipped": "skip"}[state]
        return lambda sentence_id: action_of.get(sentence_id) == action

    def facets(self, reviewer: str) -> Facets:
        """Give what there is to filter by, blind without what the machine found."""
        items = self.visible(reviewer, self.listing("text", Filter()))
        labels = Counter(item.label for item in items)
        by_label = [Count(value=n, count=labels[n]) for n in LABELS if labels[n]]
        sources = _counts(source for item in items for source in item.sources)
        blind = self.options.blind
        return Facets(
            outlets=_counts(item.outlet or "" for item in items),
            labels=[] if blind else by_label,
            sources=[] if blind else sources,
            topics=_counts(item.topic or "" for item in items),
            orders=list(self.orders),
        )

    def listed(self, reviewer: str, item: QueueItem) -> Listed:
        """Give an item as the list shows it."""
        mine = self.board.review(reviewer, item.sentence_id)
        hidden = self.hidden(reviewer, item.sentence_id)
        return Listed(
            sentence_id=item.sentence_id,
            text=item.text,
            outlet=item.outlet,
            title=item.title,
            published=item.published,
            machine_label=None if hidden else item.label,
            my_label=mine.label if mine else None,
            reasons=[] if hidden else list(item.reasons),
        )

    def progress(self, reviewer: str, today: date) -> Progress:
        """Give how far somebody has come; `today` in the server's time zone."""
        items = self.visible(reviewer, self.listing("text", Filter()))
        standing = self.board.standing(reviewer)
        own = [d for i in items if (d := standing.get(i.sentence_id))]
        skipped = sum(d.action == "skip" for d in own)
        pace = _per_minute(self.board.latest(reviewer))
        left = len(items) - len(own)
        return Progress(
            open=left,
            decided=len(own) - skipped,
            skipped=skipped,
            today=sum(d.at.astimezone().date() == today for d in own),
            per_minute=pace,
            minutes_left=left / pace if pace else None,
        )


def _counts(values: Iterable[str]) -> list[Count]:
    most = Counter(values).most_common(MOST_VALUES)
    return [Count(value=value, count=count) for value, count in most]


def _per_minute(latest: Iterable[Decision]) -> float | None:
    """Give how many decisions somebody makes in a minute, the latest coming first."""
    times = list(islice((d.seconds for d in latest if d.seconds > 0), RECENT))
    return 60 / fmean(times) if len(times) >= FEWEST_TIMED else None
