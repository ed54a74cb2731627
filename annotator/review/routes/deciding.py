"""What somebody decided -> the log of decisions."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Response
from fastapi.responses import JSONResponse

from annotator.errors import StaleDecision
from annotator.records import Decision
from annotator.review.answers import DecisionShown, Me, Stale, Stored
from annotator.review.auth import FreshBench, Somebody, signed_in
from annotator.review.bench import Bench
from annotator.review.bodies import DecisionBody
from annotator.review.desk import OpenSentence
from annotator.review.routes.queue import shown_item

router = APIRouter(prefix="/api", dependencies=[Depends(signed_in)])


@router.post(
    "/decisions",
    status_code=201,
    responses={
        200: {"model": Stored, "description": "It was stored before."},
        409: {"model": Stale, "description": "There is a newer one."},
    },
)
def decide(
    bench: FreshBench, me: Somebody, body: DecisionBody, response: Response
) -> Any:
    """Store a decision; once this is answered, it is on the disk."""
    found = bench.desk.sentence(body.sentence_id)
    if found is None:
        raise HTTPException(404, "There is no such sentence with a label.")
    _refuse_unless_theirs(bench, me, body)
    if any(span.end > len(found.text) for span in body.spans or ()):
        raise HTTPException(422, "A span ends after the sentence does.")
    decision = _decision(bench, me, body, found)
    try:
        stored = bench.log.record(decision, body.after)
    except StaleDecision as error:
        bench.board.refresh()
        item = shown_item(bench, me, body.sentence_id)
        stale = Stale(detail=str(error), item=item)
        return JSONResponse(stale.model_dump(mode="json"), status_code=409)
    bench.board.refresh()
    if stored.at != decision.at:
        response.status_code = 200
    hidden = bench.hidden(me.name, body.sentence_id)
    return Stored(
        decision=DecisionShown.of(stored, hidden),
        item=shown_item(bench, me, body.sentence_id),
    )


def _refuse_unless_theirs(bench: Bench, me: Me, body: DecisionBody) -> None:
    """Refuse an adjudication by a reviewer, and a sentence assigned to others."""
    if body.turn == "adjudication":
        if me.role != "adjudicator":
            raise HTTPException(403, "Only an adjudicator may settle a sentence.")
    elif not bench.may_review(me.name, body.sentence_id):
        raise HTTPException(403, "This sentence is assigned to others.")


def _decision(
    bench: Bench, me: Me, body: DecisionBody, found: OpenSentence
) -> Decision:
    return Decision(
        decision_id=body.decision_id,
        sentence_id=body.sentence_id,
        article_id=found.article.article_id,
        reviewer=me.name,
        action=body.action,
        label=body.label,
        spans=None
        if body.spans is None
        else tuple(span.record() for span in body.spans),
        note=body.note,
        seconds=body.seconds,
        at=datetime.now(UTC),
        blind=bench.hidden(me.name, body.sentence_id),
        turn=body.turn,
        machine_label=found.label.label,
        machine_confidence=found.label.confidence,
        model=found.label.model,
    )
