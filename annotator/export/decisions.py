"""Answers of a file, articles -> decisions on the sentences that they are about.

A sentence is found by its id if its text is still the same. Else it must stand in the
same article (in any, where that is not known), once, with the same text before and
after it: an annotation never moves to a look-alike.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID, uuid5

from annotator.errors import BadExchange
from annotator.export.answers import Answer, Read
from annotator.export.items import context, machine_spans
from annotator.export.marks import attributes
from annotator.export.parsing import Refused
from annotator.records import Decision, Label, MarkedSpan, ScoredArticle

NAMESPACE: Final = UUID("6b0d2a3e-6f5c-5d0e-9a53-5a1c0d8f1e77")
"""Fixed, so that the same annotation has the same id wherever it is imported."""

LONGEST_NAME: Final = 100
"""Characters of a reviewer's name: mail addresses are shorter."""

LONGEST_NOTE: Final = 10_000
"""Characters of a note; the review page takes no longer ones."""

_UNFIT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What a database refuses or a terminal obeys."""


class Dated(NamedTuple):
    """A decision, and whether the file says when it was made."""

    decision: Decision
    line: int
    dated: bool


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file of annotations comes to, before anything is stored.

    Attributes
    ----------
    untouched, unchanged
        As in `Read`.
    """

    decisions: tuple[Dated, ...]
    refused: tuple[Refused, ...]
    untouched: int
    unchanged: int


class _Place(NamedTuple):
    """A sentence that an answer may be about."""

    sentence_id: str
    article_id: str
    text: str
    context: tuple[str, str]
    label: Label | None
    spans: tuple[MarkedSpan, ...]


class _Places:
    """The sentences of a collection that any of some answers may be about."""

    def __init__(
        self, answers: Sequence[Answer], articles: Iterable[ScoredArticle]
    ) -> None:
        self._by_id: dict[str, _Place] = {}
        self._by_text: defaultdict[str, list[_Place]] = defaultdict(list)
        self._articles: set[str] = set()
        names = {a.anchor.sentence_id for a in answers}
        texts = {a.text for a in answers}
        for scored in articles:
            article = scored.article
            self._articles.add(article.article_id)
            spans = machine_spans(scored)
            for sentence in scored.sentences:
                text = article.text[sentence.start : sentence.end]
                name = sentence.sentence_id
                if name not in names and text not in texts:
                    continue
                place = _Place(
                    name,
                    article.article_id,
                    text,
                    context(article, sentence),
                    scored.labels.get(name),
                    spans[name],
                )
                self._by_id[name] = place
                self._by_text[text].append(place)

    def of(self, answer: Answer) -> _Place:
        """Give the one sentence that an answer is about.

        Raises
        ------
        BadExchange
            If none is, or several could be.
        """
        place = self._by_id.get(answer.anchor.sentence_id or "")
        if place and place.text == answer.text:
            return place
        return self._again(answer)

    def _again(self, answer: Answer) -> _Place:
        """Find a sentence whose id is lost or stands for another text now."""
        anchor = answer.anchor
        article_id = anchor.article_id
        if article_id is not None and article_id not in self._articles:
            raise BadExchange(f"there is no article {article_id} in these results")
        if anchor.prefix is None or anchor.suffix is None:
            raise BadExchange(
                "its sentence was not found by its id, and the text around it is lost"
            )
        found = [
            place
            for place in self._by_text.get(answer.text, ())
            if article_id in (None, place.article_id)
            and place.context == (anchor.prefix, anchor.suffix)
        ]
        if not found:
            raise BadExchange("no sentence reads so between the same words")
        if len(found) > 1:
            raise BadExchange(f"{len(found)} sentences read so between the same words")
        return found[0]


def decisions(
    read: Read,
    articles: Iterable[ScoredArticle],
    origin: str,
    now: datetime,
    reviewer: str | None = None,
    account_of: Callable[[str], str] = str,
) -> Imported:
    """Give the decisions that a file of annotations holds.

    The same annotation gives the same `decision_id`, and two of one person that say
    the same are one. What the machine had said is what the results say now.

    Parameters
    ----------
    articles
        All of the collection, read once.
    origin
        The format.
    now
        In UTC; the time of annotations that do not say theirs, or say a later one.
    reviewer
        Who made all annotations of the file. Without it the file must say.
    account_of
        Gives the name of the account that somebody has, else the name given.

    Raises
    ------
    BadExchange
        If a reviewer is given where the file names several.
    """
    named = sorted({a.reviewer for a in read.answers if a.reviewer})
    if reviewer and len(named) > 1:
        raise BadExchange(
            f"it has annotations of {len(named)} people ({', '.join(named[:5])}), "
            "who cannot all be one reviewer: import it without naming one"
        )
    places = _Places(read.answers, articles)
    found: dict[str, Dated] = {}
    refused = list(read.refused)
    for answer in read.answers:
        try:
            who = account_of(_name(reviewer or answer.reviewer))
            made = _decision(answer, places.of(answer), origin, who, now)
        except BadExchange as e:
            refused.append(Refused(answer.line, str(e), answer.anchor.sentence_id))
        else:
            dated = Dated(made, answer.line, answer.at is not None)
            found.setdefault(made.decision_id, dated)
    refused.sort(key=lambda r: r.line)
    return Imported(
        tuple(found.values()), tuple(refused), read.untouched, read.unchanged
    )


def _decision(
    answer: Answer, place: _Place, origin: str, reviewer: str, now: datetime
) -> Decision:
    if place.label is None:
        raise BadExchange("the sentence has no label of the machine")
    if len(answer.note) > LONGEST_NOTE or _UNFIT.search(answer.note):
        raise BadExchange("its note is too long, or has control characters")
    spans = None if answer.spans == place.spans else answer.spans
    return Decision(
        decision_id=_id(answer, place.sentence_id, origin, reviewer),
        sentence_id=place.sentence_id,
        article_id=place.article_id,
        reviewer=reviewer,
        action="skip" if answer.label is None else "label",
        label=answer.label,
        spans=spans,
        note=answer.note,
        seconds=answer.seconds,
        at=min(answer.at or now, now),
        blind=False,
        turn="review",
        machine_label=place.label.label,
        machine_confidence=place.label.confidence,
        model=place.label.model,
        origin=origin,
    )


def _id(answer: Answer, sentence_id: str, origin: str, reviewer: str) -> str:
    spans = answer.spans
    marks = spans and [[m.layer, *m.span, attributes(m)] for m in spans]
    content = [sentence_id, origin, reviewer, answer.label, marks, answer.note]
    return uuid5(NAMESPACE, json.dumps(content)).hex


def _name(reviewer: str | None) -> str:
    """Check the name of a reviewer.

    Raises
    ------
    BadExchange
        If there is none, or it cannot be one.
    """
    if not reviewer or not reviewer.strip():
        raise BadExchange("it does not say who annotated it: name the reviewer")
    if len(reviewer) > LONGEST_NAME or not reviewer.isprintable():
        raise BadExchange("the reviewer's name is too long, or has control characters")
    return reviewer.strip()
