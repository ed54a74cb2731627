"""Decisions of a file, the log of a review -> what of them is new, and stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from annotator.errors import StaleDecision
from annotator.export.decisions import Dated, Imported
from annotator.export.parsing import Refused
from annotator.records import Decision


class Log(Protocol):
    """Where decisions are kept."""

    def decisions(self) -> Iterator[Decision]:
        """Give all decisions in order of arrival."""

    def record(self, decision: Decision, after: str | None) -> Decision:
        """Store a decision made in the knowledge of the one named."""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of the decisions of a file.

    Attributes
    ----------
    new, same
        How many were stored, or would be, and how many were there already.
    refused
        What the file held besides, in the order of its lines.
    """

    new: int
    same: int
    refused: tuple[Refused, ...]


def add(found: Imported, log: Log | None, store: bool = True) -> Added:
    """Store what is not there yet; each decision goes on from the last of its thread.

    One that says it was made before the last of its thread is refused, for its maker
    has changed it since.

    Parameters
    ----------
    log
        None where there is none yet.
    store
        Whether to store, or only to say what would be.
    """
    held: set[str] = set()
    last: dict[tuple[str, str], Decision] = {}
    for decision in log.decisions() if log else ():
        held.add(decision.decision_id)
        if decision.turn == "review":
            last[decision.sentence_id, decision.reviewer] = decision
    new = same = 0
    refused = list(found.refused)
    for dated in found.decisions:
        decision = dated.decision
        if decision.decision_id in held:
            same += 1
            continue
        before = last.get((decision.sentence_id, decision.reviewer))
        try:
            _check(dated, before)
            if store and log:
                log.record(decision, before.decision_id if before else None)
        except StaleDecision as e:
            refused.append(Refused(dated.line, str(e), decision.sentence_id))
        else:
            new += 1
            last[decision.sentence_id, decision.reviewer] = decision
    return Added(new, same, tuple(sorted(refused, key=lambda r: r.line)))


def _check(dated: Dated, before: Decision | None) -> None:
    if before and dated.dated and dated.decision.at < before.at:
        raise StaleDecision(f"{before.reviewer} decided anew after this was made")
