"""Lines of text -> decisions, for tests that read as a log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from annotator.codebook import LabelName
from annotator.records import Action, Decision, MarkedSpan

LABEL: Final[dict[str, LabelName]] = {
    "fact": "reported_fact",
    "claim": "attributed_claim",
    "opinion": "opinion",
    "allegation": "unverifiable_allegation",
}
ACTION: Final[dict[str, Action]] = {"skip": "skip", "undo": "undo"}


def log(
    *lines: str,
    machine: str = "fact",
    seconds: float = 0.0,
    spans: tuple[MarkedSpan, ...] | None = None,
) -> list[Decision]:
    """One decision a line: reviewer, sentence, what, and `blind` or `adjudicates`.

    What is a short name of a label, `skip` or `undo`; the sentence's id is that of its
    article, a colon and a number.
    """
    decisions = []
    for number, line in enumerate(lines):
        reviewer, sentence, what, *remarks = line.split()
        decisions.append(
            Decision(
                decision_id=f"{number:032x}",
                sentence_id=sentence,
                article_id=sentence.rpartition(":")[0],
                reviewer=reviewer,
                action=ACTION.get(what, "label"),
                label=LABEL.get(what),
                spans=spans,
                note="",
                seconds=seconds,
                at=datetime(2024, 5, 1, tzinfo=UTC) + timedelta(seconds=number),
                blind="blind" in remarks,
                turn="adjudication" if "adjudicates" in remarks else "review",
                machine_label=LABEL[machine],
                machine_confidence=0.6,
                model="invented@0",
            )
        )
    return decisions
