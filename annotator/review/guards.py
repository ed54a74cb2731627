"""A request -> the same, or a refusal before any route sees it; headers on the answer.

Plain ASGI, so that what a route streams is not held up.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from annotator.loopback import LOOPBACK

LARGEST_BODY: Final = 64 * 1024
"""Bytes: fifteen times a decision with a long note and two hundred spans."""

EVERY_ADDRESS: Final = ("0.0.0.0", "::", "")  # noqa: S104 compared with, not bound to

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)

HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
"""OWASP HTTP Headers Cheat Sheet. The policy lets nothing in from outside, and no
script or style that is not a file of ours. Under `no-referrer` browsers would send
forms with the origin "null", which cannot be checked."""

PUBLIC: Final = "/static/"
"""What is the same for everybody; the rest no cache may keep."""


def host_names(host: str, url: str | None) -> list[str]:
    """Give the names under which a server that listens on a host may be asked for.

    On every address: this machine's own names and addresses. A name that somebody else
    has pointed at this machine (DNS rebinding) is none of them.
    """
    names = {*LOOPBACK}
    if url and (public := urlsplit(url).hostname):
        names.add(_bracketed(public))
    if host not in EVERY_ADDRESS:
        names.add(_bracketed(host))
    else:
        own = socket.gethostname()
        names |= {own.lower(), socket.getfqdn().lower()}
    return sorted(names)


class KnownHosts:
    """Refuse a request for a name that is not this server's.

    Parameters
    ----------
    addresses
        Whether any literal address will do, which no name server can forge.
    """

    def __init__(self, app: ASGIApp, names: list[str], addresses: bool = False) -> None:
        self.app, self.names, self.addresses = app, frozenset(names), addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a request that names this server."""
        if scope["type"] != "http" or self._knows(Headers(scope=scope).get("host")):
            await self.app(scope, receive, send)
            return
        refusal = PlainTextResponse("This server has another name.", status_code=400)
        await refusal(scope, receive, send)

    def _knows(self, host: str | None) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname if host else None
        except ValueError:
            return False
        if name is None:
            return False
        return _bracketed(name) in self.names or (self.addresses and _is_address(name))


class SafeHeaders:
    """Put `HEADERS` on every answer, and keep all but static files out of caches."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back with more headers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                public = scope["path"].startswith(PUBLIC)
                headers["cache-control"] = "no-cache" if public else "no-store"
            await send(message)

        await self.app(scope, receive, guarded)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _bracketed(name: str) -> str:
    """Write a host as a URL has it."""
    return f"[{name.lower()}]" if ":" in name else name.lower()
