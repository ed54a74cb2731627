"""The application and a socket -> answers, until somebody stops it."""

from __future__ import annotations

from socket import socket
from typing import Final

import uvicorn
from fastapi import FastAPI

GRACE: Final = 5
"""Seconds that answers under way get when the server is stopped."""


def serve(app: FastAPI, sock: socket, behind_proxy: bool = False) -> None:
    """Answer requests until Ctrl-C.

    No log of requests is kept: the links in it would let their readers in.

    Parameters
    ----------
    behind_proxy
        Whether to believe a proxy on this machine about whom a request is from.
    """
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=behind_proxy,
        timeout_graceful_shutdown=GRACE,
    )
    try:
        uvicorn.Server(config).run(sockets=[sock])
    except KeyboardInterrupt:
        return
