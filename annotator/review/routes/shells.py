"""Who is signed in -> the pages they work in; what is on them comes by the API."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response

from annotator.review.auth import Somebody, adjudicator, signed_in
from annotator.review.pages import page

router = APIRouter(include_in_schema=False, dependencies=[Depends(signed_in)])
settling = APIRouter(include_in_schema=False, dependencies=[Depends(adjudicator)])


@router.get("/")
def review(request: Request, me: Somebody) -> Response:
    """Show the queue, one sentence at a time."""
    return page(request, "review.html.j2", "Review", me)


@router.get("/dashboard")
def dashboard(request: Request, me: Somebody) -> Response:
    """Show the outlets' figures, agreement and pace."""
    return page(request, "dashboard.html.j2", "Dashboard", me)


@settling.get("/adjudicate")
def adjudicate(request: Request, me: Somebody) -> Response:
    """Show what reviewers differ on."""
    return page(request, "adjudicate.html.j2", "Adjudicate", me)
