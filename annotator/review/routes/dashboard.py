"""The log and the profiles -> the figures of the dashboard."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from annotator.review.answers import Dashboard
from annotator.review.auth import FreshBench, Somebody, signed_in

router = APIRouter(prefix="/api", dependencies=[Depends(signed_in)])


@router.get("/dashboard")
def dashboard(bench: FreshBench, me: Somebody) -> Dashboard:
    """Give the outlets' figures, agreement, override rates and pace."""
    hides = me.blind and me.role != "adjudicator"
    return bench.figures.dashboard(bench.board.decisions(), hides)
