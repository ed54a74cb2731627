"""Names, passwords and one-time links -> sessions; open to everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from annotator.errors import BadAccount
from annotator.review import auth
from annotator.review.auth import AnyBench
from annotator.review.bench import Bench
from annotator.review.bodies import Name, Password, Token
from annotator.review.pages import page

router = APIRouter(include_in_schema=False)


@router.get("/sign-in")
def sign_in_page(request: Request) -> Response:
    """Ask for a name and a password."""
    return page(request, "sign_in.html.j2", "Sign in")


@router.post("/sign-in")
def sign_in(
    request: Request,
    bench: AnyBench,
    name: Annotated[Name, Form()],
    password: Annotated[Password, Form()],
) -> Response:
    """Open a session, unless the password is wrong or was wrong too often."""
    limits: auth.SignInLimits = request.app.state.limits
    address = request.client.host if request.client else ""
    if not limits.admits(name, address):
        error = "Too many tries; wait ten minutes."
        refusal = page(request, "sign_in.html.j2", "Sign in", error=error)
        refusal.status_code = 429
        refusal.headers["retry-after"] = "600"
        return refusal
    account = bench.log.check_password(name, password)
    if account is None:
        error = "Name and password do not go together."
        refusal = page(request, "sign_in.html.j2", "Sign in", error=error)
        refusal.status_code = 401
        return refusal
    limits.clear(name)
    return _let_in(bench, account.name)


@router.post("/sign-out")
def sign_out(request: Request, bench: AnyBench) -> Response:
    """End the session."""
    name = auth.cookie_name(bench.options)
    bench.log.close_session(request.cookies.get(name, ""))
    response = RedirectResponse("/sign-in", status_code=303)
    response.delete_cookie(
        name, secure=auth.is_secure(bench.options), httponly=True, samesite="strict"
    )
    return response


@router.get("/invite/{token}")
def invite_page(request: Request, token: Token) -> Response:
    """Ask for a new password; the link is not used up by looking at it."""
    return page(request, "invite.html.j2", "Welcome")


@router.post("/invite/{token}")
def accept(
    request: Request,
    bench: AnyBench,
    token: Token,
    password: Annotated[Password, Form()],
) -> Response:
    """Set the password, and open a session."""
    try:
        account = bench.log.redeem(token, datetime.now(UTC), password)
    except BadAccount as error:
        again = page(request, "invite.html.j2", "Welcome", error=str(error))
        again.status_code = 422
        return again
    if account is None:
        error_text = "This link was used before or has ended; ask for a new one."
        refusal = page(request, "error.html.j2", "Welcome", error=error_text)
        refusal.status_code = 410
        return refusal
    return _let_in(bench, account.name)


def _let_in(bench: Bench, name: str) -> Response:
    token = bench.log.open_session(name, datetime.now(UTC))
    response = RedirectResponse("/", status_code=303)
    auth.set_cookie(response, bench.options, token)
    return response
