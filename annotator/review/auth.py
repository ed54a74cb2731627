"""A request -> who is asking, and whether they meant to.

Forgery is kept out twice: an unsafe request must come from our own pages (Origin) and
know a token that is worked out of the visitor's cookie, so that every process on the
same log knows it too.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException, Request, Response

from annotator.records import Account
from annotator.review.answers import Me
from annotator.review.bench import Bench, Options
from annotator.review.tries import Rate, Tries
from annotator.store.reviews.accounts import SESSION
from annotator.store.reviews.credentials import name_key

SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
PER_NAME: Final = Rate(10, 600)
PER_ADDRESS: Final = Rate(60, 600)
"""Failed sign-ins in ten minutes; an address may be a whole office."""


class SignInLimits:
    """How often a password may be wrong. Each process counts for itself."""

    def __init__(self) -> None:
        self._names, self._addresses = Tries(PER_NAME), Tries(PER_ADDRESS)

    def admits(self, name: str, address: str) -> bool:
        """Whether another try is allowed; it is counted."""
        return self._addresses.admits(address) and self._names.admits(name_key(name))

    def clear(self, name: str) -> None:
        """Forget the tries of a name, because one was right."""
        self._names.clear(name_key(name))


def bench_of(request: Request) -> Bench:
    """Give what all routes share."""
    bench: Bench = request.app.state.bench
    return bench


AnyBench = Annotated[Bench, Depends(bench_of)]


def cookie_name(options: Options) -> str:
    """Name the cookie; ports of one host share cookies, so the name has the port."""
    prefix = "__Host-" if is_secure(options) else ""
    return f"{prefix}annotator-{options.port}"


def is_secure(options: Options) -> bool:
    """Whether browsers reach the server by https only."""
    return bool(options.url and options.url.startswith("https://"))


def set_cookie(response: Response, options: Options, token: str) -> None:
    """Give a visitor a cookie that scripts and other sites cannot use."""
    response.set_cookie(
        cookie_name(options),
        token,
        max_age=int(SESSION.total_seconds()),
        secure=is_secure(options),
        httponly=True,
        samesite="strict",
    )


def cookie_of(request: Request) -> str:
    """Give a visitor's cookie; a new one, to be set, where there is none."""
    options = bench_of(request).options
    return request.cookies.get(cookie_name(options)) or secrets.token_urlsafe(32)


def csrf_of(cookie: str) -> str:
    """Work out the token that our own pages send with what the visitor does."""
    key = cookie.encode("utf-8", "surrogatepass")
    return hmac.new(key, b"csrf", hashlib.sha256).hexdigest()


async def unforged(request: Request, bench: AnyBench) -> None:
    """Refuse an unsafe request that does not come from our own pages."""
    if request.method in SAFE:
        return
    cookie = request.cookies.get(cookie_name(bench.options))
    sent = request.headers.get("x-csrf")
    if sent is None and _is_form(request):
        sent = str((await request.form()).get("csrf"))
    right = cookie is not None and hmac.compare_digest(
        csrf_of(cookie).encode(), (sent or "").encode("utf-8", "surrogatepass")
    )
    if not right or not _is_own(request, bench.options):
        raise HTTPException(403, "This did not come from our own page; load it again.")


def visitor(request: Request, bench: AnyBench) -> Me | None:
    """Give who is asking; None where accounts exist and nobody is signed in."""
    if bench.is_alone():
        name = bench.options.alone_as
        return Me(name=name, role="adjudicator", blind=bench.options.blind, alone=True)
    token = request.cookies.get(cookie_name(bench.options))
    account = bench.log.session(token, datetime.now(UTC)) if token else None
    return _me(account, bench.options) if account else None


def signed_in(me: Annotated[Me | None, Depends(visitor)]) -> Me:
    """Give who is signed in; 401 where nobody is."""
    if me is None:
        raise HTTPException(401, "Sign in first.")
    return me


Somebody = Annotated[Me, Depends(signed_in)]


def adjudicator(me: Somebody) -> Me:
    """Give the adjudicator who is signed in; 403 for a reviewer."""
    if me.role != "adjudicator":
        raise HTTPException(403, "Only an adjudicator may do this.")
    return me


def fresh_bench(bench: AnyBench) -> Bench:
    """Give what all routes share, as new as the log."""
    bench.board.refresh()
    return bench


FreshBench = Annotated[Bench, Depends(fresh_bench)]


def _me(account: Account, options: Options) -> Me:
    return Me(name=account.name, role=account.role, blind=options.blind, alone=False)


def _is_form(request: Request) -> bool:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind in ("application/x-www-form-urlencoded", "multipart/form-data")


def _is_own(request: Request, options: Options) -> bool:
    """Whether the browser says that the request comes from our own pages."""
    own = {request.headers.get("host")}
    if options.url:
        own.add(urlsplit(options.url).netloc)
    try:
        return urlsplit(request.headers.get("origin", "")).netloc in own - {"", None}
    except ValueError:
        return False
