"""The log of decisions -> what stands of it, in memory and as new as the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from time import monotonic
from typing import Final

from annotator.decisions import current
from annotator.records import Decision, Turn
from annotator.store.reviews import ReviewLog

ASSIGNED_FOR: Final = 2.0
"""Seconds for which assignments are taken as known: those made by another process on
the same log are seen this late."""


class Board:
    """What has been decided so far; safe from several threads.

    The log is the truth. Each `refresh` reads only what has been added since the last,
    by this process or by another one on the same log.
    """

    def __init__(self, log: ReviewLog) -> None:
        self._log = log
        self._lock = Lock()
        self._assigned: dict[str, tuple[float, frozenset[str]]] = {}
        self._all: list[Decision] = []
        self._of: defaultdict[str, list[Decision]] = defaultdict(list)
        self._reviews: defaultdict[str, dict[str, Decision]] = defaultdict(dict)
        self._adjudications: dict[str, Decision] = {}

    def refresh(self) -> None:
        """Take in what the log has and the board has not."""
        with self._lock:
            last = self._all[-1].decision_id if self._all else None
            touched = set()
            for decision in self._log.decisions(after=last):
                self._all.append(decision)
                self._of[decision.sentence_id].append(decision)
                touched.add(decision.sentence_id)
            for sentence_id in touched:
                self._settle(sentence_id)

    def _settle(self, sentence_id: str) -> None:
        """Work out anew what stands of a sentence's decisions."""
        for reviewer in {d.reviewer for d in self._of[sentence_id]}:
            self._reviews[reviewer].pop(sentence_id, None)
        self._adjudications.pop(sentence_id, None)
        for decision in current(self._of[sentence_id]):
            if decision.turn == "adjudication":
                self._adjudications[sentence_id] = decision
            else:
                self._reviews[decision.reviewer][sentence_id] = decision

    def decisions(self) -> Sequence[Decision]:
        """Give all decisions in order of arrival."""
        with self._lock:
            return tuple(self._all)

    def standing(self, reviewer: str) -> Mapping[str, Decision]:
        """Give a reviewer's standing labels and skips, by sentence id."""
        with self._lock:
            return dict(self._reviews.get(reviewer, {}))

    def latest(self, reviewer: str) -> Iterator[Decision]:
        """Give a reviewer's standing labels and skips, the last to arrive first."""
        with self._lock:
            everything, own = tuple(self._all), dict(self._reviews.get(reviewer, {}))
        return (d for d in reversed(everything) if own.get(d.sentence_id) is d)

    def review(self, reviewer: str, sentence_id: str) -> Decision | None:
        """Give what stands of a reviewer on a sentence."""
        with self._lock:
            return self._reviews.get(reviewer, {}).get(sentence_id)

    def adjudication(self, sentence_id: str) -> Decision | None:
        """Give the adjudication that stands."""
        with self._lock:
            return self._adjudications.get(sentence_id)

    def on(self, sentence_id: str) -> tuple[Decision, ...]:
        """Give all decisions on a sentence in order of arrival."""
        with self._lock:
            return tuple(self._of.get(sentence_id, ()))

    def last(self, sentence_id: str, reviewer: str, turn: Turn) -> str | None:
        """Give the id of the latest decision of a thread, undone or not."""
        for decision in reversed(self.on(sentence_id)):
            if decision.turn == turn and (
                turn == "adjudication" or decision.reviewer == reviewer
            ):
                return decision.decision_id
        return None

    def labels(self, sentence_id: str) -> list[Decision]:
        """Give the reviews of a sentence that stand and have a label."""
        standing = current(self.on(sentence_id))
        return [d for d in standing if d.turn == "review" and d.label is not None]

    def has_labelled(self, reviewer: str, sentence_id: str) -> bool:
        """Whether somebody ever labelled a sentence, taken back or not."""
        return any(
            d.reviewer == reviewer and d.action == "label" for d in self.on(sentence_id)
        )

    def assigned(self, reviewer: str) -> frozenset[str]:
        """Give the sentences a reviewer was assigned; none stands for all."""
        known = self._assigned.get(reviewer)
        if known is None or monotonic() - known[0] > ASSIGNED_FOR:
            known = monotonic(), self._log.assigned(reviewer)
            self._assigned[reviewer] = known
        return known[1]

    def forget_assignments(self) -> None:
        """Read assignments anew, because they have changed."""
        self._assigned.clear()
