"""Filters -> the sentences somebody is asked about, one by one or as a list."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Response

from annotator.decisions import Filter
from annotator.review.answers import Facets, Item, Me, Page, Progress, WholeArticle
from annotator.review.auth import FreshBench, Somebody, signed_in
from annotator.review.bench import Bench
from annotator.review.bodies import (
    FilterBody,
    SentenceId,
    Wanted,
    WantedNext,
    WantedPage,
)
from annotator.review.desk import Listing
from annotator.review.shown import item_of, whole_article

router = APIRouter(prefix="/api", dependencies=[Depends(signed_in)])


@router.get("/me")
def me_(me: Somebody) -> Me:
    """Say who is asking."""
    return me


@router.get("/facets")
def facets(bench: FreshBench, me: Somebody) -> Facets:
    """Give what the queue can be filtered and ordered by."""
    return bench.facets(me.name)


@router.get("/queue")
def queue(
    bench: FreshBench, me: Somebody, wanted: Annotated[WantedPage, Query()]
) -> Page:
    """Give a page of the queue."""
    visible = bench.visible(me.name, _listing(bench, wanted))
    items = bench.in_state(me.name, visible, wanted.state)
    shown = items[wanted.offset : wanted.offset + wanted.limit]
    return Page(
        total=len(items),
        open=len(bench.in_state(me.name, visible, "open")),
        decided=len(bench.in_state(me.name, visible, "decided")),
        items=[bench.listed(me.name, item) for item in shown],
    )


@router.get(
    "/next", response_model=Item, responses={204: {"description": "None is left."}}
)
def following(
    bench: FreshBench, me: Somebody, wanted: Annotated[WantedNext, Query()]
) -> Any:
    """Give the sentence to ask about after, or before, another."""
    listing = _listing(bench, wanted)
    found = bench.following(me.name, listing, wanted.state, wanted.after, wanted.step)
    if found is None:
        return Response(status_code=204)
    return shown_item(bench, me, found)


@router.get("/items/{sentence_id}")
def item(bench: FreshBench, me: Somebody, sentence_id: SentenceId) -> Item:
    """Give one sentence."""
    return shown_item(bench, me, sentence_id)


@router.get("/articles/{article_id}")
def article(bench: FreshBench, article_id: SentenceId) -> WholeArticle:
    """Give one article, sentence by sentence."""
    found = whole_article(bench, article_id)
    if found is None:
        raise HTTPException(404, "There is no such article.")
    return found


@router.get("/progress")
def progress(bench: FreshBench, me: Somebody) -> Progress:
    """Say how far somebody has come."""
    return bench.progress(me.name, datetime.now().astimezone().date())


def shown_item(bench: Bench, me: Me, sentence_id: str) -> Item:
    """Give a sentence as somebody may see it; 404 or 403 where they may not."""
    found = item_of(bench, me.name, me.role == "adjudicator", sentence_id)
    if found is None:
        raise HTTPException(404, "There is no such sentence with a label.")
    if me.role != "adjudicator" and not bench.may_review(me.name, sentence_id):
        raise HTTPException(403, "This sentence is assigned to others.")
    return found


def asked(bench: Bench, wanted: FilterBody) -> Filter:
    """Give what is asked for; 422 where that would tell what is hidden."""
    if bench.options.blind and (wanted.label or wanted.source):
        told = "label" if wanted.label else "source"
        raise HTTPException(422, f"Blind review has no filter by {told}.")
    return wanted.record()


def _listing(bench: Bench, wanted: Wanted) -> Listing:
    if wanted.order and wanted.order not in bench.orders:
        raise HTTPException(422, f"Blind review has no order by {wanted.order}.")
    return bench.listing(wanted.order, asked(bench, wanted))
