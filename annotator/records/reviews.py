"""Nothing -> the records of what people say of the machine's labels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from annotator.codebook import LabelName
from annotator.records.tags import MarkedSpan

Role = Literal["reviewer", "adjudicator"]
Action = Literal["label", "skip", "undo"]
Turn = Literal["review", "adjudication"]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who reviews; an adjudicator also settles what others disagree on."""

    name: str
    role: Role
    created: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person decided about one sentence at one time; it never changes.

    The decisions of a person on a sentence form a thread, and so do all adjudications
    of a sentence: `undo` takes back the decision before it in its thread, any other
    replaces it.

    Attributes
    ----------
    decision_id
        32 hexadecimal digits chosen by whoever sends it, so that one sent twice is
        stored once.
    label
        Set where the action is `label`, and only there.
    spans
        All spans of the sentence as the person wants them, into the sentence's text;
        None leaves the machine's.
    seconds
        How long the sentence was on the screen; 0 where that is not known.
    at
        In UTC.
    blind
        Whether the machine's answer was hidden until this decision.
    turn
        `adjudication` settles the sentence, whatever the reviews say.
    machine_label, machine_confidence, model
        What the machine had said, and which.
    origin
        `page`, or the format of the file it was imported from.
    """

    decision_id: str
    sentence_id: str
    article_id: str
    reviewer: str
    action: Action
    label: LabelName | None
    spans: tuple[MarkedSpan, ...] | None
    note: str
    seconds: float
    at: datetime
    blind: bool
    turn: Turn
    machine_label: LabelName
    machine_confidence: float
    model: str
    origin: str = "page"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What people together say of a sentence.

    Attributes
    ----------
    spans
        Of the decision it rests on that is the latest to correct them; None leaves
        the machine's.
    reviewers
        Who gave this label, in the order of their names.
    adjudicated
        Whether an adjudicator settled it; else it is the label most reviewers gave,
        and a tie gives no verdict.
    overrides
        Whether it differs from the machine's label.
    """

    sentence_id: str
    label: LabelName
    spans: tuple[MarkedSpan, ...] | None
    reviewers: tuple[str, ...]
    adjudicated: bool
    overrides: bool
