"""A request -> the same, or a refusal before any route sees it.

Plain ASGI, so that a body is not read before it is known to be wanted.
"""

from __future__ import annotations

import hmac
from collections import Counter
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annotator.serve.faults import FAULT, record
from annotator.serve.metrics import Metrics

OPEN: Final = frozenset({"/health/live", "/health/ready"})
"""What a load balancer asks without a token; it says nothing of any article."""


class Answered:
    """Count what requests come to, and answer a fault of the program by its id."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; no exception comes back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sent: Counter[int] = Counter()

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent[message["status"]] += 1
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as fault:
            # Once it has begun, an answer can only be broken off: the server does.
            fault_id = record(fault)
            if sent:
                raise
            answer = JSONResponse({"detail": FAULT, "id": fault_id}, 500)
            await answer(scope, receive, noting)
        finally:
            # A path that leads nowhere is whatever a client makes up.
            route = getattr(scope.get("route"), "path", "other")
            for status in sent:
                self.metrics.requests.labels(route, status).inc()


class TokenDemanded:
    """Refuse a request without the bearer token (RFC 6750)."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self.app, self._expected = app, f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request that bears it."""
        if scope["type"] != "http" or scope["path"] in OPEN or self._bears(scope):
            await self.app(scope, receive, send)
            return
        refusal = JSONResponse(
            {"detail": "expected the header `Authorization: Bearer TOKEN`"},
            401,
            {"WWW-Authenticate": "Bearer"},
        )
        await refusal(scope, receive, send)

    def _bears(self, scope: Scope) -> bool:
        given = Headers(scope=scope).get("authorization", "")
        return hmac.compare_digest(given.encode(), self._expected)
