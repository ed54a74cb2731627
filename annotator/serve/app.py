"""A scorer -> the web application that asks it."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, Final

from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from annotator.loopback import LOOPBACK
from annotator.serve.answering import Answering, Outcome
from annotator.serve.answers import (
    Answer,
    BatchAnswer,
    BatchResult,
    Found,
    Health,
    Refusal,
)
from annotator.serve.bodies import ArticleBody, BatchBody, JsonRoute, in_a_line
from annotator.serve.faults import FAULT, record
from annotator.serve.guards import Answered, TokenDemanded
from annotator.serve.scorer import Scorer

ABOUT: Final = (
    "Tags each sentence of news as reported fact, attributed claim, opinion or "
    "unverifiable allegation. A label says how a sentence is offered to the reader, "
    "never whether it is true.\n\n"
    "**All offsets are code points of `article.text`**, from 0, the end left out: as "
    "Python counts, not UTF-16 units as JavaScript does, nor bytes."
)

REFUSALS: Final[dict[int | str, dict[str, Any]]] = {
    413: {"model": Refusal, "description": "More than one request may hold."},
    422: {"model": Refusal, "description": "No article can be made of it."},
    429: {
        "model": Refusal,
        "description": "Too much is waiting; ask again after `Retry-After` seconds.",
    },
    500: {"model": Refusal, "description": "A fault of the program, and its id."},
    503: {"model": Refusal, "description": "The model loads, or the service stops."},
}

SILENT: Final[Any] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI would send what it measures where the environment says; nothing leaves."""


def create_app(scorer: Scorer, token: str | None = None) -> FastAPI:
    """Make the application; it neither starts nor stops the scorer.

    Without a token it answers only those who ask for this machine by a name of its own.
    With one it has any name: no browser bears a token that a page has not.
    """
    guard = (
        Middleware(TokenDemanded, token=token)
        if token
        else Middleware(
            TrustedHostMiddleware, allowed_hosts=LOOPBACK, www_redirect=False
        )
    )
    app = FastAPI(
        title="Source annotator",
        description=ABOUT,
        version=version("source-annotator"),
        docs_url=None,
        redoc_url=None,
        telemetry=SILENT,
        middleware=[
            Middleware(Answered, metrics=scorer.metrics),
            guard,
            Middleware(
                RequestBodyLimitMiddleware, max_body_size=scorer.limits.max_bytes
            ),
        ],
    )
    answering = Answering(scorer)
    app.include_router(_scoring(scorer, answering))
    app.include_router(_watching(scorer, answering))
    app.add_exception_handler(StarletteHTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _malformed)
    return app


def _scoring(scorer: Scorer, answering: Answering) -> APIRouter:
    """Routes that score."""
    router = APIRouter(route_class=JsonRoute, responses=REFUSALS)

    @router.post("/articles", response_model=Answer, summary="Score an article")
    async def article(body: ArticleBody, request: Request) -> Response:
        """Give everything found in one article, sent as text or as a page."""
        (outcome,) = await answering.outcomes(request, [body])
        if isinstance(outcome, Exception):
            raise outcome
        return _json(Answer(model=str(scorer.version), found=outcome))

    @router.post("/batches", response_model=BatchAnswer, summary="Score articles")
    async def batch(body: BatchBody, request: Request) -> Response:
        """Give what is found in each article, in order.

        An article that cannot be scored has a status and a reason in its place, and
        costs the others nothing.
        """
        outcomes = await answering.outcomes(request, body.articles)
        results = [_result(outcome) for outcome in outcomes]
        return _json(BatchAnswer(model=str(scorer.version), results=results))

    return router


def _watching(scorer: Scorer, answering: Answering) -> APIRouter:
    """Routes that say how the service does."""
    router = APIRouter()

    @router.get("/health/live", summary="Whether the service runs")
    async def live() -> Health:
        return Health(status="live", model=scorer.version)

    @router.get(
        "/health/ready", responses={503: REFUSALS[503]}, summary="Whether it scores"
    )
    async def ready() -> Health:
        answering.refuse_unless_ready()
        return Health(status="ready", model=scorer.version)

    @router.get(
        "/metrics",
        response_class=Response,
        responses={200: {"content": {"text/plain": {}}}},
        summary="Counts and times, for Prometheus",
    )
    async def metrics() -> Response:
        kind = "text/plain; version=0.0.4; charset=utf-8"
        return Response(scorer.metrics.page(), media_type=kind)

    return router


def _result(outcome: Outcome) -> BatchResult:
    match outcome:
        case Found():
            return BatchResult(status=200, found=outcome)
        case HTTPException():
            return BatchResult(status=outcome.status_code, detail=outcome.detail)
        case _:
            return BatchResult(status=500, detail=FAULT, id=record(outcome))


def _json(answer: Answer | BatchAnswer) -> Response:
    return Response(answer.model_dump_json(), media_type="application/json")


async def _refused(request: Request, error: Any) -> Response:
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


async def _malformed(request: Request, error: Any) -> Response:
    return JSONResponse({"detail": in_a_line(error.errors()[0])}, 422)
