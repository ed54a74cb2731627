"""A sentence, and who asks -> all that this reviewer may see of it, as JSON."""

from __future__ import annotations

from typing import Final

from annotator.codebook import LABELS
from annotator.records import Article, Decision, Label
from annotator.review.answers import (
    ArticleShown,
    DecisionShown,
    GradeShown,
    Item,
    MachineShown,
    NeighbourShown,
    RelatedShown,
    SaidShown,
    WholeArticle,
)
from annotator.review.bench import Bench
from annotator.review.bodies import SpanBody
from annotator.review.desk import Said, neighbours

CONTEXT: Final = 6
"""Sentences shown before and after: the codebook asks for two before, and a screen
holds about so many."""


def item_of(
    bench: Bench, reviewer: str, settles: bool, sentence_id: str
) -> Item | None:
    """Give a sentence as a reviewer may see it; None if there is none of that id.

    Parameters
    ----------
    settles
        Whether it is an adjudicator, who sees what others decided before they decide
        themselves.
    """
    found = bench.desk.sentence(sentence_id)
    if found is None:
        return None
    board = bench.board
    hidden = bench.hidden(reviewer, sentence_id)
    mine = board.review(reviewer, sentence_id)
    adjudication = board.adjudication(sentence_id)
    decided = mine is not None and mine.action == "label"
    open_to_see = settles or decided
    return Item(
        sentence_id=sentence_id,
        text=found.text,
        article=article_shown(found.article),
        before=[NeighbourShown.model_validate(n) for n in found.before(CONTEXT)],
        after=[NeighbourShown.model_validate(n) for n in found.after(CONTEXT)],
        machine=None if hidden else _machine(found.label),
        spans=[] if hidden else [SpanBody.of(span) for span in found.spans()],
        my_spans=_spans(mine),
        attributions=[] if hidden else [_said(said) for said in found.said()],
        related=[]
        if hidden
        else [RelatedShown.model_validate(r) for r in bench.desk.related(sentence_id)],
        others=others(bench, reviewer, sentence_id) if open_to_see else [],
        mine=DecisionShown.of(mine, hidden) if mine else None,
        last=board.last(sentence_id, reviewer, "review"),
        adjudication=DecisionShown.of(adjudication, hidden)
        if adjudication and open_to_see
        else None,
        last_adjudication=board.last(sentence_id, reviewer, "adjudication")
        if settles
        else None,
    )


def others(bench: Bench, reviewer: str, sentence_id: str) -> list[DecisionShown]:
    """Give the labels that stand of all others, in the order of arrival."""
    hidden = bench.hidden(reviewer, sentence_id)
    return [
        DecisionShown.of(decision, hidden)
        for decision in bench.board.labels(sentence_id)
        if decision.reviewer != reviewer
    ]


def article_shown(article: Article) -> ArticleShown:
    """Give what is known of an article."""
    return ArticleShown.model_validate(article)


def whole_article(bench: Bench, article_id: str) -> WholeArticle | None:
    """Give an article sentence by sentence; None if there is none of that id."""
    scored = bench.desk.article(article_id)
    if scored is None:
        return None
    return WholeArticle(
        **article_shown(scored.article).model_dump(),
        sentences=[NeighbourShown.model_validate(n) for n in neighbours(scored)],
    )


def _machine(label: Label) -> MachineShown:
    return MachineShown(
        label=label.label,
        probabilities=dict(zip(LABELS, label.probabilities, strict=True)),
        confidence=label.confidence,
        reasons=list(label.flag_reasons),
        model=label.model,
    )


def _spans(mine: Decision | None) -> list[SpanBody] | None:
    if mine is None or mine.spans is None:
        return None
    return [SpanBody.of(marked) for marked in mine.spans]


def _said(said: Said) -> SaidShown:
    grades = [g for g in (said.reliability, said.credibility) if g]
    grade = GradeShown(
        reliability=said.reliability and said.reliability.value,
        credibility=said.credibility and said.credibility.value,
        reasons=[reason for g in grades for reason in g.reasons],
    )
    own = {
        name: getattr(said, name) for name in SaidShown.model_fields if name != "grade"
    }
    return SaidShown(**own, grade=grade if grades else None)
