"""Records -> the JSON that the routes give.

All offsets are code points into the sentence's text.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict

from annotator.codebook import LabelName
from annotator.decisions import Order
from annotator.decisions.agreement import Agreement, Pace, Part, Shown
from annotator.records import Action, Decision, Role, Turn
from annotator.review.bodies import SpanBody


class Given(BaseModel):
    """A body as it goes out, read from the attributes of records."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class DecisionShown(Given):
    """A decision; the machine's part is null while it is hidden."""

    decision_id: str
    sentence_id: str
    article_id: str
    reviewer: str
    action: Action
    label: LabelName | None
    spans: list[SpanBody] | None
    note: str
    seconds: float
    at: datetime
    blind: bool
    turn: Turn
    machine_label: LabelName | None
    machine_confidence: float | None
    model: str | None
    origin: str

    @classmethod
    def of(cls, decision: Decision, hidden: bool = False) -> Self:
        """Lay a record out, without the machine's part where it is hidden."""
        fields = {name: getattr(decision, name) for name in Decision.__slots__}
        if decision.spans is not None:
            fields["spans"] = [SpanBody.of(marked) for marked in decision.spans]
        if hidden:
            fields |= dict.fromkeys(("machine_label", "machine_confidence", "model"))
        return cls(**fields)


class MachineShown(Given):
    """What the machine says of a sentence; probabilities by label."""

    label: LabelName
    probabilities: dict[LabelName, float]
    confidence: float
    reasons: list[str]
    model: str


class ArticleShown(Given):
    """What is known of an article."""

    article_id: str
    title: str | None
    outlet: str | None
    author: str | None
    published: str | None
    url: str | None


class NeighbourShown(Given):
    """A sentence of an article, and what stands before it."""

    sentence_id: str
    text: str
    gap: Literal["space", "paragraph"]


class WholeArticle(ArticleShown):
    """An article, sentence by sentence."""

    sentences: list[NeighbourShown]


class GradeShown(Given):
    """Grades of the Admiralty code; null where none could be told."""

    reliability: str | None
    credibility: str | None
    reasons: list[str]


class SaidShown(Given):
    """Who is said to say what."""

    source: str | None
    cue: str | None
    content: str | None
    source_kind: str | None
    resolved_source: str | None
    form: str | None
    depth: int
    grade: GradeShown | None


class RelatedShown(Given):
    """A claim of another article about the same event."""

    relation: str
    text: str
    outlet: str | None
    title: str | None
    published: str | None
    same_origin: bool
    reason: str


class Item(Given):
    """A sentence as one reviewer may see it."""

    sentence_id: str
    text: str
    article: ArticleShown
    before: list[NeighbourShown]
    after: list[NeighbourShown]
    machine: MachineShown | None
    spans: list[SpanBody]
    my_spans: list[SpanBody] | None
    attributions: list[SaidShown]
    related: list[RelatedShown]
    others: list[DecisionShown]
    mine: DecisionShown | None
    last: str | None
    adjudication: DecisionShown | None
    last_adjudication: str | None


class Stored(Given):
    """A decision that is in the log, and its sentence as it stands now."""

    decision: DecisionShown
    item: Item


class Stale(Given):
    """Why a decision was not taken, and its sentence as it stands now."""

    detail: str
    item: Item


class Me(Given):
    """Who is asking; `alone` where there are no accounts."""

    name: str
    role: Role
    blind: bool
    alone: bool


class Count(Given):
    """How many items have one value; "" where it is not known."""

    value: str
    count: int


class Facets(Given):
    """What the queue can be filtered and ordered by."""

    outlets: list[Count]
    labels: list[Count]
    sources: list[Count]
    topics: list[Count]
    orders: list[Order]


class Listed(Given):
    """A sentence in the list."""

    sentence_id: str
    text: str
    outlet: str | None
    title: str | None
    published: str | None
    machine_label: LabelName | None
    my_label: LabelName | None
    reasons: list[str]


class Page(Given):
    """A page of the queue; the counts are of all that the filter lets through."""

    total: int
    open: int
    decided: int
    items: list[Listed]


class Progress(Given):
    """How far a reviewer has come; null where there is too little to tell."""

    open: int
    decided: int
    skipped: int
    today: int
    per_minute: float | None
    minutes_left: float | None


class Dispute(Given):
    """A sentence on which reviewers differ."""

    sentence_id: str
    text: str
    outlet: str | None
    decisions: list[DecisionShown]


class Disputes(Given):
    """All of them."""

    items: list[Dispute]


class AccountShown(Given):
    """An account."""

    name: str
    role: Role
    created: datetime


class Accounts(Given):
    """All accounts."""

    items: list[AccountShown]


class Invited(Given):
    """An account and its one-time link."""

    account: AccountShown
    invite: str


class Assigned(Given):
    """How many assignments were made."""

    assigned: int


class LabelShare(Given):
    """A label's share of an outlet's sentences, as profiled, with its 95 % interval.

    All null where it would tell what is hidden. `people` counts the sentences that
    reviewers together gave this label.
    """

    share: float | None
    low: float | None
    high: float | None
    people: int


class OutletFigures(Given):
    """One outlet, and what of it people decided."""

    outlet: str | None
    articles: int
    sentences: int
    flagged: int
    decided: int
    overridden: int
    shares: dict[LabelName, LabelShare]


class RateShown(Given):
    """A share with its 95 % interval."""

    count: int
    total: int
    share: float | None
    low: float | None
    high: float | None


class OverrideShown(Given):
    """How often people gave another label than the machine."""

    by: Part
    name: str | None
    shown: Shown
    rate: RateShown


class Dashboard(Given):
    """The outlets' figures, how far people agree, and how fast they go."""

    outlets: list[OutletFigures]
    agreement: Agreement
    overrides: list[OverrideShown]
    pace: list[Pace]
