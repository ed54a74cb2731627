"""Nothing -> what this machine is called by itself alone."""

from __future__ import annotations

import ipaddress
from typing import Final

LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
"""Names of this machine for itself, as a URL has them. A page whose name somebody has
pointed here (DNS rebinding) asks for another."""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine for itself only.

    >>> is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
