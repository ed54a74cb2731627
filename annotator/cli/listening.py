"""A host and a port -> a socket that listens there, and its address."""

from __future__ import annotations

import socket
from typing import Final

import typer

WAITING: Final = 1_000
"""Connections that may wait to be taken: bursts come faster than they are."""


def listening(host: str, port: int) -> socket.socket:
    """Listen, so that a port that is taken is told before anything is opened."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=WAITING)
    except OSError as e:
        raise typer.BadParameter(
            f"cannot listen on {address(host, port)}: {e.strerror}; give another --port"
        ) from e


def address(host: str, port: int) -> str:
    """Give the URL of a server.

    >>> address("::1", 8765)
    'http://[::1]:8765/'
    """
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
