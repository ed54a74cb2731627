"""An open results folder and its log -> the web application."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from annotator.errors import AnnotatorError, BadAccount, BadResults, StaleDecision
from annotator.review import auth, guards
from annotator.review.bench import Bench, Options
from annotator.review.desk import Desk
from annotator.review.pages import page
from annotator.review.routes import dashboard, deciding, doors, queue, shells, team
from annotator.store.reviews import ReviewLog

STATIC: Final = Path(__file__).parent / "static"

STATUS: Final[dict[type[AnnotatorError], int]] = {
    StaleDecision: 409,
    BadAccount: 422,
    BadResults: 503,
}
"""Of what a user can mend; any other of our errors is 400."""

SILENT: Final[Any] = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""FastAPI would send what it measures where the environment says; nothing leaves."""


def create_app(desk: Desk, log: ReviewLog, options: Options) -> FastAPI:
    """Make the application; it closes neither desk nor log.

    Raises
    ------
    BadAccount
        If others than this machine can reach it and there are no accounts.
    ValueError
        If the review is blind and its order would tell the machine's label.
    """
    bench = Bench(desk, log, options)
    bench.refuse_unless_safe()
    app = FastAPI(
        title="Source annotator review",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        telemetry=SILENT,
        dependencies=[Depends(auth.unforged)],
        middleware=[
            Middleware(guards.SafeHeaders),
            Middleware(
                guards.KnownHosts,
                names=guards.host_names(options.host, options.url),
                addresses=options.host in guards.EVERY_ADDRESS,
            ),
            Middleware(RequestBodyLimitMiddleware, max_body_size=guards.LARGEST_BODY),
        ],
    )
    app.state.bench = bench
    app.state.limits = auth.SignInLimits()
    for router in (doors.router, shells.router, shells.settling, queue.router):
        app.include_router(router)
    for router in (deciding.router, dashboard.router, team.router, _description(app)):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _unfit)
    app.add_exception_handler(AnnotatorError, _mendable)
    return app


def _description(app: FastAPI) -> APIRouter:
    """Describe the interface, to those who are signed in."""
    router = APIRouter(dependencies=[Depends(auth.signed_in)])

    @router.get("/openapi.json", include_in_schema=False)
    def describe() -> dict[str, Any]:
        return app.openapi()

    return router


async def _refused(request: Request, error: Any) -> Response:
    if error.status_code == HTTPStatus.UNAUTHORIZED and not _wants_json(request):
        return RedirectResponse("/sign-in", status_code=303)
    return _answer(request, error.status_code, error.detail, error.headers)


async def _unfit(request: Request, error: Any) -> Response:
    """Say what is wrong with a request, without saying back what it held."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"] if isinstance(part, str | int))
    return _answer(request, 422, f"{place}: {first['msg']}")


async def _mendable(request: Request, error: Any) -> Response:
    return _answer(request, STATUS.get(type(error), 400), str(error))


def _answer(
    request: Request, status: int, detail: str, headers: Any = None
) -> Response:
    """Give an error as one line, in JSON or as a page."""
    # Hostile input may be in it, such as half of a surrogate pair.
    line = detail.encode("utf-8", "replace").decode()[:500]
    if _wants_json(request):
        return JSONResponse({"detail": line}, status, headers)
    response = page(request, "error.html.j2", HTTPStatus(status).phrase, error=line)
    response.status_code = status
    response.headers.update(headers or {})
    return response


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/openapi.json"))
