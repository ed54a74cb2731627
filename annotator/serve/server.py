"""An application and a socket -> answers, until a signal; then what is left, and out.

Beside what uvicorn does: SIGTERM and Ctrl-C refuse what is new and finish what waits,
and a client that is slow, to send or to take what it asked for, is dropped.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from socket import socket
from types import FrameType
from typing import Any, Final

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from annotator.serve.app import create_app
from annotator.serve.scorer import Scorer

PATIENCE: Final = 30.0
"""Seconds for a client to send a request, and to take an answer from the machine's
buffers: the largest request needs 120 kB/s."""

IDLE: Final = 75
"""Seconds a connection is kept open for the next request: longer than clients keep
theirs, or one would send its next request just as it is closed."""

MOST_CONNECTIONS: Final = 1_000
"""Open at once; each may hold one request's body in memory."""

LAST_WORDS: Final = 5
"""Seconds, after `grace`, for the batch at work to end and answers to be sent."""

HEADERS: Final = [("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store")]


class Patience:
    """Drops a connection after `PATIENCE`, unless it ends before.

    Parameters
    ----------
    drop
        What ends the connection at once.
    """

    def __init__(self, drop: Callable[[], None]) -> None:
        self._drop = drop
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Begin, unless it has begun."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(PATIENCE, self._drop)

    def end(self) -> None:
        """Wait for nothing."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class PatientProtocol(H11Protocol):
    """HTTP/1.1, with an end to patience."""

    def connection_made(self, transport: Any) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._sending, self._taking = (Patience(transport.abort) for _ in range(2))
        # With no buffer of ours every byte that the client does not take counts.
        transport.set_write_buffer_limits(high=0)
        self._sending.begin()

    def data_received(self, data: bytes) -> None:
        """Go on waiting until the request is whole."""
        super().data_received(data)
        if self.conn.their_state in (h11.IDLE, h11.SEND_BODY):
            self._sending.begin()
        else:
            self._sending.end()

    def pause_writing(self) -> None:
        """Begin to wait for the client to take what was sent."""
        super().pause_writing()
        self._taking.begin()

    def resume_writing(self) -> None:
        """Take note that it has."""
        super().resume_writing()
        self._taking.end()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._sending.end()
        self._taking.end()
        super().connection_lost(exc)


class Server(uvicorn.Server):
    """A server that finishes what waits before it goes.

    Parameters
    ----------
    grace
        Seconds to finish what waits once it is told to stop; a second signal ends them.
    """

    def __init__(self, scorer: Scorer, grace: float, token: str | None = None) -> None:
        super().__init__(
            uvicorn.Config(
                create_app(scorer, token),
                http=PatientProtocol,
                ws="none",
                lifespan="off",
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                headers=HEADERS,
                limit_concurrency=MOST_CONNECTIONS,
                timeout_keep_alive=IDLE,
                timeout_graceful_shutdown=LAST_WORDS,
            )
        )
        self._scorer, self._grace = scorer, grace
        self._deadline: float | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Refuse what is new; at a second signal, wait for nothing either."""
        now = time.monotonic()
        self._deadline = now if self._scorer.stopping else now + self._grace
        self._scorer.refuse_more()

    async def on_tick(self, counter: int) -> bool:
        """Say whether to close: told so, and nothing is left or time is up."""
        if await super().on_tick(counter) or self._scorer.fault:
            return True
        if self._deadline is None:
            return False
        return not self._scorer.room.taken or time.monotonic() > self._deadline

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Cancel what still waits, so that its clients hear of it, and close."""
        self._scorer.refuse_more()
        self._scorer.line.close()
        await super().shutdown(sockets)


def serve(scorer: Scorer, sock: socket, grace: float, token: str | None = None) -> None:
    """Answer requests until SIGTERM or Ctrl-C.

    No log of requests is kept; `/metrics` counts them.

    Raises
    ------
    BadModel
        If the model cannot be loaded, or cannot promise what is asked of it.
    """
    scorer.start()
    try:
        Server(scorer, grace, token).run(sockets=[sock])
    finally:
        scorer.stop(LAST_WORDS)
    if scorer.fault:
        raise scorer.fault
