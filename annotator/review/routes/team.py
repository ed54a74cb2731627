"""Accounts, assignments, disputes, the whole log; for adjudicators only.

The right is asked for by the router, so that no route of it can forget to.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import StreamingResponse

from annotator.decisions import disputed
from annotator.errors import BadAccount
from annotator.records import Account
from annotator.review.answers import (
    Accounts,
    AccountShown,
    Assigned,
    DecisionShown,
    Dispute,
    Disputes,
    Invited,
)
from annotator.review.auth import AnyBench, FreshBench, Somebody, adjudicator
from annotator.review.bench import Bench
from annotator.review.bodies import NewAccount, Spreading
from annotator.review.routes.queue import asked
from annotator.review.spreading import spread
from annotator.store.reviews.credentials import name_key

router = APIRouter(prefix="/api", dependencies=[Depends(adjudicator)])


@router.get("/disputes")
def disputes(bench: FreshBench, me: Somebody) -> Disputes:
    """Give the sentences on which reviewers differ and nobody settled."""
    ids = disputed(bench.board.decisions())
    found = (_dispute(bench, me.name, sentence_id) for sentence_id in ids)
    return Disputes(items=[dispute for dispute in found if dispute])


@router.get("/accounts")
def accounts(bench: AnyBench) -> Accounts:
    """Give all accounts."""
    return Accounts(
        items=[AccountShown.model_validate(a) for a in bench.log.accounts()]
    )


@router.post("/accounts", status_code=201)
def invite(bench: AnyBench, body: NewAccount) -> Invited:
    """Make an account, or a new link for one with the same role; the old link ends."""
    account = bench.log.account(body.name)
    if account is None:
        account = _new_account(bench, body)
    elif account.role != body.role:
        raise HTTPException(409, f"{account.name} has another role: {account.role}.")
    token = bench.log.invite(account.name, datetime.now(UTC))
    shown = AccountShown.model_validate(account)
    return Invited(account=shown, invite=f"/invite/{token}")


@router.post("/assignments", status_code=201)
def assign(bench: FreshBench, body: Spreading) -> Assigned:
    """Spread sentences over reviewers, adding to what they have."""
    known = {name_key(a.name): a.name for a in bench.log.accounts()}
    names = list(dict.fromkeys(known.get(name_key(n), "") for n in body.reviewers))
    if "" in names:
        raise HTTPException(422, "One of the reviewers has no account.")
    if body.overlap > len(names):
        raise HTTPException(422, f"{len(names)} cannot overlap by {body.overlap}.")
    wanted = [
        i.sentence_id for i in bench.listing(None, asked(bench, body.filter)).items
    ]
    held = bench.log.assignments()
    pairs = spread(wanted, names, body.overlap, bench.options.seed, held)
    assigned = bench.log.assign(pairs)
    bench.board.forget_assignments()
    return Assigned(assigned=assigned)


@router.get("/decisions.jsonl")
def decisions(bench: AnyBench) -> StreamingResponse:
    """Give every decision, undone and replaced ones too, one JSON object a line."""

    def lines() -> Iterator[str]:
        for decision in bench.log.decisions():
            yield DecisionShown.of(decision).model_dump_json() + "\n"

    return StreamingResponse(lines(), media_type="application/jsonl")


def _new_account(bench: Bench, body: NewAccount) -> Account:
    """Make an account; the first must be able to make others."""
    if bench.is_alone() and body.role != "adjudicator":
        raise HTTPException(422, "The first account has to be an adjudicator's.")
    try:
        return bench.log.add_account(body.name, body.role)
    except BadAccount as error:
        raise HTTPException(422, str(error)) from error


def _dispute(bench: Bench, reviewer: str, sentence_id: str) -> Dispute | None:
    found = bench.desk.sentence(sentence_id)
    if found is None:
        return None
    hidden = bench.hidden(reviewer, sentence_id)
    return Dispute(
        sentence_id=sentence_id,
        text=found.text,
        outlet=found.article.outlet,
        decisions=[
            DecisionShown.of(d, hidden) for d in bench.board.labels(sentence_id)
        ],
    )
