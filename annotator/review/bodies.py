"""JSON, forms and queries -> what the routes take; anything else is refused with 422.

All offsets are code points into the sentence's text.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from annotator.codebook import LabelName
from annotator.decisions import Filter, Order
from annotator.records import (
    Action,
    MarkedSpan,
    Polarity,
    Role,
    Span,
    SpanLayer,
    Turn,
    Voice,
)

MOST_SPANS: Final = 200
LONGEST_NOTE: Final = 4_000
LONGEST_SEARCH: Final = 200
LONGEST_SENTENCE: Final = 10_000_000
DAY: Final = 86_400.0
UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
"""What a database or UTF-8 cannot hold: NUL, half of a surrogate pair."""


def storable(text: str) -> str:
    """Refuse text that no database takes."""
    if UNSTORABLE.search(text):
        raise ValueError("holds a NUL character or half of a surrogate pair")
    return text


def whole(value: Any) -> Any:
    """Read a whole number of a query, where it is one."""
    return int(value) if value in ("1", "-1") else value


Storable = AfterValidator(storable)
Line = Annotated[str, StringConstraints(max_length=500), Storable]
SentenceId = Annotated[str, StringConstraints(max_length=200), Storable]
DecisionId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=64), Storable]
Password = Annotated[str, StringConstraints(max_length=1_000), Storable]
Token = Annotated[str, StringConstraints(max_length=200), Storable]
State = Literal["open", "decided", "skipped", "all"]


class Taken(BaseModel):
    """A body as it comes in: an unknown field is a mistake."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class SpanBody(Taken):
    """A marked span, flat."""

    layer: SpanLayer
    start: Annotated[int, Field(ge=0, le=LONGEST_SENTENCE)]
    end: Annotated[int, Field(ge=1, le=LONGEST_SENTENCE)]
    kind: Annotated[str, StringConstraints(max_length=64), Storable] | None = None
    polarity: Polarity | None = None
    voice: Voice | None = None

    @model_validator(mode="after")
    def not_empty(self) -> Self:
        """Refuse a span that ends before it starts."""
        if self.start >= self.end:
            raise ValueError("a span has at least one character")
        return self

    @classmethod
    def of(cls, marked: MarkedSpan) -> Self:
        """Lay a record out flat."""
        return cls(
            layer=marked.layer,
            start=marked.span.start,
            end=marked.span.end,
            kind=marked.kind,
            polarity=marked.polarity,
            voice=marked.voice,
        )

    def record(self) -> MarkedSpan:
        """Give it as a record."""
        span = Span(self.start, self.end)
        return MarkedSpan(self.layer, span, self.kind, self.polarity, self.voice)


class DecisionBody(Taken):
    """What a person decided, as the page sends it.

    `blind` is what the page believes; whether the machine's answer was hidden is known
    here and stored as it was.
    """

    decision_id: DecisionId
    sentence_id: SentenceId
    action: Action
    label: LabelName | None = None
    spans: Annotated[list[SpanBody], Field(max_length=MOST_SPANS)] | None = None
    note: Annotated[str, StringConstraints(max_length=LONGEST_NOTE), Storable] = ""
    seconds: Annotated[float, Field(ge=0, le=DAY)] = 0.0
    blind: bool = False
    turn: Turn = "review"
    after: DecisionId | None = None

    @model_validator(mode="after")
    def label_if_label(self) -> Self:
        """Refuse a label without the action, and the action without one."""
        if (self.action == "label") != (self.label is not None):
            raise ValueError("`label` goes with the action `label`, and only with it")
        if self.action != "label" and self.spans is not None:
            raise ValueError("`spans` go with the action `label` only")
        return self


class FilterBody(Taken):
    """Which sentences are wanted; see `annotator.decisions.Filter`."""

    outlet: Line | None = None
    label: LabelName | None = None
    source: Line | None = None
    topic: Line | None = None
    since: date | None = None
    until: date | None = None
    contains: (
        Annotated[str, StringConstraints(max_length=LONGEST_SEARCH), Storable] | None
    ) = None

    def record(self) -> Filter:
        """Give it as a record."""
        return Filter(**{name: getattr(self, name) for name in Filter.__slots__})


class Wanted(FilterBody):
    """Which sentences of the queue are asked for, and in which order."""

    order: Order | None = None
    state: State = "open"


class WantedPage(Wanted):
    """A page of them."""

    offset: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class WantedNext(Wanted):
    """The one after or before another."""

    after: SentenceId | None = None
    step: Annotated[Literal[1, -1], BeforeValidator(whole)] = 1


class NewAccount(Taken):
    """Somebody to invite."""

    name: Name
    role: Role = "reviewer"


class Spreading(Taken):
    """Whom to spread sentences over, each to `overlap` of them."""

    reviewers: Annotated[list[Name], Field(min_length=1, max_length=1_000)]
    overlap: Annotated[int, Field(ge=1, le=1_000)] = 1
    filter: FilterBody = FilterBody()
